#pragma once
/// \file  TIMESTAMP AS OF: the instant that an expression without columns stands for.
#include "engine/engine.h"

namespace tarn::engine {

/// Milliseconds since 1970 of a TIMESTAMP expression, rounded down. Errors:
/// INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.INPUT for NULL and for what is no timestamp; those of the
/// expression.
Result<int64_t> InstantOf(Engine& engine, const plan::ExprRef& timestamp);

}  // namespace tarn::engine
