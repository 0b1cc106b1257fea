#pragma once
/// \file  Rows in the order of a space-filling curve: each column's values are divided into ranges
/// of about as many rows, and the numbers of the ranges are a point, whose place on the curve
/// orders the rows. What delta-spark does for ZORDER BY and clustering.
#include "engine/duckdb/query_stream.h"
#include "engine/engine.h"

namespace tarn::engine {

/// Where one range of a column ends and the next begins, as DuckDB's sort keys; by column.
using CurveBounds = std::vector<std::vector<std::string>>;

/// The place of a point on the Hilbert curve through a cube of 2^bits points a side.
uint64_t HilbertIndex(std::vector<uint32_t> point, int bits);

/// Looks at a sample of the rows. `rows` puts out the target's columns in their order.
Result<CurveBounds> SampleBounds(QueryResources& resources, const duckdb::QueryNode& rows,
                                 const WriteTarget& target, const CancelToken& cancel);
/// Orders a selection from the columns c0, c1, … of "rows_to_write".
void AddCurveOrder(const RowCurve& curve, const WriteTarget& target, const CurveBounds& bounds,
                   duckdb::SelectNode& select);

}  // namespace tarn::engine
