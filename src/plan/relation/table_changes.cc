#include "plan/qualify_name.h"
#include "plan/resolve_expression.h"
#include "sql/parser.h"

namespace tarn::plan {

using columnar::TypeKind;

namespace {

Error ArgumentCount(const std::string& function, bool few) {
  return Fail("INCORRECT_NUMBER_OF_ARGUMENTS",
              std::string(few ? "not enough args" : "too many args") + ", " + function +
                  " requires at least 2 arguments and at most 3 arguments.",
              {{"functionName", function}});
}

Error WrongType(const std::string& what, const Expr& expr, const char* wanted) {
  return Fail("DELTA_UNSUPPORTED_EXPRESSION",
              "Unsupported expression type(" + expr.type.ToSqlString() + ") for " + what +
                  ". The supported types are [" + wanted + "].",
              {{"expType", expr.type.ToSqlString()}, {"causedBy", what}});
}

const Expr& WithoutCasts(const Expr& expr) {
  return expr.op == ExprOp::kCast ? WithoutCasts(*expr.args[0]) : expr;
}

}  // namespace

// table_changes('name', from[, to]); table_changes_by_path('path', from[, to])
Result<PlanRef> Analyzer::QueryResolver::ResolveTableChanges(const sql::FunctionRelation& function,
                                                             const std::string& name) {
  if (function.args.size() < 2 || function.args.size() > 3) {
    return state_.At(ArgumentCount(name, function.args.size() < 2), function.range);
  }
  bool by_path = name == "table_changes_by_path";
  Scope empty(nullptr);
  TARN_TRY(ExprRef first, ExprResolver(state_, empty).Resolve(*function.args[0].value));
  if (first->op != ExprOp::kLiteral || !first->type.is_string() || !first->value) {
    return state_.At(WrongType(by_path ? "table path" : "table name", *first, "StringType literal"),
                     function.args[0].value->range);
  }
  std::vector<std::string> table = {"delta", *first->value};
  if (!by_path) {
    TARN_TRY(sql::ExprPtr parsed, sql::ParseExpression(*first->value));
    if (parsed->kind != sql::ExprKind::kName) {
      return state_.At(Fail("PARSE_SYNTAX_ERROR", "'" + *first->value + "' is no table's name."),
                       function.args[0].value->range);
    }
    table = parsed->As<sql::Name>().parts;
  }
  std::vector<TimeTravel> range;
  for (size_t i = 1; i < function.args.size(); ++i) {
    TARN_TRY(TimeTravel boundary, ChangeBoundary(*function.args[i].value, name, i));
    range.push_back(std::move(boundary));
  }
  if (state_.context.resolver == nullptr) {
    return state_.At(Fail("TABLE_OR_VIEW_NOT_FOUND", "There are no tables here."), function.range);
  }
  Result<std::vector<std::string>> full = CompleteName(table, 3, state_.context);
  if (!full.ok()) return state_.At(std::move(full).error(), function.range);
  Result<std::vector<TableBinding>> changes = state_.context.resolver->ResolveChanges(
      *full, range[0], range.size() > 1 ? std::optional(range[1]) : std::nullopt);
  if (!changes.ok()) return state_.At(std::move(changes).error(), function.range);
  std::vector<PlanRef> parts;
  for (TableBinding& binding : *changes) parts.push_back(ScanOf(std::move(binding)));
  auto project = std::make_shared<LogicalPlan>();
  project->kind = PlanKind::kProject;
  PlanRef all = UnionAll(std::move(parts));
  for (const Attribute& column : all->output) {
    project->exprs.push_back(MakeColumn(column));
    project->output.push_back({state_.NewId(), column.name, column.type, column.nullable, {}});
  }
  project->children = {std::move(all)};
  return PlanRef(project);
}

Result<TimeTravel> Analyzer::QueryResolver::ChangeBoundary(const sql::Expr& syntax,
                                                           const std::string& function,
                                                           size_t position) {
  const char* which = position == 1 ? "starting" : "ending";
  Scope empty(nullptr);
  Result<ExprRef> value = ExprResolver(state_, empty).Resolve(syntax);
  bool constant = value.ok() && !AnyExpr(*value, [](const Expr& at) {
                    return at.op != ExprOp::kLiteral && at.op != ExprOp::kCall &&
                           at.op != ExprOp::kCast && at.op != ExprOp::kCase;
                  });
  if (!constant) {
    std::string text(state_.text.substr(syntax.range.begin, syntax.range.end - syntax.range.begin));
    return state_.At(
        Fail("DELTA_CDC_NON_CONSTANT_ARGUMENT",
             "The " + std::string(which) + " argument (position " + std::to_string(position + 1) +
                 ") of the " + function +
                 " function requires a constant value, but got a non-constant expression: " + text +
                 ".",
             {{"argumentName", which}, {"functionName", function}, {"sqlExpr", text}}),
        syntax.range);
  }
  const Expr& literal = WithoutCasts(**value);
  if (literal.op == ExprOp::kLiteral && !literal.value) {
    return state_.At(Fail("DELTA_CDC_READ_NULL_RANGE_BOUNDARY",
                          "CDC read start/end parameters cannot be null. Please provide a valid "
                          "version or timestamp."),
                     syntax.range);
  }
  TimeTravel boundary;
  const columnar::DataType& type = (*value)->type;
  if (type.is(TypeKind::kInteger) || type.is(TypeKind::kLong)) {
    if (literal.op != ExprOp::kLiteral || literal.value->size() > 18) {
      return state_.At(
          Fail("INVALID_TIME_TRAVEL_SPEC", "A version of table_changes must be a literal."),
          syntax.range);
    }
    boundary.version = std::stoll(*literal.value);
    return boundary;
  }
  if (!type.is_string() && !type.is(TypeKind::kTimestamp)) {
    return state_.At(WrongType(std::string(which) + " option", **value,
                               "IntegerType,LongType,StringType,TimestampType"),
                     syntax.range);
  }
  boundary.timestamp = MakeCast(*std::move(value), TypeKind::kTimestamp);
  return boundary;
}

}  // namespace tarn::plan
