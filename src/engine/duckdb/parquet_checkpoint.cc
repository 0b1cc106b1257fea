#include "engine/duckdb/parquet_checkpoint.h"

#include <cstdio>
#include <fstream>

#include "base/ids.h"
#include "engine/duckdb/data_writer.h"
#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/query_stream.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::Value;

// The V1 checkpoint schema: one column per action, as PROTOCOL.md "Checkpoint Schema" lists it.
std::vector<std::pair<std::string, LogicalType>> CheckpointColumns() {
  const LogicalType text = LogicalType::VARCHAR;
  const LogicalType text_map = LogicalType::MAP(text, text);
  const LogicalType texts = LogicalType::LIST(text);
  auto strukt = [](duckdb::child_list_t<LogicalType> members) {
    return LogicalType::STRUCT(std::move(members));
  };
  const LogicalType number = LogicalType::BIGINT;
  const LogicalType vector = strukt({{"storageType", text},
                                     {"pathOrInlineDv", text},
                                     {"offset", LogicalType::INTEGER},
                                     {"sizeInBytes", LogicalType::INTEGER},
                                     {"cardinality", number}});
  return {
      {"txn", strukt({{"appId", text},
                      {"version", LogicalType::BIGINT},
                      {"lastUpdated", LogicalType::BIGINT}})},
      {"add", strukt({{"path", text},
                      {"partitionValues", text_map},
                      {"size", LogicalType::BIGINT},
                      {"modificationTime", LogicalType::BIGINT},
                      {"dataChange", LogicalType::BOOLEAN},
                      {"stats", text},
                      {"tags", text_map},
                      {"deletionVector", vector},
                      {"baseRowId", number},
                      {"defaultRowCommitVersion", number},
                      {"clusteringProvider", text}})},
      {"remove", strukt({{"path", text},
                         {"deletionTimestamp", LogicalType::BIGINT},
                         {"dataChange", LogicalType::BOOLEAN},
                         {"extendedFileMetadata", LogicalType::BOOLEAN},
                         {"partitionValues", text_map},
                         {"size", LogicalType::BIGINT},
                         {"tags", text_map},
                         {"deletionVector", vector},
                         {"baseRowId", number},
                         {"defaultRowCommitVersion", number}})},
      {"domainMetadata",
       strukt({{"domain", text}, {"configuration", text}, {"removed", LogicalType::BOOLEAN}})},
      {"metaData", strukt({{"id", text},
                           {"name", text},
                           {"description", text},
                           {"format", strukt({{"provider", text}, {"options", text_map}})},
                           {"schemaString", text},
                           {"partitionColumns", texts},
                           {"configuration", text_map},
                           {"createdTime", LogicalType::BIGINT}})},
      {"protocol", strukt({{"minReaderVersion", LogicalType::INTEGER},
                           {"minWriterVersion", LogicalType::INTEGER},
                           {"readerFeatures", texts},
                           {"writerFeatures", texts}})},
  };
}

class DuckdbParquetIo final : public delta::ParquetIo {
 public:
  explicit DuckdbParquetIo(Instance& instance) : instance_(instance) {}

  Result<std::string> ReadCheckpoint(const std::string& path) override {
    QueryResources resources;
    resources.instance = &instance_;
    TARN_TRY(resources.connection, instance_.Connect());
    auto select = duckdb::make_uniq<duckdb::SelectNode>();
    auto scan = duckdb::make_uniq<duckdb::TableFunctionRef>();
    duckdb::vector<duckdb::unique_ptr<duckdb::ParsedExpression>> args;
    args.push_back(duckdb::make_uniq<duckdb::ConstantExpression>(Value(path)));
    scan->function = duckdb::make_uniq<duckdb::FunctionExpression>("read_parquet", std::move(args));
    scan->alias = "action";
    select->from_table = std::move(scan);
    duckdb::vector<duckdb::unique_ptr<duckdb::ParsedExpression>> row;
    row.push_back(duckdb::make_uniq<duckdb::ColumnRefExpression>("action"));
    select->select_list.push_back(duckdb::make_uniq<duckdb::CastExpression>(
        LogicalType::VARCHAR,
        duckdb::make_uniq<duckdb::FunctionExpression>("to_json", std::move(row))));
    auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
    statement->node = std::move(select);
    auto result = RunToEnd(resources, std::move(statement), {});
    if (!result.ok()) {
      return Fail("DELTA_CHECKPOINT_CORRUPT",
                  "checkpoint " + path + " cannot be read: " + result.error().message());
    }
    std::string lines;
    for (auto& chunk : (*result)->Collection().Chunks()) {
      for (duckdb::idx_t i = 0; i < chunk.size(); ++i) {
        lines += chunk.GetValue(0, i).ToString();
        lines += '\n';
      }
    }
    return lines;
  }

  Status WriteCheckpoint(const std::string& path,
                         const std::vector<delta::Action>& actions) override {
    std::string folder = path.substr(0, path.rfind('/'));
    std::string rows = folder + "/.tarn-" + NewUuid() + ".json";
    std::string hidden = folder + "/.tarn-" + NewUuid() + ".parquet";
    Status status = WriteHidden(rows, hidden, actions);
    std::remove(rows.c_str());
    if (status.ok()) status = FlushFile(hidden);
    if (status.ok() && std::rename(hidden.c_str(), path.c_str()) != 0) {
      status = Fail("IO_ERROR", "cannot place " + path);
    }
    if (!status.ok()) std::remove(hidden.c_str());
    return status;
  }

 private:
  Status WriteHidden(const std::string& rows, const std::string& hidden,
                     const std::vector<delta::Action>& actions) {
    {
      std::ofstream out(rows, std::ios::binary);
      for (const delta::Action& action : actions) out << delta::ActionToJson(action) << '\n';
      out.flush();
      if (!out) return Fail("IO_ERROR", "cannot write " + rows);
    }
    QueryResources resources;
    resources.instance = &instance_;
    TARN_TRY(resources.connection, instance_.Connect());
    auto select = duckdb::make_uniq<duckdb::SelectNode>();
    auto scan = duckdb::make_uniq<duckdb::TableFunctionRef>();
    duckdb::child_list_t<Value> columns;
    for (const auto& [name, type] : CheckpointColumns()) {
      columns.emplace_back(name, Value(type.ToString()));
      select->select_list.push_back(duckdb::make_uniq<duckdb::ColumnRefExpression>(name));
    }
    duckdb::vector<duckdb::unique_ptr<duckdb::ParsedExpression>> args;
    args.push_back(duckdb::make_uniq<duckdb::ConstantExpression>(Value(rows)));
    auto named = [&](const char* name, Value value) {
      args.push_back(duckdb::make_uniq<duckdb::ComparisonExpression>(
          duckdb::ExpressionType::COMPARE_EQUAL,
          duckdb::make_uniq<duckdb::ColumnRefExpression>(name),
          duckdb::make_uniq<duckdb::ConstantExpression>(std::move(value))));
    };
    named("columns", Value::STRUCT(std::move(columns)));
    named("format", Value("newline_delimited"));
    named("maximum_object_size", Value::UINTEGER(256U << 20));
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
