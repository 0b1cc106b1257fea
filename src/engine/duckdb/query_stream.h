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
};

/// Starts the statement. `schema` gives the columns' Spark types; the emitted columns fit them.
Result<std::unique_ptr<ResultStream>> StartQuery(QueryResources resources,
                                                 duckdb::unique_ptr<duckdb::SQLStatement> statement,
                                                 columnar::Schema schema, CancelToken cancel);

/// Runs a statement to its end and keeps its rows.
Result<duckdb::unique_ptr<duckdb::MaterializedQueryResult>> RunToEnd(
    QueryResources& resources, duckdb::unique_ptr<duckdb::SQLStatement> statement,
    CancelToken cancel);

}  // namespace tarn::engine
