#pragma once
/// \file  A running DuckDB statement as a ResultStream.
#include "base/cancel.h"
#include "engine/duckdb/instance.h"
#include "engine/duckdb/snapshot_scan.h"

namespace tarn::engine {

/// What a statement needs to stay alive while it runs.
struct QueryResources {
  std::shared_ptr<Engine> engine;
  Instance* instance = nullptr;
  duckdb::unique_ptr<duckdb::Connection> connection;
  std::vector<std::shared_ptr<const SnapshotScan>> scans;
  int64_t kept_bytes = 0;  ///< of kept rows that it reads
};

/// Starts the statement. `schema` gives the columns' Spark types; the emitted columns fit them.
Result<std::unique_ptr<ResultStream>> StartQuery(QueryResources resources,
                                                 duckdb::unique_ptr<duckdb::SQLStatement> statement,
                                                 columnar::Schema schema, CancelToken cancel);

/// Where the rows of a statement that ran to its end are.
enum class RowPlace {
  kMemory,
  kMemoryOrDisk,  ///< within the engine's limit of memory, the rest on disk
};

/// Runs a statement to its end and keeps its rows.
Result<duckdb::unique_ptr<duckdb::MaterializedQueryResult>> RunToEnd(
    QueryResources& resources, duckdb::unique_ptr<duckdb::SQLStatement> statement,
    CancelToken cancel, RowPlace place = RowPlace::kMemory);

/// Rows that a plan gave, kept to be read by other plans: PlanKind::kKept. Immutable; read by any
/// number of statements at once. Lives as long as the plans that read it.
class KeptRows {
 public:
  KeptRows(QueryResources resources, duckdb::unique_ptr<duckdb::MaterializedQueryResult> rows)
      : resources_(std::move(resources)),
        collection_(rows->TakeCollection()),
        bytes_(static_cast<int64_t>(collection_->SizeInBytes())) {}

  /// For a reader that does not outlive this object.
  duckdb::ColumnDataCollection& collection() const { return *collection_; }
  int64_t bytes() const { return bytes_; }

 private:
  QueryResources resources_;  // of the database whose memory holds the rows
  duckdb::unique_ptr<duckdb::ColumnDataCollection> collection_;
  int64_t bytes_;
};

}  // namespace tarn::engine
