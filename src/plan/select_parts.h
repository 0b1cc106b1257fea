#pragma once
/// \file  One SELECT while it is resolved, and what its clauses share. Internal to this module.
#include "plan/resolve_expression.h"

namespace tarn::plan {

/// A node over `children` with the output of the first.
std::shared_ptr<LogicalPlan> NewPlan(PlanKind kind, std::vector<PlanRef> children);

/// Whether the expression aggregates; an aggregate that is a window's own function does not count.
bool HasAggregate(const ExprRef& expr);
bool HasWindow(const ExprRef& expr);
/// UNRESOLVED_COLUMN.* for the first column that `expr` uses, with `names` as proposals: what a
/// clause above an Aggregate or DISTINCT cannot see.
Error HiddenColumn(const Expr& expr, const std::vector<std::string>& names);
/// UNRESOLVED_COLUMN.WITH_SUGGESTION, the nearest names first.
Error UnresolvedColumn(const std::vector<std::string>& parts,
                       const std::vector<Attribute>& columns);

struct Analyzer::QueryResolver::SelectParts {
  PlanRef plan;
  std::vector<ExprRef> items;
  std::vector<std::string> names;
  std::vector<ExprRef> groups;
  std::vector<std::vector<int>> grouping_sets;
  ExprRef having;
  ExprRef qualify;
  std::vector<SortKey> order;
  std::vector<int> order_output;  ///< per order key: position of an output column, or -1
  bool aggregated = false;
};

}  // namespace tarn::plan
