#include "engine/duckdb/emitter.h"
#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/tree.h"

namespace tarn::engine {

using namespace duckdb;  // NOLINT: this file builds DuckDB's trees
using columnar::DataType;
using columnar::TypeKind;
using namespace tree;  // NOLINT

Result<ExprPtr> Emitter::AggregateCall(const plan::Expr& expr) {
  const std::string& name = expr.function;
  TARN_TRY(ExprList args, Exprs(expr.args));
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  ExprPtr filter;
  if (expr.filter) {
    TARN_TRY(filter, Expr(*expr.filter));
  }
  auto aggregate = [&](string function, ExprList list) {
    return make_uniq<FunctionExpression>(function, std::move(list),
                                         filter ? filter->Copy() : nullptr, nullptr, expr.distinct);
  };
  if (name == "grouping") {
    return ExprPtr(
        make_uniq<OperatorExpression>(ExpressionType::GROUPING_FUNCTION, std::move(args)));
  }
  if (name == "count") {
    // Rows count when no argument is NULL; a constant argument counts every row.
    if (args.size() == 1 && expr.args[0]->op == plan::ExprOp::kLiteral && expr.args[0]->value) {
      return CastTo(type, aggregate("count_star", {}));
    }
    if (args.size() > 1) {
      ExprPtr any_null;
      for (const ExprPtr& a : args) {
        ExprPtr test = IsNull(a->Copy());
        any_null = any_null
                       ? ExprPtr(make_uniq<ConjunctionExpression>(
                             ExpressionType::CONJUNCTION_OR, std::move(any_null), std::move(test)))
                       : std::move(test);
      }
      ExprPtr row = make_uniq<FunctionExpression>("row", std::move(args));
      args = ExprList();
      args.push_back(If(std::move(any_null), Null(), std::move(row)));
    }
    return CastTo(type, aggregate("count", std::move(args)));
  }
  if ((name == "avg" || name == "mean") && expr.type.is(TypeKind::kDecimal)) {
    int scale = expr.args[0]->type.scale();
    int result_scale = expr.type.scale();
    ExprList again;
    again.push_back(args[0]->Copy());
    ExprPtr sum = CastTo(LogicalType::DECIMAL(38, static_cast<uint8_t>(scale)),
                         aggregate("sum", std::move(args)));
    ExprPtr count = CastTo(LogicalType::DECIMAL(38, 0), aggregate("count", std::move(again)));
    count = Make("nullif", std::move(count), CastTo(LogicalType::DECIMAL(38, 0), Int(0)));
    LogicalType wide = LogicalType::DECIMAL(38, static_cast<uint8_t>(result_scale));
    return CastTo(
        type, Make("spark_divide_decimal", std::move(sum), std::move(count),
                   Int(result_scale - scale), ExprPtr(make_uniq<ConstantExpression>(Value(wide)))));
  }
  if (name == "collect_list" || name == "array_agg") {
    ExprPtr valid =
        make_uniq<OperatorExpression>(ExpressionType::OPERATOR_IS_NOT_NULL, args[0]->Copy());
    filter = filter ? ExprPtr(make_uniq<ConjunctionExpression>(ExpressionType::CONJUNCTION_AND,
                                                               std::move(filter), std::move(valid)))
                    : std::move(valid);
    ExprList list;
    list.push_back(aggregate("list", std::move(args)));
    list.push_back(CastTo(type, ExprPtr(make_uniq<FunctionExpression>("list_value", ExprList()))));
    return ExprPtr(
        make_uniq<OperatorExpression>(ExpressionType::OPERATOR_COALESCE, std::move(list)));
  }
  if (name == "sum" || name == "avg" || name == "mean") {
    // Whole numbers are summed exactly and must fit the result; DOUBLE is what Spark sums FLOAT in.
    if (expr.args[0]->type.is(TypeKind::kFloat))
      args[0] = CastTo(LogicalType::DOUBLE, std::move(args[0]));
  }
  std::string_view same = SameMeaning(name);
  if (same.empty()) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support the aggregate " + name + " yet.");
  }
  if ((name == "first" || name == "last") && expr.ignore_nulls) {
    ExprPtr valid =
        make_uniq<OperatorExpression>(ExpressionType::OPERATOR_IS_NOT_NULL, args[0]->Copy());
    filter = filter ? ExprPtr(make_uniq<ConjunctionExpression>(ExpressionType::CONJUNCTION_AND,
                                                               std::move(filter), std::move(valid)))
                    : std::move(valid);
  }
  return CastTo(type, aggregate(string(same), std::move(args)));
}

}  // namespace tarn::engine
