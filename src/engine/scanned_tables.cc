#include "engine/scanned_tables.h"

#include "delta/snapshot.h"

namespace tarn::engine {
namespace {

class Collector {
 public:
  explicit Collector(std::set<std::string>& found) : found_(found) {}

  void Visit(const plan::LogicalPlan& plan) {
    if (plan.kind == plan::PlanKind::kScan && plan.table.snapshot) {
      auto snapshot = std::static_pointer_cast<const delta::Snapshot>(plan.table.snapshot);
      found_.insert(snapshot->table_path());
    }
    for (const plan::PlanRef& child : plan.children) Visit(*child);
    for (const auto* list : {&plan.args, &plan.exprs, &plan.groups, &plan.aggregates}) Visit(*list);
    for (const auto& row : plan.rows) Visit(row);
    Visit(plan.sort);
    Visit(plan.condition);
    Visit(plan.limit);
    Visit(plan.offset);
  }

 private:
  void Visit(const std::vector<plan::ExprRef>& exprs) {
    for (const plan::ExprRef& expr : exprs) Visit(expr);
  }
  void Visit(const std::vector<plan::SortKey>& keys) {
    for (const plan::SortKey& key : keys) Visit(key.expr);
  }
  void Visit(const plan::ExprRef& expr) {
    if (!expr) return;
    if (expr->plan) Visit(*expr->plan);
    Visit(expr->args);
    Visit(expr->partition_by);
    Visit(expr->order_by);
    Visit(expr->filter);
    if (expr->frame) {
      Visit(expr->frame->start_offset);
      Visit(expr->frame->end_offset);
    }
  }

  std::set<std::string>& found_;
};

}  // namespace

std::set<std::string> ScannedTables(const plan::LogicalPlan& plan) {
  std::set<std::string> found;
  Collector(found).Visit(plan);
  return found;
}

}  // namespace tarn::engine
