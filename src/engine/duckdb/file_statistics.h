#pragma once
/// \file  Statistics of a Parquet file just written, as a Delta log has them.
/// Spec: PROTOCOL.md, "Per-file Statistics"; delta-spark's rules of what is indexed.
#include "engine/duckdb/pch.h"
#include "engine/engine.h"
#include "engine/statistics_columns.h"

namespace tarn::engine {

/// `column_statistics` is the value of COPY's RETURN_STATS. Errors: UNSUPPORTED_DATATYPE.
Result<std::string> StatisticsJson(const WriteTarget& target, const StatisticsColumns& columns,
                                   const duckdb::Value& column_statistics, int64_t rows);

}  // namespace tarn::engine
