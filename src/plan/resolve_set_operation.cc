#include <algorithm>

#include "plan/coercion.h"
#include "plan/select_parts.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

Result<PlanRef> Analyzer::QueryResolver::ResolveSetOperation(const sql::SetOperation& op,
                                                             const Scope* outer) {
  TARN_TRY(PlanRef left, ResolveBody(*op.left, outer, nullptr));
  TARN_TRY(PlanRef right, ResolveBody(*op.right, outer, nullptr));
  static constexpr std::string_view kNames[] = {"UNION", "INTERSECT", "EXCEPT"};
  std::string name(kNames[static_cast<int>(op.op)]);
  if (left->output.size() != right->output.size()) {
    return state_.At(
        Fail("NUM_COLUMNS_MISMATCH",
             name +
                 " can only be performed on inputs with the same number of columns, but "
                 "the first input has " +
                 std::to_string(left->output.size()) + " columns and the second has " +
                 std::to_string(right->output.size()) + " columns.",
             {{"operator", name},
              {"firstNumColumns", std::to_string(left->output.size())},
              {"invalidNumColumns", std::to_string(right->output.size())}}),
        op.range);
  }
  auto node = NewPlan(PlanKind::kSetOp, {});
  node->set_op = op.op;
  node->all = op.all;
  bool change[2] = {false, false};
  std::vector<DataType> types;
  for (size_t i = 0; i < left->output.size(); ++i) {
    auto type = CommonType(left->output[i].type, right->output[i].type, state_.context.ansi);
    if (!type) {
      return state_.At(
          Fail("INCOMPATIBLE_COLUMN_TYPE", name + " needs compatible column types; column " +
                                               std::to_string(i + 1) + " has \"" +
                                               left->output[i].type.ToSqlString() + "\" and \"" +
                                               right->output[i].type.ToSqlString() + "\"."),
          op.range);
    }
    change[0] = change[0] || !type->SameTypeIgnoringNullability(left->output[i].type);
    change[1] = change[1] || !type->SameTypeIgnoringNullability(right->output[i].type);
    bool nullable = op.op == sql::SetOperator::kUnion
                        ? left->output[i].nullable || right->output[i].nullable
                        : left->output[i].nullable;
    node->output.push_back({state_.NewId(), left->output[i].name, *type, nullable, {}});
    types.push_back(*type);
  }
  PlanRef sides[2] = {left, right};
  for (int s = 0; s < 2; ++s) {
    if (change[s]) {
      auto cast = NewPlan(PlanKind::kProject, {sides[s]});
      for (size_t i = 0; i < types.size(); ++i) {
        cast->exprs.push_back(MakeCast(MakeColumn(sides[s]->output[i]), types[i]));
        cast->output[i].id = state_.NewId();
        cast->output[i].type = types[i];
      }
      sides[s] = cast;
    }
    node->children.push_back(sides[s]);
  }
  return PlanRef(node);
}

Result<PlanRef> Analyzer::QueryResolver::SortOutput(PlanRef plan, const sql::Query& query) {
  if (query.order_by.empty()) return plan;
  auto sort = NewPlan(PlanKind::kSort, {plan});
  Scope scope(nullptr);
  scope.Add(plan->output);
  if (query.order_by_all) {
    const sql::OrderItem& all = query.order_by[0];
    for (const Attribute& a : plan->output) {
      sort->sort.push_back(
          {MakeColumn(a), all.descending, all.nulls_first.value_or(!all.descending)});
    }
    return PlanRef(sort);
  }
  for (const sql::OrderItem& item : query.order_by) {
    SortKey key{nullptr, item.descending, item.nulls_first.value_or(!item.descending)};
    bool ordinal = item.expr->kind == sql::ExprKind::kLiteral &&
                   item.expr->As<sql::Literal>().literal == sql::LiteralKind::kInteger;
    int64_t position =
        ordinal ? std::strtoll(item.expr->As<sql::Literal>().text.c_str(), nullptr, 10) : 0;
    if (ordinal && (position < 1 || position > static_cast<int64_t>(plan->output.size()))) {
      return state_.At(
          Fail("ORDER_BY_POS_OUT_OF_RANGE", "ORDER BY position " + std::to_string(position) +
                                                " is not in select list (valid range is [1, " +
                                                std::to_string(plan->output.size()) + "])."),
          item.expr->range);
    }
    if (ordinal) {
      key.expr = MakeColumn(plan->output[static_cast<size_t>(position - 1)]);
    } else {
      TARN_TRY(key.expr, ExprResolver(state_, scope).Resolve(*item.expr));
    }
    sort->sort.push_back(std::move(key));
  }
  return PlanRef(sort);
}

Result<PlanRef> Analyzer::QueryResolver::Limit(PlanRef plan, const sql::Query& query) {
  if (!query.limit && !query.offset) return plan;
  auto limit = NewPlan(PlanKind::kLimit, {plan});
  Scope empty(nullptr);
  auto count = [&](const sql::Expr& expr, std::string_view clause) -> Result<ExprRef> {
    Result<ExprRef> resolved = ExprResolver(state_, empty).Resolve(expr);
    if (!resolved.ok() && resolved.error().reason() == "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION") {
      return state_.At(Fail("INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE",
                            "The " + std::string(clause) + " expression must be a constant."),
                       expr.range);
    }
    TARN_TRY(ExprRef value, std::move(resolved));
    bool negative = value->op == ExprOp::kLiteral && value->value && value->value->front() == '-';
    if (!value->type.is_integral() || negative) {
      return state_.At(Fail(negative ? "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE"
                                     : "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE",
                            "The " + std::string(clause) +
                                " expression must be a whole number that is not negative."),
                       expr.range);
    }
    return MakeCast(std::move(value), TypeKind::kLong);
  };
  if (query.limit) {
    TARN_TRY(limit->limit, count(*query.limit, "limit"));
  }
  if (query.offset) {
    TARN_TRY(limit->offset, count(*query.offset, "offset"));
  }
  return PlanRef(limit);
}

}  // namespace tarn::plan
