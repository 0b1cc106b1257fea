#include <algorithm>

#include "plan/coercion.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;
using sql::BinaryOp;

namespace {

bool IsInterval(const DataType& t) {
  return t.is(TypeKind::kYearMonthInterval) || t.is(TypeKind::kDayTimeInterval);
}

bool IsOrderable(const DataType& t) {
  return !t.is(TypeKind::kMap) && !t.is(TypeKind::kVariant) && !t.is(TypeKind::kCalendarInterval);
}

ExprRef Boolean(std::string function, std::vector<ExprRef> args) {
  bool nullable =
      std::any_of(args.begin(), args.end(), [](const ExprRef& e) { return e->nullable; });
  return MakeCall(std::move(function), std::move(args), TypeKind::kBoolean, nullable);
}

ExprRef Negated(ExprRef condition, bool negated) {
  return negated ? Boolean("not", {std::move(condition)}) : condition;
}

std::string_view ArithmeticName(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
      return "+";
    case BinaryOp::kSubtract:
      return "-";
    case BinaryOp::kMultiply:
      return "*";
    case BinaryOp::kDivide:
      return "/";
    case BinaryOp::kDiv:
      return "div";
    default:
      return "%";
  }
}

}  // namespace

Result<ExprRef> Analyzer::ExprResolver::ResolveUnary(const sql::Unary& unary) {
  TARN_TRY(ExprRef operand, Resolve(*unary.operand));
  if (unary.op == sql::UnaryOp::kNot) {
    if (operand->type.is_string() || operand->type.is(TypeKind::kNull)) {
      operand = MakeCast(operand, TypeKind::kBoolean);
    }
    if (!operand->type.is(TypeKind::kBoolean)) return BinaryMismatch("NOT", *operand, *operand);
    return Boolean("not", {std::move(operand)});
  }
  if (operand->type.is_string()) operand = MakeCast(operand, TypeKind::kDouble);
  bool fits = unary.op == sql::UnaryOp::kBitNot
                  ? operand->type.is_integral()
                  : operand->type.is_numeric() || IsInterval(operand->type);
  if (!fits) return BinaryMismatch("unary operator", *operand, *operand);
  if (unary.op == sql::UnaryOp::kPlus) return operand;
  DataType type = operand->type;
  bool nullable = operand->nullable;
  return MakeCall(unary.op == sql::UnaryOp::kMinus ? "negative" : "~", {std::move(operand)},
                  std::move(type), nullable);
}

Result<ExprRef> Analyzer::ExprResolver::ResolveBinary(const sql::Binary& binary) {
  TARN_TRY(ExprRef left, Resolve(*binary.left));
  TARN_TRY(ExprRef right, Resolve(*binary.right));
  switch (binary.op) {
    case BinaryOp::kOr:
    case BinaryOp::kAnd: {
      for (ExprRef* side : {&left, &right}) {
        if ((*side)->type.is(TypeKind::kNull)) *side = MakeCast(*side, TypeKind::kBoolean);
        if (!(*side)->type.is(TypeKind::kBoolean)) {
          return BinaryMismatch(sql::BinaryOpText(binary.op), *left, *right);
        }
      }
      return Boolean(binary.op == BinaryOp::kOr ? "or" : "and",
                     {std::move(left), std::move(right)});
    }
    case BinaryOp::kEqual:
    case BinaryOp::kNotEqual:
    case BinaryOp::kLess:
    case BinaryOp::kLessEqual:
    case BinaryOp::kGreater:
    case BinaryOp::kGreaterEqual:
    case BinaryOp::kNullSafeEqual:
      return Compare(sql::BinaryOpText(binary.op), std::move(left), std::move(right));
    case BinaryOp::kConcat: {
      for (ExprRef* side : {&left, &right}) {
        if ((*side)->type.is_nested()) return BinaryMismatch("||", *left, *right);
        *side = MakeCast(*side, TypeKind::kString);
      }
      bool nullable = left->nullable || right->nullable;
      return MakeCall("concat", {std::move(left), std::move(right)}, TypeKind::kString, nullable);
    }
    case BinaryOp::kBitAnd:
    case BinaryOp::kBitOr:
    case BinaryOp::kBitXor: {
      if (!left->type.is_integral() || !right->type.is_integral()) {
        return BinaryMismatch(sql::BinaryOpText(binary.op), *left, *right);
      }
      DataType type = *CommonType(left->type, right->type);
      bool nullable = left->nullable || right->nullable;
      return MakeCall(std::string(sql::BinaryOpText(binary.op)),
                      {MakeCast(left, type), MakeCast(right, type)}, type, nullable);
    }
    case BinaryOp::kShiftLeft:
    case BinaryOp::kShiftRight:
    case BinaryOp::kShiftRightUnsigned:
      return Fail("UNSUPPORTED_FEATURE", "Tarn does not support shift operators yet.");
    default:
      return Arithmetic(binary.op, std::move(left), std::move(right));
  }
}

Result<ExprRef> Analyzer::ExprResolver::Compare(std::string_view function, ExprRef left,
                                                ExprRef right) {
  std::optional<DataType> type = CommonType(left->type, right->type);
  if (!type) return BinaryMismatch(function, *left, *right);
  if (!IsOrderable(*type)) {
    return Fail("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                "Values of type \"" + type->ToSqlString() + "\" cannot be compared.");
  }
  ExprRef a = MakeCast(std::move(left), *type);
  ExprRef b = MakeCast(std::move(right), *type);
  if (function == "<=>") return MakeCall("<=>", {a, b}, TypeKind::kBoolean, false);
  return Boolean(std::string(function), {a, b});
}

Result<ExprRef> Analyzer::ExprResolver::Arithmetic(BinaryOp op, ExprRef left, ExprRef right) {
  std::string name(ArithmeticName(op));
  auto datetime = [](const DataType& t) {
    return t.is(TypeKind::kDate) || t.is(TypeKind::kTimestamp) || t.is(TypeKind::kTimestampNtz);
  };
  bool nullable = left->nullable || right->nullable;
  bool additive = op == BinaryOp::kAdd || op == BinaryOp::kSubtract;
  if (additive && (datetime(left->type) || datetime(right->type))) {
    if (op == BinaryOp::kAdd && datetime(right->type)) std::swap(left, right);
    const DataType lt = left->type;
    if (lt.is(TypeKind::kDate) && right->type.is_integral() &&
        right->type.kind() <= TypeKind::kInteger) {
      return MakeCall(op == BinaryOp::kAdd ? "date_add" : "date_sub",
                      {left, MakeCast(right, TypeKind::kInteger)}, TypeKind::kDate, nullable);
    }
    if (IsInterval(right->type)) {
      bool day_time = right->type.is(TypeKind::kDayTimeInterval);
      bool time_part = day_time && right->type.interval_end() != columnar::IntervalField::kDay;
      DataType type = lt.is(TypeKind::kDate) && time_part ? DataType(TypeKind::kTimestamp) : lt;
      return MakeCall(op == BinaryOp::kAdd ? "datetime_add" : "datetime_sub",
                      {MakeCast(left, type), right}, type, nullable);
    }
    if (op == BinaryOp::kSubtract && datetime(right->type)) {
      if (lt.is(TypeKind::kDate) && right->type.is(TypeKind::kDate)) {
        DataType days =
            DataType::DayTimeInterval(columnar::IntervalField::kDay, columnar::IntervalField::kDay);
        return MakeCall("date_minus_date", {left, right}, days, nullable);
      }
      DataType common = *CommonType(lt, right->type);
      DataType span = DataType::DayTimeInterval(columnar::IntervalField::kDay,
                                                columnar::IntervalField::kSecond);
      return MakeCall("timestamp_minus_timestamp",
                      {MakeCast(left, common), MakeCast(right, common)}, span, nullable);
    }
    return BinaryMismatch(name, *left, *right);
  }
  if (IsInterval(left->type) || IsInterval(right->type)) {
    if (!additive)
      return Fail("UNSUPPORTED_FEATURE", "Tarn does not support " + name + " on intervals yet.");
    std::optional<DataType> type = CommonType(left->type, right->type);
    if (!type || !IsInterval(*type)) return BinaryMismatch(name, *left, *right);
    return MakeCall(name, {left, right}, *type, nullable);
  }

  // Strings become numbers: DOUBLE beside fractions and strings, BIGINT beside whole numbers.
  auto number = [&](const ExprRef& e, const ExprRef& other) -> ExprRef {
    if (e->type.is_string()) {
      return MakeCast(e, other->type.is_integral() ? TypeKind::kLong : TypeKind::kDouble);
    }
    if (e->type.is(TypeKind::kNull)) {
      return MakeCast(e, other->type.is_numeric() ? other->type : DataType(TypeKind::kDouble));
    }
    return e;
  };
  ExprRef l = number(left, right);
  ExprRef r = number(right, left);
  if (!l->type.is_numeric() || !r->type.is_numeric()) return BinaryMismatch(name, *left, *right);
  bool decimal = l->type.is(TypeKind::kDecimal) || r->type.is(TypeKind::kDecimal);
  bool floating = l->type.is(TypeKind::kFloat) || r->type.is(TypeKind::kFloat) ||
                  l->type.is(TypeKind::kDouble) || r->type.is(TypeKind::kDouble);
  if (op == BinaryOp::kDiv) {
    if (decimal || floating) {
      return Fail("UNSUPPORTED_FEATURE", "Tarn supports DIV on whole numbers only.");
    }
    return MakeCall("div", {MakeCast(l, TypeKind::kLong), MakeCast(r, TypeKind::kLong)},
                    TypeKind::kLong, nullable);
  }
  if (decimal && !floating) {
    DataType a = DecimalFor(*l);
    DataType b = DecimalFor(*r);
    DataType type = DecimalResult(op, a, b);
    return MakeCall(name, {MakeCast(l, a), MakeCast(r, b)}, type, nullable);
  }
  DataType type = *CommonType(l->type, r->type);
  if (op == BinaryOp::kDivide || (decimal && floating)) type = TypeKind::kDouble;
  return MakeCall(name, {MakeCast(l, type), MakeCast(r, type)}, type, nullable);
}

Result<ExprRef> Analyzer::ExprResolver::ResolveCase(const sql::Case& node) {
  std::vector<ExprRef> conditions;
  std::vector<ExprRef> values;
  ExprRef operand;
  if (node.operand) {
    TARN_TRY(operand, Resolve(*node.operand));
  }
  for (const auto& [when, then] : node.branches) {
    ExprRef condition;
    if (operand) {
      TARN_TRY(ExprRef value, Resolve(*when));
      TARN_TRY(condition, Compare("=", operand, std::move(value)));
    } else {
      TARN_TRY(condition, ResolveCondition(*when, "CASE WHEN"));
    }
    conditions.push_back(std::move(condition));
    TARN_TRY(ExprRef value, Resolve(*then));
    values.push_back(std::move(value));
  }
  bool nullable = !node.otherwise;
  if (node.otherwise) {
    TARN_TRY(ExprRef value, Resolve(*node.otherwise));
    values.push_back(std::move(value));
  }
  std::optional<DataType> type = CommonType(values);
  if (!type) {
    return Fail("DATATYPE_MISMATCH.DATA_DIFF_TYPES", "The branches of CASE must have one type.",
                {{"functionName", "`casewhen`"}});
  }
  auto result = std::make_shared<Expr>();
  result->op = ExprOp::kCase;
  result->type = *type;
  for (size_t i = 0; i < values.size(); ++i) {
    nullable = nullable || values[i]->nullable;
    if (i < conditions.size()) result->args.push_back(conditions[i]);
    result->args.push_back(MakeCast(values[i], *type));
  }
  result->nullable = nullable;
  return ExprRef(std::move(result));
}

Result<ExprRef> Analyzer::ExprResolver::ResolveBetween(const sql::Between& between) {
  TARN_TRY(ExprRef operand, Resolve(*between.operand));
  TARN_TRY(ExprRef low, Resolve(*between.low));
  TARN_TRY(ExprRef high, Resolve(*between.high));
  TARN_TRY(ExprRef above, Compare(">=", operand, std::move(low)));
  TARN_TRY(ExprRef below, Compare("<=", operand, std::move(high)));
  return Negated(Boolean("and", {std::move(above), std::move(below)}), between.negated);
}

Result<ExprRef> Analyzer::ExprResolver::ResolveIn(const sql::In& in) {
  TARN_TRY(ExprRef operand, Resolve(*in.operand));
  if (in.query) {
    TARN_TRY(PlanRef plan, ResolveSubplan(*in.query));
    if (plan->output.size() != 1) {
      return Fail("DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
                  "The query after IN must return one column, but returns " +
                      std::to_string(plan->output.size()) + ".");
    }
    std::optional<DataType> type = CommonType(operand->type, plan->output[0].type);
    if (!type) {
      return Fail("DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH",
                  "The types of IN do not match: \"" + operand->type.ToSqlString() + "\" and \"" +
                      plan->output[0].type.ToSqlString() + "\".");
    }
    if (!plan->output[0].type.SameTypeIgnoringNullability(*type)) {
      auto project = std::make_shared<LogicalPlan>();
      project->kind = PlanKind::kProject;
      project->exprs = {MakeCast(MakeColumn(plan->output[0]), *type)};
      Attribute out = plan->output[0];
      out.id = state_.NewId();
      out.type = *type;
      project->output = {out};
      project->children = {plan};
      plan = project;
    }
    auto node = std::make_shared<Expr>();
    node->op = ExprOp::kInSubquery;
    node->type = TypeKind::kBoolean;
    node->nullable = operand->nullable || plan->output[0].nullable;
    node->args = {MakeCast(std::move(operand), *type)};
    node->plan = std::move(plan);
    return Negated(std::move(node), in.negated);
  }
  std::vector<ExprRef> all = {operand};
  for (const auto& item : in.list) {
    TARN_TRY(ExprRef value, Resolve(*item));
    all.push_back(std::move(value));
  }
  std::optional<DataType> type = CommonType(all);
  if (!type) {
    return Fail("DATATYPE_MISMATCH.DATA_DIFF_TYPES", "The values of IN must have one type.",
                {{"functionName", "`in`"}});
  }
  for (ExprRef& e : all) e = MakeCast(std::move(e), *type);
  return Negated(Boolean("in", std::move(all)), in.negated);
}

Result<ExprRef> Analyzer::ExprResolver::ResolveLike(const sql::Like& like) {
  static constexpr std::string_view kNames[] = {"like", "ilike", "rlike"};
  TARN_TRY(ExprRef operand, Resolve(*like.operand));
  operand = MakeCast(std::move(operand), TypeKind::kString);
  ExprRef combined;
  for (const auto& item : like.patterns) {
    TARN_TRY(ExprRef pattern, Resolve(*item));
    std::vector<ExprRef> args = {operand, MakeCast(std::move(pattern), TypeKind::kString)};
    args.push_back(MakeLiteral(TypeKind::kString, like.escape.value_or("\\")));
    if (like.like == sql::LikeKind::kRLike) args.pop_back();
    ExprRef test = Boolean(std::string(kNames[static_cast<int>(like.like)]), std::move(args));
    // NOT LIKE ANY (a, b): some pattern does not match.
    test = Negated(std::move(test), like.negated);
    if (!combined) {
      combined = std::move(test);
    } else {
      combined = Boolean(like.quantifier == sql::Quantifier::kAny ? "or" : "and",
                         {std::move(combined), std::move(test)});
    }
  }
  return combined;
}

Result<ExprRef> Analyzer::ExprResolver::ResolveIs(const sql::Is& is) {
  TARN_TRY(ExprRef operand, Resolve(*is.operand));
  auto test = [&](std::string function, std::vector<ExprRef> args) {
    return Negated(MakeCall(std::move(function), std::move(args), TypeKind::kBoolean, false),
                   is.negated);
  };
  switch (is.test) {
    case sql::IsKind::kNull:
      return test("isnull", {std::move(operand)});
    case sql::IsKind::kUnknown:
      return test("isnull", {MakeCast(std::move(operand), TypeKind::kBoolean)});
    case sql::IsKind::kTrue:
    case sql::IsKind::kFalse: {
      ExprRef constant =
          MakeLiteral(TypeKind::kBoolean, is.test == sql::IsKind::kTrue ? "true" : "false");
      return test("<=>", {MakeCast(std::move(operand), TypeKind::kBoolean), std::move(constant)});
    }
    case sql::IsKind::kDistinctFrom: {
      TARN_TRY(ExprRef other, Resolve(*is.other));
      TARN_TRY(ExprRef equal, Compare("<=>", std::move(operand), std::move(other)));
      return Negated(std::move(equal), !is.negated);
    }
  }
  return Fail("INTERNAL_ERROR", "an IS test of an unknown kind");
}

}  // namespace tarn::plan
