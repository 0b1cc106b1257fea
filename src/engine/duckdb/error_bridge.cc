#include "engine/duckdb/error_bridge.h"

namespace tarn::engine {
namespace {

// Marks messages that carry a reason of ours through DuckDB.
constexpr std::string_view kTag = "tarn-error:";

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

std::string TaggedMessage(std::string_view reason, std::string_view message) {
  return std::string(kTag) + std::string(reason) + ":" + std::string(message);
}

void ThrowToDuckdb(const Error& error) {
  throw duckdb::InvalidInputException(TaggedMessage(error.reason(), error.message()));
}

// What the library proposes in further lines are settings of its own.
static Error OutOfMemory(const std::string& message) {
  std::string what = message.substr(0, message.find('\n'));
  if (!Contains(message, "max_temp_directory_size")) return Fail("OUT_OF_MEMORY", what);
  return Fail("OUT_OF_SPACE",
              "The disk has no room for the intermediate results of the statement: " + what);
}

Error FromDuckdb(const duckdb::ErrorData& error) {
  const std::string& message = error.RawMessage();
  if (size_t at = message.find(kTag); at != std::string::npos) {
    size_t reason = at + kTag.size();
    size_t colon = message.find(':', reason);
    return Fail(message.substr(reason, colon - reason), message.substr(colon + 1));
  }
  if (Contains(message, "Unknown TimeZone")) return Fail("INVALID_TIMEZONE", message);
  switch (error.Type()) {
    case duckdb::ExceptionType::INTERRUPT:
      return Fail("CANCELLED", "the statement was cancelled");
    case duckdb::ExceptionType::CONVERSION:
      if (Contains(message, "to type DECIMAL") && Contains(message, "out of range")) {
        return Fail("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", message);
      }
      if (Contains(message, "out of range")) return Fail("CAST_OVERFLOW", message);
      return Fail("CAST_INVALID_INPUT", message);
    case duckdb::ExceptionType::OUT_OF_RANGE:
      return Fail("ARITHMETIC_OVERFLOW", message);
    case duckdb::ExceptionType::DIVIDE_BY_ZERO:
      return Fail("DIVIDE_BY_ZERO",
                  "Division by zero. Use `try_divide` to tolerate a zero divisor.");
    case duckdb::ExceptionType::OUT_OF_MEMORY:
      return OutOfMemory(message);
    case duckdb::ExceptionType::IO:
      if (Contains(message, "No space left")) return Fail("OUT_OF_SPACE", message);
      if (Contains(message, "No such file") || Contains(message, "magic bytes") ||
          Contains(message, "footer") || Contains(message, "too small to be a Parquet")) {
        return Fail("FAILED_READ_FILE", message);
      }
      return Fail("IO_ERROR", message);
    case duckdb::ExceptionType::INVALID_INPUT:
      if (Contains(message, "Parquet") || Contains(message, "parquet") ||
          Contains(message, "CSV") || Contains(message, "JSON")) {
        return Fail("FAILED_READ_FILE", message);
      }
      if (Contains(message, "Map keys must be unique")) {
        return Fail("DUPLICATED_MAP_KEY", "Duplicate map key was found.");
      }
      if (Contains(message, "Map keys can not be NULL")) {
        return Fail("NULL_MAP_KEY", "Cannot use null as map key.");
      }
      if (Contains(message, "More than one row returned by a subquery")) {
        return Fail("SCALAR_SUBQUERY_TOO_MANY_ROWS",
                    "More than one row returned by a subquery used as an expression.");
      }
      if (Contains(message, "verflow")) return Fail("ARITHMETIC_OVERFLOW", message);
      return Fail("INVALID_PARAMETER_VALUE", message);
    case duckdb::ExceptionType::BINDER:
      if (Contains(message, "QUANTILE")) {
        return Fail("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
                    "The percentage must be a constant between 0.0 and 1.0.");
      }
      return Fail("INTERNAL_ERROR", "the engine failed: " + message);
    default:
      // Parquet's own metadata is Thrift; its decoder throws what DuckDB does not classify.
      if (Contains(message, "TProtocolException") || Contains(message, "TTransportException"))
        return Fail("FAILED_READ_FILE", "A Parquet file is damaged: " + message);
      return Fail("INTERNAL_ERROR", "the engine failed: " + message);
  }
}

Error FromException(const std::exception& e) { return FromDuckdb(duckdb::ErrorData(e)); }

}  // namespace tarn::engine
