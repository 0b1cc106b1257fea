#pragma once
/// \file  compute::StatementRunner on an engine in this process.
#include <memory>

#include "compute/statement_runner.h"
#include "engine/session.h"

namespace tarn::app {

/// `services` must outlive the runner and every row source.
std::unique_ptr<compute::StatementRunner> MakeInProcessRunner(engine::SessionServices services);

}  // namespace tarn::app
