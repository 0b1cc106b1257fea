#include <algorithm>

#include "plan/coercion.h"
#include "plan/qualify_name.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

PlanRef Analyzer::QueryResolver::Renamed(PlanRef plan, const std::vector<std::string>& names,
                                         const std::string& qualifier) {
  if (names.empty() && qualifier.empty()) return plan;
  auto copy = std::make_shared<LogicalPlan>(*plan);
  for (size_t i = 0; i < copy->output.size(); ++i) {
    if (i < names.size()) copy->output[i].name = names[i];
    if (!qualifier.empty()) copy->output[i].qualifier = {qualifier};
  }
  return copy;
}

Result<PlanRef> Analyzer::QueryResolver::ResolveRelation(const sql::Relation& relation,
                                                         const Scope* outer, Scope& scope) {
  PlanRef plan;
  switch (relation.kind) {
    case sql::RelationKind::kJoin: {
      Scope inner(outer);
      TARN_TRY(plan, ResolveJoin(relation.As<sql::JoinRelation>(), outer, inner));
      if (relation.alias.empty()) {
        scope = std::move(inner);
        return plan;
      }
      break;
    }
    case sql::RelationKind::kTable: {
      TARN_TRY(plan, ResolveTable(relation.As<sql::TableRelation>()));
      break;
    }
    case sql::RelationKind::kSubquery: {
      const auto& subquery = relation.As<sql::SubqueryRelation>();
      if (subquery.lateral) {
        return state_.At(
            Fail("UNSUPPORTED_FEATURE", "Tarn does not support LATERAL subqueries yet."),
            relation.range);
      }
      TARN_TRY(plan, QueryResolver(state_).Resolve(*subquery.query, nullptr));
      auto bare = std::make_shared<LogicalPlan>(*plan);
      for (Attribute& a : bare->output) a.qualifier.clear();
      plan = bare;
      break;
    }
    case sql::RelationKind::kFunction: {
      TARN_TRY(plan, ResolveFunction(relation.As<sql::FunctionRelation>(), outer));
      break;
    }
    case sql::RelationKind::kValues: {
      TARN_TRY(plan, ResolveValues(relation.As<sql::ValuesRelation>(), outer));
      break;
    }
  }
  auto columns =
      static_cast<size_t>(std::count_if(plan->output.begin(), plan->output.end(),
                                        [](const Attribute& column) { return !column.hidden; }));
  if (!relation.column_aliases.empty() && relation.column_aliases.size() != columns) {
    return state_.At(Fail("ASSIGNMENT_ARITY_MISMATCH",
                          "The alias " + relation.alias + " names " +
                              std::to_string(relation.column_aliases.size()) +
                              " columns, but the relation has " + std::to_string(columns) + "."),
                     relation.range);
  }
  plan = Renamed(plan, relation.column_aliases, relation.alias);
  scope.Add(plan->output);
  return plan;
}

Result<ExprRef> Analyzer::QueryResolver::TimeTravelInstant(const sql::Expr& expr) {
  Scope empty(nullptr);
  Result<ExprRef> value = ExprResolver(state_, empty).Resolve(expr);
  if (!value.ok()) return std::move(value).error();
  bool evaluable = !AnyExpr(*value, [](const Expr& at) {
    return at.op != ExprOp::kLiteral && at.op != ExprOp::kCall && at.op != ExprOp::kCast &&
           at.op != ExprOp::kCase;
  });
  std::string text = ExprToString(**value);
  if (!evaluable) {
    return state_.At(
        Fail("INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.UNEVALUABLE",
             "The time travel timestamp expression \"" + text + "\" is invalid. Must be evaluable.",
             {{"expr", text}}),
        expr.range);
  }
  const DataType& type = (*value)->type;
  bool castable = type.is_string() || type.is(TypeKind::kDate) || type.is(TypeKind::kTimestamp) ||
                  type.is(TypeKind::kTimestampNtz) || type.is_numeric() || type.is(TypeKind::kNull);
  if (!castable) {
    return state_.At(Fail("INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.INPUT",
                          "The time travel timestamp expression \"" + text +
                              "\" is invalid. Cannot be casted to the \"TIMESTAMP\" type.",
                          {{"expr", text}}),
                     expr.range);
  }
  return MakeCast(*std::move(value), TypeKind::kTimestamp);
}

Result<TimeTravel> Analyzer::QueryResolver::Travel(const sql::TableRelation& table) {
  TimeTravel travel;
  Scope empty(nullptr);
  auto constant = [&](const sql::Expr& expr) -> Result<std::string> {
    TARN_TRY(ExprRef value, ExprResolver(state_, empty).Resolve(expr));
    while (value->op == ExprOp::kCast) value = value->args[0];
    if (value->op != ExprOp::kLiteral || !value->value) {
      return state_.At(Fail("INVALID_TIME_TRAVEL_SPEC",
                            "A version or timestamp of time travel must be a constant."),
                       expr.range);
    }
    return *value->value;
  };
  if (table.version_as_of) {
    TARN_TRY(std::string text, constant(*table.version_as_of));
    if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos ||
        text.size() > 18) {
      return state_.At(Fail("INVALID_TIME_TRAVEL_SPEC", "'" + text + "' is not a version."),
                       table.range);
    }
    travel.version = std::stoll(text);
  }
  if (table.timestamp_as_of) {
    TARN_TRY(travel.timestamp, TimeTravelInstant(*table.timestamp_as_of));
  }
  return travel;
}

Result<PlanRef> Analyzer::QueryResolver::ResolveTable(const sql::TableRelation& table) {
  if (table.name.size() == 1 && !table.version_as_of && !table.timestamp_as_of) {
    const auto& tables = state_.common_tables;
    for (auto at = tables.rbegin(); at != tables.rend(); ++at) {
      if (!SameName(at->name, table.name[0])) continue;
      // Every use gets ids of its own: a table may be joined with itself.
      auto project = std::make_shared<LogicalPlan>();
      project->kind = PlanKind::kProject;
      project->children = {at->plan};
      for (size_t i = 0; i < at->plan->output.size(); ++i) {
        Attribute out = at->plan->output[i];
        project->exprs.push_back(MakeColumn(out));
        out.id = state_.NewId();
        out.qualifier = {at->name};
        if (i < at->columns.size()) out.name = at->columns[i];
        project->output.push_back(std::move(out));
      }
      return PlanRef(project);
    }
  }
  if (state_.context.resolver == nullptr) {
    return state_.At(Fail("TABLE_OR_VIEW_NOT_FOUND", "There are no tables here."), table.range);
  }
  TARN_TRY(TimeTravel travel, Travel(table));
  Result<std::vector<std::string>> name = CompleteName(table.name, 3, state_.context);
  if (!name.ok()) return state_.At(std::move(name).error(), table.range);
  Result<TableBinding> binding = state_.context.resolver->ResolveTable(*name, travel);
  if (!binding.ok()) return state_.At(std::move(binding).error(), table.range);
  PlanRef scan = ScanOf(*std::move(binding));
  if (scan->table.policy.empty() && state_.NamesMetadata()) {
    auto described = std::make_shared<LogicalPlan>(*scan);
    described->with_metadata = true;
    described->output.push_back(
        {state_.NewId(), "_metadata", MetadataType(), false, scan->table.name, true});
    return PlanRef(described);
  }
  return scan->table.policy.empty() ? Result<PlanRef>(scan) : ApplyPolicy(scan);
}

PlanRef Analyzer::QueryResolver::ScanOf(TableBinding binding) {
  auto scan = std::make_shared<LogicalPlan>();
  scan->kind = PlanKind::kScan;
  for (const columnar::Field& field : binding.schema.fields) {
    DataType type = field.type.is_string() ? DataType(TypeKind::kString) : field.type;
    scan->output.push_back({state_.NewId(), field.name, type, field.nullable, binding.name});
  }
  scan->table = std::move(binding);
  return scan;
}

Result<PlanRef> Analyzer::QueryResolver::ResolveFunction(const sql::FunctionRelation& function,
                                                         const Scope*) {
  Scope empty(nullptr);
  std::string name = function.name;
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (name == "range") {
    auto node = std::make_shared<LogicalPlan>();
    node->kind = PlanKind::kRange;
    std::vector<ExprRef> args;
    for (const sql::Argument& arg : function.args) {
      TARN_TRY(ExprRef value, ExprResolver(state_, empty).Resolve(*arg.value));
      args.push_back(MakeCast(std::move(value), TypeKind::kLong));
    }
    if (args.empty() || args.size() > 4) {
      return state_.At(Fail("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                            "The `range` requires [1, 2, 3, 4] parameters."),
                       function.range);
    }
    if (args.size() == 1) args.insert(args.begin(), MakeLiteral(TypeKind::kLong, "0"));
    if (args.size() == 2) args.push_back(MakeLiteral(TypeKind::kLong, "1"));
    args.resize(3);  // the number of partitions only concerns a cluster
    node->args = std::move(args);
    node->output = {{state_.NewId(), "id", TypeKind::kLong, false, {}}};
    return PlanRef(node);
  }
  if (name == "read_files") {
    std::string path;
    std::string format;
    std::vector<std::pair<std::string, std::string>> options;
    for (const sql::Argument& arg : function.args) {
      TARN_TRY(ExprRef value, ExprResolver(state_, empty).Resolve(*arg.value));
      while (value->op == ExprOp::kCast) value = value->args[0];
      if (value->op != ExprOp::kLiteral || !value->value) {
        return state_.At(
            Fail("UNSUPPORTED_FEATURE", "The arguments of read_files must be constants."),
            arg.value->range);
      }
      if (arg.name.empty()) {
        path = *value->value;
      } else if (SameName(arg.name, "format")) {
        format = *value->value;
      } else {
        options.emplace_back(arg.name, *value->value);
      }
    }
    if (state_.context.resolver == nullptr)
      return Fail("UNSUPPORTED_FEATURE", "There are no files here.");
    Result<FileSource> files = state_.context.resolver->ResolveFiles(path, format, options);
    if (!files.ok()) return state_.At(std::move(files).error(), function.range);
    auto node = std::make_shared<LogicalPlan>();
    node->kind = PlanKind::kFileScan;
    for (const columnar::Field& field : files->schema.fields) {
      node->output.push_back({state_.NewId(), field.name, field.type, true, {}});
    }
    node->files = std::move(*files);
    return PlanRef(node);
  }
  if (name == "table_changes" || name == "table_changes_by_path") {
    return ResolveTableChanges(function, name);
  }
  return state_.At(Fail("UNRESOLVABLE_TABLE_VALUED_FUNCTION",
                        "Could not resolve `" + function.name + "` to a table-valued function.",
                        {{"name", "`" + function.name + "`"}}),
                   function.range);
}

Result<PlanRef> Analyzer::QueryResolver::ResolveValues(const sql::ValuesRelation& values,
                                                       const Scope* outer) {
  Scope scope(outer);
  auto node = std::make_shared<LogicalPlan>();
  node->kind = PlanKind::kValues;
  for (const sql::ExprList& row : values.rows) {
    if (row.size() != values.rows[0].size()) {
      return state_.At(Fail("INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
                            "The rows of VALUES must have the same number of columns."),
                       values.range);
    }
    std::vector<ExprRef> cells;
    for (const auto& cell : row) {
      TARN_TRY(ExprRef value, ExprResolver(state_, scope).Resolve(*cell));
      cells.push_back(std::move(value));
    }
    node->rows.push_back(std::move(cells));
  }
  for (size_t c = 0; c < values.rows[0].size(); ++c) {
    std::vector<ExprRef> column;
    bool nullable = false;
    for (const auto& row : node->rows) {
      column.push_back(row[c]);
      nullable = nullable || row[c]->nullable;
    }
    auto type = CommonType(column, state_.context.ansi);
    if (!type) {
      return state_.At(
          Fail("INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE",
               "Column " + std::to_string(c + 1) + " of VALUES has incompatible types."),
          values.range);
    }
    for (auto& row : node->rows) row[c] = MakeCast(row[c], *type);
    node->output.push_back({state_.NewId(), "col" + std::to_string(c + 1), *type, nullable, {}});
  }
  return PlanRef(node);
}

Result<PlanRef> Analyzer::QueryResolver::ResolveJoin(const sql::JoinRelation& join,
                                                     const Scope* outer, Scope& scope) {
  Scope left_scope(outer);
  Scope right_scope(outer);
  TARN_TRY(PlanRef left, ResolveRelation(*join.left, outer, left_scope));
  TARN_TRY(PlanRef right, ResolveRelation(*join.right, outer, right_scope));
  auto node = std::make_shared<LogicalPlan>();
  node->kind = PlanKind::kJoin;
  node->join = join.join;
  node->children = {left, right};

  std::vector<std::string> shared = join.using_columns;
  if (join.natural) {
    for (const Attribute& a : left_scope.columns()) {
      for (const Attribute& b : right_scope.columns()) {
        if (SameName(a.name, b.name)) shared.push_back(a.name);
      }
    }
  }
  auto optional = [](std::vector<Attribute> attributes, bool nullable) {
    if (nullable) {
      for (Attribute& a : attributes) a.nullable = true;
    }
    return attributes;
  };
  bool null_left = join.join == sql::JoinType::kRight || join.join == sql::JoinType::kFull;
  bool null_right = join.join == sql::JoinType::kLeft || join.join == sql::JoinType::kFull;
  bool left_only = join.join == sql::JoinType::kLeftSemi || join.join == sql::JoinType::kLeftAnti;
  node->output = optional(left->output, null_left);
  if (!left_only) {
    auto more = optional(right->output, null_right);
    node->output.insert(node->output.end(), more.begin(), more.end());
  }
  Scope both(outer);
  both.Add(left_scope.columns());
  both.Add(right_scope.columns());
  if (join.condition) {
    TARN_TRY(node->condition, ExprResolver(state_, both).ResolveCondition(*join.condition, "ON"));
  }
  std::vector<Attribute> left_keys;
  std::vector<Attribute> right_keys;
  for (const std::string& name : shared) {
    auto one = [&](const Scope& side, const char* which) -> Result<Attribute> {
      std::vector<Scope::Match> matches = side.Find({name});
      if (matches.size() == 1) return matches[0].attribute;
      return state_.At(Fail("UNRESOLVED_USING_COLUMN_FOR_JOIN",
                            "USING column `" + name + "` cannot be resolved on the " + which +
                                " side of the join.",
                            {{"colName", "`" + name + "`"}, {"side", which}}),
                       join.range);
    };
    TARN_TRY(Attribute a, one(left_scope, "left"));
    TARN_TRY(Attribute b, one(right_scope, "right"));
    auto type = CommonType(a.type, b.type);
    if (!type)
      return state_.At(Fail("DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES",
                            "The join columns `" + name + "` have incompatible types."),
                       join.range);
    ExprRef equal = MakeCall("=", {MakeCast(MakeColumn(a), *type), MakeCast(MakeColumn(b), *type)},
                             TypeKind::kBoolean, a.nullable || b.nullable);
    node->condition = node->condition
                          ? MakeCall("and", {node->condition, equal}, TypeKind::kBoolean, true)
                          : equal;
    left_keys.push_back(std::move(a));
    right_keys.push_back(std::move(b));
  }
  auto is_key = [](const std::vector<Attribute>& keys, const Attribute& a) {
    return std::any_of(keys.begin(), keys.end(), [&](const Attribute& k) { return k.id == a.id; });
  };
  PlanRef result = node;
  if (shared.empty()) {
    scope.Add(node->output);
    return result;
  }
  // The shared columns come first and once; a full join takes whichever side has a value.
  bool merge = join.join == sql::JoinType::kFull;
  std::shared_ptr<LogicalPlan> project;
  if (merge) {
    project = std::make_shared<LogicalPlan>();
    project->kind = PlanKind::kProject;
    project->children = {node};
    project->output = node->output;
    for (const Attribute& a : node->output) project->exprs.push_back(MakeColumn(a));
    for (Attribute& a : project->output) a.id = state_.NewId();
    result = project;
  }
  auto after = [&](const Attribute& a) {
    for (size_t i = 0; i < node->output.size(); ++i) {
      if (node->output[i].id == a.id) return result->output[i];
    }
    return a;
  };
  for (size_t i = 0; i < shared.size(); ++i) {
    if (merge) {
      Attribute out = left_keys[i];
      auto type = *CommonType(left_keys[i].type, right_keys[i].type);
      out.id = state_.NewId();
      out.type = type;
      out.nullable = true;
      out.qualifier.clear();
      project->exprs.push_back(MakeCall(
          "coalesce",
          {MakeCast(MakeColumn(left_keys[i]), type), MakeCast(MakeColumn(right_keys[i]), type)},
          type, true));
      project->output.push_back(out);
      scope.Add(out);
    } else {
      const Attribute& key = join.join == sql::JoinType::kRight ? right_keys[i] : left_keys[i];
      Attribute shown = after(key);
      shown.name = shared[i];
      scope.Add(shown);
    }
  }
  for (const auto* side : {&left_scope, &right_scope}) {
    bool is_left = side == &left_scope;
    if (!is_left && left_only) break;
    for (const Attribute& a : side->columns()) {
      if (is_key(is_left ? left_keys : right_keys, a)) {
        // The key that stands for both is in the scope already.
        bool shown = !merge && is_left != (join.join == sql::JoinType::kRight);
        if (!shown) scope.AddHidden(after(a));
      } else {
        scope.Add(after(a));
      }
    }
  }
  return result;
}

}  // namespace tarn::plan
