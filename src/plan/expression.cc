#include "plan/expression.h"

#include <algorithm>

namespace tarn::plan {

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

ExprRef MakeCast(ExprRef expr, const columnar::DataType& type, bool try_cast) {
  if (expr->type.SameTypeIgnoringNullability(type)) return expr;
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::kCast;
  node->type = type;
  node->nullable = expr->nullable || try_cast;
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
