#include "delta/upkeep/upkeep.h"

#include "base/log.h"
#include "delta/checkpoint/checkpoint.h"
#include "delta/upkeep/checksum.h"
#include "delta/upkeep/compaction.h"
#include "delta/upkeep/log_cleanup.h"

namespace tarn::delta {
namespace {

void Report(const Log& log, Version version, const char* what, const Status& status) {
  if (status.ok()) return;
  LogWarn("upkeep of a log failed; the table is complete without it",
          {{"table", log.table_path()},
           {"version", static_cast<long long>(version)},
           {"what", what},
           {"error", status.error().ToString()}});
}

Status WriteChecksum(const Log& log, const Snapshot& snapshot) {
  Status put = log.store().PutIfAbsent(ChecksumPath(log.table_path(), snapshot.version()),
                                       Checksum::Of(snapshot).ToJson());
  return !put.ok() && put.error().reason() == "OBJECT_ALREADY_EXISTS" ? Ok() : std::move(put);
}

// Returns the snapshot of the version. The checksum is left out when a newer version waits: nobody
// would look at this one.
std::shared_ptr<const Snapshot> KeepUp(const Log& log, std::shared_ptr<const Snapshot> before,
                                       Version version, bool newest) {
  Result<std::shared_ptr<const Snapshot>> after = before && before->version() <= version
                                                      ? log.Refresh(std::move(before), version)
                                                      : log.Load(version);
  if (!after.ok()) {
    Report(log, version, "snapshot", after.error());
    return nullptr;
  }
  const Snapshot& snapshot = **after;
  if (newest) Report(log, version, "checksum", WriteChecksum(log, snapshot));
  if (CheckpointDue(snapshot)) {
    Status written = WriteCheckpoint(log, snapshot, CheckpointOptionsOf(snapshot));
    Report(log, version, "checkpoint", written);
    if (written.ok()) Report(log, version, "cleanup", CleanLog(log, snapshot));
  } else if (CompactionDue(snapshot)) {
    Report(log, version, "compaction",
           WriteCompaction(log, version - kCompactedCommits + 1, version));
  }
  return *after;
}

}  // namespace

void Upkeep::Post(std::shared_ptr<const Log> log, std::shared_ptr<const Snapshot> before,
                  Version version) {
  std::shared_ptr<Executor> executor = executor_.lock();
  if (!executor) return;
  std::string table_path = log->table_path();
  {
    auto jobs = jobs_.Lock();
    auto [queue, idle] = jobs->try_emplace(table_path);
    queue->second.push_back({std::move(log), std::move(before), version});
    if (!idle) return;
  }
  executor->Post([self = shared_from_this(), table_path] { self->Run(table_path); });
}

void Upkeep::Run(const std::string& table_path) {
  std::shared_ptr<const Snapshot> last;
  for (;;) {
    Job job;
    bool newest = false;
    {
      auto jobs = jobs_.Lock();
      auto at = jobs->find(table_path);
      if (at->second.empty()) {
        jobs->erase(at);
        return;
      }
      job = std::move(at->second.front());
      at->second.pop_front();
      newest = at->second.empty();
    }
    // What was done for the version before saves reading its commits again.
    bool nearer = last && last->version() <= job.version &&
                  (!job.before || last->version() > job.before->version());
    last = KeepUp(*job.log, nearer ? last : job.before, job.version, newest);
  }
}

void AfterCommit(const std::shared_ptr<const Log>& log, std::shared_ptr<const Snapshot> before,
                 Version version) {
  if (log->upkeep() != nullptr) {
    log->upkeep()->Post(log, std::move(before), version);
  } else {
    KeepUp(*log, std::move(before), version, true);
  }
}

}  // namespace tarn::delta
