#pragma once
/// \file  Spark's types as DuckDB's.
#include "columnar/types.h"
#include "engine/duckdb/pch.h"

namespace tarn::engine {

/// Intervals travel as their counts: months in INTEGER, microseconds in BIGINT.
/// Errors: UNSUPPORTED_DATATYPE.
Result<duckdb::LogicalType> ToLogicalType(const columnar::DataType& type);
/// The Spark type that holds a DuckDB type's values, for files whose schema is inferred.
columnar::DataType FromLogicalType(const duckdb::LogicalType& type);

}  // namespace tarn::engine
