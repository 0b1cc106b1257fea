#include "engine/duckdb/snapshot_source.h"

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>
#include <unordered_map>

#include "delta/row_tracking.h"
#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/types.h"

namespace tarn::engine {
namespace {

using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;

std::string NameInLog(const columnar::Field& field, delta::ColumnMappingMode mode) {
  return mode == delta::ColumnMappingMode::kNone ? field.name : delta::PhysicalName(field);
}

// Appends the leaves of a field; `leaf` is where it stands.
void AddLeaves(const columnar::Field& field, const LogicalType& type, delta::ColumnMappingMode mode,
               LeafColumn leaf, std::vector<LeafColumn>* leaves) {
  leaf.physical_path.push_back(NameInLog(field, mode));
  if (type.id() != LogicalTypeId::STRUCT) {
    leaf.type = type;
    leaves->push_back(std::move(leaf));
    return;
  }
  const auto& members = duckdb::StructType::GetChildTypes(type);
  for (size_t i = 0; i < members.size(); ++i) {
    LeafColumn member = leaf;
    member.path.push_back(members[i].first);
    AddLeaves(field.type.fields()[i], members[i].second, mode, std::move(member), leaves);
  }
}

}  // namespace

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
  auto same = [](const Leaf& a, const Leaf& b) {
    return a.physical_path == b.physical_path && a.path == b.path;
  };
  return names == other.names && types == other.types && partition_index == other.partition_index &&
         std::equal(leaves->begin(), leaves->end(), other.leaves->begin(), other.leaves->end(),
                    same);
}

int SnapshotSource::FindLeaf(idx_t column, const std::vector<std::string>& path) const {
  for (size_t i = 0; i < leaves->size(); ++i) {
    if ((*leaves)[i].column == column && (*leaves)[i].path == path) return static_cast<int>(i);
  }
  return -1;
}

SnapshotSource::File SnapshotSource::file(size_t i) const {
  const delta::BlockList& blocks = snapshot->files().blocks();
  size_t part = blocks.PartOf(i);
  return {*facts_[part], blocks.parts()[part].RowAt(i - blocks.parts()[part].begin)};
}

int64_t SnapshotSource::total_rows() const {
  std::call_once(rows_once_, [this] {
    int64_t total = 0;
    const auto& parts = snapshot->files().blocks().parts();
    for (size_t part = 0; part < parts.size(); ++part) {
      for (size_t i = 0; i < parts[part].count(); ++i) {
        int64_t rows = facts_[part]->rows(parts[part].RowAt(i));
        if (rows < 0) return;
        total += rows;
      }
    }
    total_rows_ = total;
  });
  return total_rows_;
}

Result<std::shared_ptr<const SnapshotSource>> SnapshotSource::Make(
    std::shared_ptr<const delta::Snapshot> snapshot,
    std::shared_ptr<delta::DeletionVectorCache> vectors, const SnapshotSource* previous) {
  auto source = std::make_shared<SnapshotSource>();
  source->snapshot = snapshot;
  source->vectors = std::move(vectors);
  const std::vector<std::string>& partitions = snapshot->partition_columns();
  auto leaves = std::make_shared<std::vector<LeafColumn>>();
  for (const columnar::Field& field : snapshot->schema().fields) {
    TARN_TRY(LogicalType type, ToLogicalType(field.type));
    auto at = std::find(partitions.begin(), partitions.end(), field.name);
    source->partition_index.push_back(
        at == partitions.end() ? -1 : static_cast<int>(at - partitions.begin()));
    Leaf leaf;
    leaf.column = source->names.size();
    leaf.partition = source->partition_index.back();
    AddLeaves(field, type, snapshot->column_mapping_mode(), std::move(leaf), leaves.get());
    source->names.push_back(field.name);
    source->types.push_back(std::move(type));
  }
  source->columns =
      TableColumns(snapshot->schema(), source->types, snapshot->column_mapping_mode());
  source->leaves = std::move(leaves);
  source->AddHidden();
  std::unordered_map<const delta::FileBlock*, std::shared_ptr<const BlockFacts>> known;
  if (previous != nullptr && previous->SameColumns(*source)) {
    source->leaves = previous->leaves;
    for (const auto& facts : previous->facts_) known.emplace(&facts->block(), facts);
  }
  for (const delta::BlockPart& part : snapshot->files().blocks().parts()) {
    std::shared_ptr<const BlockFacts>& facts = known[part.block.get()];
    if (!facts) {
      TARN_TRY(facts, BlockFacts::Make(part.block, source->leaves));
    }
    source->facts_.push_back(facts);
  }
  return std::shared_ptr<const SnapshotSource>(std::move(source));
}

Status SnapshotSource::CheckLinks(const std::string& path) const {
  const std::string& folder = snapshot->table_path();
  // Files elsewhere were allowed one by one when the statement named the table.
  if (!io::IsWithin(path, folder)) return Ok();
  bool linked = false;
  for (size_t slash = folder.size(); slash != std::string::npos && !linked;) {
    slash = path.find('/', slash + 1);
    struct stat info;
    linked = ::lstat(path.substr(0, slash).c_str(), &info) == 0 && S_ISLNK(info.st_mode);
  }
  if (!linked) return Ok();
  std::error_code error;
  std::string real = std::filesystem::weakly_canonical(path, error).string();
  std::string root = std::filesystem::weakly_canonical(folder, error).string();
  if (!error && io::IsWithin(real, root)) return Ok();
  return Fail("INVALID_PATH", "the data file " + path + " is a link out of its table's folder");
}

}  // namespace tarn::engine
