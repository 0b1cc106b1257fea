#include <algorithm>

#include "plan/coercion.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

namespace {

// Struct types that differ in names alone.
bool SameButForNames(const DataType& a, const DataType& b) {
  if (!a.is(TypeKind::kStruct) || !b.is(TypeKind::kStruct)) return a.SameTypeIgnoringNullability(b);
  return std::equal(a.fields().begin(), a.fields().end(), b.fields().begin(), b.fields().end(),
                    [](const columnar::Field& x, const columnar::Field& y) {
                      return SameButForNames(x.type, y.type);
                    });
}

// (a, b) IN ((1, 2)): the names that rows get by themselves differ, which does not matter.
void NameAsFirst(std::vector<ExprRef>& values) {
  const DataType& first = values[0]->type;
  for (ExprRef& value : values) {
    bool row = value->op == ExprOp::kCall && value->function == "struct";
    if (!row || !SameButForNames(first, value->type)) continue;
    std::vector<columnar::Field> fields = value->type.fields();
    for (size_t i = 0; i < fields.size(); ++i) fields[i].name = first.fields()[i].name;
    auto named = std::make_shared<Expr>(*value);
    named->type = DataType::Struct(std::move(fields));
    value = std::move(named);
  }
}

bool StandsInOneRow(const ExprRef& value) {
  return !AnyExpr(value, [](const Expr& e) {
    return e.op == ExprOp::kAggregate || e.op == ExprOp::kWindow || e.plan != nullptr;
  });
}

ExprRef Exists(PlanRef plan, ExprRef condition) {
  auto filter = std::make_shared<LogicalPlan>();
  filter->kind = PlanKind::kFilter;
  filter->output = plan->output;
  filter->condition = std::move(condition);
  filter->children = {std::move(plan)};
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::kExists;
  node->type = TypeKind::kBoolean;
  node->nullable = false;
  node->plan = std::move(filter);
  return node;
}

// Whether a row of the plan equals the values: true, false, or NULL where NULLs leave it open.
ExprRef RowInQuery(const std::vector<ExprRef>& values, const PlanRef& plan) {
  ExprRef equal;
  for (size_t i = 0; i < values.size(); ++i) {
    ExprRef one = Boolean("=", {values[i], MakeColumn(plan->output[i])});
    equal = equal ? Boolean("and", {std::move(equal), std::move(one)}) : std::move(one);
  }
  ExprRef found = Exists(plan, equal);
  if (!equal->nullable) return found;
  ExprRef open = Exists(plan, MakeCall("isnull", {equal}, TypeKind::kBoolean, false));
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::kCase;
  node->type = TypeKind::kBoolean;
  node->args = {std::move(found), MakeLiteral(TypeKind::kBoolean, "true"), std::move(open),
                MakeLiteral(TypeKind::kBoolean, std::nullopt),
                MakeLiteral(TypeKind::kBoolean, "false")};
  return node;
}

}  // namespace

Result<ExprRef> Analyzer::ExprResolver::ResolveIn(const sql::In& in) {
  TARN_TRY(ExprRef test, in.query ? ResolveInQuery(in) : ResolveInList(in));
  return Negated(std::move(test), in.negated);
}

Result<ExprRef> Analyzer::ExprResolver::ResolveInList(const sql::In& in) {
  TARN_TRY(ExprRef operand, Resolve(*in.operand));
  std::vector<ExprRef> all = {std::move(operand)};
  for (const auto& item : in.list) {
    TARN_TRY(ExprRef value, Resolve(*item));
    all.push_back(std::move(value));
  }
  NameAsFirst(all);
  std::optional<DataType> type = CommonType(all, state_.context.ansi);
  if (!type) {
    return Fail("DATATYPE_MISMATCH.DATA_DIFF_TYPES", "The values of IN must have one type.",
                {{"functionName", "`in`"}});
  }
  for (ExprRef& e : all) e = MakeCast(std::move(e), *type);
  return Boolean("in", std::move(all));
}

Result<ExprRef> Analyzer::ExprResolver::ResolveInQuery(const sql::In& in) {
  TARN_TRY(ExprRef operand, Resolve(*in.operand));
  std::vector<ExprRef> values = {operand};
  bool row = in.operand->kind == sql::ExprKind::kCall && in.operand->As<sql::Call>().is_row;
  if (row) values = operand->args;
  TARN_TRY(PlanRef plan, ResolveSubplan(*in.query));
  if (plan->output.size() != values.size()) {
    return Fail("DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
                "The number of columns on both sides of IN must be the same: left " +
                    std::to_string(values.size()) + ", right " +
                    std::to_string(plan->output.size()) + ".");
  }
  auto project = std::make_shared<LogicalPlan>();
  project->kind = PlanKind::kProject;
  bool converts = false;
  for (size_t i = 0; i < values.size(); ++i) {
    const Attribute& column = plan->output[i];
    std::optional<DataType> type =
        CommonType(values[i]->type, column.type, state_.context.ansi, Together::kComparison);
    if (!type) {
      return Fail("DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH",
                  "The types of IN do not match: \"" + values[i]->type.ToSqlString() + "\" and \"" +
                      column.type.ToSqlString() + "\".");
    }
    converts = converts || !column.type.SameTypeIgnoringNullability(*type);
    values[i] = MakeCast(std::move(values[i]), *type);
    project->exprs.push_back(MakeCast(MakeColumn(column), *type));
    project->output.push_back(
        {state_.NewId(), column.name, *type, project->exprs.back()->nullable, {}});
  }
  if (converts) {
    project->children = {std::move(plan)};
    plan = std::move(project);
  }
  if (values.size() > 1) {
    if (!std::all_of(values.begin(), values.end(), StandsInOneRow)) {
      return Fail("UNSUPPORTED_FEATURE",
                  "Tarn does not support aggregates, windows and subqueries in a row before IN "
                  "(query) yet: compute them in a subquery of FROM.");
    }
    return RowInQuery(values, plan);
  }
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::kInSubquery;
  node->type = TypeKind::kBoolean;
  node->nullable = values[0]->nullable || plan->output[0].nullable;
  node->args = {std::move(values[0])};
  node->plan = std::move(plan);
  return ExprRef(std::move(node));
}

}  // namespace tarn::plan
