#include "plan/expression.h"

#include <algorithm>

namespace tarn::plan {

using columnar::TypeKind;

ExprRef MakeLiteral(columnar::DataType type, std::optional<std::string> value) {
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::kLiteral;
  node->nullable = !value.has_value();
  node->type = std::move(type);
  node->value = std::move(value);
  return node;
}

ExprRef MakeColumn(const Attribute& attribute) {
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::kColumn;
  node->id = attribute.id;
  node->name = attribute.name;
  node->type = attribute.type;
  node->nullable = attribute.nullable;
  return node;
}

namespace {

bool IsWholeOf(const columnar::DataType& decimal, int digits) {
  return decimal.precision() - decimal.scale() >= digits;
}

// Every value of `from` is a value of `to`.
bool CanUpCast(const columnar::DataType& from, const columnar::DataType& to) {
  if (from.SameTypeIgnoringNullability(to)) return true;
  if (to.is_string()) return !from.is_nested() && !from.is(TypeKind::kBinary);
  if (to.is(TypeKind::kDecimal)) {
    switch (from.kind()) {
      case TypeKind::kByte:
        return IsWholeOf(to, 3);
      case TypeKind::kShort:
        return IsWholeOf(to, 5);
      case TypeKind::kInteger:
        return IsWholeOf(to, 10);
      case TypeKind::kLong:
        return IsWholeOf(to, 20);
      case TypeKind::kDecimal:
        return to.scale() >= from.scale() && IsWholeOf(to, from.precision() - from.scale());
      default:
        return false;
    }
  }
  if (from.is_numeric() && to.is_numeric() && !from.is(TypeKind::kDecimal)) {
    return from.kind() <= to.kind();
  }
  return from.is(TypeKind::kDate) &&
         (to.is(TypeKind::kTimestamp) || to.is(TypeKind::kTimestampNtz));
}

// Casts that Spark calls nullable whatever goes in.
bool ForcesNull(const columnar::DataType& from, const columnar::DataType& to) {
  if (from.is(TypeKind::kNull)) return true;
  if (from.is_string()) return !to.is(TypeKind::kBinary) && !to.is_string();
  if (to.is_string()) return false;
  if (from.is(TypeKind::kTimestamp) && to.is_integral()) return !to.is(TypeKind::kLong);
  if (from.is_fractional() && !from.is(TypeKind::kDecimal) && to.is(TypeKind::kTimestamp)) {
    return true;
  }
  if (to.is(TypeKind::kDate)) {
    return !from.is(TypeKind::kTimestamp) && !from.is(TypeKind::kTimestampNtz);
  }
  if (to.is(TypeKind::kDecimal) && !from.is(TypeKind::kBoolean)) return !CanUpCast(from, to);
  return from.is_fractional() && to.is_integral();
}

}  // namespace

ExprRef MakeCast(ExprRef expr, const columnar::DataType& type, bool try_cast) {
  if (expr->type.SameTypeIgnoringNullability(type)) return expr;
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::kCast;
  node->type = type;
  node->nullable =
      expr->nullable || ForcesNull(expr->type, type) || (try_cast && !CanUpCast(expr->type, type));
  node->range = expr->range;
  node->try_cast = try_cast;
  node->args = {std::move(expr)};
  return node;
}

ExprRef MakeCall(std::string function, std::vector<ExprRef> args, columnar::DataType type,
                 bool nullable) {
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::kCall;
  node->function = std::move(function);
  node->args = std::move(args);
  node->type = std::move(type);
  node->nullable = nullable;
  return node;
}

namespace {

bool SameList(const std::vector<ExprRef>& a, const std::vector<ExprRef>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), &SameExpr);
}

bool SameKeys(const std::vector<SortKey>& a, const std::vector<SortKey>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const SortKey& x, const SortKey& y) {
    return x.descending == y.descending && x.nulls_first == y.nulls_first &&
           SameExpr(x.expr, y.expr);
  });
}

bool SameFrame(const std::optional<Frame>& a, const std::optional<Frame>& b) {
  if (a.has_value() != b.has_value()) return false;
  return !a ||
         (a->unit == b->unit && a->start == b->start && a->end == b->end &&
          SameExpr(a->start_offset, b->start_offset) && SameExpr(a->end_offset, b->end_offset));
}

}  // namespace

bool SameExpr(const ExprRef& a, const ExprRef& b) {
  if (a == b) return true;
  if (!a || !b || a->op != b->op || a->plan != b->plan) return false;
  return a->id == b->id && a->function == b->function && a->value == b->value &&
         a->try_cast == b->try_cast && a->distinct == b->distinct &&
         a->ignore_nulls == b->ignore_nulls && a->type.SameTypeIgnoringNullability(b->type) &&
         SameList(a->args, b->args) && SameExpr(a->filter, b->filter) &&
         SameList(a->partition_by, b->partition_by) && SameKeys(a->order_by, b->order_by) &&
         SameFrame(a->frame, b->frame);
}

ExprRef Boolean(std::string function, std::vector<ExprRef> args) {
  bool nullable =
      std::any_of(args.begin(), args.end(), [](const ExprRef& e) { return e->nullable; });
  return MakeCall(std::move(function), std::move(args), TypeKind::kBoolean, nullable);
}

ExprRef Negated(ExprRef condition, bool negated) {
  return negated ? Boolean("not", {std::move(condition)}) : condition;
}

bool AnyExpr(const ExprRef& expr, bool (*test)(const Expr&)) {
  if (!expr) return false;
  if (test(*expr)) return true;
  auto any = [&](const ExprRef& e) { return AnyExpr(e, test); };
  return std::any_of(expr->args.begin(), expr->args.end(), any) || any(expr->filter) ||
         std::any_of(expr->partition_by.begin(), expr->partition_by.end(), any) ||
         std::any_of(expr->order_by.begin(), expr->order_by.end(),
                     [&](const SortKey& key) { return any(key.expr); });
}

}  // namespace tarn::plan
