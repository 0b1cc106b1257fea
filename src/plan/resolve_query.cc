#include <algorithm>
#include <set>

#include "plan/coercion.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

namespace {

std::shared_ptr<LogicalPlan> NewPlan(PlanKind kind, std::vector<PlanRef> children) {
  auto plan = std::make_shared<LogicalPlan>();
  plan->kind = kind;
  plan->children = std::move(children);
  if (!plan->children.empty()) plan->output = plan->children[0]->output;
  return plan;
}

// An aggregate that is a window's own function does not make its query an aggregation.
bool HasAggregate(const ExprRef& e) {
  if (!e) return false;
  if (e->op == ExprOp::kAggregate) return true;
  const std::vector<ExprRef>& args = e->op == ExprOp::kWindow ? e->args[0]->args : e->args;
  return std::any_of(args.begin(), args.end(), &HasAggregate) ||
         std::any_of(e->partition_by.begin(), e->partition_by.end(), &HasAggregate) ||
         std::any_of(e->order_by.begin(), e->order_by.end(),
                     [](const SortKey& k) { return HasAggregate(k.expr); });
}

}  // namespace

struct Analyzer::QueryResolver::SelectParts {
  PlanRef plan;
  std::vector<ExprRef> items;
  std::vector<std::string> names;
  std::vector<ExprRef> groups;
  std::vector<std::vector<int>> grouping_sets;
  ExprRef having;
  ExprRef qualify;
  std::vector<SortKey> order;
  std::vector<int> order_output;  ///< per order key: position of an output column, or -1
  bool aggregated = false;
  Attribute grouping_id;
};

Result<PlanRef> Analyzer::QueryResolver::Resolve(const sql::Query& query, const Scope* outer) {
  size_t tables = state_.common_tables.size();
  for (const sql::CommonTable& table : query.with) {
    TARN_TRY(PlanRef plan, QueryResolver(state_).Resolve(*table.query, outer));
    if (!table.columns.empty() && table.columns.size() != plan->output.size()) {
      return state_.At(Fail("ASSIGNMENT_ARITY_MISMATCH",
                            "The common table expression " + table.name + " names " +
                                std::to_string(table.columns.size()) + " columns, its query has " +
                                std::to_string(plan->output.size()) + "."),
                       table.range);
    }
    state_.common_tables.push_back({table.name, std::move(plan), table.columns});
  }
  Result<PlanRef> plan = ResolveBody(*query.body, outer, &query);
  if (plan.ok()) plan = Limit(*plan, query);
  state_.common_tables.resize(tables);
  return plan;
}

// `tail` holds the ORDER BY that belongs to the body; null where none can.
Result<PlanRef> Analyzer::QueryResolver::ResolveBody(const sql::QueryBody& body, const Scope* outer,
                                                     const sql::Query* tail) {
  PlanRef plan;
  switch (body.kind) {
    case sql::BodyKind::kSelect:
      return ResolveSelect(body.As<sql::Select>(), outer, tail);
    case sql::BodyKind::kSetOperation: {
      TARN_TRY(plan, ResolveSetOperation(body.As<sql::SetOperation>(), outer));
      break;
    }
    case sql::BodyKind::kValues: {
      const auto& values = *body.As<sql::ValuesBody>().values;
      TARN_TRY(plan, ResolveValues(values, outer));
      plan = Renamed(plan, values.column_aliases, values.alias);
      break;
    }
    case sql::BodyKind::kQuery: {
      TARN_TRY(plan, Resolve(*body.As<sql::QueryInParentheses>().query, outer));
      break;
    }
    case sql::BodyKind::kTable: {
      TARN_TRY(plan, ResolveTable(*body.As<sql::TableBody>().table));
      break;
    }
  }
  return tail == nullptr ? Result<PlanRef>(plan) : SortOutput(plan, *tail);
}

Result<PlanRef> Analyzer::QueryResolver::ResolveSelect(const sql::Select& select,
                                                       const Scope* outer, const sql::Query* tail) {
  SelectParts parts;
  Scope scope(outer);
  if (select.from) {
    TARN_TRY(parts.plan, ResolveRelation(*select.from, outer, scope));
  } else {
    parts.plan = NewPlan(PlanKind::kOneRow, {});
  }
  if (select.where) {
    TARN_TRY(ExprRef condition,
             ExprResolver(state_, scope).ResolveCondition(*select.where, "WHERE"));
    if (HasAggregate(condition)) {
      return state_.At(
          Fail("INVALID_WHERE_CONDITION",
               "The WHERE condition contains an aggregate function; move it to HAVING."),
          select.where->range);
    }
    auto filter = NewPlan(PlanKind::kFilter, {parts.plan});
    filter->condition = std::move(condition);
    parts.plan = filter;
  }
  TARN_RETURN_IF_ERROR(ResolveItems(select, scope, parts));
  TARN_RETURN_IF_ERROR(ResolveGroups(select, scope, parts));
  ExprResolver::Aliases aliases;
  for (size_t i = 0; i < parts.items.size(); ++i)
    aliases.emplace_back(parts.names[i], parts.items[i]);
  ExprResolver resolver(state_, scope, &aliases, &select.windows);
  if (select.having) {
    TARN_TRY(parts.having, resolver.ResolveCondition(*select.having, "HAVING"));
  }
  if (select.qualify) {
    TARN_TRY(parts.qualify, resolver.ResolveCondition(*select.qualify, "QUALIFY"));
  }
  if (tail != nullptr) TARN_RETURN_IF_ERROR(ResolveOrder(*tail, scope, select, parts));
  parts.aggregated = !select.group_by.empty() || select.having ||
                     std::any_of(parts.items.begin(), parts.items.end(), &HasAggregate) ||
                     std::any_of(parts.order.begin(), parts.order.end(),
                                 [](const SortKey& key) { return HasAggregate(key.expr); });
  if (parts.aggregated) TARN_RETURN_IF_ERROR(Aggregate(select, parts));
  return FinishSelect(select, parts);
}

Status Analyzer::QueryResolver::ResolveItems(const sql::Select& select, const Scope& scope,
                                             SelectParts& parts) {
  ExprResolver::Aliases aliases;
  for (const sql::SelectItem& item : select.items) {
    ExprResolver resolver(state_, scope, &aliases, &select.windows);
    if (item.expr->kind == sql::ExprKind::kStar) {
      TARN_TRY(std::vector<Attribute> columns, resolver.ExpandStar(item.expr->As<sql::Star>()));
      for (const Attribute& column : columns) {
        parts.items.push_back(MakeColumn(column));
        parts.names.push_back(column.name);
      }
      continue;
    }
    TARN_TRY(ExprRef expr, resolver.Resolve(*item.expr));
    std::string name = item.alias;
    if (name.empty()) name = OutputName(*item.expr, state_.text);
    if (!item.alias.empty()) aliases.emplace_back(item.alias, expr);
    parts.items.push_back(std::move(expr));
    parts.names.push_back(std::move(name));
  }
  return Ok();
}

Status Analyzer::QueryResolver::ResolveGroups(const sql::Select& select, const Scope& scope,
                                              SelectParts& parts) {
  auto resolve = [&](const sql::Expr& expr) -> Result<ExprRef> {
    if (expr.kind == sql::ExprKind::kLiteral &&
        expr.As<sql::Literal>().literal == sql::LiteralKind::kInteger) {
      int64_t position = std::strtoll(expr.As<sql::Literal>().text.c_str(), nullptr, 10);
      if (position < 1 || position > static_cast<int64_t>(parts.items.size())) {
        return state_.At(Fail("GROUP_BY_POS_OUT_OF_RANGE",
                              "GROUP BY position " + std::to_string(position) +
                                  " is not in select list (valid range is [1, " +
                                  std::to_string(parts.items.size()) + "]).",
                              {{"index", std::to_string(position)},
                               {"size", std::to_string(parts.items.size())}}),
                         expr.range);
      }
      ExprRef item = parts.items[static_cast<size_t>(position - 1)];
      if (HasAggregate(item)) {
        return state_.At(Fail("GROUP_BY_POS_AGGREGATE",
                              "GROUP BY " + std::to_string(position) +
                                  " refers to an expression that contains an aggregate function."),
                         expr.range);
      }
      return item;
    }
    ExprResolver::Aliases aliases;
    for (size_t i = 0; i < parts.items.size(); ++i)
      aliases.emplace_back(parts.names[i], parts.items[i]);
    TARN_TRY(ExprRef group, ExprResolver(state_, scope, &aliases).Resolve(expr));
    if (HasAggregate(group)) {
      return state_.At(
          Fail("GROUP_BY_AGGREGATE", "Aggregate functions are not allowed in GROUP BY."),
          expr.range);
    }
    return group;
  };
  auto index_of = [&](const ExprRef& group) {
    for (size_t i = 0; i < parts.groups.size(); ++i) {
      if (SameExpr(parts.groups[i], group)) return static_cast<int>(i);
    }
    parts.groups.push_back(group);
    return static_cast<int>(parts.groups.size() - 1);
  };
  // Each element gives alternatives; the sets are their cross product.
  std::vector<std::vector<int>> sets = {{}};
  bool several = false;
  for (const sql::GroupingElement& element : select.group_by) {
    std::vector<std::vector<int>> alternatives;
    std::vector<std::vector<int>> units;
    for (const sql::ExprList& unit : element.sets) {
      std::vector<int> indexes;
      for (const auto& expr : unit) {
        TARN_TRY(ExprRef group, resolve(*expr));
        indexes.push_back(index_of(group));
      }
      units.push_back(std::move(indexes));
    }
    auto join = [&](uint64_t mask) {
      std::vector<int> set;
      for (size_t i = 0; i < units.size(); ++i) {
        if (mask >> i & 1) set.insert(set.end(), units[i].begin(), units[i].end());
      }
      return set;
    };
    switch (element.kind) {
      case sql::GroupingKind::kAll: {
        std::vector<int> all;
        for (const ExprRef& item : parts.items) {
          if (!HasAggregate(item)) all.push_back(index_of(item));
        }
        alternatives = {all};
        break;
      }
      case sql::GroupingKind::kPlain:
        alternatives = {units[0]};
        break;
      case sql::GroupingKind::kSets:
        alternatives = units;
        several = true;
        break;
      case sql::GroupingKind::kRollup:
        for (size_t n = units.size() + 1; n-- > 0;)
          alternatives.push_back(join((uint64_t{1} << n) - 1));
        several = true;
        break;
      case sql::GroupingKind::kCube:
        if (units.size() > 12) return Fail("UNSUPPORTED_FEATURE", "CUBE takes at most 12 columns.");
        for (uint64_t mask = uint64_t{1} << units.size(); mask-- > 0;)
          alternatives.push_back(join(mask));
        several = true;
        break;
    }
    std::vector<std::vector<int>> product;
    for (const auto& set : sets) {
      for (const auto& alternative : alternatives) {
        std::vector<int> joined = set;
        joined.insert(joined.end(), alternative.begin(), alternative.end());
        product.push_back(std::move(joined));
      }
    }
    sets = std::move(product);
  }
  if (several) parts.grouping_sets = std::move(sets);
  return Ok();
}

Status Analyzer::QueryResolver::ResolveOrder(const sql::Query& query, const Scope& scope,
                                             const sql::Select& select, SelectParts& parts) {
  auto add = [&](ExprRef expr, int output, const sql::OrderItem& item) {
    parts.order.push_back(
        {std::move(expr), item.descending, item.nulls_first.value_or(!item.descending)});
    parts.order_output.push_back(output);
  };
  if (query.order_by_all) {
    for (size_t i = 0; i < parts.items.size(); ++i) {
      add(parts.items[i], static_cast<int>(i), query.order_by[0]);
    }
    return Ok();
  }
  for (const sql::OrderItem& item : query.order_by) {
    const sql::Expr& expr = *item.expr;
    if (expr.kind == sql::ExprKind::kLiteral &&
        expr.As<sql::Literal>().literal == sql::LiteralKind::kInteger) {
      int64_t position = std::strtoll(expr.As<sql::Literal>().text.c_str(), nullptr, 10);
      if (position < 1 || position > static_cast<int64_t>(parts.items.size())) {
        return state_.At(Fail("ORDER_BY_POS_OUT_OF_RANGE",
                              "ORDER BY position " + std::to_string(position) +
                                  " is not in select list (valid range is [1, " +
                                  std::to_string(parts.items.size()) + "]).",
                              {{"index", std::to_string(position)},
                               {"size", std::to_string(parts.items.size())}}),
                         expr.range);
      }
      add(parts.items[static_cast<size_t>(position - 1)], static_cast<int>(position - 1), item);
      continue;
    }
    // An output name wins over a column of FROM.
    int output = -1;
    if (expr.kind == sql::ExprKind::kName && expr.As<sql::Name>().parts.size() == 1) {
      for (size_t i = 0; i < parts.names.size(); ++i) {
        if (SameName(parts.names[i], expr.As<sql::Name>().parts[0])) output = static_cast<int>(i);
      }
    }
    if (output >= 0) {
      add(parts.items[static_cast<size_t>(output)], output, item);
      continue;
    }
    ExprResolver::Aliases aliases;
    for (size_t i = 0; i < parts.items.size(); ++i)
      aliases.emplace_back(parts.names[i], parts.items[i]);
    TARN_TRY(ExprRef key, ExprResolver(state_, scope, &aliases, &select.windows).Resolve(expr));
    for (size_t i = 0; i < parts.items.size(); ++i) {
      if (SameExpr(parts.items[i], key)) output = static_cast<int>(i);
    }
    add(std::move(key), output, item);
  }
  return Ok();
}

// Puts an Aggregate below and rewrites everything above it in terms of its output.
Status Analyzer::QueryResolver::Aggregate(const sql::Select& select, SelectParts& parts) {
  auto node = NewPlan(PlanKind::kAggregate, {parts.plan});
  node->output.clear();
  node->groups = parts.groups;
  node->grouping_sets = parts.grouping_sets;
  std::vector<Attribute> group_out;
  for (const ExprRef& group : parts.groups) {
    Attribute out{state_.NewId(),
                  group->op == ExprOp::kColumn ? group->name : "group",
                  group->type,
                  group->nullable || !parts.grouping_sets.empty(),
                  {}};
    group_out.push_back(out);
  }
  std::vector<Attribute> aggregate_out;
  std::optional<Error> missing;

  auto rewrite = [&](auto& self, const ExprRef& e) -> ExprRef {
    if (!e) return e;
    for (size_t i = 0; i < parts.groups.size(); ++i) {
      if (SameExpr(parts.groups[i], e)) return MakeColumn(group_out[i]);
    }
    if (e->op == ExprOp::kAggregate) {
      for (size_t i = 0; i < node->aggregates.size(); ++i) {
        if (SameExpr(node->aggregates[i], e)) return MakeColumn(aggregate_out[i]);
      }
      node->aggregates.push_back(e);
      aggregate_out.push_back({state_.NewId(), e->function, e->type, e->nullable, {}});
      return MakeColumn(aggregate_out.back());
    }
    if (e->op == ExprOp::kColumn) {
      bool ours = std::any_of(parts.plan->output.begin(), parts.plan->output.end(),
                              [&](const Attribute& a) { return a.id == e->id; });
      if (ours && !missing) {
        std::string shown = "\"" + e->name + "\"";
        missing = state_.At(
            Fail("MISSING_AGGREGATION",
                 "The non-aggregating expression " + shown +
                     " is based on columns which are not participating in the GROUP BY clause. Add "
                     "it "
                     "to GROUP BY or wrap it in any_value().",
                 {{"expression", shown}, {"expressionAnyValue", "\"any_value(" + e->name + ")\""}}),
            e->range);
      }
      return e;
    }
    auto copy = std::make_shared<Expr>(*e);
    if (e->op == ExprOp::kWindow) {
      auto function = std::make_shared<Expr>(*e->args[0]);
      for (ExprRef& arg : function->args) arg = self(self, arg);
      copy->args = {function};
    } else {
      for (ExprRef& arg : copy->args) arg = self(self, arg);
    }
    for (ExprRef& key : copy->partition_by) key = self(self, key);
    for (SortKey& key : copy->order_by) key.expr = self(self, key.expr);
    return copy;
  };
  for (ExprRef& item : parts.items) item = rewrite(rewrite, item);
  if (parts.having) parts.having = rewrite(rewrite, parts.having);
  if (parts.qualify) parts.qualify = rewrite(rewrite, parts.qualify);
  for (SortKey& key : parts.order) key.expr = rewrite(rewrite, key.expr);
  if (missing) return *missing;
  node->output = group_out;
  node->output.insert(node->output.end(), aggregate_out.begin(), aggregate_out.end());
  parts.plan = node;
  if (parts.having) {
    auto filter = NewPlan(PlanKind::kFilter, {parts.plan});
    filter->condition = parts.having;
    parts.plan = filter;
  }
  return Ok();
}

Result<PlanRef> Analyzer::QueryResolver::FinishSelect(const sql::Select& select,
                                                      SelectParts& parts) {
  auto project = NewPlan(PlanKind::kProject, {parts.plan});
  project->output.clear();
  project->exprs = parts.items;
  for (size_t i = 0; i < parts.items.size(); ++i) {
    project->output.push_back(
        {state_.NewId(), parts.names[i], parts.items[i]->type, parts.items[i]->nullable, {}});
  }
  std::vector<Attribute> visible = project->output;
  // What QUALIFY and ORDER BY compute beside the outputs rides along and is dropped at the end.
  auto hidden = [&](const ExprRef& expr) {
    project->exprs.push_back(expr);
    project->output.push_back({state_.NewId(), "hidden", expr->type, expr->nullable, {}});
    return MakeColumn(project->output.back());
  };
  PlanRef plan = project;
  if (parts.qualify) {
    ExprRef condition = hidden(parts.qualify);
    auto filter = NewPlan(PlanKind::kFilter, {project});
    filter->condition = condition;
    plan = filter;
  }
  std::vector<SortKey> keys = parts.order;
  for (size_t i = 0; i < keys.size(); ++i) {
    int output = parts.order_output[i];
    if (output >= 0) {
      keys[i].expr = MakeColumn(visible[static_cast<size_t>(output)]);
    } else if (select.distinct) {
      return Fail("UNSUPPORTED_FEATURE",
                  "ORDER BY of SELECT DISTINCT must name columns of the select list.");
    } else {
      keys[i].expr = hidden(keys[i].expr);
    }
  }
  auto narrow = [&](PlanRef child) {
    if (child->output.size() == visible.size()) return child;
    auto drop = NewPlan(PlanKind::kProject, {child});
    drop->output = visible;
    for (const Attribute& a : visible) drop->exprs.push_back(MakeColumn(a));
    for (Attribute& a : drop->output) a.id = state_.NewId();
    return PlanRef(drop);
  };
  if (plan->kind == PlanKind::kFilter) {
    auto filter = std::make_shared<LogicalPlan>(*plan);
    filter->output = project->output;
    plan = filter;
  }
  if (select.distinct) {
    PlanRef narrowed = narrow(plan);
    auto distinct = NewPlan(PlanKind::kDistinct, {narrowed});
    for (size_t i = 0; i < keys.size(); ++i) {
      keys[i].expr = MakeColumn(distinct->output[static_cast<size_t>(parts.order_output[i])]);
    }
    plan = distinct;
    visible = distinct->output;
  }
  if (!keys.empty()) {
    auto sort = NewPlan(PlanKind::kSort, {plan});
    sort->sort = std::move(keys);
    plan = sort;
  }
  return narrow(plan);
}

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
    auto type = CommonType(left->output[i].type, right->output[i].type);
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
    TARN_TRY(ExprRef value, ExprResolver(state_, empty).Resolve(expr));
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
