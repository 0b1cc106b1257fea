#include "delta/snapshot.h"

#include <algorithm>

#include "delta/deletion_vector.h"
#include "delta/table_feature.h"

namespace tarn::delta {
namespace {

bool IsTrue(std::string_view text) {
  constexpr std::string_view kTrue = "true";
  return std::equal(text.begin(), text.end(), kTrue.begin(), kTrue.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  });
}

bool IsAbsolute(std::string_view path) {
  return path.starts_with('/') || path.starts_with("file:");
}

bool HasDotParts(std::string_view path) {
  return path == ".." || path.starts_with("../") || path.find("/../") != path.npos ||
         path.ends_with("/..");
}

// Of the files that hold rows of a data file and rows that are gone from it, the ones not below the
// table's folder.
std::vector<std::string> OutsideFilesOf(const Snapshot& table, std::string_view file,
                                        const DeletionVectorDescriptor* vector) {
  std::vector<std::string> outside;
  auto look_at = [&](std::string path) {
    // What climbs above the root has no plain form.
    bool inside = !HasDotParts(path) && io::IsWithin(path, table.table_path());
    if (!inside) outside.push_back(std::move(path));
  };
  if (IsAbsolute(file) || HasDotParts(file)) look_at(table.FullPath(file));
  if (vector == nullptr || vector->storage_type == 'i') return outside;
  // One that cannot be found is not read either.
  Result<std::string> path = DeletionVectorPath(*vector, table.table_path());
  if (!path.ok()) return outside;
  Result<std::string> normal = io::NormalizePath(*path);
  look_at(normal.ok() ? *std::move(normal) : *std::move(path));
  return outside;
}

}  // namespace

int64_t Snapshot::LastTransaction(const std::string& app_id) const {
  auto at = transactions_.find(app_id);
  return at == transactions_.end() ? -1 : at->second.version;
}

std::optional<std::string> Snapshot::Property(const std::string& key) const {
  auto at = metadata_.configuration.find(key);
  return at == metadata_.configuration.end() ? std::nullopt : std::optional(at->second);
}

bool Snapshot::Enabled(const std::string& key) const {
  auto at = metadata_.configuration.find(key);
  return at != metadata_.configuration.end() && IsTrue(at->second);
}

std::string Snapshot::FullPath(std::string_view path) const {
  if (IsAbsolute(path)) {
    Result<std::string> normal = io::NormalizePath(path);
    return normal.ok() ? *normal : std::string(path);
  }
  std::string full = io::JoinPath(table_path_, path);
  if (!HasDotParts(path)) return full;
  Result<std::string> normal = io::NormalizePath(full);
  return normal.ok() ? *normal : full;
}

SnapshotBuilder::SnapshotBuilder(std::string table_path) : snapshot_(std::make_shared<Snapshot>()) {
  snapshot_->table_path_ = std::move(table_path);
}

SnapshotBuilder::SnapshotBuilder(const Snapshot& base)
    : snapshot_(std::make_shared<Snapshot>(base)), have_protocol_(true), have_metadata_(true) {}

void SnapshotBuilder::Account(const FileBlock& block, size_t row, int sign) {
  snapshot_->size_bytes_ += sign * block.size_bytes(row);
  if (!block.names_outside()) return;
  for (std::string& path :
       OutsideFilesOf(*snapshot_, block.path(row), block.deletion_vector(row))) {
    if (sign > 0) {
      snapshot_->outside_files_.insert(std::move(path));
    } else {
      snapshot_->outside_files_.extract(path);
    }
  }
}

void SnapshotBuilder::ApplyBlock(std::shared_ptr<const FileBlock> added) {
  for (size_t row = 0; row < added->rows(); ++row) Account(*added, row, 1);
  snapshot_->files_.blocks_.Append(std::move(added));
}

void SnapshotBuilder::ApplyRemovedBlock(std::shared_ptr<const FileBlock> removed) {
  snapshot_->tombstones_.blocks_.Append(std::move(removed));
}

SnapshotBuilder::Change& SnapshotBuilder::Touch(
    const std::string& path, const std::optional<DeletionVectorDescriptor>& vector) {
  auto [at, fresh] = changes_.try_emplace(FileKey(path, vector));
  Change& change = at->second;
  if (fresh) {
    change.path = path;
    change.deletion_vector = vector;
  }
  if (change.added) added_[*change.added].reset();
  if (change.removed) removed_[*change.removed].reset();
  change.added.reset();
  change.removed.reset();
  return change;
}

template <typename File>
void SnapshotBuilder::DropTouched(FileList<File>& files, const ByHash& touched) {
  // Most blocks hold none of the keys, which a look at one bit a file finds out.
  constexpr size_t kFilterBits = 1 << 16;
  std::vector<bool> filter(kFilterBits);
  for (const auto& [hash, change] : touched) filter[hash % kFilterBits] = true;
  BlockList& blocks = files.blocks_;
  for (size_t number = 0; number < blocks.parts().size(); ++number) {
    const FileBlock& block = *blocks.parts()[number].block;
    const auto& live = blocks.parts()[number].live;
    std::vector<uint16_t> gone;
    const std::vector<uint32_t>& hashes = block.key_hashes();
    for (size_t row = 0; row < hashes.size(); ++row) {
      if (!filter[hashes[row] % kFilterBits]) continue;
      auto [begin, end] = touched.equal_range(hashes[row]);
      bool found = std::any_of(begin, end, [&](const auto& entry) {
        const Change& change = *entry.second;
        return block.IsFile(row, change.path,
                            change.deletion_vector ? &*change.deletion_vector : nullptr);
      });
      auto number_of_row = static_cast<uint16_t>(row);
      if (!found || (live && !std::binary_search(live->begin(), live->end(), number_of_row))) {
        continue;
      }
      if constexpr (std::is_same_v<File, AddFile>) Account(block, row, -1);
      gone.push_back(number_of_row);
    }
    if (!gone.empty()) blocks.Drop(number, gone);
  }
  blocks.Renumber();
}

template <typename File>
void SnapshotBuilder::Append(FileList<File>& files, std::vector<std::optional<File>>& fresh) {
  // Commits of a few files make blocks of a few files: the last ones become one again and again, so
  // that there are never many.
  constexpr size_t kSmallRows = 4096;
  BlockList& blocks = files.blocks_;
  size_t rows = static_cast<size_t>(
      std::count_if(fresh.begin(), fresh.end(), [](const auto& f) { return f.has_value(); }));
  if (rows == 0) return fresh.clear();
  std::vector<BlockPart> small;
  while (!blocks.empty()) {
    const BlockPart& last = blocks.parts().back();
    bool merge =
        last.block->has_details() && last.count() <= 2 * rows && last.count() + rows <= kSmallRows;
    if (!merge) break;
    rows += last.count();
    small.push_back(blocks.PopBack());
  }
  FileBlockBuilder builder;
  for (auto part = small.rbegin(); part != small.rend(); ++part) {
    for (size_t i = 0; i < part->count(); ++i) {
      builder.Append(*FileRef<File>(*part->block, part->RowAt(i)));
    }
  }
  for (std::optional<File>& file : fresh) {
    if (!file) continue;
    if (builder.full()) blocks.Append(builder.Finish());
    builder.Append(*file);
    file.reset();
  }
  blocks.Append(builder.Finish());
  fresh.clear();
}

void SnapshotBuilder::Settle() {
  if (changes_.empty()) return;
  Snapshot& s = *snapshot_;
  ByHash touched;
  for (const auto& [key, change] : changes_) {
    touched.emplace(
        KeyHash(change.path, change.deletion_vector ? &*change.deletion_vector : nullptr), &change);
  }
  DropTouched(s.files_, touched);
  DropTouched(s.tombstones_, touched);
  for (const std::optional<AddFile>& file : added_) {
    if (!file) continue;
    s.size_bytes_ += file->size_bytes;
    for (std::string& path :
         OutsideFilesOf(s, file->path, file->deletion_vector ? &*file->deletion_vector : nullptr)) {
      s.outside_files_.insert(std::move(path));
    }
  }
  Append(s.files_, added_);
  Append(s.tombstones_, removed_);
  changes_.clear();
}

void SnapshotBuilder::Apply(Version version, int64_t timestamp_ms, std::vector<Action> actions) {
  Snapshot& s = *snapshot_;
  in_commit_timestamp_ms_.reset();
  for (Action& action : actions) {
    if (auto* add = std::get_if<AddFile>(&action)) {
      Touch(add->path, add->deletion_vector).added = added_.size();
      added_.push_back(std::move(*add));
    } else if (auto* remove = std::get_if<RemoveFile>(&action)) {
      Touch(remove->path, remove->deletion_vector).removed = removed_.size();
      removed_.push_back(std::move(*remove));
    } else if (auto* metadata = std::get_if<Metadata>(&action)) {
      s.metadata_ = std::move(*metadata);
      have_metadata_ = metadata_changed_ = true;
    } else if (auto* protocol = std::get_if<Protocol>(&action)) {
      s.protocol_ = std::move(*protocol);
      have_protocol_ = true;
    } else if (auto* txn = std::get_if<SetTransaction>(&action)) {
      s.transactions_[txn->app_id] = *txn;
    } else if (auto* domain = std::get_if<DomainMetadata>(&action)) {
      s.domains_.erase(domain->domain);
      if (!domain->removed) s.domains_.emplace(domain->domain, std::move(*domain));
    } else if (auto* info = std::get_if<CommitInfo>(&action)) {
      in_commit_timestamp_ms_ = InCommitTimestampOf(*info);
    }
  }
  // A long replay shall not need more memory than its result.
  if (changes_.size() >= FileBlock::kMaxRows) Settle();
  s.version_ = version;
  // Times of files may go back; those of versions never do. Spec: "In-Commit Timestamps".
  s.timestamp_ms_ = in_commit_timestamp_ms_ && s.Enabled("delta.enableInCommitTimestamps")
                        ? *in_commit_timestamp_ms_
                        : std::max(timestamp_ms, s.timestamp_ms_ + 1);
}

Result<std::shared_ptr<const Snapshot>> SnapshotBuilder::Finish() {
  Snapshot& s = *snapshot_;
  if (!have_protocol_ || !have_metadata_) {
    return Fail("DELTA_STATE_RECOVER_ERROR",
                "the log of " + s.table_path_ + " at version " + std::to_string(s.version_) +
                    " has no " + (have_protocol_ ? "metaData" : "protocol") + " action");
  }
  TARN_RETURN_IF_ERROR(CheckReadable(s.protocol_));
  if (metadata_changed_) {
    TARN_TRY(s.column_mapping_mode_, ColumnMappingModeOf(s.metadata_));
    TARN_TRY(s.schema_, columnar::Schema::FromJson(s.metadata_.schema_string));
    for (const std::string& column : s.metadata_.partition_columns) {
      if (s.schema_.FindField(column, true) < 0) {
        return Fail("DELTA_STATE_RECOVER_ERROR",
                    "partition column " + column + " is not in the schema of " + s.table_path_);
      }
    }
  }
  Settle();
  return std::shared_ptr<const Snapshot>(std::move(snapshot_));
}

}  // namespace tarn::delta
