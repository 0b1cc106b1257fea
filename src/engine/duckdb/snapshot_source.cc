#include <filesystem>
#include <sys/stat.h>

#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/snapshot_scan.h"
#include "engine/duckdb/types.h"

namespace tarn::engine {
namespace {

using duckdb::BaseStatistics;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::NumericStats;
using duckdb::Value;

bool HasNumericStats(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::DATE:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ:
      return true;
    default:
      return false;
  }
}

// The value of a bound as the log holds it; an invalid one is as good as none.
bool ParseBound(const json::Value* json, const LogicalType& type, Value* out) {
  if (json == nullptr) return false;
  std::string text;
  if (json->is_int()) {
    text = std::to_string(json->as_int());
  } else if (json->is_string()) {
    text = json->as_string();
    for (char& c : text) {
      if (c == 'T') c = ' ';
    }
  } else {
    return false;
  }
  std::string error;
  return Value(text).DefaultTryCastAs(type, *out, &error, true) && !out->IsNull();
}

duckdb::unique_ptr<BaseStatistics> ColumnStats(const delta::FileStats& stats,
                                               const std::string& name, const LogicalType& type,
                                               int64_t rows) {
  if (!HasNumericStats(type)) return nullptr;
  Value low;
  Value high;
  if (!ParseBound(stats.min_values.Find(name), type, &low) ||
      !ParseBound(stats.max_values.Find(name), type, &high)) {
    return nullptr;
  }
  // Bounds of instants are cut to milliseconds: the largest value may lie up to one above.
  bool instant = type.id() == LogicalTypeId::TIMESTAMP_TZ || type.id() == LogicalTypeId::TIMESTAMP;
  if (instant) {
    int64_t micros = high.GetValueUnsafe<int64_t>() + 999;
    high = type.id() == LogicalTypeId::TIMESTAMP
               ? Value::TIMESTAMP(duckdb::timestamp_t(micros))
               : Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(micros));
  }
  auto result = NumericStats::CreateEmpty(type);
  NumericStats::SetMin(result, low);
  NumericStats::SetMax(result, high);
  const json::Value* nulls = stats.null_count.Find(name);
  if (nulls != nullptr && nulls->is_int() && nulls->as_int() == 0) {
    result.SetHasNoNull();
  } else {
    result.SetHasNull();
    result.SetHasNoNull();
    result.Set(duckdb::StatsInfo::CAN_HAVE_NULL_AND_VALID_VALUES);
  }
  (void)rows;
  return result.ToUnique();
}

}  // namespace

Result<std::shared_ptr<const SnapshotSource>> SnapshotSource::Make(
    std::shared_ptr<const delta::Snapshot> snapshot,
    std::shared_ptr<delta::DeletionVectorCache> vectors) {
  auto source = std::make_shared<SnapshotSource>();
  source->vectors = std::move(vectors);
  source->snapshot = snapshot;
  for (const columnar::Field& field : snapshot->schema().fields) {
    TARN_TRY(LogicalType type, ToLogicalType(field.type));
    source->names.push_back(field.name);
    source->types.push_back(type);
    int position = -1;
    for (size_t p = 0; p < snapshot->partition_columns().size(); ++p) {
      if (snapshot->partition_columns()[p] == field.name) position = static_cast<int>(p);
    }
    source->partition_index.push_back(position);
  }
  source->columns =
      TableColumns(snapshot->schema(), source->types, snapshot->column_mapping_mode());
  for (const auto& add : snapshot->files()) {
    File file;
    file.deletion_vector = add->deletion_vector;
    file.path = snapshot->FullPath(*add);
    file.size_bytes = add->size_bytes;
    file.modified_ms = add->modification_time_ms;
    delta::FileStats stats = delta::FileStats::Parse(add->stats);
    file.rows = stats.num_records.value_or(-1);
    if (file.rows >= 0 && file.deletion_vector) file.rows -= file.deletion_vector->cardinality;
    for (size_t c = 0; c < source->names.size(); ++c) {
      const std::string name = snapshot->column_mapping_mode() == delta::ColumnMappingMode::kNone
                                   ? source->names[c]
                                   : delta::PhysicalName(snapshot->schema().fields[c]);
      const LogicalType& type = source->types[c];
      file.exact.push_back(false);
      if (source->partition_index[c] < 0) {
        file.partition_values.emplace_back(type);
        file.stats.push_back(ColumnStats(stats, name, type, file.rows));
        file.exact.back() = type.id() != LogicalTypeId::TIMESTAMP &&
                            type.id() != LogicalTypeId::TIMESTAMP_TZ && file.stats.back() &&
                            !file.deletion_vector;
        continue;
      }
      Value value(type);
      auto found = add->partition_values.find(name);
      if (found != add->partition_values.end() && found->second) {
        std::string error;
        if (type.id() == LogicalTypeId::BLOB) {
          value = Value::BLOB_RAW(*found->second);  // the text's bytes, not an escaped form of them
        } else if (!Value(*found->second).DefaultTryCastAs(type, value, &error, true)) {
          return Fail("DELTA_STATE_RECOVER_ERROR", "partition value '" + *found->second +
                                                       "' of column " + name + " in " + add->path +
                                                       " is not a " + type.ToString());
        }
      }
      file.stats.push_back(value.IsNull() ? nullptr
                                          : BaseStatistics::FromConstant(value).ToUnique());
      file.exact.back() = file.stats.back() != nullptr;
      file.partition_values.push_back(std::move(value));
    }
    source->files.push_back(std::move(file));
  }
  return std::shared_ptr<const SnapshotSource>(std::move(source));
}

Status SnapshotSource::CheckLinks(const File& file) const {
  const std::string& folder = snapshot->table_path();
  // Files elsewhere were allowed one by one when the statement named the table.
  if (!io::IsWithin(file.path, folder)) return Ok();
  bool linked = false;
  for (size_t slash = folder.size(); slash != std::string::npos && !linked;) {
    slash = file.path.find('/', slash + 1);
    struct stat info;
    linked = ::lstat(file.path.substr(0, slash).c_str(), &info) == 0 && S_ISLNK(info.st_mode);
  }
  if (!linked) return Ok();
  std::error_code error;
  std::string real = std::filesystem::weakly_canonical(file.path, error).string();
  std::string root = std::filesystem::weakly_canonical(folder, error).string();
  if (!error && io::IsWithin(real, root)) return Ok();
  return Fail("INVALID_PATH",
              "the data file " + file.path + " is a link out of its table's folder");
}

}  // namespace tarn::engine
