#include "plan/logical_plan.h"

namespace tarn::plan {
namespace {

std::string ColumnText(const Attribute& a) { return a.name + "#" + std::to_string(a.id); }

std::string List(const std::vector<ExprRef>& exprs) {
  std::string out;
  for (const ExprRef& e : exprs) out += (out.empty() ? "" : ", ") + ExprToString(*e);
  return out;
}

std::string Keys(const std::vector<SortKey>& keys) {
  std::string out;
  for (const SortKey& key : keys) {
    out += (out.empty() ? "" : ", ") + ExprToString(*key.expr) +
           (key.descending ? " DESC" : " ASC") + (key.nulls_first ? " NULLS FIRST" : " NULLS LAST");
  }
  return out;
}

std::string Describe(const LogicalPlan& p) {
  static constexpr std::string_view kJoins[] = {"Inner", "LeftOuter", "RightOuter", "FullOuter",
                                                "Cross", "LeftSemi",  "LeftAnti"};
  static constexpr std::string_view kSets[] = {"Union", "Intersect", "Except"};
  switch (p.kind) {
    case PlanKind::kOneRow:
      return "OneRowRelation";
    case PlanKind::kScan: {
      std::string name;
      for (const std::string& part : p.table.name) name += (name.empty() ? "" : ".") + part;
      return "Relation " + name;
    }
    case PlanKind::kFileScan:
      return "FileScan " + p.files.format + " (" + std::to_string(p.files.paths.size()) + " files)";
    case PlanKind::kKept:
      return "KeptRows";
    case PlanKind::kRange:
      return "Range (" + List(p.args) + ")";
    case PlanKind::kValues:
      return "LocalRelation (" + std::to_string(p.rows.size()) + " rows)";
    case PlanKind::kProject:
      return "Project [" + List(p.exprs) + "]";
    case PlanKind::kFilter:
      return "Filter " + ExprToString(*p.condition);
    case PlanKind::kJoin:
      return "Join " + std::string(kJoins[static_cast<int>(p.join)]) +
             (p.condition ? ", " + ExprToString(*p.condition) : "");
    case PlanKind::kAggregate:
      return "Aggregate [" + List(p.groups) + "], [" + List(p.aggregates) + "]" +
             (p.grouping_sets.empty()
                  ? ""
                  : ", " + std::to_string(p.grouping_sets.size()) + " grouping sets");
    case PlanKind::kSort:
      return "Sort [" + Keys(p.sort) + "], true";
    case PlanKind::kLimit:
      return std::string("GlobalLimit") + (p.limit ? " " + ExprToString(*p.limit) : "") +
             (p.offset ? " offset " + ExprToString(*p.offset) : "");
    case PlanKind::kSetOp:
      return std::string(kSets[static_cast<int>(p.set_op)]) + (p.all ? " All" : "");
    case PlanKind::kDistinct:
      return "Distinct";
  }
  return "";
}

// Plans of the subqueries in an expression, in their order.
void Subplans(const ExprRef& e, std::vector<PlanRef>& found) {
  if (!e) return;
  for (const ExprRef& arg : e->args) Subplans(arg, found);
  Subplans(e->filter, found);
  for (const ExprRef& key : e->partition_by) Subplans(key, found);
  for (const SortKey& key : e->order_by) Subplans(key.expr, found);
  if (e->plan) found.push_back(e->plan);
}

std::vector<PlanRef> SubplansOf(const LogicalPlan& plan) {
  std::vector<PlanRef> found;
  for (const auto* list : {&plan.exprs, &plan.groups, &plan.aggregates}) {
    for (const ExprRef& e : *list) Subplans(e, found);
  }
  Subplans(plan.condition, found);
  for (const SortKey& key : plan.sort) Subplans(key.expr, found);
  return found;
}

void Print(const LogicalPlan& plan, int depth, std::string& out) {
  out += depth == 0 ? "" : std::string(static_cast<size_t>(depth - 1) * 3, ' ') + "+- ";
  out += Describe(plan);
  out += "  → ";
  for (size_t i = 0; i < plan.output.size(); ++i) {
    const Attribute& a = plan.output[i];
    out += (i > 0 ? ", " : "") + ColumnText(a) + " " + a.type.ToCatalogString() +
           (a.nullable ? "" : " not null");
  }
  out += "\n";
  for (const PlanRef& subplan : SubplansOf(plan)) {
    out += std::string(static_cast<size_t>(depth) * 3, ' ') + ":  subquery\n";
    Print(*subplan, depth + 2, out);
  }
  for (const PlanRef& child : plan.children) Print(*child, depth + 1, out);
}

std::string BoundText(sql::BoundKind kind, const ExprRef& offset) {
  static constexpr std::string_view kWords[] = {"unbounded preceding", "preceding", "current row",
                                                "following", "unbounded following"};
  return (offset ? ExprToString(*offset) + " " : "") +
         std::string(kWords[static_cast<size_t>(kind)]);
}

std::string FrameText(const Expr& e) {
  if (!e.frame) return "";
  return std::string(e.frame->unit == sql::FrameUnit::kRows ? " rows" : " range") + " between " +
         BoundText(e.frame->start, e.frame->start_offset) + " and " +
         BoundText(e.frame->end, e.frame->end_offset);
}

}  // namespace

std::string ExprToString(const Expr& e) {
  switch (e.op) {
    case ExprOp::kLiteral:
      if (!e.value) return "null";
      return e.type.is_string() ? "'" + *e.value + "'" : *e.value;
    case ExprOp::kColumn:
      return e.name + "#" + std::to_string(e.id);
    case ExprOp::kCall:
      return e.function + "(" + List(e.args) + ")";
    case ExprOp::kCast:
      return std::string(e.try_cast ? "try_cast(" : "cast(") + ExprToString(*e.args[0]) + " as " +
             e.type.ToCatalogString() + ")";
    case ExprOp::kCase:
      return "case(" + List(e.args) + ")";
    case ExprOp::kAggregate:
      return e.function + "(" + (e.distinct ? "distinct " : "") + List(e.args) + ")" +
             (e.filter ? " filter (" + ExprToString(*e.filter) + ")" : "");
    case ExprOp::kWindow:
      return ExprToString(*e.args[0]) + " over (partition by " + List(e.partition_by) +
             " order by " + Keys(e.order_by) + FrameText(e) + ")";
    case ExprOp::kScalarSubquery:
      return "scalar-subquery()";
    case ExprOp::kExists:
      return "exists()";
    case ExprOp::kInSubquery:
      return ExprToString(*e.args[0]) + " in (subquery)";
  }
  return "";
}

std::string PlanToString(const LogicalPlan& plan) {
  std::string out;
  Print(plan, 0, out);
  return out;
}

}  // namespace tarn::plan
