// What happens to rows on their way into a table's files: NOT NULL, and the values of partition
// columns as the log writes them.
#include "engine/duckdb/functions/table_write.h"

#include "columnar/value_text.h"
#include "engine/duckdb/log_value.h"

namespace tarn::engine {
namespace {

using namespace duckdb;  // NOLINT: this file is DuckDB's interfaces, implemented

// A value that is no NULL may be any text, so that text says whether there is one.
std::string KeyOf(std::string_view text) { return text.empty() ? "n" : "v" + std::string(text); }

std::string TextKey(std::optional<std::string_view> text) { return text ? KeyOf(*text) : "n"; }

std::string BinaryKey(std::optional<Bytes> bytes) {
  if (!bytes) return "n";
  if (!Value::StringIsValid(bytes->view.data(), bytes->view.size())) {
    Raise("UNSUPPORTED_FEATURE",
          "A log cannot hold a BINARY partition value that is not UTF-8 text.");
  }
  return KeyOf(bytes->view);
}

std::string DateKey(std::optional<date_t> day) {
  return day ? KeyOf(columnar::DateText(day->days)) : "n";
}

std::string LocalKey(std::optional<timestamp_t> at) {
  return at ? KeyOf(InstantPartitionText(at->value, false)) : "n";
}

std::string InstantKey(std::optional<timestamp_tz_t> at) {
  return at ? KeyOf(InstantPartitionText(at->value, true)) : "n";
}

std::string FloatKey(std::optional<float> value) {
  return value ? KeyOf(columnar::FloatText(*value)) : "n";
}

std::string DoubleKey(std::optional<double> value) {
  return value ? KeyOf(columnar::DoubleText(*value)) : "n";
}

// The result is the first argument.
duckdb::unique_ptr<FunctionData> BindFirst(ClientContext&, ScalarFunction& function,
                                           duckdb::vector<duckdb::unique_ptr<Expression>>& args) {
  function.arguments[0] = args[0]->return_type;
  function.SetReturnType(args[0]->return_type);
  return nullptr;
}

// (value, whether it breaks the constraint, the column's name) → value
void NotNull(DataChunk& in, ExpressionState&, Vector& out) {
  UnifiedVectorFormat broken;
  in.data[1].ToUnifiedFormat(in.size(), broken);
  const bool* values = UnifiedVectorFormat::GetData<bool>(broken);
  for (idx_t row = 0; row < in.size(); ++row) {
    idx_t at = broken.sel->get_index(row);
    if (!broken.validity.RowIsValid(at) || !values[at]) continue;
    Raise("DELTA_NOT_NULL_CONSTRAINT_VIOLATED",
          "NOT NULL constraint violated for column: " + in.data[2].GetValue(row).ToString() + ".");
  }
  out.Reference(in.data[0]);
}

duckdb::unique_ptr<FunctionData> BindSecond(ClientContext&, ScalarFunction& function,
                                            duckdb::vector<duckdb::unique_ptr<Expression>>& args) {
  function.arguments[0] = args[0]->return_type;
  function.arguments[1] = args[1]->return_type;
  function.SetReturnType(args[1]->return_type);
  return nullptr;
}

// (value, NULL of a type that differs by the names of fields only) → the value in that type
void Rename(DataChunk& in, ExpressionState&, Vector& out) { out.Reinterpret(in.data[0]); }

// (value, whether the constraint holds, its name, its text, then name and value of each column it
// reads) → value
void Check(DataChunk& in, ExpressionState&, Vector& out) {
  UnifiedVectorFormat holds;
  in.data[1].ToUnifiedFormat(in.size(), holds);
  const bool* values = UnifiedVectorFormat::GetData<bool>(holds);
  for (idx_t row = 0; row < in.size(); ++row) {
    idx_t at = holds.sel->get_index(row);
    if (holds.validity.RowIsValid(at) && values[at]) continue;
    std::string text = in.data[3].GetValue(row).ToString();
    if (text.empty() || text.front() != '(') text = "(" + text + ")";
    std::string message = "CHECK constraint " + in.data[2].GetValue(row).ToString() + " " + text +
                          " violated by row with values:";
    for (idx_t i = 4; i + 1 < in.ColumnCount(); i += 2) {
      Value value = in.data[i + 1].GetValue(row);
      message += "\n - " + in.data[i].GetValue(row).ToString() + " : " +
                 (value.IsNull() ? "null" : value.ToString());
    }
    Raise("DELTA_VIOLATE_CONSTRAINT_WITH_VALUES", message);
  }
  out.Reference(in.data[0]);
}

}  // namespace

void RegisterTableWriteFunctions(Registrar& functions) {
  functions.Add<&TextKey>("tarn_partition_key");
  functions.Add<&BinaryKey>("tarn_partition_key");
  functions.Add<&DateKey>("tarn_partition_key");
  functions.Add<&LocalKey>("tarn_partition_key");
  functions.Add<&InstantKey>("tarn_partition_key");
  functions.Add<&FloatKey>("tarn_partition_key");
  functions.Add<&DoubleKey>("tarn_partition_key");
  functions.AddFunction(ScalarFunction(
      "tarn_not_null", {LogicalType::ANY, LogicalType::BOOLEAN, LogicalType::VARCHAR},
      LogicalType::ANY, &NotNull, &BindFirst));
  functions.AddFunction(ScalarFunction("tarn_renamed", {LogicalType::ANY, LogicalType::ANY},
                                       LogicalType::ANY, &Rename, &BindSecond));
  ScalarFunction check(
      "tarn_check",
      {LogicalType::ANY, LogicalType::BOOLEAN, LogicalType::VARCHAR, LogicalType::VARCHAR},
      LogicalType::ANY, &Check, &BindFirst);
  check.varargs = LogicalType::ANY;
  functions.AddFunction(std::move(check));
}

}  // namespace tarn::engine
