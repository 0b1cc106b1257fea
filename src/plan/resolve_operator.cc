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

}  // namespace

Result<ExprRef> Analyzer::ExprResolver::ResolveUnary(const sql::Unary& unary) {
  TARN_TRY(ExprRef operand, Resolve(*unary.operand));
  bool null = operand->type.is(TypeKind::kNull);
  if (unary.op == sql::UnaryOp::kNot) {
    if (operand->type.is_string() || null) operand = MakeCast(operand, TypeKind::kBoolean);
    if (!operand->type.is(TypeKind::kBoolean)) return WrongOperand("NOT", *operand, "\"BOOLEAN\"");
    return Boolean("not", {std::move(operand)});
  }
  if (operand->type.is_string() || null) operand = MakeCast(operand, TypeKind::kDouble);
  bool bits = unary.op == sql::UnaryOp::kBitNot;
  bool fits =
      bits ? operand->type.is_integral() : operand->type.is_numeric() || IsInterval(operand->type);
  if (!fits) {
    return WrongOperand(bits ? "~" : "unary -", *operand, bits ? "\"INTEGRAL\"" : "\"NUMERIC\"");
  }
  if (unary.op == sql::UnaryOp::kPlus) return operand;
  DataType type = operand->type;
  bool nullable = operand->nullable;
  return MakeCall(bits ? "~" : "negative", {std::move(operand)}, std::move(type), nullable);
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
      if (left->type.is(TypeKind::kArray) || right->type.is(TypeKind::kArray)) {
        bool handled = false;
        return SpecialFunction("concat", {std::move(left), std::move(right)}, &handled);
      }
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
      return Shift(binary.op, std::move(left), std::move(right));
    default:
      return Arithmetic(binary.op, std::move(left), std::move(right), &binary);
  }
}

Result<ExprRef> Analyzer::ExprResolver::Shift(BinaryOp op, ExprRef left, ExprRef right) {
  if (left->type.is(TypeKind::kByte) || left->type.is(TypeKind::kShort)) {
    left = MakeCast(std::move(left), TypeKind::kInteger);
  }
  if (!left->type.is_integral()) return WrongOperand("shift", *left, "\"INTEGRAL\"");
  if (!right->type.is_integral()) return WrongOperand("shift", *right, "\"INT\"");
  right = MakeCast(std::move(right), TypeKind::kInteger);
  DataType type = left->type;
  bool nullable = left->nullable || right->nullable;
  return MakeCall(op == BinaryOp::kShiftLeft    ? "shiftleft"
                  : op == BinaryOp::kShiftRight ? "shiftright"
                                                : "shiftrightunsigned",
                  {std::move(left), std::move(right)}, std::move(type), nullable);
}

Result<ExprRef> Analyzer::ExprResolver::Compare(std::string_view function, ExprRef left,
                                                ExprRef right) {
  std::optional<DataType> type =
      CommonType(left->type, right->type, state_.context.ansi, Together::kComparison);
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
      TARN_TRY(condition, Resolve(*when));
      if (condition->type.is(TypeKind::kNull)) condition = MakeCast(condition, TypeKind::kBoolean);
      if (!condition->type.is(TypeKind::kBoolean)) {
        return WrongOperand("CASE WHEN", *condition, "\"BOOLEAN\"");
      }
    }
    conditions.push_back(std::move(condition));
    TARN_TRY(ExprRef value, Resolve(*then));
    values.push_back(std::move(value));
  }
  bool nullable = !node.otherwise;  // no branch may hold
  if (node.otherwise) {
    TARN_TRY(ExprRef value, Resolve(*node.otherwise));
    values.push_back(std::move(value));
  }
  std::optional<DataType> type = CommonType(values, state_.context.ansi);
  if (!type) {
    return Fail("DATATYPE_MISMATCH.DATA_DIFF_TYPES", "The branches of CASE must have one type.",
                {{"functionName", "`casewhen`"}});
  }
  auto result = std::make_shared<Expr>();
  result->op = ExprOp::kCase;
  result->type = *type;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i < conditions.size()) result->args.push_back(conditions[i]);
    result->args.push_back(MakeCast(values[i], *type));
    nullable = nullable || result->args.back()->nullable;
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
