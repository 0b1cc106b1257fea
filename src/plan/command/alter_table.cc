#include "columnar/column_metadata.h"
#include "plan/coercion.h"
#include "plan/command/stored_expression.h"
#include "plan/resolve_statement.h"

namespace tarn::plan {

using columnar::Field;
using columnar::TypeKind;
using sql::AlterTableAction;

namespace {

ExprRef Not(ExprRef condition) {
  ExprRef known =
      MakeCall("coalesce", {std::move(condition), MakeLiteral(TypeKind::kBoolean, "false")},
               TypeKind::kBoolean, false);
  return MakeCall("not", {std::move(known)}, TypeKind::kBoolean, false);
}

// The rows in which a column that may hold NULL does, where there is a place for it.
std::string IsNullText(const std::vector<std::string>& path) {
  std::string text;
  std::string name;
  for (size_t i = 0; i < path.size(); ++i) {
    name += (name.empty() ? "" : ".") + columnar::QuoteIdentifier(path[i]);
    text += (i > 0 ? " AND " : "") + name + (i + 1 < path.size() ? " IS NOT NULL" : " IS NULL");
  }
  return text;
}

}  // namespace

bool Reads(const ExprRef& expr, const std::string& column) {
  if (!expr) return false;
  if (expr->op == ExprOp::kColumn && SameName(expr->name, column)) return true;
  for (const ExprRef& arg : expr->args) {
    if (Reads(arg, column)) return true;
  }
  return false;
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveCommentOn(
    const sql::CommentOn& comment) {
  if (comment.column.empty()) {
    TARN_TRY(auto name, CompleteFor(comment.object, comment.name, comment.name_range));
    return AnalyzedStatement(
        CommentOn{comment.object, std::move(name), comment.name_range, comment.comment});
  }
  AlterTable result;
  result.action = AlterTableAction::kColumnComment;
  result.target_range = comment.name_range;
  TARN_TRY(result.target, BindTarget(comment.name, comment.name_range, TargetUse::kDefine));
  result.columns = {comment.column};
  result.text = comment.comment.value_or("");
  return AnalyzedStatement(std::move(result));
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveAlterTable(
    const sql::AlterTable& alter) {
  AlterTable result;
  result.action = alter.action;
  result.target_range = alter.name_range;
  TARN_TRY(result.target, BindTarget(alter.name, alter.name_range, TargetUse::kDefine));
  // What rows hold shows in errors.
  bool looks = alter.action == AlterTableAction::kAddConstraint ||
               alter.action == AlterTableAction::kColumnSetNotNull ||
               alter.action == AlterTableAction::kSyncIdentity;
  if (looks) {
    TARN_RETURN_IF_ERROR(BindTarget(alter.name, alter.name_range, TargetUse::kReadAndWrite));
  }
  result.if_exists = alter.if_exists;
  result.properties = alter.properties;
  result.property_keys = alter.property_keys;
  result.columns = alter.columns;
  result.type = alter.type;
  result.position = alter.position;
  result.constraint = alter.check.name;
  result.text = alter.comment;
  result.new_name = alter.new_name;
  Status resolved;
  switch (alter.action) {
    case AlterTableAction::kRename: {
      TARN_TRY(result.new_name, Complete(alter.new_name, 3, alter.name_range));
      break;
    }
    case AlterTableAction::kAddColumns:
      for (const sql::AddedColumn& added : alter.added) {
        TARN_TRY(Field field, DefinedField(added.definition, "ALTER TABLE ADD COLUMNS"));
        result.added.push_back(
            {{added.name.begin(), added.name.end() - 1}, std::move(field), added.position});
      }
      break;
    case AlterTableAction::kAddConstraint:
      resolved = ResolveNewCheck(alter, result);
      break;
    case AlterTableAction::kDropColumns:
    case AlterTableAction::kRenameColumn:
    case AlterTableAction::kColumnType:
      resolved = FindDependents(result);
      break;
    case AlterTableAction::kColumnSetNotNull:
    case AlterTableAction::kColumnSetDefault:
      resolved = ResolveAlterColumn(alter, result);
      break;
    case AlterTableAction::kSyncIdentity:
      resolved = ResolveSyncIdentity(alter, result);
      break;
    default:
      break;
  }
  if (!resolved.ok()) return state_.At(std::move(resolved).error(), alter.name_range);
  return AnalyzedStatement(std::move(result));
}

Status Analyzer::StatementResolver::ResolveAlterColumn(const sql::AlterTable& alter,
                                                       AlterTable& result) {
  const std::vector<std::string>& path = alter.columns[0];
  if (alter.action == AlterTableAction::kColumnSetNotNull) {
    TARN_TRY(PlanRef scan, ScanTarget(result.target, "", alter.name_range));
    Scope scope(nullptr);
    scope.Add(scan->output);
    TARN_TRY(ExprRef broken, ExprResolver::ResolveText(state_, scope, IsNullText(path)));
    result.violations = RowsWhere(std::move(scan), std::move(broken));
    return Ok();
  }
  int column = result.target.schema.FindField(path[0]);
  // Whether the column is there is asked where the change is made.
  if (column < 0) return Ok();
  if (path.size() > 1) return NotYet("DEFAULT of a field of a struct");
  const Field& field = result.target.schema.fields[static_cast<size_t>(column)];
  result.text = std::string(TextAt(alter.default_value->range));
  return CheckDefault(*alter.default_value, field.type, field.name, "ALTER TABLE ALTER COLUMN");
}

Status Analyzer::StatementResolver::ResolveSyncIdentity(const sql::AlterTable& alter,
                                                        AlterTable& result) {
  const std::vector<std::string>& path = alter.columns[0];
  int column = path.size() == 1 ? result.target.schema.FindField(path[0]) : -1;
  // Whether the column is there is asked where the change is made.
  if (column < 0) return Ok();
  const Field& field = result.target.schema.fields[static_cast<size_t>(column)];
  TARN_TRY(std::optional<columnar::Identity> identity, columnar::IdentityOf(field));
  if (!identity) {
    return Fail("DELTA_IDENTITY_COLUMNS_ALTER_NON_IDENTITY_COLUMN",
                "ALTER TABLE ALTER COLUMN SYNC IDENTITY cannot be called on non IDENTITY columns.");
  }
  TARN_TRY(PlanRef scan, ScanTarget(result.target, "", alter.name_range));
  auto furthest = std::make_shared<Expr>();
  furthest->op = ExprOp::kAggregate;
  furthest->function = identity->step > 0 ? "max" : "min";
  furthest->args = {MakeColumn(scan->output[static_cast<size_t>(column)])};
  furthest->type = TypeKind::kLong;
  auto plan = std::make_shared<LogicalPlan>();
  plan->kind = PlanKind::kAggregate;
  plan->aggregates = {furthest};
  plan->output = {{state_.NewId(), "furthest", TypeKind::kLong, true, {}}};
  plan->children = {std::move(scan)};
  result.furthest = std::move(plan);
  return Ok();
}

Status Analyzer::StatementResolver::ResolveNewCheck(const sql::AlterTable& alter,
                                                    AlterTable& result) {
  const sql::Expr& syntax = *alter.check.condition;
  std::string text(TextAt(syntax.range));
  auto at = [&](Error error) { return state_.At(std::move(error), syntax.range); };
  TARN_TRY(PlanRef scan, ScanTarget(result.target, "", alter.name_range));
  Scope scope(nullptr);
  scope.Add(scan->output);
  Result<ExprRef> resolved = ExprResolver(state_, scope).Resolve(syntax);
  if (!resolved.ok()) return std::move(resolved).error();
  ExprRef condition = *std::move(resolved);
  if (AnyExpr(condition, IsAggregate)) {
    return at(Fail("DELTA_AGGREGATE_IN_CHECK_CONSTRAINT",
                   "Found " + text +
                       " in a CHECK constraint. Aggregate expressions are not allowed in CHECK "
                       "constraints.",
                   {{"sqlExpr", text}}));
  }
  if (AnyExpr(condition, IsSubquery)) {
    return at(Fail("DELTA_UNSUPPORTED_EXPRESSION_CHECK_CONSTRAINT",
                   "Found " + text + " in a CHECK constraint. " + text +
                       " cannot be used in a CHECK constraint.",
                   {{"expression", text}}));
  }
  if (AnyExpr(condition, Varies)) {
    return at(Fail("DELTA_NON_DETERMINISTIC_EXPRESSION_IN_CHECK_CONSTRAINT",
                   "Found " + text +
                       " in a CHECK constraint. A CHECK constraint cannot use a nondeterministic "
                       "expression.",
                   {{"expr", text}}));
  }
  if (!condition->type.is(TypeKind::kBoolean)) {
    return at(Fail("DELTA_NON_BOOLEAN_CHECK_CONSTRAINT",
                   "CHECK constraint '" + alter.check.name + "' (" + text +
                       ") should be a boolean expression.",
                   {{"name", alter.check.name}, {"expr", text}}));
  }
  result.text = std::move(text);
  result.violations = RowsWhere(std::move(scan), Not(std::move(condition)));
  return Ok();
}

Status Analyzer::StatementResolver::FindDependents(AlterTable& result) {
  Scope scope(nullptr);
  const TableBinding& table = result.target;
  for (const Field& field : table.schema.fields) {
    scope.Add({state_.NewId(), field.name, field.type, field.nullable, {}});
  }
  auto reads = [&](const std::string& text) -> Result<bool> {
    TARN_TRY(ExprRef expr, ExprResolver::ResolveText(state_, scope, text));
    for (const auto& path : result.columns) {
      if (Reads(expr, path[0])) return true;
    }
    return false;
  };
  for (const auto& [name, text] : table.checks) {
    TARN_TRY(bool depends, reads(text));
    if (depends) result.dependent_checks.push_back("delta.constraints." + name + " -> " + text);
  }
  for (const Field& field : table.schema.fields) {
    std::optional<std::string> text = columnar::GenerationOf(field);
    if (!text) continue;
    TARN_TRY(bool depends, reads(*text));
    if (depends) result.dependent_columns.push_back(field.name + " -> " + *text);
  }
  return Ok();
}

}  // namespace tarn::plan
