#include "delta/snapshot.h"

#include <algorithm>

#include "delta/table_feature.h"

namespace tarn::delta {

int64_t Snapshot::size_bytes() const {
  int64_t total = 0;
  for (const auto& file : files_) total += file->size_bytes;
  return total;
}

int64_t Snapshot::LastTransaction(const std::string& app_id) const {
  auto at = transactions_.find(app_id);
  return at == transactions_.end() ? -1 : at->second.version;
}

std::string Snapshot::FullPath(const AddFile& file) const {
  if (!file.path.empty() && file.path.front() == '/') return file.path;
  if (file.path.rfind("file:", 0) == 0) {
    Result<std::string> normal = io::NormalizePath(file.path);
    return normal.ok() ? *normal : file.path;
  }
  return io::JoinPath(table_path_, file.path);
}

SnapshotBuilder::SnapshotBuilder(std::string table_path) : snapshot_(std::make_shared<Snapshot>()) {
  snapshot_->table_path_ = std::move(table_path);
}

SnapshotBuilder::SnapshotBuilder(const Snapshot& base)
    : snapshot_(std::make_shared<Snapshot>(base)), have_protocol_(true), have_metadata_(true) {
  position_.reserve(base.files().size());
  for (size_t i = 0; i < base.files().size(); ++i) position_.emplace(base.files()[i]->path, i);
}

Status SnapshotBuilder::Apply(Version version, int64_t timestamp_ms, std::vector<Action> actions) {
  Snapshot& s = *snapshot_;
  auto drop = [&](const std::string& path) {
    auto at = position_.find(path);
    if (at == position_.end()) return;
    s.files_[at->second] = nullptr;
    position_.erase(at);
  };
  for (Action& action : actions) {
    if (auto* add = std::get_if<AddFile>(&action)) {
      if (add->has_deletion_vector) {
        return Fail("DELTA_UNSUPPORTED_FEATURES_FOR_READ",
                    "file " + add->path +
                        " has a deletion vector; this release does not have: deletionVectors",
                    {{"unsupported", "deletionVectors"}});
      }
      drop(add->path);
      position_.emplace(add->path, s.files_.size());
      s.files_.push_back(std::make_shared<const AddFile>(std::move(*add)));
    } else if (auto* remove = std::get_if<RemoveFile>(&action)) {
      drop(remove->path);
    } else if (auto* metadata = std::get_if<Metadata>(&action)) {
      s.metadata_ = std::move(*metadata);
      have_metadata_ = metadata_changed_ = true;
    } else if (auto* protocol = std::get_if<Protocol>(&action)) {
      s.protocol_ = std::move(*protocol);
      have_protocol_ = true;
    } else if (auto* txn = std::get_if<SetTransaction>(&action)) {
      s.transactions_[txn->app_id] = *txn;
    }
  }
  s.version_ = version;
  s.timestamp_ms_ = std::max(timestamp_ms, s.timestamp_ms_ + 1);
  return Ok();
}

Result<std::shared_ptr<const Snapshot>> SnapshotBuilder::Finish() {
  Snapshot& s = *snapshot_;
  if (!have_protocol_ || !have_metadata_) {
    return Fail("DELTA_STATE_RECOVER_ERROR",
                "the log of " + s.table_path_ + " at version " + std::to_string(s.version_) +
                    " has no " + (have_protocol_ ? "metaData" : "protocol") + " action");
  }
  TARN_RETURN_IF_ERROR(CheckReadable(s.protocol_, s.metadata_));
  if (metadata_changed_) {
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
