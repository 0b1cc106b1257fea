#pragma once
/// \file  Statistics of data files from their rows, for files that somebody else wrote.
#include "engine/duckdb/query_stream.h"
#include "engine/engine.h"

namespace tarn::engine {

/// `rows` puts out the target's columns in their order, then the address of the row. One text for
/// each of `files` files, as WriteFiles would have written it. Errors: those of the rows.
Result<std::vector<std::string>> ScanStatistics(QueryResources& resources,
                                                duckdb::unique_ptr<duckdb::QueryNode> rows,
                                                const WriteTarget& target, size_t files,
                                                CancelToken cancel);

}  // namespace tarn::engine
