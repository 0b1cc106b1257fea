#include "engine/duckdb/data_writer.h"

#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ids.h"
#include "delta/file_stats.h"
#include "engine/duckdb/error_bridge.h"

namespace tarn::engine {
namespace {

using duckdb::Value;

constexpr int kMaxStatsColumns = 32;

std::string FileName() { return "part-00000-" + NewUuid() + "-c000.zstd.parquet"; }

std::map<std::string, std::string> TextMap(const Value& map) {
  std::map<std::string, std::string> result;
  if (map.IsNull()) return result;
  for (const Value& entry : duckdb::MapValue::GetChildren(map)) {
    const auto& pair = duckdb::StructValue::GetChildren(entry);
    if (!pair[1].IsNull()) result.emplace(pair[0].ToString(), pair[1].ToString());
  }
  return result;
}

// "2024-05-01 10:00:00.123456+00" → "2024-05-01T10:00:00.123Z"; `exact` tells whether nothing was
// cut.
std::string InstantBound(const std::string& text, bool utc, bool* exact) {
  std::string date = text.substr(0, 10);
  size_t zone = text.find_first_of("+Z", 11);
  std::string time = text.substr(11, zone == std::string::npos ? std::string::npos : zone - 11);
  size_t point = time.find('.');
  std::string fraction = point == std::string::npos ? "" : time.substr(point + 1);
  *exact = fraction.size() <= 3 || fraction.find_first_not_of('0', 3) == std::string::npos;
  fraction = (fraction + "000").substr(0, 3);
  return date + "T" + time.substr(0, point) + "." + fraction + (utc ? "Z" : "");
}

// One bound as the log's JSON, or nothing when the type has none or it would not be a bound.
std::optional<json::Value> Bound(const columnar::DataType& type, const std::string& text,
                                 bool maximum) {
  using columnar::TypeKind;
  switch (type.kind()) {
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong:
      return json::Value(static_cast<int64_t>(std::stoll(text)));
    case TypeKind::kFloat:
    case TypeKind::kDouble: {
      double value = std::stod(text);
      if (!std::isfinite(value)) return std::nullopt;
      return json::Value(value);
    }
    case TypeKind::kDecimal:
      // More digits than a double holds would move the bound.
      if (type.precision() > 15) return std::nullopt;
      return json::Value(std::stod(text));
    case TypeKind::kDate:
      return json::Value(text);
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: {
      bool exact = false;
      std::string bound = InstantBound(text, type.is(TypeKind::kTimestamp), &exact);
      (void)maximum;  // readers add a millisecond to a maximum that was cut
      return json::Value(bound);
    }
    case TypeKind::kString:
    case TypeKind::kChar:
    case TypeKind::kVarchar: {
      if (!maximum) return json::Value(delta::TruncateMinimum(text));
      auto bound = delta::TruncateMaximum(text);
      if (!bound) return std::nullopt;
      return json::Value(*bound);
    }
    default:
      return std::nullopt;
  }
}

Result<std::string> StatsOf(const WriteTarget& target, const Value& column_statistics,
                            int64_t rows) {
  delta::FileStats stats;
  stats.num_records = rows;
  std::map<std::string, std::map<std::string, std::string>> columns;
  if (!column_statistics.IsNull()) {
    for (const Value& entry : duckdb::MapValue::GetChildren(column_statistics)) {
      const auto& pair = duckdb::StructValue::GetChildren(entry);
      columns.emplace(pair[0].ToString(), TextMap(pair[1]));
    }
  }
  int counted = 0;
  for (const columnar::Field& field : target.schema.fields) {
    bool partition = std::find(target.partition_columns.begin(), target.partition_columns.end(),
                               field.name) != target.partition_columns.end();
    if (partition || counted++ >= kMaxStatsColumns) continue;
    auto found = columns.find("\"" + field.name + "\"");
    if (found == columns.end()) continue;
    const auto& facts = found->second;
    auto get = [&](const char* key) {
      auto at = facts.find(key);
      return at == facts.end() ? std::optional<std::string>() : at->second;
    };
    std::optional<std::string> nulls = get("null_count");
    if (nulls) {
      int64_t count = std::stoll(*nulls);
      stats.null_count.Set(field.name, count);
      if (count > 0 && !field.nullable) {
        return Fail("DELTA_NOT_NULL_CONSTRAINT_VIOLATED",
                    "NOT NULL constraint violated for column: " + field.name + ".",
                    {{"columnName", field.name}});
      }
    }
    if (get("has_nan") == "true") continue;
    std::optional<std::string> low = get("min");
    std::optional<std::string> high = get("max");
    if (!low || !high) continue;
    std::optional<json::Value> minimum = Bound(field.type, *low, false);
    std::optional<json::Value> maximum = Bound(field.type, *high, true);
    if (minimum) stats.min_values.Set(field.name, *minimum);
    if (maximum) stats.max_values.Set(field.name, *maximum);
  }
  return stats.ToJson();
}

}  // namespace

Status FlushFile(const std::string& path) {
  std::string folder = path.substr(0, path.rfind('/'));
  for (const auto& [name, flags] :
       {std::pair{path, O_RDONLY}, std::pair{folder, O_RDONLY | O_DIRECTORY}}) {
    int fd = ::open(name.c_str(), flags | O_CLOEXEC);
    if (fd < 0) return Fail("IO_ERROR", "cannot open " + name + " to flush it");
    int failed = ::fsync(fd);
    ::close(fd);
    if (failed != 0) return Fail("IO_ERROR", "cannot flush " + name);
  }
  return Ok();
}

Result<std::vector<delta::AddFile>> WriteDataFiles(QueryResources& resources,
                                                   duckdb::unique_ptr<duckdb::QueryNode> rows,
                                                   const WriteTarget& target, CancelToken cancel) {
  std::error_code made;
  std::filesystem::create_directories(target.table_path, made);
  if (made)
    return Fail("IO_ERROR", "cannot make the folder " + target.table_path + ": " + made.message());
  // The files carry the table's column names; the query's are ids.
  auto& select = rows->Cast<duckdb::SelectNode>();
  for (size_t i = 0; i < target.schema.fields.size(); ++i) {
    select.select_list[i]->SetAlias(target.schema.fields[i].name);
  }
  auto copy = duckdb::make_uniq<duckdb::CopyStatement>();
  copy->info->is_from = false;
  copy->info->format = "parquet";
  copy->info->is_format_auto_detected = false;
  copy->info->select_statement = std::move(rows);
  auto option = [&](const char* name, Value value) {
    copy->info->options[name] = {std::move(value)};
  };
  option("compression", Value("zstd"));
  option("row_group_size", Value::UBIGINT(122'880));
  option("return_stats", Value::BOOLEAN(true));
  if (target.partition_columns.empty()) {
    copy->info->file_path = target.table_path + "/" + FileName();
    option("use_tmp_file", Value::BOOLEAN(false));
    option("write_empty_file", Value::BOOLEAN(false));
  } else {
    copy->info->file_path = target.table_path;
    duckdb::vector<Value> columns;
    for (const std::string& column : target.partition_columns) columns.emplace_back(column);
    copy->info->options["partition_by"] = std::move(columns);
    option("append", Value::BOOLEAN(true));
    option("filename_pattern", Value("part-00000-{uuid}-c000.zstd"));
  }
  TARN_TRY(auto result, RunToEnd(resources, std::move(copy), cancel));

  std::vector<delta::AddFile> files;
  for (duckdb::idx_t row = 0; row < result->RowCount(); ++row) {
    std::string path = result->GetValue(0, row).ToString();
    int64_t count = result->GetValue(1, row).GetValue<int64_t>();
    if (count == 0) continue;
    delta::AddFile file;
    file.path = path.substr(target.table_path.size() + 1);
    TARN_TRY(file.stats, StatsOf(target, result->GetValue(4, row), count));
    struct stat info;
    if (::stat(path.c_str(), &info) != 0)
      return Fail("IO_ERROR", "a file just written is gone: " + path);
    file.size_bytes = info.st_size;
    file.modification_time_ms =
        int64_t{info.st_mtim.tv_sec} * 1000 + info.st_mtim.tv_nsec / 1'000'000;
    if (!target.partition_columns.empty()) {
      const Value& keys = result->GetValue(5, row);
      std::map<std::string, std::string> values = TextMap(keys);
      for (const std::string& column : target.partition_columns) {
        auto at = values.find(column);
        bool null = at == values.end() || at->second == "__HIVE_DEFAULT_PARTITION__" ||
                    at->second == "NULL";
        file.partition_values[column] = null ? std::nullopt : std::optional(at->second);
      }
    }
    TARN_RETURN_IF_ERROR(FlushFile(path));
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace tarn::engine
