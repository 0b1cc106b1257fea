#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "delta/deletion_vector.h"
#include "delta/table_feature.h"
#include "delta/table_property.h"
#include "engine/command/command.h"
#include "engine/session_settings.h"

namespace tarn::engine {
namespace {

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kDefaultRetentionMs = 7 * 24 * kHourMs;

struct Candidate {
  std::string path;  // whole
  int64_t size_bytes = 0;
};

/// One run over one table.
class VacuumRun {
 public:
  VacuumRun(const CommandContext& context, const plan::Vacuum& command,
            std::shared_ptr<const delta::Snapshot> snapshot)
      : context_(context),
        command_(command),
        snapshot_(std::move(snapshot)),
        folder_(snapshot_->table_path()),
        configured_ms_(delta::IntervalMs(snapshot_->Property("delta.deletedFileRetentionDuration")
                                             .value_or("interval 7 days"))
                           .value_or(kDefaultRetentionMs)) {}

  StreamResult Run();

 private:
  Status CheckRetention();
  void FindKept();
  Status FindUnknownFiles();
  Status FindRemovedFiles();
  bool IsHidden(const std::string& path) const;
  bool StaysInFolder(const std::string& path);
  void Consider(const std::string& path, int64_t size_bytes, int64_t modified_ms);
  void FindEmptyFolders();
  std::string InfoPath() const { return delta::LogFolder(folder_) + "/_last_vacuum_info"; }
  std::optional<delta::Version> LastVacuumed() const;
  Status SaveInfo() const;
  Status Announce(const std::string& name, std::map<std::string, json::Value> parameters,
                  std::map<std::string, std::string> metrics) const;
  Result<int64_t> DeleteAll();

  const CommandContext& context_;
  const plan::Vacuum& command_;
  std::shared_ptr<const delta::Snapshot> snapshot_;
  const std::string& folder_;
  int64_t configured_ms_;
  std::optional<int64_t> asked_ms_;
  int64_t delete_before_ms_ = 0;
  std::set<std::string> kept_;
  std::set<std::string> folders_;  // that hold files
  std::map<std::string, bool> real_folders_;
  std::vector<Candidate> files_;
  std::vector<std::string> empty_folders_;
  std::optional<delta::Version> last_expired_;  // newest version outside the retention, of LITE
};

Status VacuumRun::CheckRetention() {
  int64_t now = Clock::System().NowMillis();
  if (command_.retain_hours) {
    asked_ms_ = static_cast<int64_t>(std::llround(*command_.retain_hours)) * kHourMs;
    if (*asked_ms_ < 0) {
      return context_.At(command_.retain_range,
                         Fail("DELTA_VACUUM_RETENTION_PERIOD_NEGATIVE",
                              "Retention period for Vacuum can't be less than 0 hours."));
    }
    bool checked = FlagSetting(context_.session.settings(), kVacuumRetentionCheck);
    if (checked && *asked_ms_ < configured_ms_) {
      std::string hours = std::to_string((configured_ms_ + kHourMs - 1) / kHourMs);
      return context_.At(
          command_.retain_range,
          Fail("DELTA_VACUUM_RETENTION_PERIOD_TOO_SHORT",
               "The specified VACUUM retention period is too low: it is at least " + hours +
                   " hours by the table's property delta.deletedFileRetentionDuration. Files that "
                   "a running write or an older version needs would be lost. When nobody writes, "
                   "set spark.databricks.delta.retentionDurationCheck.enabled to false.",
               {{"configuredRetentionHours", hours}}));
    }
  }
  delete_before_ms_ = now - asked_ms_.value_or(configured_ms_);
  return Ok();
}

// Whatever the snapshot or a tombstone that has not expired names.
void VacuumRun::FindKept() {
  auto keep = [&](const std::string& path,
                  const std::optional<delta::DeletionVectorDescriptor>& vector) {
    delta::AddFile file;
    file.path = path;
    kept_.insert(snapshot_->FullPath(file));
    if (!vector || vector->storage_type == 'i') return;
    if (auto found = delta::DeletionVectorPath(*vector, folder_); found.ok()) {
      auto normal = io::NormalizePath(*found);
      kept_.insert(normal.ok() ? *normal : *found);
    }
  };
  for (const auto& file : snapshot_->files()) keep(file->path, file->deletion_vector);
  for (const auto& file : snapshot_->tombstones()) {
    const delta::RemoveFile removed = *file;
    if (removed.deletion_timestamp_ms.value_or(0) < delete_before_ms_) continue;
    keep(removed.path, removed.deletion_vector);
  }
}

// Below the table's folder: names that begin with '_' or '.' are not the table's data, but for
// change data, indexes and folders of partition columns that are named so.
bool VacuumRun::IsHidden(const std::string& path) const {
  std::string_view rest = std::string_view(path).substr(folder_.size() + 1);
  auto partition = [&](std::string_view name) {
    return std::any_of(snapshot_->partition_columns().begin(), snapshot_->partition_columns().end(),
                       [&](const std::string& column) { return name.starts_with(column + "="); });
  };
  while (!rest.empty()) {
    size_t slash = rest.find('/');
    std::string_view name = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
    bool marked = name.starts_with('.') || name.starts_with('_');
    if (marked && !name.starts_with("_delta_index") && !name.starts_with("_change_data") &&
        !partition(name)) {
      return true;
    }
  }
  return false;
}

// A link may lead out of the table, to files that are somebody else's.
bool VacuumRun::StaysInFolder(const std::string& path) {
  std::string parent = path.substr(0, path.rfind('/'));
  auto [at, fresh] = real_folders_.emplace(parent, true);
  if (fresh) {
    std::error_code error;
    std::string root = std::filesystem::weakly_canonical(folder_, error).string();
    std::string real = std::filesystem::weakly_canonical(parent, error).string();
    at->second = !error && io::IsWithin(real, root);
  }
  return at->second;
}

void VacuumRun::Consider(const std::string& path, int64_t size_bytes, int64_t modified_ms) {
  if (!io::IsWithin(path, folder_) || path.size() <= folder_.size() + 1 || IsHidden(path)) return;
  for (size_t slash = path.rfind('/'); slash > folder_.size(); slash = path.rfind('/', slash - 1)) {
    if (!folders_.insert(path.substr(0, slash)).second) break;
  }
  if (modified_ms >= delete_before_ms_ || kept_.contains(path) || !StaysInFolder(path)) return;
  files_.push_back({path, size_bytes});
}

Status VacuumRun::FindUnknownFiles() {
  io::ObjectStore& store = *context_.session.services().store;
  TARN_TRY(std::vector<io::ObjectInfo> found, store.List(folder_, true));
  for (const io::ObjectInfo& file : found) Consider(file.path, file.size_bytes, file.modified_ms);
  FindEmptyFolders();
  return Ok();
}

// Folders that an earlier run or a delete left empty. One just made may be about to be filled.
void VacuumRun::FindEmptyFolders() {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::recursive_directory_iterator at(folder_, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (!at->is_directory(error) || at->is_symlink(error)) continue;
    std::string path = at->path().string();
    if (IsHidden(path)) {
      at.disable_recursion_pending();
      continue;
    }
    auto changed = fs::last_write_time(path, error);
    auto age = fs::file_time_type::clock::now() - changed;
    int64_t age_ms = std::chrono::duration_cast<std::chrono::milliseconds>(age).count();
    int64_t least_ms = Clock::System().NowMillis() - delete_before_ms_;
    if (fs::is_empty(path, error) && !error && age_ms > least_ms) empty_folders_.push_back(path);
  }
}

std::optional<delta::Version> VacuumRun::LastVacuumed() const {
  auto text = context_.session.services().store->Get(InfoPath());
  if (!text.ok()) return std::nullopt;
  auto info = json::Parse(*text);
  if (!info.ok()) return std::nullopt;
  const json::Value* version = info->Find("latestCommitVersionOutsideOfRetentionWindow");
  return version != nullptr && version->is_int() ? std::optional(version->as_int()) : std::nullopt;
}

Status VacuumRun::SaveInfo() const {
  json::Object info;
  if (last_expired_) info.Set("latestCommitVersionOutsideOfRetentionWindow", *last_expired_);
  return context_.session.services().store->Put(InfoPath(),
                                                json::Value(std::move(info)).ToString());
}

// LITE: what the commits since the last run removed, without listing the folder.
Status VacuumRun::FindRemovedFiles() {
  auto log = context_.engine().snapshots().OpenLog(folder_);
  Result<delta::Version> expired = log->VersionAt(delete_before_ms_);
  if (expired.ok()) {
    last_expired_ = *expired;
  } else if (expired.error().reason() == "DELTA_TIMESTAMP_GREATER_THAN_COMMIT") {
    last_expired_ = snapshot_->version();
  } else if (expired.error().reason() != "DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION") {
    return std::move(expired).error();
  }
  if (!last_expired_) return Ok();
  TARN_TRY(auto listed, context_.session.services().store->List(delta::LogFolder(folder_), false));
  delta::Version earliest = snapshot_->version();
  for (const io::ObjectInfo& file : listed) {
    auto name = delta::ParseLogFileName(file.path.substr(file.path.rfind('/') + 1));
    if (name.kind == delta::LogFileName::Kind::kCommit) earliest = std::min(earliest, name.version);
  }
  std::optional<delta::Version> last = LastVacuumed();
  if (earliest != 0 && (!last || *last < earliest)) {
    return context_.At(command_.name_range,
                       Fail("DELTA_CANNOT_VACUUM_LITE",
                            "VACUUM LITE cannot delete all eligible files as some files are not "
                            "referenced by the Delta log. Please run VACUUM FULL."));
  }
  std::set<std::string> seen;
  auto consider = [&](const std::string& path, int64_t size_bytes, int64_t removed_ms) {
    auto normal = io::NormalizePath(path);
    if (normal.ok() && seen.insert(*normal).second) Consider(*normal, size_bytes, removed_ms);
  };
  delta::Version start = std::min(snapshot_->version(), last ? *last + 1 : earliest);
  for (delta::Version version = start; version <= *last_expired_; ++version) {
    TARN_TRY(delta::Log::Commit commit, log->ReadCommit(version));
    for (const delta::Action& action : commit.actions) {
      delta::AddFile file;
      if (const auto* removed = std::get_if<delta::RemoveFile>(&action)) {
        file.path = removed->path;
        int64_t when = removed->deletion_timestamp_ms.value_or(0);
        consider(snapshot_->FullPath(file), removed->size_bytes, when);
        const auto& vector = removed->deletion_vector;
        if (!vector || vector->storage_type == 'i') continue;
        auto path = delta::DeletionVectorPath(*vector, folder_);
        if (path.ok()) consider(*path, vector->size_in_bytes, when);
      } else if (const auto* change = std::get_if<delta::AddCdcFile>(&action)) {
        file.path = change->path;
        consider(snapshot_->FullPath(file), change->size_bytes, 0);
      }
    }
  }
  return Ok();
}

Status VacuumRun::Announce(const std::string& name, std::map<std::string, json::Value> parameters,
                           std::map<std::string, std::string> metrics) const {
  TARN_TRY(auto newest, context_.engine().snapshots().Latest(folder_));
  delta::Transaction txn(context_.engine().snapshots().OpenLog(folder_), std::move(newest));
  TARN_RETURN_IF_ERROR(txn.Commit(
      {name, std::move(parameters), std::move(metrics), context_.who().name}, context_.cancel));
  return Ok();
}

Result<int64_t> VacuumRun::DeleteAll() {
  io::ObjectStore& store = *context_.session.services().store;
  int64_t deleted = 0;
  for (const Candidate& file : files_) {
    TARN_RETURN_IF_ERROR(context_.cancel.Check());
    // LITE may name files that are gone already.
    if (command_.lite && !store.Head(file.path).ok()) continue;
    TARN_RETURN_IF_ERROR(store.Delete(file.path));
    ++deleted;
  }
  for (const std::string& folder : empty_folders_) {
    std::error_code error;
    if (std::filesystem::remove(folder, error) && !error) ++deleted;
  }
  return deleted;
}

StreamResult VacuumRun::Run() {
  TARN_RETURN_IF_ERROR(CheckRetention());
  FindKept();
  TARN_RETURN_IF_ERROR(command_.lite ? FindRemovedFiles() : FindUnknownFiles());
  columnar::BatchBuilder rows({{{"path", columnar::TypeKind::kString}}});
  if (command_.dry_run) {
    for (const Candidate& file : files_) rows.String(file.path);
    for (const std::string& path : empty_folders_) rows.String(path);
    return Rows(std::move(rows));
  }
  int64_t bytes = 0;
  for (const Candidate& file : files_) bytes += file.size_bytes;
  std::map<std::string, json::Value> parameters = {
      {"retentionCheckEnabled", FlagSetting(context_.session.settings(), kVacuumRetentionCheck)},
      {"defaultRetentionMillis", configured_ms_}};
  if (asked_ms_) parameters.emplace("specifiedRetentionMillis", *asked_ms_);
  TARN_RETURN_IF_ERROR(
      Announce("VACUUM START", std::move(parameters),
               {{"numFilesToDelete", std::to_string(files_.size() + empty_folders_.size())},
                {"sizeOfDataToDelete", std::to_string(bytes)}}));
  Result<int64_t> deleted = DeleteAll();
  if (!deleted.ok()) {
    (void)Announce("VACUUM END", {{"status", "FAILED"}}, {}).ok();
    return std::move(deleted).error();
  }
  size_t folders = folders_.size() + empty_folders_.size() + 1;  // and the table's own
  TARN_RETURN_IF_ERROR(Announce("VACUUM END", {{"status", "COMPLETED"}},
                                {{"numDeletedFiles", std::to_string(*deleted)},
                                 {"numVacuumedDirectories", std::to_string(folders)}}));
  TARN_RETURN_IF_ERROR(SaveInfo());
  rows.String(folder_);
  return Rows(std::move(rows));
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::Vacuum& command) {
  TARN_TRY(CatalogResolver::Table table,
           context.At(command.name_range,
                      context.resolver.Find(command.name, {catalog::Operation::kModify})));
  TARN_TRY(auto snapshot, context.At(command.name_range, context.resolver.Pin(table.location)));
  // Files of features that are not known here may look like nobody's. Spec: "vacuumProtocolCheck".
  TARN_RETURN_IF_ERROR(context.At(
      command.name_range,
      delta::CheckWritable(snapshot->protocol(), snapshot->metadata(), snapshot->schema())));
  return VacuumRun(context, command, std::move(snapshot)).Run();
}

}  // namespace tarn::engine
