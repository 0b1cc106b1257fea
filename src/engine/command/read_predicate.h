#pragma once
/// \file  What a statement read of its target, as the conflict rules ask for it.
#include "engine/command/command.h"

namespace tarn::engine {

/// Whether a file that another commit added or removed may hold rows for which `condition`, over
/// the columns of `scan`, is true: by its partition values and statistics. Empty without a
/// condition. `engine` is borrowed.
std::function<bool(const delta::AddFile&)> FilesThatMayMatch(Engine& engine,
                                                             const plan::PlanRef& scan,
                                                             const plan::ExprRef& condition);

}  // namespace tarn::engine
