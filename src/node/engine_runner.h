#pragma once
/// \file  compute::StatementRunner on an engine in this process: what a node runs statements with.
#include <memory>

#include "compute/statement_runner.h"
#include "engine/session.h"

namespace tarn::node {

/// `services` must outlive the runner and every source of rows.
std::unique_ptr<compute::StatementRunner> MakeEngineRunner(engine::SessionServices services);

}  // namespace tarn::node
