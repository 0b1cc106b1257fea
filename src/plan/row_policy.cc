#include "plan/coercion.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

namespace {

Error Broken(const std::string& what, const Error& cause) {
  // The policy's text is none of the caller's business: only its failure shows.
  return Fail("INVALID_ROW_POLICY", "The " + what +
                                        " of a table in this statement cannot be applied (" +
                                        std::string(cause.reason()) + "). Ask the table's owner.");
}

}  // namespace

Result<PlanRef> Analyzer::QueryResolver::ApplyPolicy(PlanRef scan) {
  const RowPolicy& policy = scan->table.policy;
  Scope scope(nullptr);
  scope.Add(scan->output);
  auto resolve = [&](const std::string& source) {
    return ExprResolver::ResolveText(state_, scope, source);
  };
  PlanRef plan = scan;
  if (!policy.row_filter.empty()) {
    Result<ExprRef> condition = resolve(policy.row_filter);
    if (!condition.ok()) return Broken("row filter", condition.error());
    if (!(*condition)->type.is(TypeKind::kBoolean)) {
      return Broken("row filter", Fail("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", ""));
    }
    auto filter = std::make_shared<LogicalPlan>();
    filter->kind = PlanKind::kFilter;
    filter->children = {plan};
    filter->output = plan->output;
    filter->condition = std::move(*condition);
    plan = filter;
  }
  if (policy.masks.empty()) return plan;
  auto project = std::make_shared<LogicalPlan>();
  project->kind = PlanKind::kProject;
  project->children = {plan};
  for (const Attribute& column : plan->output) {
    ExprRef shown = MakeColumn(column);
    for (const auto& [name, source] : policy.masks) {
      if (!SameName(name, column.name)) continue;
      Result<ExprRef> mask = resolve(source);
      if (!mask.ok()) return Broken("column mask", mask.error());
      if (!CanCast((*mask)->type, column.type)) {
        return Broken("column mask", Fail("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", ""));
      }
      shown = MakeCast(std::move(*mask), column.type);
    }
    Attribute out = column;
    out.id = state_.NewId();
    out.nullable = shown->nullable;
    project->exprs.push_back(std::move(shown));
    project->output.push_back(std::move(out));
  }
  for (const auto& [name, source] : policy.masks) {
    if (scan->table.schema.FindField(name) < 0) {
      return Broken("column mask", Fail("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", ""));
    }
  }
  return PlanRef(project);
}

}  // namespace tarn::plan
