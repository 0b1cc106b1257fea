#pragma once
/// \file  delta::ParquetIo on DuckDB.
#include <memory>

#include "delta/parquet_io.h"
#include "engine/duckdb/instance.h"

namespace tarn::engine {

/// `instance` must outlive the port.
std::shared_ptr<delta::ParquetIo> MakeParquetIo(Instance& instance);

}  // namespace tarn::engine
