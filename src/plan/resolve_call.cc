#include <algorithm>

#include "plan/coercion.h"
#include "plan/function_registry.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

namespace {

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

Error UnresolvedRoutine(const std::string& name) {
  return Fail("UNRESOLVED_ROUTINE",
              "Cannot resolve routine `" + name +
                  "` on search path [`system`.`builtin`, `system`.`session`].",
              {{"routineName", "`" + name + "`"}});
}

}  // namespace

// Functions that answer from the session: folded to constants.
Result<ExprRef> Analyzer::ExprResolver::ContextFunction(const std::string& name, size_t arg_count) {
  std::string lower = Lower(name);
  const AnalyzerContext& context = state_.context;
  if (arg_count == 0) {
    if (lower == "current_user" || lower == "user" || lower == "session_user") {
      return MakeLiteral(TypeKind::kString, context.current_user);
    }
    if (lower == "current_catalog") return MakeLiteral(TypeKind::kString, context.current_catalog);
    if (lower == "current_schema" || lower == "current_database") {
      return MakeLiteral(TypeKind::kString, context.current_schema);
    }
    if (lower == "version") return MakeLiteral(TypeKind::kString, "4.0.0 Tarn/0.1.0");
    if (lower == "current_timestamp" || lower == "now") {
      return MakeLiteral(TypeKind::kTimestamp, std::to_string(context.statement_time_micros));
    }
    if (lower == "current_date") {
      return MakeCast(
          MakeLiteral(TypeKind::kTimestamp, std::to_string(context.statement_time_micros)),
          TypeKind::kDate);
    }
  }
  return UnresolvedRoutine(name);
}

// Calls whose arguments decide more than a signature can say.
Result<ExprRef> Analyzer::ExprResolver::SpecialFunction(const std::string& name,
                                                        std::vector<ExprRef> args, bool* handled) {
  *handled = true;
  auto literal_text = [&](size_t i) -> std::optional<std::string> {
    if (i >= args.size() || args[i]->op != ExprOp::kLiteral) return std::nullopt;
    return args[i]->value;
  };
  if ((name == "extract" || name == "date_part" || name == "datepart") && args.size() == 2) {
    static constexpr std::pair<std::string_view, std::string_view> kParts[] = {
        {"year", "year"},       {"years", "year"},
        {"quarter", "quarter"}, {"month", "month"},
        {"months", "month"},    {"mon", "month"},
        {"week", "weekofyear"}, {"weeks", "weekofyear"},
        {"day", "day"},         {"days", "day"},
        {"d", "day"},           {"dayofweek", "dayofweek"},
        {"dow", "dayofweek"},   {"doy", "dayofyear"},
        {"hour", "hour"},       {"hours", "hour"},
        {"minute", "minute"},   {"minutes", "minute"}};
    std::string part = Lower(literal_text(0).value_or(""));
    for (auto [word, function] : kParts) {
      if (part != word) continue;
      const FunctionEntry* entry = FindFunction(function);
      TARN_TRY(BoundCall bound, BindCall(*entry, {args[1]}));
      return MakeCall(std::string(function), std::move(bound.args), bound.type, bound.nullable);
    }
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support extracting '" + part + "' yet.");
  }
  if ((name == "to_date" || name == "to_timestamp") && args.size() == 2) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support date patterns yet.");
  }
  if (name == "struct" || name == "named_struct") {
    std::vector<ExprRef> values;
    columnar::Fields fields;
    bool named = name == "named_struct";
    if (named && args.size() % 2 != 0) {
      return Fail("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                  "named_struct needs pairs of name and value.");
    }
    for (size_t i = 0; i < args.size(); i += named ? 2 : 1) {
      std::string field = "col" + std::to_string(i + 1);
      if (named) {
        if (!literal_text(i))
          return Fail("UNSUPPORTED_FEATURE", "names of named_struct must be literals.");
        field = *literal_text(i);
      } else if (args[i]->op == ExprOp::kColumn) {
        field = args[i]->name;
      }
      ExprRef value = named ? args[i + 1] : args[i];
      fields.push_back({field, value->type, value->nullable});
      values.push_back(std::move(value));
    }
    return MakeCall("struct", std::move(values), DataType::Struct(std::move(fields)), false);
  }
  if (name == "map" && args.size() % 2 == 0 && !args.empty()) {
    std::vector<ExprRef> keys;
    std::vector<ExprRef> values;
    for (size_t i = 0; i < args.size(); i += 2) {
      keys.push_back(args[i]);
      values.push_back(args[i + 1]);
    }
    auto key = CommonType(keys);
    auto value = CommonType(values);
    if (!key || !value) {
      return Fail("DATATYPE_MISMATCH.CREATE_MAP_KEY_DIFF_TYPES",
                  "The keys and the values of map each need one type.");
    }
    bool value_null =
        std::any_of(values.begin(), values.end(), [](const ExprRef& e) { return e->nullable; });
    for (size_t i = 0; i < args.size(); ++i)
      args[i] = MakeCast(args[i], i % 2 == 0 ? *key : *value);
    return MakeCall("map", std::move(args), DataType::Map(*key, *value, value_null), false);
  }
  if (name == "round" && args.size() >= 1 && args[0]->type.is(TypeKind::kDecimal)) {
    int digits = 0;
    if (args.size() == 2) {
      std::optional<std::string> text = literal_text(1);
      if (!text)
        return Fail("UNSUPPORTED_FEATURE", "the scale of round on decimals must be a literal.");
      digits = std::stoi(*text);
    }
    const DataType t = args[0]->type;
    int scale = std::clamp(digits, 0, t.scale());
    int precision = std::min(38, std::max(1, t.precision() - t.scale() + 1 + scale));
    ExprRef places = MakeLiteral(TypeKind::kInteger, std::to_string(digits));
    bool nullable = args[0]->nullable;
    return MakeCall("round", {args[0], places}, DataType::Decimal(precision, scale), nullable);
  }
  if (name == "percentile" || name == "percentile_approx" || name == "approx_percentile") {
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support " + name + " yet.");
  }
  *handled = false;
  return Fail("INTERNAL_ERROR", "not a special function");
}

Result<ExprRef> Analyzer::ExprResolver::ResolveCall(const sql::Call& call) {
  std::string name = Lower(call.name.back());
  if (call.name.size() > 1) {
    std::string full;
    for (const std::string& part : call.name) full += (full.empty() ? "" : "`.`") + part;
    return UnresolvedRoutine(full);
  }
  std::vector<ExprRef> args;
  for (const sql::Argument& arg : call.args) {
    if (!arg.name.empty())
      return Fail("UNSUPPORTED_FEATURE",
                  "Tarn does not support named arguments of " + name + " yet.");
    if (arg.value->kind == sql::ExprKind::kStar) {
      if (name != "count" || call.args.size() != 1) {
        return Fail("INVALID_USAGE_OF_STAR_OR_REGEX",
                    "Invalid usage of '*' in expression `" + name + "`.");
      }
      args.push_back(MakeLiteral(TypeKind::kInteger, "1"));
      continue;
    }
    TARN_TRY(ExprRef value, Resolve(*arg.value));
    args.push_back(std::move(value));
  }
  bool handled = false;
  bool plain = !call.distinct && !call.filter && !call.over;
  if (plain) {
    Result<ExprRef> special = SpecialFunction(name, args, &handled);
    if (handled) return special;
    Result<ExprRef> context = ContextFunction(name, args.size());
    if (context.ok()) return context;
  }
  const FunctionEntry* entry = FindFunction(name);
  if (entry == nullptr || entry->kind == FunctionKind::kTable) return UnresolvedRoutine(name);
  // first and last are aggregates that also have a window form of their own.
  if (name == "count" && args.empty()) {
    return Fail("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                "The `count` requires > 0 parameters but the actual number is 0.",
                {{"functionName", "`count`"}, {"expectedNum", "> 0"}, {"actualNum", "0"}});
  }
  TARN_TRY(BoundCall bound, BindCall(*entry, std::move(args)));
  auto node = std::make_shared<Expr>();
  node->function = name;
  node->args = std::move(bound.args);
  node->type = std::move(bound.type);
  node->nullable = bound.nullable;
  node->distinct = call.distinct;
  node->ignore_nulls = call.ignore_nulls.value_or(false);
  node->range = call.range;
  if (entry->kind == FunctionKind::kScalar) {
    if (call.distinct || call.filter) {
      return Fail("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                  "The function `" + name + "` does not support DISTINCT or FILTER.");
    }
    node->op = ExprOp::kCall;
    if (call.over) {
      return Fail("UNSUPPORTED_EXPR_FOR_WINDOW",
                  "Expression \"" + name + "\" not supported within a window function.");
    }
    return ExprRef(std::move(node));
  }
  if (!call.within_group.empty()) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support WITHIN GROUP yet.");
  }
  node->op = entry->kind == FunctionKind::kAggregate ? ExprOp::kAggregate : ExprOp::kCall;
  if (call.filter) {
    TARN_TRY(node->filter, ResolveCondition(*call.filter, "FILTER"));
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
  if (entry->kind == FunctionKind::kWindow) {
    // first_value and friends are aggregates too when no window is given.
    if (name == "first_value" || name == "last_value") {
      node->op = ExprOp::kAggregate;
      node->function = name == "first_value" ? "first" : "last";
      return ExprRef(std::move(node));
    }
    return Fail("WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE",
                "Window function \"" + name + "()\" requires an OVER clause.",
                {{"funcName", "\"" + name + "()\""}});
  }
  return ExprRef(std::move(node));
}

Result<ExprRef> Analyzer::ExprResolver::ResolveWindow(const sql::Call& call, ExprRef function) {
  const sql::WindowSpec* spec = call.over.get();
  const sql::WindowSpec* base = nullptr;
  if (!spec->name.empty()) {
    if (windows_ != nullptr) {
      for (const auto& [name, named] : *windows_) {
        if (SameName(name, spec->name)) base = &named;
      }
    }
    if (base == nullptr) {
      return Fail(
          "MISSING_WINDOW_SPECIFICATION",
          "Window specification is not defined in the WINDOW clause for " + spec->name + ".",
          {{"windowName", spec->name}});
    }
  }
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::kWindow;
  node->type = function->type;
  node->nullable = function->nullable;
  const std::string name = function->function;
  node->args = {std::move(function)};
  for (const sql::WindowSpec* part : {base, spec}) {
    if (part == nullptr) continue;
    for (const auto& item : part->partition_by) {
      TARN_TRY(ExprRef key, Resolve(*item));
      node->partition_by.push_back(std::move(key));
    }
    if (!part->order_by.empty()) {
      TARN_TRY(node->order_by, ResolveKeys(part->order_by));
    }
    if (part->frame) {
      Frame frame;
      frame.unit = part->frame->unit;
      frame.start = part->frame->start.kind;
      frame.end = part->frame->end.kind;
      if (part->frame->start.offset) {
        TARN_TRY(frame.start_offset, Resolve(*part->frame->start.offset));
      }
      if (part->frame->end.offset) {
        TARN_TRY(frame.end_offset, Resolve(*part->frame->end.offset));
      }
      node->frame = std::move(frame);
    }
  }
  static constexpr std::string_view kNeedOrder[] = {
      "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead"};
  bool needs_order =
      std::find(std::begin(kNeedOrder), std::end(kNeedOrder), name) != std::end(kNeedOrder);
  if (needs_order && node->order_by.empty()) {
    return Fail("WINDOW_FUNCTION_WITHOUT_ORDER_BY",
                "Window function " + name +
                    "() requires window to be ordered, please add ORDER BY clause.");
  }
  return ExprRef(std::move(node));
}

}  // namespace tarn::plan
