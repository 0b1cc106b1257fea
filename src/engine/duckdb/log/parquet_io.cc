#include "engine/duckdb/log/parquet_io.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/ids.h"
#include "engine/duckdb/data_writer.h"
#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/query_stream.h"
#include "engine/duckdb/types.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;
using ExprPtr = duckdb::unique_ptr<duckdb::ParsedExpression>;
using Exprs = duckdb::vector<ExprPtr>;

ExprPtr Constant(Value value) {
  return duckdb::make_uniq<duckdb::ConstantExpression>(std::move(value));
}

template <typename... Arguments>
ExprPtr Call(const char* function, Arguments... arguments) {
  Exprs list;
  (list.push_back(std::move(arguments)), ...);
  return duckdb::make_uniq<duckdb::FunctionExpression>(function, std::move(list));
}

// Type of a column or of a member of one; nothing when the file has no such thing.
std::optional<LogicalType> TypeOf(const duckdb::child_list_t<LogicalType>& columns,
                                  const std::vector<std::string>& path, size_t at = 0) {
  for (const auto& [name, type] : columns) {
    if (name != path[at]) continue;
    if (at + 1 == path.size()) return type;
    if (type.id() != LogicalTypeId::STRUCT) return std::nullopt;
    return TypeOf(duckdb::StructType::GetChildTypes(type), path, at + 1);
  }
  return std::nullopt;
}

ExprPtr Member(const std::vector<std::string>& path) {
  ExprPtr at = duckdb::make_uniq<duckdb::ColumnRefExpression>(path[0]);
  for (size_t i = 1; i < path.size(); ++i) {
    at = Call("struct_extract", std::move(at), Constant(Value(path[i])));
  }
  return at;
}

// The member in the type it is wanted in.
Result<ExprPtr> Wanted(const duckdb::child_list_t<LogicalType>& columns,
                       const delta::ParquetField& field) {
  TARN_TRY(LogicalType type, ToLogicalType(field.type));
  std::optional<LogicalType> found = TypeOf(columns, field.path);
  if (!found) return Constant(Value(type));
  ExprPtr member = Member(field.path);
  if (*found == type) return member;
  if (type.id() == LogicalTypeId::VARCHAR && found->IsNested()) {
    member = Call("to_json", std::move(member));
  }
  return ExprPtr(duckdb::make_uniq<duckdb::CastExpression>(type, std::move(member)));
}

// A comparison that every value passes: unlike IS NOT NULL, it leaves out row groups by their
// statistics.
ExprPtr IsPresent(const delta::ParquetField& field, const LogicalType& type) {
  bool text = type.id() == LogicalTypeId::VARCHAR || type.id() == LogicalTypeId::BLOB;
  return duckdb::make_uniq<duckdb::ComparisonExpression>(
      duckdb::ExpressionType::COMPARE_GREATERTHANOREQUALTO, Member(field.path),
      Constant(text ? Value("") : Value::MinimumValue(type)));
}

class DuckdbParquetIo final : public delta::ParquetIo {
 public:
  explicit DuckdbParquetIo(Instance& instance) : instance_(instance) {}

  Status Read(const std::string& path, const delta::ParquetRead& read,
              const RowSink& sink) override {
    Status sunk = Ok();
    Status status = ReadRows(path, read, [&](const columnar::RecordBatch& batch) {
      sunk = sink(batch);
      return sunk;
    });
    if (status.ok() || !sunk.ok()) return status;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
      return Fail("OBJECT_NOT_FOUND", path + " is not there");
    }
    return Fail("DELTA_CHECKPOINT_CORRUPT",
                "checkpoint " + path + " cannot be read: " + status.error().message());
  }

  Result<int64_t> Write(const std::string& path, const delta::ParquetWrite& write) override {
    std::string folder = path.substr(0, path.rfind('/'));
    std::error_code ignored;
    std::filesystem::create_directory(folder, ignored);  // of sidecars; never a whole table's
    std::string rows = folder + "/.tarn-" + NewUuid() + ".json";
    std::string hidden = folder + "/.tarn-" + NewUuid() + ".parquet";
    Status status = WriteHidden(rows, hidden, write);
    std::remove(rows.c_str());
    if (status.ok()) status = FlushFile(hidden);
    std::error_code error;
    auto size = static_cast<int64_t>(std::filesystem::file_size(hidden, error));
    if (status.ok() && (error || std::rename(hidden.c_str(), path.c_str()) != 0)) {
      status = Fail("IO_ERROR", "cannot place " + path);
    }
    if (status.ok()) return size;
    std::remove(hidden.c_str());
    return std::move(status).error();
  }

 private:
  Result<QueryResources> Resources() {
    QueryResources resources;
    resources.instance = &instance_;
    TARN_TRY(resources.connection, instance_.Connect());
    return resources;
  }

  Status ReadRows(const std::string& path, const delta::ParquetRead& read, const RowSink& sink) {
    TARN_TRY(QueryResources resources, Resources());
    duckdb::child_list_t<LogicalType> columns;
    try {
      auto file = resources.connection->TableFunction("read_parquet", {Value(path)});
      for (const auto& column : file->Columns()) columns.emplace_back(column.Name(), column.Type());
    } catch (const std::exception& e) {
      return FromException(e);
    }
    columnar::Schema schema;
    for (const delta::ParquetField& field : read.fields) {
      schema.fields.push_back({field.path.back(), field.type});
    }
    // A scan for each condition: unlike one with their disjunction, it can leave out row groups.
    auto every = duckdb::make_uniq<duckdb::SetOperationNode>();
    every->setop_type = duckdb::SetOperationType::UNION;
    every->setop_all = true;
    for (const delta::ParquetField& field : read.any_of) {
      std::optional<LogicalType> type = TypeOf(columns, field.path);
      if (!type) continue;
      TARN_TRY(auto select, SelectRows(path, columns, read.fields));
      select->where_clause = IsPresent(field, *type);
      every->children.push_back(std::move(select));
    }
    if (every->children.empty()) return Ok();
    auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
    if (every->children.size() == 1) {
      statement->node = std::move(every->children[0]);
    } else {
      statement->node = std::move(every);
    }
    TARN_TRY(auto stream,
             StartQuery(std::move(resources), std::move(statement), std::move(schema), {}));
    for (;;) {
      TARN_TRY(std::optional<columnar::RecordBatch> batch, stream->Next());
      if (!batch) return Ok();
      TARN_RETURN_IF_ERROR(sink(*batch));
    }
  }

  static Result<duckdb::unique_ptr<duckdb::SelectNode>> SelectRows(
      const std::string& path, const duckdb::child_list_t<LogicalType>& columns,
      const std::vector<delta::ParquetField>& fields) {
    auto select = duckdb::make_uniq<duckdb::SelectNode>();
    auto scan = duckdb::make_uniq<duckdb::TableFunctionRef>();
    scan->function = Call("read_parquet", Constant(Value(path)));
    select->from_table = std::move(scan);
    for (const delta::ParquetField& field : fields) {
      TARN_TRY(ExprPtr expression, Wanted(columns, field));
      select->select_list.push_back(std::move(expression));
    }
    return select;
  }

  Status WriteHidden(const std::string& rows, const std::string& hidden,
                     const delta::ParquetWrite& write) {
    {
      std::ofstream out(rows, std::ios::binary);
      for (bool more = true; more;) {
        std::string lines;
        TARN_TRY(more, write.next(&lines));
        out << lines;
      }
      out.flush();
      if (!out) return Fail("IO_ERROR", "cannot write " + rows);
    }
    TARN_TRY(QueryResources resources, Resources());
    auto select = duckdb::make_uniq<duckdb::SelectNode>();
    auto scan = duckdb::make_uniq<duckdb::TableFunctionRef>();
    duckdb::child_list_t<Value> columns;
    for (const columnar::Field& field : write.schema.fields) {
      TARN_TRY(LogicalType type, ToLogicalType(field.type));
      columns.emplace_back(field.name, Value(type.ToString()));
      select->select_list.push_back(duckdb::make_uniq<duckdb::ColumnRefExpression>(field.name));
    }
    Exprs args;
    args.push_back(Constant(Value(rows)));
    auto named = [&](const char* name, Value value) {
      args.push_back(duckdb::make_uniq<duckdb::ComparisonExpression>(
          duckdb::ExpressionType::COMPARE_EQUAL,
          duckdb::make_uniq<duckdb::ColumnRefExpression>(name), Constant(std::move(value))));
    };
    named("columns", Value::STRUCT(std::move(columns)));
    named("format", Value("newline_delimited"));
    named("maximum_object_size", Value::UINTEGER(256U << 20));
    // A statistic that does not fit its column's type is none; every line is whole.
    named("ignore_errors", Value::BOOLEAN(true));
    scan->function = duckdb::make_uniq<duckdb::FunctionExpression>("read_json", std::move(args));
    select->from_table = std::move(scan);
    auto copy = duckdb::make_uniq<duckdb::CopyStatement>();
    copy->info->is_from = false;
    copy->info->file_path = hidden;
    copy->info->format = "parquet";
    copy->info->is_format_auto_detected = false;
    copy->info->select_statement = std::move(select);
    copy->info->options["compression"] = {Value("snappy")};
    TARN_RETURN_IF_ERROR(RunToEnd(resources, std::move(copy), {}));
    return Ok();
  }

  Instance& instance_;
};

}  // namespace

std::shared_ptr<delta::ParquetIo> MakeParquetIo(Instance& instance) {
  return std::make_shared<DuckdbParquetIo>(instance);
}

}  // namespace tarn::engine
