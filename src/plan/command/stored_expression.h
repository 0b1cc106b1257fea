#pragma once
/// \file  What expressions that a table keeps (defaults, generated columns, constraints) may hold.
/// Internal to this module.
#include "plan/function_registry.h"
#include "plan/logical_plan.h"

namespace tarn::plan {

// For AnyExpr.
inline bool IsSubquery(const Expr& e) { return e.plan != nullptr; }
inline bool IsAggregate(const Expr& e) {
  return e.op == ExprOp::kAggregate || e.op == ExprOp::kWindow;
}
inline bool Varies(const Expr& e) {
  const FunctionEntry* entry = e.op == ExprOp::kCall ? FindFunction(e.function) : nullptr;
  return entry != nullptr && !entry->deterministic;
}

/// Whether an expression reads a column of that name.
bool Reads(const ExprRef& expr, const std::string& column);

}  // namespace tarn::plan
