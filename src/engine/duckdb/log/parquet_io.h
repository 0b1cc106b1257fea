#pragma once
/// \file  delta::ParquetIo on DuckDB.
#include <memory>

#include "engine/duckdb/instance.h"

// Not included: DuckDB's part of the Arrow interface must come before ours.
namespace tarn::delta {
class ParquetIo;
}

namespace tarn::engine {

/// `instance` must outlive the port.
std::shared_ptr<delta::ParquetIo> MakeParquetIo(Instance& instance);

}  // namespace tarn::engine
