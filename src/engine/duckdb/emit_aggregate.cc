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
  if ((name == "avg" || name == "mean" || name == "try_avg") && expr.type.is(TypeKind::kDecimal)) {
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
  if (name == "collect_set") {
    ExprPtr valid = IsNotNull(args[0]->Copy());
    filter = filter ? And(std::move(filter), std::move(valid)) : std::move(valid);
    auto set =
        make_uniq<FunctionExpression>("list", std::move(args), std::move(filter), nullptr, true);
    return Coalesce(CastTo(type, std::move(set)), CastTo(type, List({})));
  }
  if (name == "sum" && expr.args[0]->type.is_integral()) {
    return Make("spark_long_of_sum", aggregate("sum", std::move(args)));
  }
  if (name == "try_sum" && !expr.type.is(TypeKind::kDouble)) {
    return ExprPtr(make_uniq<CastExpression>(type, aggregate("sum", std::move(args)), true));
  }
  if (name == "percentile" || name == "median") {
    if (args.size() > 2) {
      return Fail("UNSUPPORTED_FEATURE", "Tarn does not support frequencies of percentile yet.");
    }
    args[0] = CastTo(LogicalType::DOUBLE, std::move(args[0]));
    return Percentile(expr, "quantile_cont", std::move(args), filter);
  }
  if (name == "percentile_approx") {
    // The exact answer is within any accuracy asked for.
    if (args.size() > 2) args.pop_back();
    return Percentile(expr, "quantile_disc", std::move(args), filter);
  }
  if (name == "listagg") {
    if (args.size() < 2 || expr.args[1]->type.is(TypeKind::kNull)) {
      args.resize(1);
      args.push_back(Text(""));
    }
    return CastTo(type, aggregate("string_agg", std::move(args)));
  }
  if (name == "corr" || name.rfind("regr_", 0) == 0)
    return Regression(expr, std::move(args), filter);
  if (name == "sum" || name == "avg" || name == "mean" || name == "try_sum" || name == "try_avg") {
    // Whole numbers are summed exactly and must fit the result; DOUBLE is what Spark sums FLOAT in.
    if (expr.args[0]->type.is(TypeKind::kFloat))
      args[0] = CastTo(LogicalType::DOUBLE, std::move(args[0]));
  }
  std::string_view same = SameMeaning(name);
  if (same.empty()) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support the aggregate " + name + " yet.");
  }
  if ((name == "first" || name == "last" || name == "any_value") && expr.ignore_nulls) {
    ExprPtr valid =
        make_uniq<OperatorExpression>(ExpressionType::OPERATOR_IS_NOT_NULL, args[0]->Copy());
    filter = filter ? ExprPtr(make_uniq<ConjunctionExpression>(ExpressionType::CONJUNCTION_AND,
                                                               std::move(filter), std::move(valid)))
                    : std::move(valid);
  }
  return CastTo(type, aggregate(string(same), std::move(args)));
}

Result<ExprPtr> Emitter::Percentile(const plan::Expr& expr, const char* function, ExprList args,
                                    const ExprPtr& filter) {
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  if (args.size() < 2) {
    args.push_back(ExprPtr(make_uniq<ConstantExpression>(Value::DOUBLE(0.5))));
  } else {
    bool several = expr.args[1]->type.is(TypeKind::kArray);
    args[1] =
        CastTo(several ? LogicalType::LIST(LogicalType::DOUBLE) : LogicalType(LogicalType::DOUBLE),
               std::move(args[1]));
  }
  return CastTo(type, make_uniq<FunctionExpression>(function, std::move(args),
                                                    filter ? filter->Copy() : nullptr, nullptr,
                                                    expr.distinct));
}

// Spark gives NULL where DuckDB gives NaN for want of rows, and an error for a variance of zero.
Result<ExprPtr> Emitter::Regression(const plan::Expr& expr, ExprList args, const ExprPtr& filter) {
  const std::string& name = expr.function;
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  auto aggregate = [&](const char* function) -> ExprPtr {
    ExprList pair;
    for (const ExprPtr& a : args) pair.push_back(a->Copy());
    return make_uniq<FunctionExpression>(function, std::move(pair),
                                         filter ? filter->Copy() : nullptr, nullptr, expr.distinct);
  };
  auto zero = [&](const char* function) {
    return Compare(ExpressionType::COMPARE_EQUAL, aggregate(function),
                   ExprPtr(make_uniq<ConstantExpression>(Value::DOUBLE(0))));
  };
  ExprPtr few = Compare(ExpressionType::COMPARE_LESSTHAN, aggregate("regr_count"), Int(2));
  ExprPtr value = CastTo(type, aggregate(name.c_str()));
  if (name == "corr") {
    std::string message =
        TaggedMessage("DIVIDE_BY_ZERO", "Division by zero: the values of corr do not vary.");
    value = If(Or(zero("regr_sxx"), zero("regr_syy")),
               CastTo(type, Make("error", Text(message.c_str()))), std::move(value));
    return If(std::move(few), CastTo(type, Null()), std::move(value));
  }
  if (name == "regr_slope" || name == "regr_intercept") {
    return If(Or(std::move(few), zero("regr_sxx")), CastTo(type, Null()), std::move(value));
  }
  if (name == "regr_r2") {
    value =
        If(zero("regr_syy"), CastTo(type, ExprPtr(make_uniq<ConstantExpression>(Value::DOUBLE(1)))),
           std::move(value));
    return If(Or(std::move(few), zero("regr_sxx")), CastTo(type, Null()), std::move(value));
  }
  return value;
}

}  // namespace tarn::engine
