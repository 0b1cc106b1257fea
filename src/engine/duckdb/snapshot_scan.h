#pragma once
/// \file  DuckDB's Parquet scan over the files of a Delta snapshot: schema, partition values,
/// statistics and file pruning come from the log, and no file is opened to plan.
#include <memory>

#include "delta/deletion_vector_cache.h"
#include "delta/file_stats.h"
#include "delta/snapshot.h"
#include "engine/duckdb/file_columns.h"

namespace tarn::engine {

/// A snapshot with everything about its files that planning asks for, typed. Immutable; shared by
/// all statements on the same version.
class SnapshotSource {
 public:
  static Result<std::shared_ptr<const SnapshotSource>> Make(
      std::shared_ptr<const delta::Snapshot> snapshot,
      std::shared_ptr<delta::DeletionVectorCache> vectors);

  struct File {
    std::string path;
    int64_t rows = -1;  ///< those that are not deleted; -1: unknown
    std::optional<delta::DeletionVectorDescriptor> deletion_vector;
    std::vector<duckdb::Value> partition_values;
    std::vector<duckdb::unique_ptr<duckdb::BaseStatistics>> stats;  ///< per column, or null
    std::vector<bool> exact;  ///< min and max of the column occur in the file
    int64_t size_bytes = 0;
    int64_t modified_ms = 0;
  };

  /// Refuses a file below the table's folder that a link leads out of it. Errors: INVALID_PATH.
  Status CheckLinks(const File& file) const;

  std::shared_ptr<const delta::Snapshot> snapshot;
  duckdb::vector<std::string> names;
  duckdb::vector<duckdb::LogicalType> types;
  ColumnDefinitions columns;  ///< as data files are to be searched for them
  std::shared_ptr<delta::DeletionVectorCache> vectors;
  std::vector<int> partition_index;  ///< per column: position among partition columns, or -1
  std::vector<File> files;
};

/// Name of the table function; its one argument is a POINTER to a SnapshotSource that outlives the
/// query.
constexpr const char* kSnapshotScan = "tarn_snapshot_scan";
void RegisterSnapshotScan(duckdb::DatabaseInstance& db);

}  // namespace tarn::engine
