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

// Of those that hold rows of the file and rows that are gone from it, the ones not below the
// table's folder.
std::vector<std::string> OutsideFilesOf(const Snapshot& table, const AddFile& file) {
  std::vector<std::string> outside;
  auto look_at = [&](std::string path) {
    // What climbs above the root has no plain form.
    bool inside = !HasDotParts(path) && io::IsWithin(path, table.table_path());
    if (!inside) outside.push_back(std::move(path));
  };
  if (IsAbsolute(file.path) || HasDotParts(file.path)) look_at(table.FullPath(file));
  const std::optional<DeletionVectorDescriptor>& vector = file.deletion_vector;
  if (!vector || vector->storage_type == 'i') return outside;
  // One that cannot be found is not read either.
  Result<std::string> path = DeletionVectorPath(*vector, table.table_path());
  if (!path.ok()) return outside;
  Result<std::string> normal = io::NormalizePath(*path);
  look_at(normal.ok() ? *std::move(normal) : *std::move(path));
  return outside;
}

}  // namespace

int64_t Snapshot::size_bytes() const {
  int64_t total = 0;
  for (const auto& file : files_) total += file->size_bytes;
  return total;
}

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

std::string Snapshot::FullPath(const AddFile& file) const {
  if (IsAbsolute(file.path)) {
    Result<std::string> normal = io::NormalizePath(file.path);
    return normal.ok() ? *normal : file.path;
  }
  std::string path = io::JoinPath(table_path_, file.path);
  if (!HasDotParts(file.path)) return path;
  Result<std::string> normal = io::NormalizePath(path);
  return normal.ok() ? *normal : path;
}

SnapshotBuilder::SnapshotBuilder(std::string table_path) : snapshot_(std::make_shared<Snapshot>()) {
  snapshot_->table_path_ = std::move(table_path);
}

SnapshotBuilder::SnapshotBuilder(const Snapshot& base)
    : snapshot_(std::make_shared<Snapshot>(base)), have_protocol_(true), have_metadata_(true) {
  position_.reserve(base.files().size());
  for (size_t i = 0; i < base.files().size(); ++i) {
    const AddFile& file = *base.files()[i];
    position_.emplace(FileKey(file.path, file.deletion_vector), i);
  }
}

Snapshot::Tombstones& SnapshotBuilder::Tombstones() {
  if (!tombstones_) {
    tombstones_ = std::make_shared<Snapshot::Tombstones>(*snapshot_->tombstones_);
    snapshot_->tombstones_ = tombstones_;
  }
  return *tombstones_;
}

void SnapshotBuilder::Drop(const std::string& key) {
  auto at = position_.find(key);
  if (at == position_.end()) return;
  std::shared_ptr<const AddFile> file = std::move(snapshot_->files_[at->second]);
  if (!snapshot_->outside_files_.empty()) {
    for (const std::string& path : OutsideFilesOf(*snapshot_, *file))
      snapshot_->outside_files_.extract(path);
  }
  position_.erase(at);
}

void SnapshotBuilder::Add(AddFile file) {
  std::string key = FileKey(file.path, file.deletion_vector);
  Drop(key);
  if (snapshot_->tombstones_->contains(key)) Tombstones().erase(key);
  for (std::string& path : OutsideFilesOf(*snapshot_, file))
    snapshot_->outside_files_.insert(std::move(path));
  position_.emplace(std::move(key), snapshot_->files_.size());
  snapshot_->files_.push_back(std::make_shared<const AddFile>(std::move(file)));
}

void SnapshotBuilder::Remove(RemoveFile file) {
  std::string key = FileKey(file.path, file.deletion_vector);
  Drop(key);
  Tombstones().insert_or_assign(std::move(key), std::move(file));
}

void SnapshotBuilder::Apply(Version version, int64_t timestamp_ms, std::vector<Action> actions) {
  Snapshot& s = *snapshot_;
  in_commit_timestamp_ms_.reset();
  for (Action& action : actions) {
    if (auto* add = std::get_if<AddFile>(&action)) {
      Add(std::move(*add));
    } else if (auto* remove = std::get_if<RemoveFile>(&action)) {
      Remove(std::move(*remove));
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
  std::erase(s.files_, nullptr);
  return std::shared_ptr<const Snapshot>(std::move(snapshot_));
}

}  // namespace tarn::delta
