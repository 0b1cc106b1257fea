#include <algorithm>
#include <set>

#include "plan/coercion.h"
#include "plan/output_name.h"
#include "plan/select_parts.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

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
    if (HasWindow(condition)) return WindowNotAllowed("WHERE", *select.where);
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
    if (HasWindow(parts.having)) return WindowNotAllowed("HAVING", *select.having);
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
      TARN_TRY(auto columns, resolver.ExpandStar(item.expr->As<sql::Star>()));
      for (auto& [name, column] : columns) {
        parts.items.push_back(std::move(column));
        parts.names.push_back(name);
      }
      continue;
    }
    TARN_TRY(ExprRef expr, resolver.Resolve(*item.expr));
    std::string name = item.alias;
    if (name.empty()) name = ItemName(*item.expr, state_.names, state_.text);
    if (!item.alias.empty()) aliases.emplace_back(item.alias, expr);
    parts.items.push_back(std::move(expr));
    parts.names.push_back(std::move(name));
  }
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
      return HiddenColumn(*keys[i].expr, parts.names);
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

}  // namespace tarn::plan
