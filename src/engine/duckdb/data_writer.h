#pragma once
/// \file  Query rows → Parquet files of a Delta table, with their statistics.
#include "engine/duckdb/query_stream.h"

namespace tarn::engine {

/// Errors: see Engine::WriteFiles.
Result<std::vector<delta::AddFile>> WriteDataFiles(QueryResources& resources,
                                                   duckdb::unique_ptr<duckdb::QueryNode> rows,
                                                   const WriteTarget& target, CancelToken cancel);

/// Name of the copy function behind it: DuckDB's own writer of Parquet, which keeps the order of
/// rows in all cases.
constexpr const char* kParquetInOrder = "tarn_parquet";
void RegisterParquetInOrder(duckdb::DatabaseInstance& db);

/// Flushes a file and its folder to disk.
Status FlushFile(const std::string& path);

}  // namespace tarn::engine
