#include <algorithm>
#include <charconv>

#include "plan/coercion.h"
#include "plan/select_parts.h"
#include "sql/parser.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

namespace {

std::string Quoted(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    out += (out.empty() ? "" : ".") + columnar::QuoteIdentifier(part);
  }
  return out;
}

size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t cost = SameName(a.substr(i - 1, 1), b.substr(j - 1, 1)) ? 0 : 1;
      size_t next = std::min({row[j] + 1, row[j - 1] + 1, diagonal + cost});
      diagonal = row[j];
      row[j] = next;
    }
  }
  return row[b.size()];
}

}  // namespace

Error UnresolvedColumn(const std::vector<std::string>& parts,
                       const std::vector<Attribute>& columns) {
  std::string object = Quoted(parts);
  if (columns.empty()) {
    return Fail(
        "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
        "A column, variable, or function parameter with name " + object + " cannot be resolved.",
        {{"objectName", object}});
  }
  std::vector<std::pair<size_t, std::string>> ranked;
  for (const Attribute& column : columns) {
    ranked.emplace_back(EditDistance(parts.back(), column.name),
                        columnar::QuoteIdentifier(column.name));
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string proposal;
  for (size_t i = 0; i < std::min<size_t>(5, ranked.size()); ++i) {
    proposal += (i == 0 ? "" : ", ") + ranked[i].second;
  }
  return Fail("UNRESOLVED_COLUMN.WITH_SUGGESTION",
              "A column, variable, or function parameter with name " + object +
                  " cannot be resolved. Did you mean one of the following? [" + proposal + "].",
              {{"objectName", object}, {"proposal", proposal}});
}

namespace {

Error WithoutPlace(const Error& error) {
  return Fail(error.reason(), error.message(), error.params());
}

}  // namespace

Result<ExprRef> Analyzer::ExprResolver::ResolveText(State& state, const Scope& scope,
                                                    const std::string& text) {
  Result<sql::ExprPtr> parsed = sql::ParseExpression(text);
  if (!parsed.ok()) return WithoutPlace(parsed.error());
  sql::ExprPtr expr = *std::move(parsed);
  std::string_view statement = state.text;
  // Nodes of this tree are gone before the statement's names are made.
  NameOverrides names = state.names;
  state.text = text;
  Result<ExprRef> resolved = ExprResolver(state, scope).Resolve(*expr);
  state.text = statement;
  state.names = std::move(names);
  return resolved.ok() ? std::move(resolved) : WithoutPlace(resolved.error());
}

Result<ExprRef> Analyzer::ExprResolver::Resolve(const sql::Expr& expr) {
  auto replaced = state_.replaced.find(&expr);
  if (replaced != state_.replaced.end()) return replaced->second;
  Result<ExprRef> resolved = ResolveNode(expr);
  if (!resolved.ok()) return state_.At(std::move(resolved).error(), expr.range);
  if ((*resolved)->range.end == 0) {
    auto placed = std::make_shared<Expr>(**resolved);
    placed->range = expr.range;
    return ExprRef(std::move(placed));
  }
  return resolved;
}

Result<ExprRef> Analyzer::ExprResolver::ResolveCondition(const sql::Expr& expr,
                                                         std::string_view clause) {
  TARN_TRY(ExprRef condition, Resolve(expr));
  if (condition->type.is(TypeKind::kBoolean)) return condition;
  // As in Spark, HAVING reads what is no predicate as one.
  if (clause == "HAVING" && CanCast(condition->type, TypeKind::kBoolean, state_.context.ansi)) {
    return MakeCast(std::move(condition), TypeKind::kBoolean);
  }
  return state_.At(Fail("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
                        "The condition of " + std::string(clause) + " has the type \"" +
                            condition->type.ToSqlString() + "\", not \"BOOLEAN\".",
                        {{"type", "\"" + condition->type.ToSqlString() + "\""}}),
                   expr.range);
}

Result<ExprRef> Analyzer::ExprResolver::ResolveNode(const sql::Expr& expr) {
  using sql::ExprKind;
  switch (expr.kind) {
    case ExprKind::kLiteral:
      return ResolveLiteral(expr.As<sql::Literal>());
    case ExprKind::kName:
      return ResolveName(expr.As<sql::Name>());
    case ExprKind::kStar:
      return Fail("INVALID_USAGE_OF_STAR_OR_REGEX", "* cannot be used here.");
    case ExprKind::kUnary:
      return ResolveUnary(expr.As<sql::Unary>());
    case ExprKind::kBinary:
      return ResolveBinary(expr.As<sql::Binary>());
    case ExprKind::kCall:
      return ResolveCall(expr.As<sql::Call>());
    case ExprKind::kCast:
      return ResolveCast(expr.As<sql::Cast>());
    case ExprKind::kCase:
      return ResolveCase(expr.As<sql::Case>());
    case ExprKind::kBetween:
      return ResolveBetween(expr.As<sql::Between>());
    case ExprKind::kIn:
      return ResolveIn(expr.As<sql::In>());
    case ExprKind::kLike:
      return ResolveLike(expr.As<sql::Like>());
    case ExprKind::kIs:
      return ResolveIs(expr.As<sql::Is>());
    case ExprKind::kExists: {
      TARN_TRY(PlanRef plan, ResolveSubplan(*expr.As<sql::Exists>().query));
      auto node = std::make_shared<Expr>();
      node->op = ExprOp::kExists;
      node->type = TypeKind::kBoolean;
      node->nullable = false;
      node->plan = std::move(plan);
      return ExprRef(std::move(node));
    }
    case ExprKind::kSubquery: {
      TARN_TRY(PlanRef plan, ResolveSubplan(*expr.As<sql::Subquery>().query));
      if (plan->output.size() != 1) {
        return Fail(
            "INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
            "A scalar subquery must return one column, but returned " +
                std::to_string(plan->output.size()) + ".",
            {{"number", std::to_string(plan->output.size())}});
      }
      auto node = std::make_shared<Expr>();
      node->op = ExprOp::kScalarSubquery;
      node->type = plan->output[0].type;
      std::string outer;
      for (const std::string& name : OuterColumns(*plan))
        outer += (outer.empty() ? "" : ", ") + name;
      state_.names[&expr] = "scalarsubquery(" + outer + ")";
      node->plan = std::move(plan);
      return ExprRef(std::move(node));
    }
    case ExprKind::kSubscript:
      return ResolveSubscript(expr.As<sql::Subscript>());
    case ExprKind::kField: {
      const auto& access = expr.As<sql::FieldAccess>();
      TARN_TRY(ExprRef base, Resolve(*access.operand));
      return Field(std::move(base), access.name);
    }
    case ExprKind::kLambda:
      return Fail("UNSUPPORTED_FEATURE", "Tarn does not support lambda functions yet.");
    case ExprKind::kParameter:
      return ResolveParameter(expr.As<sql::Parameter>());
  }
  return Fail("INTERNAL_ERROR", "an expression of an unknown kind");
}

Result<ExprRef> Analyzer::ExprResolver::ResolveName(const sql::Name& name) {
  for (const Scope* scope = &scope_; scope != nullptr; scope = scope->outer()) {
    std::vector<Scope::Match> matches = scope->Find(name.parts);
    if (matches.size() > 1) {
      std::string options;
      for (const Scope::Match& match : matches) {
        std::vector<std::string> full = match.attribute.qualifier;
        full.push_back(match.attribute.name);
        options += (options.empty() ? "" : ", ") + Quoted(full);
      }
      return Fail("AMBIGUOUS_REFERENCE",
                  "Reference " + Quoted(name.parts) + " is ambiguous, could be: [" + options + "].",
                  {{"name", Quoted(name.parts)}, {"referenceNames", "[" + options + "]"}});
    }
    if (matches.size() == 1) {
      ExprRef expr = MakeColumn(matches[0].attribute);
      size_t used = matches[0].used;
      std::string shown = name.parts[used - 1];
      for (size_t i = used; i < name.parts.size(); ++i) {
        TARN_TRY(expr, Field(std::move(expr), name.parts[i]));
        shown += "." + name.parts[i];
      }
      if (used < name.parts.size()) state_.names[&name] = shown;
      return expr;
    }
    if (scope == &scope_ && aliases_ != nullptr && name.parts.size() == 1) {
      const ExprRef* found = nullptr;
      for (const auto& [alias, expr] : *aliases_) {
        if (!SameName(alias, name.parts[0])) continue;
        if (found != nullptr && !SameExpr(*found, expr)) {
          return Fail("AMBIGUOUS_LATERAL_COLUMN_ALIAS",
                      "Lateral column alias " + Quoted(name.parts) +
                          " is ambiguous: several columns have this name.",
                      {{"name", Quoted(name.parts)}});
        }
        found = &expr;
      }
      if (found != nullptr) return *found;
    }
  }
  if (name.parts.size() == 1) {
    // Spark reads a bare current_date or current_user as a call.
    Result<ExprRef> call = ContextFunction(name.parts[0], 0);
    if (call.ok()) return call;
  }
  return UnresolvedColumn(name.parts, scope_.columns());
}

Result<ExprRef> Analyzer::ExprResolver::Field(ExprRef base, const std::string& name) {
  bool array = base->type.is(TypeKind::kArray) && base->type.element().is(TypeKind::kStruct);
  if (array) {
    const DataType element = base->type.element();
    for (const columnar::Field& field : element.fields()) {
      if (!SameName(field.name, name)) continue;
      DataType type = DataType::Array(field.type, base->type.contains_null() || field.nullable);
      bool nullable = base->nullable;
      ExprRef key = MakeLiteral(TypeKind::kString, field.name);
      return MakeCall("array_struct_field", {std::move(base), std::move(key)}, std::move(type),
                      nullable);
    }
    return Fail("FIELD_NOT_FOUND", "No such struct field " + columnar::QuoteIdentifier(name) +
                                       " in " + element.ToCatalogString() + ".");
  }
  if (base->type.is(TypeKind::kMap) && base->type.key().is_string()) {
    DataType value = base->type.value();
    ExprRef key = MakeLiteral(TypeKind::kString, name);
    return MakeCall("map_item", {std::move(base), std::move(key)}, std::move(value), true);
  }
  if (!base->type.is(TypeKind::kStruct)) {
    return Fail("INVALID_EXTRACT_BASE_FIELD_TYPE",
                "Can't extract a value from an expression of type \"" + base->type.ToSqlString() +
                    "\"; a STRUCT, ARRAY or MAP is needed.");
  }
  for (const columnar::Field& field : base->type.fields()) {
    if (!SameName(field.name, name)) continue;
    bool nullable = base->nullable || field.nullable;
    DataType type = field.type;
    ExprRef key = MakeLiteral(TypeKind::kString, field.name);
    return MakeCall("struct_field", {std::move(base), std::move(key)}, std::move(type), nullable);
  }
  return Fail("FIELD_NOT_FOUND", "No such struct field " + columnar::QuoteIdentifier(name) +
                                     " in " + base->type.ToCatalogString() + ".");
}

Result<std::vector<std::pair<std::string, ExprRef>>> Analyzer::ExprResolver::ExpandStar(
    const sql::Star& star) {
  std::vector<Attribute> columns =
      star.qualifier.empty() ? scope_.columns() : scope_.Qualified(star.qualifier);
  std::vector<std::pair<std::string, ExprRef>> found;
  for (const Attribute& a : columns) found.emplace_back(a.name, MakeColumn(a));
  if (columns.empty() && !star.qualifier.empty()) {
    // s.*: the fields of a struct column.
    std::vector<Scope::Match> matches = scope_.Find(star.qualifier);
    if (matches.size() == 1 && matches[0].used == star.qualifier.size() &&
        matches[0].attribute.type.is(TypeKind::kStruct)) {
      ExprRef base = MakeColumn(matches[0].attribute);
      for (const columnar::Field& field : base->type.fields()) {
        TARN_TRY(ExprRef value, Field(base, field.name));
        found.emplace_back(field.name, std::move(value));
      }
    }
  }
  if (found.empty()) {
    return state_.At(
        Fail("CANNOT_RESOLVE_STAR_EXPAND",
             "Cannot resolve " + Quoted(star.qualifier) + ".*: it names no relation with columns."),
        star.range);
  }
  for (const auto& name : star.except) {
    size_t before = found.size();
    std::erase_if(found, [&](const auto& item) { return SameName(item.first, name.back()); });
    if (found.size() == before) {
      return state_.At(UnresolvedColumn(name, columns), star.range);
    }
  }
  return found;
}

Result<ExprRef> Analyzer::ExprResolver::ResolveParameter(const sql::Parameter& parameter) {
  std::string shown =
      parameter.name.empty() ? "_" + std::to_string(parameter.ordinal) : parameter.name;
  int position = 0;
  for (const ParameterValue& value : state_.context.parameters) {
    if (value.name.empty()) ++position;
    bool matches = parameter.name.empty() ? value.name.empty() && position == parameter.ordinal
                                          : value.name == parameter.name;
    if (!matches) continue;
    if (!value.text) return MakeCast(MakeLiteral(DataType(), std::nullopt), value.type);
    if (value.type.is_string()) return MakeLiteral(TypeKind::kString, *value.text);
    return MakeCast(MakeLiteral(TypeKind::kString, *value.text), value.type);
  }
  return Fail("UNBOUND_SQL_PARAMETER",
              "Found the unbound parameter: " + shown + "; give it a value.", {{"name", shown}});
}

Result<PlanRef> Analyzer::ExprResolver::ResolveSubplan(const sql::Query& query) {
  return QueryResolver(state_).Resolve(query, &scope_);
}

Result<ExprRef> Analyzer::ExprResolver::ResolveCast(const sql::Cast& cast) {
  TARN_TRY(ExprRef operand, Resolve(*cast.operand));
  DataType target = cast.type;
  // CHAR and VARCHAR carry rules for stored columns only.
  if (target.is_string()) target = TypeKind::kString;
  bool ansi = state_.context.ansi;
  if (!CanCast(operand->type, target, ansi)) {
    // Some casts exist elsewhere: as a function, or with ANSI mode off.
    const DataType& from = operand->type;
    bool number_of_date = from.is(TypeKind::kDate) && target.is_numeric();
    bool date_of_number = from.is_integral() && target.is(TypeKind::kDate);
    std::string_view reason = ansi && !cast.is_try && (number_of_date || date_of_number)
                                  ? "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"
                              : ansi && !cast.is_try && CanCast(from, target, false)
                                  ? "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION"
                                  : "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION";
    return Fail(reason,
                "Cannot cast \"" + operand->type.ToSqlString() + "\" to \"" +
                    cast.type.ToSqlString() + "\".",
                {{"srcType", "\"" + operand->type.ToSqlString() + "\""},
                 {"targetType", "\"" + cast.type.ToSqlString() + "\""}});
  }
  ExprRef converted = MakeCast(operand, target, cast.is_try);
  if (converted == operand) return operand;
  // A range of its own tells a written cast from an implicit one.
  auto placed = std::make_shared<Expr>(*converted);
  placed->range = cast.range;
  return ExprRef(std::move(placed));
}

Result<ExprRef> Analyzer::ExprResolver::ResolveSubscript(const sql::Subscript& subscript) {
  TARN_TRY(ExprRef base, Resolve(*subscript.operand));
  TARN_TRY(ExprRef index, Resolve(*subscript.index));
  if (base->type.is(TypeKind::kArray)) {
    if (!index->type.is_integral()) {
      return Fail("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                  "An array index must be a whole number, but has the type \"" +
                      index->type.ToSqlString() + "\".");
    }
    DataType element = base->type.element();
    return MakeCall("array_item", {std::move(base), MakeCast(std::move(index), TypeKind::kInteger)},
                    std::move(element), true);
  }
  if (base->type.is(TypeKind::kMap)) {
    DataType key = base->type.key();
    DataType value = base->type.value();
    return MakeCall("map_item", {std::move(base), MakeCast(std::move(index), key)},
                    std::move(value), true);
  }
  return Fail(
      "INVALID_EXTRACT_BASE_FIELD_TYPE",
      "Can't extract a value from an expression of type \"" + base->type.ToSqlString() + "\".");
}

Result<std::vector<SortKey>> Analyzer::ExprResolver::ResolveKeys(
    const std::vector<sql::OrderItem>& items) {
  std::vector<SortKey> keys;
  for (const sql::OrderItem& item : items) {
    SortKey key;
    TARN_TRY(key.expr, Resolve(*item.expr));
    key.descending = item.descending;
    key.nulls_first = item.nulls_first.value_or(!item.descending);
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace tarn::plan
