#include "plan/function_registry.h"
#include "plan/resolve_statement.h"

namespace tarn::plan {

Status Analyzer::StatementResolver::RequireDeterministic(const ExprRef& expr,
                                                         std::string_view operation,
                                                         sql::SourceRange range) const {
  bool varies = AnyExpr(expr, [](const Expr& e) {
    const FunctionEntry* entry = e.op == ExprOp::kCall ? FindFunction(e.function) : nullptr;
    return entry != nullptr && !entry->deterministic;
  });
  if (!varies) return Ok();
  return state_.At(
      Fail("DELTA_NON_DETERMINISTIC_FUNCTION_NOT_SUPPORTED",
           "Non-deterministic functions are not supported in the " + std::string(operation) + ".",
           {{"operation", std::string(operation)}}),
      range);
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveUpdate(const sql::Update& statement) {
  const sql::TableRelation& table = *statement.table;
  Update result;
  result.target_range = table.range;
  TARN_TRY(result.target, BindTarget(table.name, table.range, TargetUse::kReadAndWrite));
  TARN_TRY(PlanRef scan, ScanTarget(result.target, table.alias, table.range));
  Scope scope(nullptr);
  scope.Add(scan->output);
  std::vector<ExprRef> values;
  for (const Attribute& column : scan->output) values.push_back(MakeColumn(column));
  TARN_RETURN_IF_ERROR(
      ResolveAssignments(statement.assignments, result.target, table.alias, scope, true, &values));
  TARN_TRY(values,
           StoredValues(result.target, std::move(values), Storing::kAnsi, table.range, false));
  result.edits.scan = WithAddress(*scan);
  PlanRef rows = result.edits.scan;
  if (statement.where) {
    TARN_TRY(result.condition,
             ExprResolver(state_, scope).ResolveCondition(*statement.where, "WHERE"));
    sql::SourceRange range = statement.where->range;
    TARN_RETURN_IF_ERROR(RequireDeterministic(result.condition, "UPDATE condition", range));
    result.predicate = std::string(state_.text.substr(range.begin, range.end - range.begin));
    rows = RowsWhere(std::move(rows), result.condition);
  }
  result.edits.reads = result.condition;
  result.edits.actions = {RowEffect::kUpdate};
  result.edits.rows = EditsOf(std::move(rows), MakeLiteral(columnar::TypeKind::kInteger, "1"),
                              result.edits.scan.get(), result.target, {{1, std::move(values)}});
  return AnalyzedStatement(std::move(result));
}

}  // namespace tarn::plan
