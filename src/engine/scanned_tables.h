#pragma once
/// \file  Which tables a plan reads.
#include <set>
#include <string>

#include "plan/logical_plan.h"

namespace tarn::engine {

/// Folders of the tables that the plan scans at any depth, subqueries of expressions included.
std::set<std::string> ScannedTables(const plan::LogicalPlan& plan);

}  // namespace tarn::engine
