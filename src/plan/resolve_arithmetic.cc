#include <algorithm>

#include "plan/coercion.h"
#include "plan/output_name.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::IntervalField;
using columnar::TypeKind;
using sql::BinaryOp;

namespace {

bool IsInterval(const DataType& t) {
  return t.is(TypeKind::kYearMonthInterval) || t.is(TypeKind::kDayTimeInterval);
}

bool IsDatetime(const DataType& t) {
  return t.is(TypeKind::kDate) || t.is(TypeKind::kTimestamp) || t.is(TypeKind::kTimestampNtz);
}

bool IsFloating(const DataType& t) { return t.is(TypeKind::kFloat) || t.is(TypeKind::kDouble); }

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

Error WrongInput(std::string_view op, const Expr& arg, std::string_view wanted) {
  return Fail(
      "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
      "Cannot resolve " + std::string(op) + " due to data type mismatch: it requires " +
          std::string(wanted) + ", but has the type \"" + arg.type.ToSqlString() + "\".",
      {{"requiredType", std::string(wanted)}, {"inputType", "\"" + arg.type.ToSqlString() + "\""}});
}

DataType Span() { return DataType::DayTimeInterval(IntervalField::kDay, IntervalField::kSecond); }

}  // namespace

// Dates and timestamps with whole numbers of days, intervals and each other. Names in the syntax's
// place: f + 1 is date_add(f, 1).
Result<ExprRef> Analyzer::ExprResolver::DatetimeArithmetic(BinaryOp op, ExprRef left, ExprRef right,
                                                           const sql::Binary* syntax) {
  const sql::Expr* first = syntax != nullptr ? syntax->left.get() : nullptr;
  const sql::Expr* second = syntax != nullptr ? syntax->right.get() : nullptr;
  bool adds = op == BinaryOp::kAdd;
  if (adds && IsDatetime(right->type) && !IsDatetime(left->type)) {
    std::swap(left, right);
    std::swap(first, second);
  }
  auto name = [&](auto make) {
    if (syntax == nullptr) return;
    auto text = [&](const sql::Expr* e) { return NameText(*e, state_.names, state_.text); };
    state_.names[syntax] = make(text(first), text(second));
  };
  bool nullable = left->nullable || right->nullable;
  const DataType lt = left->type;
  const std::string days = adds ? "date_add" : "date_sub";
  if (lt.is(TypeKind::kDate) && (right->type.is_numeric() || right->type.is_string())) {
    bool whole = right->type.is_integral() && right->type.kind() <= TypeKind::kInteger;
    if (!whole && !right->type.is_string()) {
      return WrongInput(days, *right, "(\"INT\" or \"SMALLINT\" or \"TINYINT\")");
    }
    name([&](auto a, auto b) { return days + "(" + a + ", " + b + ")"; });
    ExprRef count = MakeCast(right, TypeKind::kInteger);
    return MakeCall(days, {left, count}, TypeKind::kDate, nullable || count->nullable);
  }
  if (IsInterval(right->type)) {
    bool day_time = right->type.is(TypeKind::kDayTimeInterval);
    bool time_part = day_time && right->type.interval_end() != IntervalField::kDay;
    DataType type = lt.is(TypeKind::kDate) && time_part ? DataType(TypeKind::kTimestamp) : lt;
    bool whole_days = lt.is(TypeKind::kDate) && day_time && !time_part;
    name([&](auto a, auto b) {
      return whole_days ? days + "(" + a + ", extractansiintervaldays(" + b + "))"
                        : a + (adds ? " + " : " - ") + b;
    });
    return MakeCall(adds ? "datetime_add" : "datetime_sub", {MakeCast(left, type), right}, type,
                    nullable);
  }
  if (!adds && IsDatetime(right->type)) {
    if (lt.is(TypeKind::kDate) && right->type.is(TypeKind::kDate)) {
      DataType span = DataType::DayTimeInterval(IntervalField::kDay, IntervalField::kDay);
      return MakeCall("date_minus_date", {left, right}, span, nullable);
    }
    DataType common = *CommonType(lt, right->type);
    return MakeCall("timestamp_minus_timestamp", {MakeCast(left, common), MakeCast(right, common)},
                    Span(), nullable);
  }
  return BinaryMismatch(ArithmeticName(op), *left, *right);
}

Result<ExprRef> Analyzer::ExprResolver::IntervalArithmetic(BinaryOp op, ExprRef left,
                                                           ExprRef right) {
  std::string name(ArithmeticName(op));
  bool nullable = left->nullable || right->nullable;
  if (op == BinaryOp::kAdd || op == BinaryOp::kSubtract) {
    if (IsInterval(left->type) && IsInterval(right->type) &&
        left->type.kind() != right->type.kind()) {
      return WrongInput(name, *right, "\"" + left->type.ToSqlString() + "\"");
    }
    std::optional<DataType> type = CommonType(left->type, right->type);
    if (!type || !IsInterval(*type)) return BinaryMismatch(name, *left, *right);
    return MakeCall(name, {MakeCast(left, *type), MakeCast(right, *type)}, *type, nullable);
  }
  bool swapped = op == BinaryOp::kMultiply && IsInterval(right->type);
  if (swapped) std::swap(left, right);
  bool scales = IsInterval(left->type) && right->type.is_numeric() &&
                (op == BinaryOp::kMultiply || op == BinaryOp::kDivide);
  if (!scales) return BinaryMismatch(name, *left, *right);
  DataType type = left->type.is(TypeKind::kDayTimeInterval)
                      ? Span()
                      : DataType::YearMonthInterval(IntervalField::kYear, IntervalField::kMonth);
  return MakeCall(op == BinaryOp::kMultiply ? "interval_multiply" : "interval_divide",
                  {left, right}, type, nullable);
}

Result<ExprRef> Analyzer::ExprResolver::Arithmetic(BinaryOp op, ExprRef left, ExprRef right,
                                                   const sql::Binary* syntax) {
  std::string name(ArithmeticName(op));
  bool ansi = state_.context.ansi;
  bool additive = op == BinaryOp::kAdd || op == BinaryOp::kSubtract;
  if (additive && (IsDatetime(left->type) || IsDatetime(right->type))) {
    return DatetimeArithmetic(op, std::move(left), std::move(right), syntax);
  }
  if (IsInterval(left->type) || IsInterval(right->type)) {
    return IntervalArithmetic(op, std::move(left), std::move(right));
  }
  if (ansi && left->type.is_string() && right->type.is_string()) {
    return WrongType(name, *left, *right);
  }
  // Strings become numbers: BIGINT beside whole numbers under ANSI mode, else DOUBLE.
  auto number = [&](const ExprRef& e, const ExprRef& other) -> ExprRef {
    if (e->type.is_string()) {
      return MakeCast(e, ansi && other->type.is_integral() ? TypeKind::kLong : TypeKind::kDouble);
    }
    if (e->type.is(TypeKind::kNull)) {
      return MakeCast(e, other->type.is_numeric() ? other->type : DataType(TypeKind::kDouble));
    }
    return e;
  };
  ExprRef l = number(left, right);
  ExprRef r = number(right, left);
  if (!l->type.is_numeric() || !r->type.is_numeric()) {
    return left->type.SameTypeIgnoringNullability(right->type)
               ? WrongType(name, *left, *right)
               : BinaryMismatch(name, *left, *right);
  }
  bool decimal = l->type.is(TypeKind::kDecimal) || r->type.is(TypeKind::kDecimal);
  bool floating = IsFloating(l->type) || IsFloating(r->type);
  bool divides = op == BinaryOp::kDivide || op == BinaryOp::kModulo || op == BinaryOp::kDiv;
  if (op == BinaryOp::kDiv && floating) {
    return l->type.SameTypeIgnoringNullability(r->type) ? WrongType(name, *l, *r)
                                                        : BinaryMismatch(name, *l, *r);
  }
  if (op == BinaryOp::kDiv && !decimal) {
    return MakeCall("div", {MakeCast(l, TypeKind::kLong), MakeCast(r, TypeKind::kLong)},
                    TypeKind::kLong, true);
  }
  if (decimal && !floating) {
    DataType a = DecimalFor(*l);
    DataType b = DecimalFor(*r);
    l = MakeCast(l, a);
    r = MakeCast(r, b);
    if (op == BinaryOp::kDiv) return MakeCall("div_decimal", {l, r}, TypeKind::kLong, true);
    bool nullable = l->nullable || r->nullable || divides || !ansi;
    return MakeCall(name, {l, r}, DecimalResult(op, a, b), nullable);
  }
  DataType type = *CommonType(l->type, r->type, ansi);
  if (op == BinaryOp::kDivide || (decimal && floating)) type = TypeKind::kDouble;
  l = MakeCast(l, type);
  r = MakeCast(r, type);
  bool nullable = l->nullable || r->nullable || divides;
  return MakeCall(name, {l, r}, type, nullable);
}

// mod, pmod and the try_ forms have the types of their operators.
Result<ExprRef> Analyzer::ExprResolver::NamedArithmetic(const std::string& name, ExprRef left,
                                                        ExprRef right) {
  BinaryOp op = name == "try_add"        ? BinaryOp::kAdd
                : name == "try_subtract" ? BinaryOp::kSubtract
                : name == "try_multiply" ? BinaryOp::kMultiply
                : name == "try_divide"   ? BinaryOp::kDivide
                                         : BinaryOp::kModulo;
  TARN_TRY(ExprRef plain, Arithmetic(op, std::move(left), std::move(right), nullptr));
  auto node = std::make_shared<Expr>(*plain);
  if (node->function == "%" || node->function == "/" || node->function == "+" ||
      node->function == "-" || node->function == "*") {
    node->function = name == "mod" ? "%" : name;
  } else {
    // On dates and intervals: the operator's own function, or NULL in the place of its errors.
    node->function = "try_" + node->function;
  }
  node->nullable = true;
  return ExprRef(std::move(node));
}

Error Analyzer::ExprResolver::BinaryMismatch(std::string_view op, const Expr& a,
                                             const Expr& b) const {
  std::string left = "\"" + a.type.ToSqlString() + "\"";
  std::string right = "\"" + b.type.ToSqlString() + "\"";
  return Fail("DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES",
              "The operands of " + std::string(op) + " have incompatible types (" + left + " and " +
                  right + ").",
              {{"left", left}, {"right", right}});
}

Error Analyzer::ExprResolver::WrongType(std::string_view op, const Expr& a, const Expr& b) const {
  std::string actual = "\"" + a.type.ToSqlString() + "\"";
  return Fail(
      "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE",
      "The operands of " + std::string(op) + " must be numbers or intervals, not " + actual + ".",
      {{"actualDataType", actual}});
}

Error Analyzer::ExprResolver::WrongOperand(std::string_view op, const Expr& a,
                                           std::string_view wanted) const {
  return WrongInput(op, a, wanted);
}

}  // namespace tarn::plan
