#include "engine/duckdb/spark_functions.h"

#include <charconv>

#include <boost/multiprecision/cpp_int.hpp>

#include "columnar/value_text.h"
#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/functions/row_curve.h"
#include "engine/duckdb/functions/table_write.h"

namespace tarn::engine {
namespace {

using namespace duckdb;  // NOLINT: this file is DuckDB's interfaces, implemented
using boost::multiprecision::int256_t;

Error DivideByZero() {
  return Fail(
      "DIVIDE_BY_ZERO",
      "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.");
}

Error InvalidInput(std::string_view text, std::string_view type) {
  return Fail("CAST_INVALID_INPUT",
              "The value '" + std::string(text) + "' of the type \"STRING\" cannot be cast to \"" +
                  std::string(type) +
                  "\" because it is malformed. Correct the value, or use `try_cast`.");
}

Error Overflow(std::string_view type) {
  return Fail(
      "ARITHMETIC_OVERFLOW",
      std::string(type) + " overflow. Use the try_ form of the function to get NULL instead.");
}

// The view points into `text`, which may hold short strings itself.
std::string_view Trimmed(const string_t& text) {
  std::string_view s(text.GetData(), text.GetSize());
  auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

// Digits with a sign; Spark allows nothing else in ANSI mode.
template <typename T>
T ParseWhole(string_t text, std::string_view type) {
  std::string_view s = Trimmed(text);
  std::string_view digits = s;
  if (digits.size() > 1 && digits.front() == '+') digits.remove_prefix(1);
  T value{};
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size())
    ThrowToDuckdb(InvalidInput(s, type));
  return value;
}

template <typename T>
T ParseFloating(string_t text, std::string_view type) {
  std::string_view s = Trimmed(text);
  std::string lower;
  for (char c : s) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  bool negative = !lower.empty() && lower[0] == '-';
  std::string body =
      !lower.empty() && (lower[0] == '-' || lower[0] == '+') ? lower.substr(1) : lower;
  if (body == "inf" || body == "infinity") {
    T inf = std::numeric_limits<T>::infinity();
    return negative ? -inf : inf;
  }
  if (body == "nan") return std::numeric_limits<T>::quiet_NaN();
  if (!body.empty() && (body.back() == 'd' || body.back() == 'f')) body.pop_back();
  T value{};
  auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), value);
  bool out_of_range = error == std::errc::result_out_of_range;
  if ((error != std::errc() && !out_of_range) || end != body.data() + body.size() || body.empty()) {
    ThrowToDuckdb(InvalidInput(s, type));
  }
  if (out_of_range)
    value = body.find("e-") != std::string::npos ? T(0) : std::numeric_limits<T>::infinity();
  return negative ? -value : value;
}

template <typename T, T (*PARSE)(string_t, std::string_view)>
scalar_function_t ParseWith(const char* type) {
  return [type](DataChunk& in, ExpressionState&, Vector& out) {
    UnaryExecutor::Execute<string_t, T>(in.data[0], out, in.size(),
                                        [&](string_t text) { return PARSE(text, type); });
  };
}

void ParseBoolean(DataChunk& in, ExpressionState&, Vector& out) {
  UnaryExecutor::Execute<string_t, bool>(in.data[0], out, in.size(), [](string_t text) {
    std::string s;
    for (char c : Trimmed(text))
      s += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (s == "t" || s == "true" || s == "y" || s == "yes" || s == "1") return true;
    if (s == "f" || s == "false" || s == "n" || s == "no" || s == "0") return false;
    ThrowToDuckdb(InvalidInput(s, "BOOLEAN"));
  });
}

void TrimBlanks(DataChunk& in, ExpressionState&, Vector& out) {
  UnaryExecutor::Execute<string_t, string_t>(in.data[0], out, in.size(), [&](string_t text) {
    std::string_view s = Trimmed(text);
    return StringVector::AddString(out, s.data(), s.size());
  });
}

void DoubleText(DataChunk& in, ExpressionState&, Vector& out) {
  UnaryExecutor::Execute<double, string_t>(in.data[0], out, in.size(), [&](double value) {
    return StringVector::AddString(out, columnar::DoubleText(value));
  });
}

void FloatText(DataChunk& in, ExpressionState&, Vector& out) {
  UnaryExecutor::Execute<float, string_t>(in.data[0], out, in.size(), [&](float value) {
    return StringVector::AddString(out, columnar::FloatText(value));
  });
}

void TimestampText(DataChunk& in, ExpressionState&, Vector& out) {
  UnaryExecutor::Execute<timestamp_t, string_t>(in.data[0], out, in.size(), [&](timestamp_t value) {
    return StringVector::AddString(out, columnar::TimestampText(value.value));
  });
}

void Divide(DataChunk& in, ExpressionState&, Vector& out) {
  BinaryExecutor::Execute<double, double, double>(in.data[0], in.data[1], out, in.size(),
                                                  [](double a, double b) {
                                                    if (b == 0) ThrowToDuckdb(DivideByZero());
                                                    return a / b;
                                                  });
}

void DivideWhole(DataChunk& in, ExpressionState&, Vector& out) {
  BinaryExecutor::Execute<int64_t, int64_t, int64_t>(in.data[0], in.data[1], out, in.size(),
                                                     [](int64_t a, int64_t b) {
                                                       if (b == 0) ThrowToDuckdb(DivideByZero());
                                                       if (a == INT64_MIN && b == -1)
                                                         ThrowToDuckdb(Overflow("long"));
                                                       return a / b;
                                                     });
}

template <typename T, bool POSITIVE>
void Remainder(DataChunk& in, ExpressionState&, Vector& out) {
  BinaryExecutor::Execute<T, T, T>(in.data[0], in.data[1], out, in.size(), [](T a, T b) -> T {
    if (b == 0) {
      ThrowToDuckdb(Fail("REMAINDER_BY_ZERO",
                         "Remainder by zero. Use `try_mod` to tolerate a zero divisor."));
    }
    T r;
    if constexpr (std::is_floating_point_v<T>) {
      r = std::fmod(a, b);
    } else {
      r = b == -1 ? 0 : static_cast<T>(a % b);
    }
    if (POSITIVE && r < 0) {
      if constexpr (std::is_floating_point_v<T>) {
        r = std::fmod(r + b, b);
      } else {
        r = static_cast<T>((r + b) % b);
      }
    }
    return r;
  });
}

int256_t Wide(hugeint_t h) {
  int256_t value = h.upper;
  value <<= 64;
  return value + int256_t(h.lower);
}

// a / b on unscaled values, times 10^shift, rounded half away from zero.
void DivideDecimal(DataChunk& in, ExpressionState&, Vector& out) {
  TernaryExecutor::Execute<hugeint_t, hugeint_t, int32_t, hugeint_t>(
      in.data[0], in.data[1], in.data[2], out, in.size(),
      [](hugeint_t a, hugeint_t b, int32_t shift) -> hugeint_t {
        int256_t divisor = Wide(b);
        if (divisor == 0) ThrowToDuckdb(DivideByZero());
        int256_t dividend = Wide(a);
        static const int256_t kTen = 10;
        for (int i = 0; i < shift; ++i) dividend *= kTen;
        for (int i = 0; i > shift; --i) divisor *= kTen;
        int256_t quotient = dividend / divisor;
        int256_t rest = dividend % divisor;
        if (abs(rest) * 2 >= abs(divisor)) quotient += (dividend < 0) == (divisor < 0) ? 1 : -1;
        static const int256_t kLimit = [] {
          int256_t limit = 1;
          for (int i = 0; i < 38; ++i) limit *= 10;
          return limit;
        }();
        if (abs(quotient) >= kLimit) {
          ThrowToDuckdb(Fail("NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION",
                             "The result of a decimal division has more than 38 digits."));
        }
        hugeint_t result;
        bool negative = quotient < 0;
        int256_t magnitude = negative ? int256_t(-quotient) : quotient;
        result.lower = static_cast<uint64_t>(magnitude & int256_t(UINT64_MAX));
        result.upper = static_cast<int64_t>(static_cast<uint64_t>(magnitude >> 64));
        return negative ? -result : result;
      });
}

// Arguments: dividend and divisor as DECIMAL(38, s), the shift, and a NULL of the result's type,
// which is DECIMAL(38, s) too, so that all of them are 128-bit integers inside.
duckdb::unique_ptr<FunctionData> BindDivideDecimal(
    ClientContext&, ScalarFunction& function,
    duckdb::vector<duckdb::unique_ptr<Expression>>& args) {
  for (idx_t i = 0; i < args.size(); ++i) function.arguments[i] = args[i]->return_type;
  function.SetReturnType(args[3]->return_type);
  return nullptr;
}

// 1-based; 0 counts as 1, negative positions from the end; a negative length gives nothing.
void Substring(DataChunk& in, ExpressionState&, Vector& out) {
  TernaryExecutor::Execute<string_t, int32_t, int32_t, string_t>(
      in.data[0], in.data[1], in.data[2], out, in.size(),
      [&](string_t text, int32_t position, int32_t length) -> string_t {
        std::string_view s(text.GetData(), text.GetSize());
        duckdb::vector<size_t> starts;
        for (size_t i = 0; i < s.size(); ++i) {
          if ((static_cast<unsigned char>(s[i]) & 0xc0) != 0x80) starts.push_back(i);
        }
        int64_t count = static_cast<int64_t>(starts.size());
        int64_t begin = position > 0 ? position - 1 : position < 0 ? count + position : 0;
        int64_t end = std::min<int64_t>(count, begin + std::max<int64_t>(0, length));
        begin = std::max<int64_t>(0, begin);
        if (begin >= end) return StringVector::AddString(out, "", 0);
        size_t from = starts[static_cast<size_t>(begin)];
        size_t to = end == count ? s.size() : starts[static_cast<size_t>(end)];
        return StringVector::AddString(out, s.data() + from, to - from);
      });
}

}  // namespace

void RegisterSparkFunctions(DatabaseInstance& db) {
  ExtensionLoader loader(db, "tarn");
  auto add = [&](const char* name, duckdb::vector<LogicalType> args, LogicalType result,
                 scalar_function_t run) {
    ScalarFunction function(name, std::move(args), std::move(result), std::move(run));
    function.SetFallible();
    loader.RegisterFunction(function);
  };
  const LogicalType kString = LogicalType::VARCHAR;
  add("spark_parse_tinyint", {kString}, LogicalType::TINYINT,
      ParseWith<int8_t, &ParseWhole<int8_t>>("TINYINT"));
  add("spark_parse_smallint", {kString}, LogicalType::SMALLINT,
      ParseWith<int16_t, &ParseWhole<int16_t>>("SMALLINT"));
  add("spark_parse_int", {kString}, LogicalType::INTEGER,
      ParseWith<int32_t, &ParseWhole<int32_t>>("INT"));
  add("spark_parse_bigint", {kString}, LogicalType::BIGINT,
      ParseWith<int64_t, &ParseWhole<int64_t>>("BIGINT"));
  add("spark_parse_float", {kString}, LogicalType::FLOAT,
      ParseWith<float, &ParseFloating<float>>("FLOAT"));
  add("spark_parse_double", {kString}, LogicalType::DOUBLE,
      ParseWith<double, &ParseFloating<double>>("DOUBLE"));
  add("spark_parse_boolean", {kString}, LogicalType::BOOLEAN, &ParseBoolean);
  add("spark_trim_blanks", {kString}, kString, &TrimBlanks);
  add("spark_double_text", {LogicalType::DOUBLE}, kString, &DoubleText);
  add("spark_float_text", {LogicalType::FLOAT}, kString, &FloatText);
  add("spark_timestamp_text", {LogicalType::TIMESTAMP}, kString, &TimestampText);
  add("spark_divide", {LogicalType::DOUBLE, LogicalType::DOUBLE}, LogicalType::DOUBLE, &Divide);
  add("spark_div", {LogicalType::BIGINT, LogicalType::BIGINT}, LogicalType::BIGINT, &DivideWhole);
  add("spark_mod", {LogicalType::BIGINT, LogicalType::BIGINT}, LogicalType::BIGINT,
      &Remainder<int64_t, false>);
  add("spark_pmod", {LogicalType::BIGINT, LogicalType::BIGINT}, LogicalType::BIGINT,
      &Remainder<int64_t, true>);
  add("spark_fmod", {LogicalType::DOUBLE, LogicalType::DOUBLE}, LogicalType::DOUBLE,
      &Remainder<double, false>);
  add("spark_pfmod", {LogicalType::DOUBLE, LogicalType::DOUBLE}, LogicalType::DOUBLE,
      &Remainder<double, true>);
  ScalarFunction divide(
      "spark_divide_decimal",
      {LogicalType::ANY, LogicalType::ANY, LogicalType::INTEGER, LogicalType::ANY},
      LogicalType::ANY, &DivideDecimal, &BindDivideDecimal);
  divide.SetNullHandling(FunctionNullHandling::SPECIAL_HANDLING);
  divide.SetFallible();
  loader.RegisterFunction(divide);
  add("spark_substring", {kString, LogicalType::INTEGER, LogicalType::INTEGER}, kString,
      &Substring);

  Registrar functions(db);
  RegisterTextFunctions(functions);
  RegisterEncodingFunctions(functions);
  RegisterRegexFunctions(functions);
  RegisterMathFunctions(functions);
  RegisterHashFunctions(functions);
  RegisterDatetimeFunctions(functions);
  RegisterCollectionFunctions(functions);
  RegisterJsonFunctions(functions);
  RegisterAggregates(functions);
  RegisterTableWriteFunctions(functions);
  RegisterRowCurve(functions);
  RegisterCsvTypeFunctions(functions);
  functions.Finish();
}

}  // namespace tarn::engine
