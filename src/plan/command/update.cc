#include <algorithm>

#include "plan/coercion.h"
#include "plan/function_registry.h"
#include "plan/resolve_statement.h"

namespace tarn::plan {
namespace {

// Position of the column that an assignment means, or -1: `column`, `alias.column` or with the
// table's own name in front.
int TargetColumn(const sql::NameParts& parts, const TableBinding& target,
                 const std::string& alias) {
  std::vector<std::string> qualifier =
      alias.empty() ? target.name : std::vector<std::string>{alias};
  size_t used = parts.size() - 1;
  bool fits = used <= qualifier.size() &&
              std::equal(parts.begin(), parts.end() - 1, qualifier.end() - static_cast<long>(used),
                         [](const std::string& a, const std::string& b) { return SameName(a, b); });
  return fits ? target.schema.FindField(parts.back()) : -1;
}

std::string Dotted(const sql::NameParts& parts) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? "" : ".") + columnar::QuoteIdentifier(part);
  }
  return text;
}

}  // namespace

Result<ExprRef> Analyzer::StatementResolver::StoredValue(const TableBinding& target, size_t column,
                                                         ExprRef value, sql::SourceRange range) {
  const columnar::Field& field = target.schema.fields[column];
  if (!CanStore(value->type, field.type)) {
    return state_.At(CannotStore(target, field.name, value->type, field.type), range);
  }
  return MakeCast(std::move(value), field.type);
}

Status Analyzer::StatementResolver::ResolveAssignments(const Assignments& assignments,
                                                       const TableBinding& target,
                                                       const std::string& alias, const Scope& scope,
                                                       std::vector<ExprRef>* values) {
  std::vector<bool> assigned(target.schema.fields.size());
  for (const auto& [name, syntax] : assignments) {
    int found = TargetColumn(name, target, alias);
    if (found < 0) {
      // A struct's field of a column is the one other thing a name may mean.
      if (name.size() > 1 && TargetColumn({name[0]}, target, alias) >= 0) {
        return state_.At(NotYet("assigning a field of a struct column"), syntax->range);
      }
      return state_.At(Fail("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
                            "A column, variable, or function parameter with name " + Dotted(name) +
                                " cannot be resolved.",
                            {{"objectName", Dotted(name)}}),
                       syntax->range);
    }
    auto column = static_cast<size_t>(found);
    if (assigned[column]) {
      return state_.At(Fail("DELTA_CONFLICT_SET_COLUMN",
                            "There is a conflict from these SET columns: " + Dotted(name) + ".",
                            {{"columnList", Dotted(name)}}),
                       syntax->range);
    }
    assigned[column] = true;
    TARN_TRY(ExprRef value, ExprResolver(state_, scope).Resolve(*syntax));
    TARN_TRY((*values)[column], StoredValue(target, column, std::move(value), syntax->range));
  }
  return Ok();
}

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
      ResolveAssignments(statement.assignments, result.target, table.alias, scope, &values));
  result.scan = WithAddress(*scan);
  PlanRef rows = result.scan;
  if (statement.where) {
    TARN_TRY(ExprRef condition,
             ExprResolver(state_, scope).ResolveCondition(*statement.where, "WHERE"));
    sql::SourceRange range = statement.where->range;
    TARN_RETURN_IF_ERROR(RequireDeterministic(condition, "UPDATE condition", range));
    result.predicate = std::string(state_.text.substr(range.begin, range.end - range.begin));
    rows = RowsWhere(std::move(rows), std::move(condition));
  }
  result.changed = Addresses(rows);
  TARN_TRY(result.written,
           RowsFor(result.target, std::move(rows), std::move(values), Storing::kAnsi, table.range));
  return AnalyzedStatement(std::move(result));
}

}  // namespace tarn::plan
