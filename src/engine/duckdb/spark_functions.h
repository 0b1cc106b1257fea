#pragma once
/// \file  Functions whose Spark meaning DuckDB's own do not have: vectorized, named spark_*.
#include "engine/duckdb/pch.h"

namespace tarn::engine {

void RegisterSparkFunctions(duckdb::DatabaseInstance& db);

}  // namespace tarn::engine
