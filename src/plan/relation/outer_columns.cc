#include <algorithm>
#include <set>

#include "plan/logical_plan.h"

namespace tarn::plan {
namespace {

// Columns used and columns made anywhere in a plan, subqueries included.
class Walk {
 public:
  void Plan(const LogicalPlan& plan) {
    for (const PlanRef& child : plan.children) Plan(*child);
    for (const Attribute& a : plan.output) made_.insert(a.id);
    for (const auto* list : {&plan.args, &plan.exprs, &plan.groups, &plan.aggregates}) {
      for (const ExprRef& e : *list) Expression(e);
    }
    for (const auto& row : plan.rows) {
      for (const ExprRef& e : row) Expression(e);
    }
    Expression(plan.condition);
    for (const SortKey& key : plan.sort) Expression(key.expr);
  }

  std::vector<std::string> Outer() const {
    std::vector<std::string> names;
    for (const auto& [id, name] : used_) {
      bool known = std::find(names.begin(), names.end(), name) != names.end();
      if (!made_.contains(id) && !known) names.push_back(name);
    }
    return names;
  }

 private:
  void Expression(const ExprRef& e) {
    if (!e) return;
    if (e->op == ExprOp::kColumn) used_.emplace_back(e->id, e->name);
    for (const ExprRef& arg : e->args) Expression(arg);
    for (const ExprRef& key : e->partition_by) Expression(key);
    for (const SortKey& key : e->order_by) Expression(key.expr);
    Expression(e->filter);
    if (e->plan) Plan(*e->plan);
  }

  std::set<ExprId> made_;
  std::vector<std::pair<ExprId, std::string>> used_;
};

}  // namespace

std::vector<std::string> OuterColumns(const LogicalPlan& plan) {
  Walk walk;
  walk.Plan(plan);
  return walk.Outer();
}

}  // namespace tarn::plan
