#include "plan/resolve_statement.h"

namespace tarn::plan {

namespace {

bool ReadsRows(const Expr& expr) { return expr.op == ExprOp::kColumn || expr.plan != nullptr; }

PlanRef Filtered(PlanRef child, ExprRef condition) {
  auto filter = std::make_shared<LogicalPlan>();
  filter->kind = PlanKind::kFilter;
  filter->output = child->output;
  filter->children = {std::move(child)};
  filter->condition = std::move(condition);
  return filter;
}

}  // namespace

PlanRef ScanOf(const LogicalPlan& scan, TableBinding table) {
  auto other = std::make_shared<LogicalPlan>(scan);
  other->table = std::move(table);
  return other;
}

PlanRef Addresses(PlanRef child) {
  auto project = std::make_shared<LogicalPlan>();
  project->kind = PlanKind::kProject;
  project->output = {child->output.end() - 2, child->output.end()};
  for (const Attribute& column : project->output) project->exprs.push_back(MakeColumn(column));
  project->children = {std::move(child)};
  return project;
}

PlanRef RowsWhere(PlanRef child, ExprRef condition) {
  return Filtered(std::move(child), std::move(condition));
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveDelete(const sql::Delete& statement) {
  const sql::TableRelation& table = *statement.table;
  Delete result;
  result.target_range = table.range;
  TARN_TRY(result.target, BindTarget(table.name, table.range, TargetUse::kWrite));
  TARN_TRY(PlanRef scan, ScanTarget(result.target, table.alias, table.range));
  result.scan = WithAddress(*scan);
  if (statement.where) {
    Scope scope(nullptr);
    scope.Add(scan->output);
    TARN_TRY(result.condition,
             ExprResolver(state_, scope).ResolveCondition(*statement.where, "WHERE"));
    sql::SourceRange range = statement.where->range;
    result.predicate = std::string(state_.text.substr(range.begin, range.end - range.begin));
    // Counts and errors of a condition tell what the rows hold.
    if (AnyExpr(result.condition, ReadsRows)) {
      TARN_RETURN_IF_ERROR(BindTarget(table.name, table.range, TargetUse::kReadAndWrite));
    }
  }
  return AnalyzedStatement(std::move(result));
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveTruncate(
    const sql::Truncate& statement) {
  Delete result;
  result.target_range = statement.table_range;
  result.truncate = true;
  TARN_TRY(result.target, BindTarget(statement.table, statement.table_range, TargetUse::kWrite));
  TARN_TRY(PlanRef scan, ScanTarget(result.target, "", statement.table_range));
  result.scan = WithAddress(*scan);
  return AnalyzedStatement(std::move(result));
}

}  // namespace tarn::plan
