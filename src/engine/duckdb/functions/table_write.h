#pragma once
/// \file  Functions of Tarn's own that queries over files and into tables use; named tarn_*.
#include "engine/duckdb/functions/kernel.h"

namespace tarn::engine {

/// tarn_not_null(value, broken, column) and tarn_partition_key(value).
void RegisterTableWriteFunctions(Registrar& functions);
/// tarn_csv_types(text, date format, timestamp format): see files/csv_type.h.
void RegisterCsvTypeFunctions(Registrar& functions);

}  // namespace tarn::engine
