#include "plan/resolve_statement.h"

namespace tarn::plan {

namespace {

bool ReadsRows(const Expr& expr) { return expr.op == ExprOp::kColumn || expr.plan != nullptr; }

}  // namespace

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveDelete(const sql::Delete& statement) {
  const sql::TableRelation& table = *statement.table;
  Delete result;
  result.target_range = table.range;
  TARN_TRY(result.target, BindTarget(table.name, table.range, TargetUse::kWrite));
  TARN_TRY(PlanRef scan, ScanTarget(result.target, table.alias, table.range));
  PlanRef rows = WithAddress(*scan);
  result.edits.scan = rows;
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
    rows = RowsWhere(std::move(rows), result.condition);
    result.edits.reads = result.condition;
  }
  result.edits.actions = {RowEffect::kDelete};
  result.edits.rows = EditsOf(std::move(rows), MakeLiteral(columnar::TypeKind::kInteger, "1"),
                              result.edits.scan.get(), result.target, {});
  return AnalyzedStatement(std::move(result));
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveTruncate(
    const sql::Truncate& statement) {
  Delete result;
  result.target_range = statement.table_range;
  result.truncate = true;
  TARN_TRY(result.target, BindTarget(statement.table, statement.table_range, TargetUse::kWrite));
  TARN_TRY(PlanRef scan, ScanTarget(result.target, "", statement.table_range));
  result.edits.scan = WithAddress(*scan);
  result.edits.actions = {RowEffect::kDelete};
  result.edits.rows = EditsOf(result.edits.scan, MakeLiteral(columnar::TypeKind::kInteger, "1"),
                              result.edits.scan.get(), result.target, {});
  return AnalyzedStatement(std::move(result));
}

}  // namespace tarn::plan
