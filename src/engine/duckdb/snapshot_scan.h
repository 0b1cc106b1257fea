#pragma once
/// \file  DuckDB's Parquet scan over the files of a Delta snapshot: schema, partition values,
/// statistics and file pruning come from the log, and no file is opened to plan.
#include <atomic>
#include <unordered_set>

#include "base/guarded.h"
#include "engine/duckdb/snapshot_source.h"

namespace tarn::engine {

/// One table of one running statement, and what was read of it. Thread-safe; outlives the
/// statement.
class SnapshotScan {
 public:
  explicit SnapshotScan(std::shared_ptr<const SnapshotSource> source)
      : source_(std::move(source)), files_kept_(source_->size()) {}

  const SnapshotSource& source() const { return *source_; }
  void Opened(duckdb::idx_t file) const { opened_.Lock()->insert(file); }
  void Kept(size_t files) const;

  int64_t files_read() const { return static_cast<int64_t>(opened_.Lock()->size()); }
  int64_t bytes_read() const;  ///< sizes of the files opened
  int64_t files_pruned() const;

 private:
  std::shared_ptr<const SnapshotSource> source_;
  mutable std::atomic<size_t> files_kept_;
  mutable Guarded<std::unordered_set<duckdb::idx_t>> opened_;
};

/// Name of the table function; its one argument is a POINTER to a SnapshotScan that outlives the
/// query.
constexpr const char* kSnapshotScan = "tarn_snapshot_scan";
void RegisterSnapshotScan(duckdb::DatabaseInstance& db);

}  // namespace tarn::engine
