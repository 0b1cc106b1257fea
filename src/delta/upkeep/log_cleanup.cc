#include "delta/upkeep/log_cleanup.h"

#include <algorithm>
#include <map>
#include <set>

#include "delta/checkpoint/checkpoint_reader.h"
#include "delta/table_property.h"

namespace tarn::delta {
namespace {

constexpr int64_t kDayMs = int64_t{24} * 3'600'000;

// Versions with a checkpoint of which no part is missing.
std::set<Version> CheckpointedVersions(const std::vector<LogFile>& files) {
  std::set<Version> complete;
  std::map<std::pair<Version, int>, int> parts;
  for (const LogFile& file : files) {
    if (file.name.kind == LogFileName::Kind::kCheckpoint ||
        file.name.kind == LogFileName::Kind::kV2Checkpoint) {
      complete.insert(file.name.version);
    } else if (file.name.kind == LogFileName::Kind::kCheckpointPart &&
               ++parts[{file.name.version, file.name.parts}] == file.name.parts) {
      complete.insert(file.name.version);
    }
  }
  return complete;
}

// Times of commits, each later than the one before, as time travel counts them.
std::map<Version, int64_t> CommitTimes(const std::vector<LogFile>& files) {
  std::map<Version, int64_t> times;
  for (const LogFile& file : files) {
    if (file.name.kind == LogFileName::Kind::kCommit) times[file.name.version] = file.modified_ms;
  }
  int64_t previous = INT64_MIN;
  for (auto& [version, time] : times) {
    if (previous != INT64_MIN) time = std::max(time, previous + 1);
    previous = time;
  }
  return times;
}

// Deletes sidecars over a day old that none of the checkpoints names. A checkpoint that cannot be
// read keeps them all.
Status DeleteOrphans(const Log& log, const std::vector<LogFile>& kept, int64_t now_ms) {
  std::string folder = io::JoinPath(LogFolder(log.table_path()), "_sidecars");
  TARN_TRY(std::vector<io::ObjectInfo> sidecars, log.store().List(folder, false));
  std::erase_if(sidecars,
                [&](const io::ObjectInfo& file) { return file.modified_ms > now_ms - kDayMs; });
  if (sidecars.empty()) return Ok();
  std::set<std::string> named;
  for (const LogFile& file : kept) {
    std::vector<Action> actions;
    if (file.name.kind == LogFileName::Kind::kV2Checkpoint && file.path.ends_with(".json")) {
      TARN_TRY(std::string text, log.store().Get(file.path));
      TARN_TRY(actions, ParseActions(text, file.path));
    } else if (file.name.kind == LogFileName::Kind::kV2Checkpoint ||
               file.name.kind == LogFileName::Kind::kCheckpoint) {
      TARN_TRY(actions, ReadTableActions(log.parquet(), file.path));
    }
    for (const Action& action : actions) {
      const auto* sidecar = std::get_if<Sidecar>(&action);
      if (sidecar != nullptr) named.insert(SidecarPath(log.table_path(), sidecar->path));
    }
  }
  for (const io::ObjectInfo& file : sidecars) {
    if (!named.contains(file.path)) TARN_RETURN_IF_ERROR(log.store().Delete(file.path));
  }
  return Ok();
}

}  // namespace

Status CleanLog(const Log& log, const Snapshot& snapshot, const Clock& clock) {
  if (snapshot.Property("delta.enableExpiredLogCleanup") &&
      !snapshot.Enabled("delta.enableExpiredLogCleanup")) {
    return Ok();
  }
  int64_t retention_ms = 30 * kDayMs;
  if (std::optional<std::string> text = snapshot.Property("delta.logRetentionDuration")) {
    retention_ms = IntervalMs(*text).value_or(retention_ms);
  }
  int64_t now_ms = clock.NowMillis();
  int64_t cutoff_ms = (now_ms - retention_ms) / kDayMs * kDayMs;
  TARN_TRY(std::vector<LogFile> files, log.Files());
  std::set<Version> checkpointed = CheckpointedVersions(files);
  Version first_kept = -1;
  for (const auto& [version, time_ms] : CommitTimes(files)) {
    if (time_ms <= cutoff_ms && checkpointed.contains(version)) first_kept = version;
  }
  if (first_kept < 0) return Ok();
  // In the order of versions: whenever this stops, what is left has no gap.
  std::vector<LogFile> kept;
  for (LogFile& file : files) {
    bool known = file.name.kind != LogFileName::Kind::kOther;
    if (known && file.name.version < first_kept) {
      TARN_RETURN_IF_ERROR(log.store().Delete(file.path));
    } else {
      kept.push_back(std::move(file));
    }
  }
  return DeleteOrphans(log, kept, now_ms);
}

}  // namespace tarn::delta
