#include "engine/duckdb/files/file_scan.h"

#include "engine/duckdb/error_bridge.h"

namespace tarn::engine {
namespace {

using duckdb::make_uniq;
using duckdb::Value;
using tree::ExprList;

// DuckDB takes paths for patterns; these mean themselves.
Value PathList(const std::vector<std::string>& paths) {
  duckdb::vector<Value> values;
  for (const std::string& path : paths) {
    std::string literal;
    for (char c : path) {
      if (c == '*' || c == '?' || c == '[') {
        literal += std::string("[") + c + "]";
      } else {
        literal += c;
      }
    }
    values.emplace_back(literal);
  }
  return Value::LIST(duckdb::LogicalType::VARCHAR, std::move(values));
}

class ReaderCall {
 public:
  ReaderCall(const char* function, const std::vector<std::string>& paths) : function_(function) {
    args_.push_back(make_uniq<duckdb::ConstantExpression>(PathList(paths)));
  }
  ReaderCall& Set(const char* name, Value value) {
    args_.push_back(tree::Compare(duckdb::ExpressionType::COMPARE_EQUAL,
                                  make_uniq<duckdb::ColumnRefExpression>(name),
                                  make_uniq<duckdb::ConstantExpression>(std::move(value))));
    return *this;
  }
  duckdb::unique_ptr<duckdb::TableFunctionRef> Finish() {
    auto ref = make_uniq<duckdb::TableFunctionRef>();
    ref->function = make_uniq<duckdb::FunctionExpression>(function_, std::move(args_));
    ref->alias = "file_rows";
    return ref;
  }

 private:
  const char* function_;
  ExprList args_;
};

Value Flag(bool value) { return Value::BOOLEAN(value); }

}  // namespace

duckdb::unique_ptr<duckdb::TableFunctionRef> ReadCsv(const std::vector<std::string>& paths,
                                                     const FileOptions& options,
                                                     const std::vector<std::string>& names) {
  duckdb::child_list_t<Value> columns;
  for (const std::string& name : names) columns.emplace_back(name, Value("VARCHAR"));
  duckdb::vector<Value> nulls = {Value("")};
  if (!options.null_value.empty()) nulls.emplace_back(options.null_value);
  bool permissive = options.mode == ParseMode::kPermissive;
  ReaderCall call("read_csv", paths);
  call.Set("auto_detect", Flag(false))
      .Set("columns", Value::STRUCT(std::move(columns)))
      .Set("header", Flag(options.header))
      .Set("delim", Value(options.separator))
      .Set("quote", Value(options.quote))
      .Set("escape", Value(options.escape.empty() ? options.quote : options.escape))
      .Set("skip", Value::BIGINT(options.skip_rows))
      .Set("nullstr", Value::LIST(duckdb::LogicalType::VARCHAR, std::move(nulls)))
      .Set("hive_partitioning", Flag(false))
      // A record with too few fields ends in NULLs, one with too many loses them.
      .Set("null_padding", Flag(permissive))
      .Set("strict_mode", Flag(!permissive))
      .Set("ignore_errors", Flag(options.mode == ParseMode::kDropMalformed))
      .Set("parallel", Flag(!permissive));
  if (!options.comment.empty()) call.Set("comment", Value(options.comment));
  return call.Finish();
}

duckdb::unique_ptr<duckdb::TableFunctionRef> ReadJson(const std::vector<std::string>& paths,
                                                      const FileOptions& options,
                                                      const FileColumns& columns) {
  ReaderCall call("read_json", paths);
  call.Set("format", Value(options.multi_line ? "auto" : "newline_delimited"))
      .Set("hive_partitioning", Flag(false));
  if (columns.empty()) {
    call.Set("sample_size", Value::BIGINT(-1))
        .Set("maximum_depth", Value::BIGINT(-1))
        .Set("map_inference_threshold", Value::BIGINT(-1))
        .Set("field_appearance_threshold", Value::DOUBLE(0))
        .Set("union_by_name", Flag(true));
    return call.Finish();
  }
  duckdb::child_list_t<Value> types;
  for (const auto& [name, type] : columns) types.emplace_back(name, Value(type.ToString()));
  call.Set("auto_detect", Flag(false)).Set("columns", Value::STRUCT(std::move(types)));
  return call.Finish();
}

duckdb::unique_ptr<duckdb::TableFunctionRef> ReadParquet(const std::vector<std::string>& paths) {
  ReaderCall call("read_parquet", paths);
  call.Set("union_by_name", Flag(true)).Set("hive_partitioning", Flag(false));
  return call.Finish();
}

duckdb::LogicalType JsonReadType(const columnar::DataType& type,
                                 const duckdb::LogicalType& wanted) {
  using columnar::TypeKind;
  bool as_text = type.is(TypeKind::kDate) || type.is(TypeKind::kTimestamp) ||
                 type.is(TypeKind::kTimestampNtz) || type.is(TypeKind::kBinary);
  return as_text ? duckdb::LogicalType(duckdb::LogicalType::VARCHAR) : wanted;
}

}  // namespace tarn::engine
