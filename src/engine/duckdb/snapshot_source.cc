#include "engine/duckdb/snapshot_source.h"

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>
#include <unordered_map>

#include "delta/file_stats.h"
#include "delta/row_tracking.h"
#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/log_value.h"
#include "engine/duckdb/types.h"

namespace tarn::engine {
namespace {

using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

const json::Value* FindPath(const json::Object& object, const std::vector<std::string>& path) {
  const json::Value* at = object.Find(path[0]);
  for (size_t i = 1; i < path.size() && at != nullptr; ++i) at = at->Find(path[i]);
  return at;
}

std::string NameInLog(const columnar::Field& field, delta::ColumnMappingMode mode) {
  return mode == delta::ColumnMappingMode::kNone ? field.name : delta::PhysicalName(field);
}

LeafFacts FactsOf(const delta::FileStats& stats, const SnapshotSource::Leaf& leaf) {
  LeafFacts facts;
  bool exact = stats.tight_bounds;
  auto bound = [&](const json::Object& object, bool maximum) {
    const json::Value* json = FindPath(object, leaf.physical_path);
    std::optional<LogBound> found =
        json == nullptr ? std::nullopt : BoundOf(*json, leaf.type, maximum);
    exact = exact && found && found->exact;
    return found ? std::move(found->value) : Value(leaf.type);
  };
  facts.minimum = bound(stats.min_values, false);
  facts.maximum = bound(stats.max_values, true);
  facts.exact = exact;
  const json::Value* nulls = FindPath(stats.null_count, leaf.physical_path);
  if (nulls != nullptr && nulls->is_int()) {
    facts.no_null = nulls->as_int() == 0;
    facts.all_null = stats.num_records && *stats.num_records == nulls->as_int();
  }
  return facts;
}

}  // namespace

void SnapshotSource::AddLeaves(const columnar::Field& field, const LogicalType& type, Leaf leaf) {
  leaf.physical_path.push_back(NameInLog(field, snapshot->column_mapping_mode()));
  if (type.id() != LogicalTypeId::STRUCT) {
    leaf.type = type;
    leaves.push_back(std::move(leaf));
    return;
  }
  const auto& members = duckdb::StructType::GetChildTypes(type);
  for (size_t i = 0; i < members.size(); ++i) {
    Leaf member = leaf;
    member.path.push_back(members[i].first);
    AddLeaves(field.type.fields()[i], members[i].second, std::move(member));
  }
}

void SnapshotSource::AddHidden() {
  auto add = [&](const char* name, const std::string& in_files,
                 LogicalType type = LogicalType::BIGINT) {
    names.emplace_back(name);
    types.push_back(type);
    partition_index.push_back(-1);
    columns.push_back(HiddenColumn(name, in_files, type));
  };
  add(kFileSize, "");
  add(kFileModified, "", LogicalType::TIMESTAMP_TZ);
  std::optional<delta::MaterializedRowIds> written = delta::MaterializedRowIdsOf(*snapshot);
  if (!written) return;
  add(kWrittenRowId, written->row_id_column);
  add(kWrittenRowVersion, written->row_commit_version_column);
  add(kBaseRowId, "");
  add(kDefaultRowVersion, "");
}

bool SnapshotSource::SameColumns(const SnapshotSource& other) const {
  auto same = [](const Leaf& a, const Leaf& b) { return a.physical_path == b.physical_path; };
  return names == other.names && types == other.types && partition_index == other.partition_index &&
         std::equal(leaves.begin(), leaves.end(), other.leaves.begin(), other.leaves.end(), same);
}

int SnapshotSource::FindLeaf(idx_t column, const std::vector<std::string>& path) const {
  for (size_t i = 0; i < leaves.size(); ++i) {
    if (leaves[i].column == column && leaves[i].path == path) return static_cast<int>(i);
  }
  return -1;
}

Result<std::shared_ptr<const SnapshotSource::File>> SnapshotSource::Describe(
    const delta::AddFile& add) const {
  auto file = std::make_shared<File>();
  file->path = snapshot->FullPath(add);
  file->deletion_vector = add.deletion_vector;
  file->size_bytes = add.size_bytes;
  file->modified_ms = add.modification_time_ms;
  file->base_row_id = add.base_row_id;
  file->default_row_version = add.default_row_commit_version;
  delta::FileStats stats = delta::FileStats::Parse(add.stats);
  file->rows = stats.num_records.value_or(-1);
  if (file->rows >= 0 && file->deletion_vector) file->rows -= file->deletion_vector->cardinality;
  file->partition_values.resize(snapshot->partition_columns().size());
  for (const Leaf& leaf : leaves) {
    int position = partition_index[leaf.column];
    if (position < 0) {
      LeafFacts facts = FactsOf(stats, leaf);
      facts.exact = facts.exact && !file->deletion_vector;
      file->leaves.push_back(std::move(facts));
      continue;
    }
    auto found = add.partition_values.find(leaf.physical_path[0]);
    Result<Value> value = PartitionValueOf(
        found == add.partition_values.end() ? std::nullopt : found->second, leaf.type);
    if (!value.ok())
      return std::move(value).error().WithPrefix("column " + names[leaf.column] + " of " +
                                                 add.path);
    bool null = value->IsNull();
    file->leaves.push_back({*value, *value, true, null, !null});
    file->partition_values[static_cast<size_t>(position)] = *std::move(value);
  }
  return std::shared_ptr<const File>(std::move(file));
}

Result<std::shared_ptr<const SnapshotSource>> SnapshotSource::Make(
    std::shared_ptr<const delta::Snapshot> snapshot,
    std::shared_ptr<delta::DeletionVectorCache> vectors, const SnapshotSource* previous) {
  auto source = std::make_shared<SnapshotSource>();
  source->snapshot = snapshot;
  source->vectors = std::move(vectors);
  const std::vector<std::string>& partitions = snapshot->partition_columns();
  for (const columnar::Field& field : snapshot->schema().fields) {
    TARN_TRY(LogicalType type, ToLogicalType(field.type));
    auto at = std::find(partitions.begin(), partitions.end(), field.name);
    source->partition_index.push_back(
        at == partitions.end() ? -1 : static_cast<int>(at - partitions.begin()));
    Leaf leaf;
    leaf.column = source->names.size();
    source->AddLeaves(field, type, std::move(leaf));
    source->names.push_back(field.name);
    source->types.push_back(std::move(type));
  }
  source->columns =
      TableColumns(snapshot->schema(), source->types, snapshot->column_mapping_mode());
  source->AddHidden();
  std::unordered_map<const delta::AddFile*, std::shared_ptr<const File>> known;
  if (previous != nullptr && previous->SameColumns(*source)) {
    const auto& files = previous->snapshot->files();
    for (size_t i = 0; i < files.size(); ++i) known.emplace(files[i].get(), previous->files[i]);
  }
  for (const auto& add : snapshot->files()) {
    auto found = known.find(add.get());
    if (found != known.end()) {
      source->files.push_back(found->second);
    } else {
      TARN_TRY(auto described, source->Describe(*add));
      source->files.push_back(std::move(described));
    }
    source->total_bytes_ += add->size_bytes;
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
