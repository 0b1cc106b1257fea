#pragma once
/// \file  What follows a commit: its version's checksum, and now and then a checkpoint, a
/// compaction and a cleaned-up log. Nothing of it fails or delays the commit.
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "base/executor.h"
#include "base/guarded.h"
#include "delta/log.h"

namespace tarn::delta {

/// Runs upkeep on an executor, for each table in the order of its commits. Thread-safe.
class Upkeep : public std::enable_shared_from_this<Upkeep> {
 public:
  /// Without the executor, when it is gone, nothing is done.
  explicit Upkeep(std::weak_ptr<Executor> executor) : executor_(std::move(executor)) {}

  void Post(std::shared_ptr<const Log> log, std::shared_ptr<const Snapshot> before,
            Version version);

 private:
  struct Job {
    std::shared_ptr<const Log> log;
    std::shared_ptr<const Snapshot> before;
    Version version = 0;
  };
  void Run(const std::string& table_path);

  std::weak_ptr<Executor> executor_;
  Guarded<std::map<std::string, std::deque<Job>>> jobs_;  // an entry: somebody works on the table
};

/// Sees to the upkeep of a version that was just committed: later, when the log has an Upkeep, else
/// at once. `before` is an older snapshot of the table, or null.
void AfterCommit(const std::shared_ptr<const Log>& log, std::shared_ptr<const Snapshot> before,
                 Version version);

}  // namespace tarn::delta
