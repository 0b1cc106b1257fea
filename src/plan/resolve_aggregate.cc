#include <algorithm>

#include "plan/select_parts.h"

namespace tarn::plan {

std::shared_ptr<LogicalPlan> NewPlan(PlanKind kind, std::vector<PlanRef> children) {
  auto plan = std::make_shared<LogicalPlan>();
  plan->kind = kind;
  plan->children = std::move(children);
  if (!plan->children.empty()) plan->output = plan->children[0]->output;
  return plan;
}

bool HasAggregate(const ExprRef& e) {
  if (!e) return false;
  if (e->op == ExprOp::kAggregate) return true;
  const std::vector<ExprRef>& args = e->op == ExprOp::kWindow ? e->args[0]->args : e->args;
  return std::any_of(args.begin(), args.end(), &HasAggregate) ||
         std::any_of(e->partition_by.begin(), e->partition_by.end(), &HasAggregate) ||
         std::any_of(e->order_by.begin(), e->order_by.end(),
                     [](const SortKey& k) { return HasAggregate(k.expr); });
}

bool HasWindow(const ExprRef& e) {
  return AnyExpr(e, [](const Expr& node) { return node.op == ExprOp::kWindow; });
}

Error HiddenColumn(const Expr& expr, const std::vector<std::string>& names) {
  const Expr* at = &expr;
  while (at->op != ExprOp::kColumn && !at->args.empty()) at = at->args[0].get();
  std::vector<Attribute> visible;
  for (const std::string& name : names) visible.push_back({0, name, {}, true, {}});
  return UnresolvedColumn({at->name}, visible);
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
    if (HasWindow(group)) return WindowNotAllowed("GROUP BY", expr);
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
        if (units.size() > 12) {
          return Fail("UNSUPPORTED_FEATURE", "CUBE takes at most 12 columns.");
        }
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

// Rewrites the clauses above an Aggregate in terms of its output.
class Analyzer::QueryResolver::AggregateRewriter {
 public:
  AggregateRewriter(State& state, const PlanRef& input, LogicalPlan& node, bool grouped)
      : state_(state), input_(input), node_(node), grouped_(grouped) {
    for (size_t i = 0; i < node.groups.size(); ++i) {
      const ExprRef& group = node.groups[i];
      auto lacks = [&](const std::vector<int>& set) {
        return std::find(set.begin(), set.end(), static_cast<int>(i)) == set.end();
      };
      bool left_out = std::any_of(node.grouping_sets.begin(), node.grouping_sets.end(), lacks);
      group_out_.push_back({state.NewId(),
                            group->op == ExprOp::kColumn ? group->name : "group",
                            group->type,
                            group->nullable || left_out,
                            {}});
    }
  }

  /// `visible`: the output names when a clause above the select list is rewritten, else null.
  Result<ExprRef> Rewrite(const ExprRef& e, const std::vector<std::string>* visible) {
    visible_ = visible;
    ExprRef rewritten = Step(e);
    if (error_) return *error_;
    return rewritten;
  }

  std::vector<Attribute> Output() const {
    std::vector<Attribute> output = group_out_;
    output.insert(output.end(), aggregate_out_.begin(), aggregate_out_.end());
    return output;
  }

 private:
  ExprRef Step(const ExprRef& e) {
    if (!e || error_) return e;
    if (int group = GroupIndex(e); group >= 0) {
      return MakeColumn(group_out_[static_cast<size_t>(group)]);
    }
    if (e->op == ExprOp::kAggregate) {
      return e->function == "grouping" ? Grouping(e) : Aggregate(e);
    }
    if (e->op == ExprOp::kColumn) {
      bool ours = std::any_of(input_->output.begin(), input_->output.end(),
                              [&](const Attribute& a) { return a.id == e->id; });
      if (ours) error_ = NotGrouped(*e);
      return e;
    }
    auto copy = std::make_shared<Expr>(*e);
    if (e->op == ExprOp::kWindow) {
      auto function = std::make_shared<Expr>(*e->args[0]);
      for (ExprRef& arg : function->args) arg = Step(arg);
      copy->args = {function};
    } else {
      for (ExprRef& arg : copy->args) arg = Step(arg);
    }
    for (ExprRef& key : copy->partition_by) key = Step(key);
    for (SortKey& key : copy->order_by) key.expr = Step(key.expr);
    return copy;
  }

  int GroupIndex(const ExprRef& e) const {
    for (size_t i = 0; i < node_.groups.size(); ++i) {
      if (SameExpr(node_.groups[i], e)) return static_cast<int>(i);
    }
    return -1;
  }

  ExprRef Aggregate(const ExprRef& e) {
    for (size_t i = 0; i < node_.aggregates.size(); ++i) {
      if (SameExpr(node_.aggregates[i], e)) return MakeColumn(aggregate_out_[i]);
    }
    node_.aggregates.push_back(e);
    aggregate_out_.push_back({state_.NewId(), e->function, e->type, e->nullable, {}});
    return MakeColumn(aggregate_out_.back());
  }

  // grouping(c), grouping_id(…): of ROLLUP, CUBE and GROUPING SETS only.
  ExprRef Grouping(const ExprRef& e) {
    if (node_.grouping_sets.empty()) {
      error_ = state_.At(Fail("UNSUPPORTED_GROUPING_EXPRESSION",
                              "grouping()/grouping_id() can only be used with "
                              "GroupingSets/Cube/Rollup."),
                         e->range);
      return e;
    }
    auto bits = std::make_shared<Expr>(*e);
    if (bits->args.empty()) bits->args = node_.groups;
    for (const ExprRef& arg : bits->args) {
      if (GroupIndex(arg) >= 0) continue;
      error_ = state_.At(Fail("GROUPING_COLUMN_MISMATCH",
                              "A column of grouping() is not among the grouping columns.",
                              {{"grouping", arg->name}}),
                         e->range);
      return e;
    }
    return Aggregate(bits);
  }

  Error NotGrouped(const Expr& e) const {
    if (visible_ != nullptr) return state_.At(HiddenColumn(e, *visible_), e.range);
    if (!grouped_) {
      return state_.At(
          Fail("MISSING_GROUP_BY",
               "The query does not include a GROUP BY clause. Add GROUP BY or turn it into the "
               "window functions using OVER clauses."),
          e.range);
    }
    std::string shown = "\"" + e.name + "\"";
    return state_.At(
        Fail("MISSING_AGGREGATION",
             "The non-aggregating expression " + shown +
                 " is based on columns which are not participating in the GROUP BY clause. Add "
                 "the columns or the expression to the GROUP BY, aggregate the expression, or "
                 "use any_value() if you do not care which of the values is returned.",
             {{"expression", shown}, {"expressionAnyValue", "\"any_value(" + e.name + ")\""}}),
        e.range);
  }

  State& state_;
  const PlanRef& input_;
  LogicalPlan& node_;
  bool grouped_;
  const std::vector<std::string>* visible_ = nullptr;
  std::vector<Attribute> group_out_;
  std::vector<Attribute> aggregate_out_;
  std::optional<Error> error_;
};

// Puts an Aggregate below the select list, and HAVING as a Filter above it.
Status Analyzer::QueryResolver::Aggregate(const sql::Select& select, SelectParts& parts) {
  auto node = NewPlan(PlanKind::kAggregate, {parts.plan});
  node->groups = parts.groups;
  node->grouping_sets = parts.grouping_sets;
  AggregateRewriter rewriter(state_, parts.plan, *node, !select.group_by.empty());
  for (ExprRef& item : parts.items) {
    TARN_TRY(item, rewriter.Rewrite(item, nullptr));
  }
  if (parts.having) {
    TARN_TRY(parts.having, rewriter.Rewrite(parts.having, &parts.names));
  }
  if (parts.qualify) {
    TARN_TRY(parts.qualify, rewriter.Rewrite(parts.qualify, &parts.names));
  }
  for (SortKey& key : parts.order) {
    TARN_TRY(key.expr, rewriter.Rewrite(key.expr, &parts.names));
  }
  node->output = rewriter.Output();
  parts.plan = node;
  if (parts.having) {
    auto filter = NewPlan(PlanKind::kFilter, {parts.plan});
    filter->condition = parts.having;
    parts.plan = filter;
  }
  return Ok();
}

Error Analyzer::QueryResolver::WindowNotAllowed(std::string_view clause,
                                                const sql::Expr& expr) const {
  return state_.At(
      Fail("WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE",
           "Window functions are not allowed inside the " + std::string(clause) + " clause.",
           {{"clauseName", std::string(clause)}}),
      expr.range);
}

}  // namespace tarn::plan
