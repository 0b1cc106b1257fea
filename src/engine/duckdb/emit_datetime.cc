#include "engine/duckdb/emitter.h"
#include "engine/duckdb/tree.h"

namespace tarn::engine {

using namespace duckdb;  // NOLINT: this file builds DuckDB's trees
using columnar::DataType;
using columnar::TypeKind;
using namespace tree;  // NOLINT

ExprPtr LocalToUtc(const ExprPtr& local, const ExprPtr& zone) {
  auto micros = [&] { return Make("epoch_us", local->Copy()); };
  auto big = [](int64_t value) {
    return ExprPtr(make_uniq<ConstantExpression>(Value::BIGINT(value)));
  };
  // How far the zone is ahead at an instant given in microseconds.
  auto ahead_at = [&](ExprPtr at) {
    ExprPtr there = Make("timezone", zone->Copy(), Make("spark_timestamp_micros", at->Copy()));
    return Make("-", Make("epoch_us", std::move(there)), std::move(at));
  };
  constexpr int64_t kDay = 86'400'000'000;
  ExprPtr before = ahead_at(Make("-", micros(), big(kDay)));
  ExprPtr after = ahead_at(Make("+", micros(), big(kDay)));
  auto holds = [&](const ExprPtr& ahead) {
    return Compare(ExpressionType::COMPARE_EQUAL, ahead_at(Make("-", micros(), ahead->Copy())),
                   ahead->Copy());
  };
  // Twice on the clock: the first time. Not on the clock: as if it had not been turned yet.
  ExprPtr not_before = make_uniq<OperatorExpression>(ExpressionType::OPERATOR_NOT, holds(before));
  ExprPtr use_after = And(std::move(not_before), holds(after));
  ExprPtr region = If(std::move(use_after), after->Copy(), before->Copy());
  ExprPtr offset = Make("spark_offset_of", zone->Copy());
  ExprPtr ahead = Coalesce(std::move(offset), std::move(region));
  return Make("spark_timestamp_micros", Make("-", micros(), std::move(ahead)));
}

Result<ExprPtr> Emitter::DatetimeCall(const plan::Expr& expr, ExprList& args, bool* handled) {
  const std::string& name = expr.function;
  *handled = true;
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  auto arg = [&](size_t i) { return std::move(args[i]); };
  if (name == "date" || name == "to_date" || name == "to_timestamp" || name == "to_timestamp_ltz" ||
      name == "to_timestamp_ntz") {
    return arg(0);
  }
  if (name == "try_to_date" || name == "try_to_timestamp") {
    plan::Expr tried = *expr.args[0];
    if (tried.op != plan::ExprOp::kCast) return arg(0);
    tried.try_cast = true;
    return Cast(tried);
  }
  if (name.ends_with("_by_pattern")) {
    bool text = expr.args[0]->type.is_string();
    bool tries = name.starts_with("try_");
    ExprPtr pattern = args.size() > 1 ? arg(1) : Text("yyyy-MM-dd HH:mm:ss");
    ExprPtr instant = text ? Make(tries ? "spark_try_parse_by_pattern" : "spark_parse_by_pattern",
                                  arg(0), std::move(pattern))
                           : CastTo(LogicalType::TIMESTAMP_TZ, arg(0));
    if (name.find("unix_timestamp") != std::string::npos) {
      return Make("spark_unix_seconds", std::move(instant));
    }
    return CastTo(type, std::move(instant));
  }
  if (name == "unix_timestamp" || name == "to_unix_timestamp") {
    return Make("spark_unix_seconds", args.empty() ? Make("now") : arg(0));
  }
  if (name == "timestamp_seconds") {
    const DataType& t = expr.args[0]->type;
    if (t.is(TypeKind::kDecimal)) {
      ExprPtr micros = Make("*", CastTo(LogicalType::DECIMAL(38, 6), arg(0)), Int(1'000'000));
      return Make("spark_timestamp_micros", CastTo(LogicalType::BIGINT, std::move(micros)));
    }
    return Make("spark_timestamp_seconds",
                CastTo(t.is_integral() ? LogicalType::BIGINT : LogicalType::DOUBLE, arg(0)));
  }
  if (name == "make_timestamp") {
    ExprPtr micros = Make("*", CastTo(LogicalType::DECIMAL(18, 6), arg(5)), Int(1'000'000));
    ExprPtr zone = args.size() > 6 ? arg(6) : nullptr;
    ExprPtr local = Make("spark_make_local", arg(0), arg(1), arg(2), arg(3), arg(4),
                         CastTo(LogicalType::BIGINT, std::move(micros)));
    return zone ? LocalToUtc(local, zone) : CastTo(type, std::move(local));
  }
  if (name == "from_utc_timestamp") {
    ExprPtr offset = Make("spark_offset_of", args[1]->Copy());
    ExprPtr fixed = Make("+", Make("epoch_us", args[0]->Copy()), offset->Copy());
    ExprPtr region = Make("epoch_us", Make("timezone", arg(1), arg(0)));
    return Make("spark_timestamp_micros",
                If(IsNotNull(std::move(offset)), std::move(fixed), std::move(region)));
  }
  if (name == "to_utc_timestamp") {
    return LocalToUtc(CastTo(LogicalType::TIMESTAMP, arg(0)), args[1]);
  }
  if (name == "second_with_fraction") {
    ExprPtr micros = Make("spark_pmod", Make("epoch_us", arg(0)), Int(60'000'000));
    return CastTo(type, Make("/", CastTo(LogicalType::DOUBLE, std::move(micros)),
                             ExprPtr(make_uniq<ConstantExpression>(Value::DOUBLE(1e6)))));
  }
  if (name == "date_add") return CastTo(type, Make("+", arg(0), arg(1)));
  if (name == "date_sub") return CastTo(type, Make("-", arg(0), arg(1)));
  if (name == "date_diff" || name == "datediff") {
    return CastTo(LogicalType::INTEGER, Make("date_diff", Text("day"), arg(1), arg(0)));
  }
  if (name == "date_minus_date") {
    return Make("*", CastTo(LogicalType::BIGINT, Make("date_diff", Text("day"), arg(1), arg(0))),
                ExprPtr(make_uniq<ConstantExpression>(Value::BIGINT(86'400'000'000))));
  }
  if (name == "timestamp_minus_timestamp") {
    return Make("-", Make("epoch_us", arg(0)), Make("epoch_us", arg(1)));
  }
  if (name == "datetime_add" || name == "datetime_sub" || name == "add_months") {
    bool months = name == "add_months" || expr.args[1]->type.is(TypeKind::kYearMonthInterval);
    ExprPtr interval = Make(months ? "to_months" : "to_microseconds", arg(1));
    return CastTo(type, Make(name == "datetime_sub" ? "-" : "+", arg(0), std::move(interval)));
  }
  if (name == "dayofweek") return CastTo(type, Make("+", Make("dayofweek", arg(0)), Int(1)));
  if (name == "weekday") return CastTo(type, Make("-", Make("isodow", arg(0)), Int(1)));
  if (name == "unix_date")
    return CastTo(type,
                  Make("date_diff", Text("day"),
                       ExprPtr(make_uniq<ConstantExpression>(Value::DATE(1970, 1, 1))), arg(0)));
  if (name == "date_trunc") {
    return CastTo(type, Make("date_trunc", Make("spark_time_unit", arg(0)), arg(1)));
  }
  if (name == "trunc") {
    return CastTo(type, Make("date_trunc", Make("spark_date_unit", arg(1)), arg(0)));
  }
  *handled = false;
  return Fail("INTERNAL_ERROR", "not a call on dates");
}

}  // namespace tarn::engine
