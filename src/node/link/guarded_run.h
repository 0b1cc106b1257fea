#pragma once
/// \file  The seam between a node's threads and what they run: no exception ends the process.
#include <functional>

#include "base/result.h"

namespace tarn::node {

/// What `run` returns. An exception out of it is INTERNAL_ERROR, std::bad_alloc OUT_OF_MEMORY.
Status GuardedRun(const std::function<Status()>& run);

}  // namespace tarn::node
