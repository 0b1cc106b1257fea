#include "delta/snapshot_cache.h"

#include "delta/upkeep/upkeep.h"

namespace tarn::delta {

SnapshotCache::SnapshotCache(std::shared_ptr<io::ObjectStore> store,
                             std::shared_ptr<ParquetIo> parquet, size_t max_tables)
    : store_(std::move(store)),
      parquet_(std::move(parquet)),
      max_tables_(max_tables),
      upkeep_threads_(std::make_shared<ThreadPool>(
          ThreadPool::Options{.name = "delta-upkeep", .max_threads = 2})),
      upkeep_(std::make_shared<Upkeep>(upkeep_threads_)) {}

SnapshotCache::~SnapshotCache() = default;

std::shared_ptr<const Log> SnapshotCache::OpenLog(const std::string& table_path) const {
  return std::make_shared<const Log>(store_, parquet_, table_path, upkeep_);
}

Result<std::shared_ptr<const Snapshot>> SnapshotCache::Latest(const std::string& table_path) {
  std::shared_ptr<const Snapshot> known;
  {
    auto snapshots = snapshots_.Lock();
    auto at = snapshots->find(table_path);
    if (at != snapshots->end()) known = at->second;
  }
  Log log(store_, parquet_, table_path);
  std::shared_ptr<const Snapshot> latest;
  if (known) {
    TARN_TRY(latest, log.Refresh(known));
  } else {
    TARN_TRY(latest, log.Load());
  }
  if (latest != known) {
    auto snapshots = snapshots_.Lock();
    if (snapshots->size() >= max_tables_ && !snapshots->contains(table_path)) {
      snapshots->erase(snapshots->begin());
    }
    (*snapshots)[table_path] = latest;
  }
  return latest;
}

Result<std::shared_ptr<const Snapshot>> SnapshotCache::At(const std::string& table_path,
                                                          Version version) {
  {
    auto snapshots = snapshots_.Lock();
    auto at = snapshots->find(table_path);
    if (at != snapshots->end() && at->second->version() == version) return at->second;
  }
  return Log(store_, parquet_, table_path).Load(version);
}

void SnapshotCache::Forget(const std::string& table_path) { snapshots_.Lock()->erase(table_path); }

}  // namespace tarn::delta
