#pragma once
/// \file  Spark's inference of the types of CSV columns: each value says which types it fits, and a
/// column has the narrowest that all of its values fit.
#include <cstdint>

#include "columnar/types.h"

namespace tarn::engine::csv_type {

constexpr int32_t kInteger = 1;
constexpr int32_t kLong = 2;
constexpr int32_t kDecimal = 4;  ///< whole numbers of up to 38 digits
constexpr int32_t kDouble = 8;
constexpr int32_t kDate = 16;
constexpr int32_t kTimestamp = 32;
constexpr int32_t kBoolean = 64;

/// `fits` is the AND over a column's values; `digits` the most digits of a whole number.
columnar::DataType Narrowest(int32_t fits, int32_t digits);

}  // namespace tarn::engine::csv_type
