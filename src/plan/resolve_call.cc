#include <algorithm>

#include "plan/coercion.h"
#include "plan/function_registry.h"
#include "plan/lower_case.h"
#include "plan/output_name.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

namespace {

Error UnresolvedRoutine(const std::string& name) {
  return Fail("UNRESOLVED_ROUTINE",
              "Cannot resolve routine `" + name +
                  "` on search path [`system`.`builtin`, `system`.`session`].",
              {{"routineName", "`" + name + "`"}});
}

// The last arguments that a call leaves out, as Spark shows them.
std::string MissingDefaults(const FunctionEntry& entry, size_t given) {
  if (!entry.has_defaults) return "";
  std::vector<std::string> defaults = {""};
  for (char c : entry.defaults) {
    if (c == '~') {
      defaults.emplace_back();
    } else {
      defaults.back() += c;
    }
  }
  size_t arguments = 0;
  for (char c : entry.signature.substr(0, entry.signature.find(':'))) {
    if (c != '?' && c != '*') ++arguments;
  }
  size_t missing = arguments > given ? arguments - given : 0;
  std::string out;
  for (size_t i = defaults.size() - std::min(missing, defaults.size()); i < defaults.size(); ++i) {
    out += (given == 0 && out.empty() ? "" : ", ") + defaults[i];
  }
  return out;
}

// first(c, true) is first(c) IGNORE NULLS.
bool TakesIgnoreNulls(const std::string& name) {
  return name == "first" || name == "last" || name == "any_value" || name == "first_value" ||
         name == "last_value";
}

}  // namespace

// Functions that answer from the session: folded to constants.
Result<ExprRef> Analyzer::ExprResolver::ContextFunction(const std::string& name, size_t arg_count) {
  std::string lower = Lower(name);
  const AnalyzerContext& context = state_.context;
  auto now = [&] {
    return MakeLiteral(TypeKind::kTimestamp, std::to_string(context.statement_time_micros));
  };
  if (arg_count == 0) {
    if (lower == "current_user" || lower == "user" || lower == "session_user") {
      return MakeLiteral(TypeKind::kString, context.current_user);
    }
    if (lower == "current_catalog") return MakeLiteral(TypeKind::kString, context.current_catalog);
    if (lower == "current_schema" || lower == "current_database") {
      return MakeLiteral(TypeKind::kString, context.current_schema);
    }
    if (lower == "current_timezone") return MakeLiteral(TypeKind::kString, context.time_zone);
    if (lower == "version") return MakeLiteral(TypeKind::kString, "4.2.0 Tarn/0.1.0");
    if (lower == "current_timestamp" || lower == "now") return now();
    if (lower == "current_date" || lower == "curdate") return MakeCast(now(), TypeKind::kDate);
    if (lower == "localtimestamp") return MakeCast(now(), TypeKind::kTimestampNtz);
  }
  return UnresolvedRoutine(name);
}

Result<std::vector<ExprRef>> Analyzer::ExprResolver::ResolveArguments(const sql::Call& call,
                                                                      const std::string& name) {
  std::vector<ExprRef> args;
  for (const sql::Argument& arg : call.args) {
    if (!arg.name.empty() || !arg.alias.empty()) {
      return Fail("UNSUPPORTED_FEATURE",
                  "Tarn does not support named arguments of " + name + " yet.");
    }
    if (arg.value->kind != sql::ExprKind::kStar) {
      TARN_TRY(ExprRef value, Resolve(*arg.value));
      args.push_back(std::move(value));
      continue;
    }
    const auto& star = arg.value->As<sql::Star>();
    if (name == "count" && call.args.size() == 1 && !call.distinct && star.qualifier.empty()) {
      args.push_back(MakeLiteral(TypeKind::kInteger, "1"));
      continue;
    }
    if (name == "count" && !star.qualifier.empty()) {
      return Fail("INVALID_USAGE_OF_STAR_WITH_TABLE_IDENTIFIER_IN_COUNT",
                  "count(" + star.qualifier.back() + ".*) is not allowed. Use count(*) instead.",
                  {{"tableName", star.qualifier.back()}});
    }
    TARN_TRY(auto columns, ExpandStar(star));
    for (auto& [column, expr] : columns) args.push_back(std::move(expr));
  }
  return args;
}

// The call's own text in output names; arguments under their own names.
std::string Analyzer::ExprResolver::CallText(const sql::Call& call, const FunctionEntry* entry) {
  std::string name = Lower(call.name.back());
  std::string args;
  if (call.is_row) {
    for (size_t i = 0; i < call.args.size(); ++i) {
      const sql::Argument& arg = call.args[i];
      std::string field = "col" + std::to_string(i + 1);
      if (arg.value->kind == sql::ExprKind::kName) field = arg.value->As<sql::Name>().parts.back();
      if (!arg.alias.empty()) field = arg.alias;
      args += (args.empty() ? "" : ", ") + field + ", " +
              NameText(*arg.value, state_.names, state_.text);
    }
    return "named_struct(" + args + ")";
  }
  for (const sql::Argument& arg : call.args) {
    std::string text = NameText(*arg.value, state_.names, state_.text);
    if (arg.value->kind == sql::ExprKind::kStar && name != "count") {
      auto columns = ExpandStar(arg.value->As<sql::Star>());
      text.clear();
      if (columns.ok()) {
        for (const auto& [column, expr] : *columns) text += (text.empty() ? "" : ", ") + column;
      }
    }
    bool dropped = &arg != &call.args.front() && call.args.size() == 2 && TakesIgnoreNulls(name);
    if (!dropped) args += (args.empty() ? "" : ", ") + text;
  }
  auto first = [&] { return NameText(*call.args[0].value, state_.names, state_.text); };
  auto second = [&] { return NameText(*call.args[1].value, state_.names, state_.text); };
  std::string raw =
      std::string(state_.text.substr(call.range.begin, call.range.end - call.range.begin));
  size_t from = raw.size() > 5 ? Lower(raw).find(" from ") : std::string::npos;
  if (name == "extract" && call.args.size() == 2) {
    return "extract(" + first() + " FROM " + second() + ")";
  }
  bool trims = (name == "trim" || name == "ltrim" || name == "rtrim") &&
               from != std::string::npos && Lower(raw).rfind("trim", 0) == 0;
  if (trims && call.args.size() <= 2) {
    std::string side = name == "trim" ? "BOTH" : name == "ltrim" ? "LEADING" : "TRAILING";
    if (call.args.size() == 1) return name + "(" + first() + ")";
    return "TRIM(" + side + " " + first() + " FROM " + second() + ")";
  }
  if (name == "position" && Lower(raw).find(" in ") != std::string::npos) {
    return "locate(" + args + ", 1)";
  }
  if (name == "isnull" && call.args.size() == 1) return "(" + args + " IS NULL)";
  if (name == "isnotnull" && call.args.size() == 1) return "(" + args + " IS NOT NULL)";
  if (name == "positive" && call.args.size() == 1) return "(+ " + args + ")";
  if (name == "if") return "(IF(" + args + "))";
  if (name == "date" || name == "timestamp") {
    return "CAST(" + args + " AS " + (name == "date" ? "DATE" : "TIMESTAMP") + ")";
  }
  if (name == "ceil" || name == "ceiling" || name == "floor") {
    if (name == "ceiling") return "ceiling(" + args + ")";
    if (call.args.size() == 1) return (name == "floor" ? "FLOOR(" : "CEIL(") + args + ")";
    return (name == "floor" ? "floor(" : "ceil(") + args + ")";
  }
  if (name == "log" && call.args.size() == 1) return "LOG(E(), " + args + ")";
  if (name == "dateadd") return "date_add(" + args + ")";
  std::string shown = entry != nullptr && !entry->shown.empty() ? std::string(entry->shown) : name;
  if (entry != nullptr) args += MissingDefaults(*entry, call.args.size());
  std::string out = shown + "(" + (call.distinct ? "DISTINCT " : "") + args + ")";
  if (call.filter) {
    out += " FILTER (WHERE " + NameText(*call.filter, state_.names, state_.text) + ")";
  }
  return out;
}

Result<ExprRef> Analyzer::ExprResolver::ResolveCall(const sql::Call& call) {
  std::string name = Lower(call.name.back());
  if (call.name.size() > 1) {
    std::string full;
    for (const std::string& part : call.name) full += (full.empty() ? "" : "`.`") + part;
    return UnresolvedRoutine(full);
  }
  TARN_TRY(std::vector<ExprRef> args, ResolveArguments(call, name));
  const FunctionEntry* entry = FindFunction(name);
  if (entry != nullptr && entry->internal) entry = nullptr;
  state_.names[&call] = CallText(call, entry);
  bool handled = false;
  if (!call.distinct && !call.filter && !call.over) {
    Result<ExprRef> special = SpecialFunction(name, args, &handled);
    if (handled) return special;
    Result<ExprRef> context = ContextFunction(name, args.size());
    if (context.ok()) return context;
  }
  if (entry == nullptr || entry->kind == FunctionKind::kTable) return UnresolvedRoutine(name);
  if (name == "count" && args.empty()) {
    return Fail("WRONG_NUM_ARGS.WITH_SUGGESTION",
                "The `count` requires > 0 parameters but the actual number is 0.",
                {{"functionName", "`count`"}, {"expectedNum", "> 0"}, {"actualNum", "0"}});
  }
  bool ignore_nulls = call.ignore_nulls.value_or(false);
  if (args.size() == 2 && TakesIgnoreNulls(name)) {
    const Expr& flag = *args[1];
    if (flag.op != ExprOp::kLiteral || !flag.type.is(TypeKind::kBoolean)) {
      return Fail("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                  "The second argument of " + name + " must be true or false.",
                  {{"inputName", "`ignoreNulls`"}});
    }
    ignore_nulls = flag.value == "true";
    args.pop_back();
  }
  if (name == "approx_count_distinct" && args.size() == 2) args.pop_back();
  TARN_TRY(BoundCall bound, BindCall(*entry, std::move(args), state_.context.ansi));
  auto node = std::make_shared<Expr>();
  node->function = std::string(entry->canonical.empty() ? entry->name : entry->canonical);
  node->args = std::move(bound.args);
  node->type = std::move(bound.type);
  node->nullable = bound.nullable;
  node->distinct = call.distinct;
  node->ignore_nulls = ignore_nulls;
  node->range = call.range;
  node->op = entry->kind == FunctionKind::kAggregate ? ExprOp::kAggregate : ExprOp::kCall;
  if (entry->kind == FunctionKind::kScalar) {
    if (call.over) {
      return Fail("UNSUPPORTED_EXPR_FOR_WINDOW",
                  "Expression \"" + name + "\" not supported within a window function.");
    }
    if (call.distinct || call.filter || !call.within_group.empty() || call.ignore_nulls) {
      return Fail("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                  "The function `" + name + "` does not support DISTINCT or FILTER.",
                  {{"prettyName", "`" + name + "`"}});
    }
    return AdaptToArguments(std::move(node));
  }
  return ResolveAggregateCall(call, *entry, std::move(node));
}

Result<ExprRef> Analyzer::ExprResolver::ResolveAggregateCall(const sql::Call& call,
                                                             const FunctionEntry& entry,
                                                             std::shared_ptr<Expr> node) {
  if (!call.within_group.empty()) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support WITHIN GROUP yet.");
  }
  if (entry.name == "percentile" || entry.canonical == "percentile_approx" ||
      entry.name == "percentile_approx") {
    // An array of percentages gives an array.
    if (node->args[1]->type.is(TypeKind::kArray)) node->type = DataType::Array(node->type, false);
  }
  if (call.filter) {
    TARN_TRY(node->filter, ResolveCondition(*call.filter, "FILTER"));
    state_.names[&call] = CallText(call, &entry);
  }
  auto nested = [](const Expr& e) { return e.op == ExprOp::kAggregate; };
  if (node->op == ExprOp::kAggregate && !call.over &&
      std::any_of(node->args.begin(), node->args.end(),
                  [&](const ExprRef& e) { return AnyExpr(e, nested); })) {
    return Fail("NESTED_AGGREGATE_FUNCTION",
                "It is not allowed to use an aggregate function in the argument of another "
                "aggregate function.");
  }
  if (call.over) return ResolveWindow(call, std::move(node));
  if (entry.kind == FunctionKind::kWindow) {
    // first_value and last_value are aggregates too when no window is given.
    if (entry.name == "first_value" || entry.name == "last_value") {
      node->op = ExprOp::kAggregate;
      node->function = entry.name == "first_value" ? "first" : "last";
      return ExprRef(std::move(node));
    }
    return Fail("WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE",
                "Window function \"" + std::string(entry.name) + "()\" requires an OVER clause.",
                {{"funcName", "\"" + std::string(entry.name) + "()\""}});
  }
  return ExprRef(std::move(node));
}

}  // namespace tarn::plan
