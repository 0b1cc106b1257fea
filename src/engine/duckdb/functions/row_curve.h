#pragma once
/// \file  tarn_curve_key: the place of a row on a space-filling curve, as bytes that sort so.
#include "engine/duckdb/functions/kernel.h"

namespace tarn::engine {

/// (whether the curve is Hilbert's, the bounds of each column's ranges, each column's sort key).
/// All but the keys are constants.
inline constexpr const char* kCurveKey = "tarn_curve_key";
void RegisterRowCurve(Registrar& functions);

}  // namespace tarn::engine
