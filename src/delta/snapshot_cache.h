#pragma once
/// \file  One snapshot per table, kept up to date on use.
#include <map>
#include <memory>

#include "base/executor.h"
#include "base/guarded.h"
#include "delta/log.h"

namespace tarn::delta {

/// Thread-safe. Holds the newest snapshot of each table it was asked for, at most `max_tables` of
/// them. Upkeep that follows commits through its logs runs on threads of its own; the destructor
/// waits for it.
class SnapshotCache {
 public:
  SnapshotCache(std::shared_ptr<io::ObjectStore> store, std::shared_ptr<ParquetIo> parquet,
                size_t max_tables = 10'000);
  ~SnapshotCache();

  std::shared_ptr<const Log> OpenLog(const std::string& table_path) const;
  /// The latest version. Cost when nothing is new: two Heads. Errors: those of Log::Load.
  Result<std::shared_ptr<const Snapshot>> Latest(const std::string& table_path);
  /// A named version; not kept.
  Result<std::shared_ptr<const Snapshot>> At(const std::string& table_path, Version version);
  void Forget(const std::string& table_path);

 private:
  std::shared_ptr<io::ObjectStore> store_;
  std::shared_ptr<ParquetIo> parquet_;
  size_t max_tables_;
  Guarded<std::map<std::string, std::shared_ptr<const Snapshot>>> snapshots_;
  std::shared_ptr<ThreadPool> upkeep_threads_;  // the last owner: it joins them
  std::shared_ptr<Upkeep> upkeep_;
};

}  // namespace tarn::delta
