#include <algorithm>

#include "plan/coercion.h"
#include "plan/function_registry.h"
#include "plan/lower_case.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

namespace {

std::optional<std::string> LiteralText(const std::vector<ExprRef>& args, size_t i) {
  if (i >= args.size() || args[i]->op != ExprOp::kLiteral) return std::nullopt;
  return args[i]->value;
}

std::optional<int> LiteralInt(const std::vector<ExprRef>& args, size_t i) {
  const Expr* e = i < args.size() ? args[i].get() : nullptr;
  bool negative = e != nullptr && e->op == ExprOp::kCall && e->function == "negative";
  if (negative) e = e->args[0].get();
  if (e == nullptr || e->op != ExprOp::kLiteral || !e->value || !e->type.is_integral() ||
      e->value->size() > 6) {
    return std::nullopt;
  }
  int value = std::stoi(*e->value);
  return negative ? -value : value;
}

Result<ExprRef> ByName(std::string_view function, std::vector<ExprRef> args, bool ansi) {
  const FunctionEntry* entry = FindFunction(function);
  TARN_TRY(BoundCall bound, BindCall(*entry, std::move(args), ansi));
  return MakeCall(std::string(function), std::move(bound.args), bound.type, bound.nullable);
}

// EXTRACT(part FROM x), date_part('part', x).
Result<ExprRef> Extract(const std::vector<ExprRef>& args, bool ansi) {
  static constexpr std::pair<std::string_view, std::string_view> kParts[] = {
      {"year", "year"},
      {"y", "year"},
      {"years", "year"},
      {"yr", "year"},
      {"yrs", "year"},
      {"quarter", "quarter"},
      {"qtr", "quarter"},
      {"month", "month"},
      {"mon", "month"},
      {"mons", "month"},
      {"months", "month"},
      {"week", "weekofyear"},
      {"w", "weekofyear"},
      {"weeks", "weekofyear"},
      {"day", "day"},
      {"d", "day"},
      {"days", "day"},
      {"dayofweek", "dayofweek"},
      {"dow", "dayofweek"},
      {"doy", "dayofyear"},
      {"hour", "hour"},
      {"h", "hour"},
      {"hours", "hour"},
      {"hr", "hour"},
      {"hrs", "hour"},
      {"minute", "minute"},
      {"m", "minute"},
      {"min", "minute"},
      {"mins", "minute"},
      {"minutes", "minute"},
      {"second", "second_with_fraction"},
      {"s", "second_with_fraction"},
      {"sec", "second_with_fraction"},
      {"secs", "second_with_fraction"},
      {"seconds", "second_with_fraction"}};
  std::optional<std::string> literal = LiteralText(args, 0);
  if (!literal) {
    return Fail("NON_FOLDABLE_ARGUMENT", "The field of extract must be a literal.",
                {{"funcName", "`extract`"}, {"paramName", "`field`"}});
  }
  std::string part = Lower(*literal);
  const DataType& type = args[1]->type;
  if (type.is(TypeKind::kYearMonthInterval) || type.is(TypeKind::kDayTimeInterval)) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not extract parts of intervals yet.");
  }
  for (auto [word, function] : kParts) {
    if (part == word) return ByName(function, {args[1]}, ansi);
  }
  if (part == "dayofweek_iso" || part == "dow_iso") {
    TARN_TRY(ExprRef weekday, ByName("weekday", {args[1]}, ansi));
    bool nullable = weekday->nullable;
    return MakeCall("+", {std::move(weekday), MakeLiteral(TypeKind::kInteger, "1")},
                    TypeKind::kInteger, nullable);
  }
  return Fail("INVALID_EXTRACT_FIELD",
              "Cannot extract `" + *literal + "` from \"" + type.ToSqlString() + "\".",
              {{"field", "`" + *literal + "`"}, {"expr", ""}});
}

Result<ExprRef> Struct(const std::vector<ExprRef>& args, bool named) {
  if (named && (args.size() % 2 != 0 || args.empty())) {
    return Fail("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                "The `named_struct` requires 2n (n > 0) parameters but the actual number is " +
                    std::to_string(args.size()) + ".",
                {{"functionName", "`named_struct`"},
                 {"expectedNum", "2n (n > 0)"},
                 {"actualNum", std::to_string(args.size())}});
  }
  std::vector<ExprRef> values;
  columnar::Fields fields;
  for (size_t i = 0; i < args.size(); i += named ? 2 : 1) {
    std::string field = "col" + std::to_string(i + 1);
    if (named) {
      std::optional<std::string> text = LiteralText(args, i);
      if (!text) {
        return Fail("DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING",
                    "The names of named_struct must be string literals.");
      }
      field = *text;
    } else if (args[i]->op == ExprOp::kColumn) {
      field = args[i]->name;
    } else if (args[i]->op == ExprOp::kCall && args[i]->function == "struct_field") {
      field = args[i]->args[1]->value.value_or(field);
    }
    ExprRef value = named ? args[i + 1] : args[i];
    fields.push_back({field, value->type, value->nullable});
    values.push_back(std::move(value));
  }
  return MakeCall("struct", std::move(values), DataType::Struct(std::move(fields)), false);
}

Result<ExprRef> Map(std::vector<ExprRef> args, bool ansi) {
  if (args.size() % 2 != 0) {
    return Fail("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                "The `map` requires 2n (n > 0) parameters but the actual number is " +
                    std::to_string(args.size()) + ".",
                {{"functionName", "`map`"},
                 {"expectedNum", "2n (n > 0)"},
                 {"actualNum", std::to_string(args.size())}});
  }
  std::vector<ExprRef> keys;
  std::vector<ExprRef> values;
  for (size_t i = 0; i < args.size(); i += 2) {
    keys.push_back(args[i]);
    values.push_back(args[i + 1]);
  }
  auto key = args.empty() ? DataType() : CommonType(keys, ansi);
  auto value = args.empty() ? DataType() : CommonType(values, ansi);
  if (!key || !value) {
    return Fail(key ? "DATATYPE_MISMATCH.CREATE_MAP_VALUE_DIFF_TYPES"
                    : "DATATYPE_MISMATCH.CREATE_MAP_KEY_DIFF_TYPES",
                "The keys and the values of map each need one type.");
  }
  bool value_null =
      std::any_of(values.begin(), values.end(), [](const ExprRef& e) { return e->nullable; });
  for (size_t i = 0; i < args.size(); ++i) args[i] = MakeCast(args[i], i % 2 == 0 ? *key : *value);
  return MakeCall("map", std::move(args), DataType::Map(*key, *value, value_null), false);
}

// round, bround, and ceil and floor with a number of digits; of decimals by literal digits only.
Result<ExprRef> Round(const std::string& name, std::vector<ExprRef> args, bool ansi) {
  bool cuts = name == "ceil" || name == "floor";
  if (cuts && args[0]->type.is(TypeKind::kDouble)) {
    args[0] = MakeCast(args[0], DataType::Decimal(30, 15));
  }
  if (!args[0]->type.is(TypeKind::kDecimal)) return ByName(name, std::move(args), ansi);
  std::optional<int> digits = args.size() == 2 ? LiteralInt(args, 1) : 0;
  if (!digits) {
    return Fail("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                "The number of digits of " + name + " must be a literal.",
                {{"inputName", "`scale`"}});
  }
  const DataType t = args[0]->type;
  int whole = t.precision() - t.scale() + 1;
  int scale = std::clamp(*digits, 0, t.scale());
  int precision = *digits < 0 ? std::max(whole, 1 - *digits) : whole + scale;
  ExprRef places = MakeLiteral(TypeKind::kInteger, std::to_string(*digits));
  return MakeCall(cuts ? name + "_to_digits" : name, {args[0], places},
                  DataType::Decimal(std::min(38, precision), scale), true);
}

}  // namespace

// Calls whose arguments decide more than a signature can say.
Result<ExprRef> Analyzer::ExprResolver::SpecialFunction(const std::string& name,
                                                        std::vector<ExprRef> args, bool* handled) {
  *handled = true;
  bool ansi = state_.context.ansi;
  size_t n = args.size();
  if ((name == "extract" || name == "date_part" || name == "datepart") && n == 2) {
    return Extract(args, ansi);
  }
  if ((name == "date" || name == "timestamp") && n == 1) {
    DataType target = name == "date" ? TypeKind::kDate : TypeKind::kTimestamp;
    if (CanCast(args[0]->type, target, ansi)) return MakeCast(args[0], target);
    return Fail(
        "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
        "Cannot cast \"" + args[0]->type.ToSqlString() + "\" to \"" + target.ToSqlString() + "\".");
  }
  if (name == "struct" || name == "named_struct") return Struct(args, name == "named_struct");
  if (name == "map") return Map(std::move(args), ansi);
  if (name == "array" && args.empty()) {
    return MakeCall("array", {}, DataType::Array(DataType(), false), false);
  }
  bool rounds = (name == "round" || name == "bround") && (n == 1 || n == 2);
  bool cuts = (name == "ceil" || name == "ceiling" || name == "floor") && n == 2;
  if (rounds || cuts) return Round(name == "ceiling" ? "ceil" : name, std::move(args), ansi);
  if ((name == "mod" || name == "pmod" || name == "try_mod" || name == "try_add" ||
       name == "try_subtract" || name == "try_multiply" || name == "try_divide") &&
      n == 2) {
    return NamedArithmetic(name, args[0], args[1]);
  }
  if (name == "typeof" && n == 1) {
    return MakeLiteral(TypeKind::kString, args[0]->type.ToCatalogString());
  }
  if (name == "grouping" && n == 1) {
    return MakeCast(GroupingBits(std::move(args)), TypeKind::kByte);
  }
  if (name == "grouping_id") return GroupingBits(std::move(args));
  if ((name == "element_at" || name == "try_element_at") && n == 2 &&
      args[0]->type.is(TypeKind::kMap)) {
    DataType key = args[0]->type.key();
    DataType value = args[0]->type.value();
    return MakeCall("map_item", {args[0], MakeCast(args[1], key)}, value, true);
  }
  if (name == "concat" && n > 0 && args[0]->type.is(TypeKind::kArray)) {
    std::optional<DataType> type = CommonType(args, ansi);
    if (!type) {
      return Fail("DATATYPE_MISMATCH.DATA_DIFF_TYPES", "The arrays of concat need one type.",
                  {{"functionName", "`concat`"}});
    }
    bool nullable =
        std::any_of(args.begin(), args.end(), [](const ExprRef& e) { return e->nullable; });
    for (ExprRef& arg : args) arg = MakeCast(std::move(arg), *type);
    return MakeCall("array_concat", std::move(args), *type, nullable);
  }
  bool any_array = std::any_of(args.begin(), args.end(),
                               [](const ExprRef& e) { return e->type.is(TypeKind::kArray); });
  if (name == "concat_ws" && n > 0 && any_array) {
    for (ExprRef& arg : args) {
      if (!arg->type.is(TypeKind::kArray)) arg = MakeCast(std::move(arg), TypeKind::kString);
    }
    bool nullable = args[0]->nullable;
    return MakeCall("concat_ws_arrays", std::move(args), TypeKind::kString, nullable);
  }
  if (name == "reverse" && n == 1 && any_array) {
    return MakeCall("array_reverse", args, args[0]->type, args[0]->nullable);
  }
  *handled = false;
  return Fail("INTERNAL_ERROR", "not a special function");
}

// Bits of the grouping set of a row; Aggregate() puts the groups in.
ExprRef Analyzer::ExprResolver::GroupingBits(std::vector<ExprRef> args) {
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::kAggregate;
  node->function = "grouping";
  node->args = std::move(args);
  node->type = TypeKind::kLong;
  node->nullable = false;
  return node;
}

namespace {

// Functions that read texts by a pattern; those of seconds have a pattern even when none is given.
bool ParsesText(const std::string& name, size_t arguments) {
  if (name == "unix_timestamp" || name == "to_unix_timestamp") return arguments > 0;
  return arguments == 2 &&
         (name == "to_date" || name == "try_to_date" || name == "to_timestamp" ||
          name == "try_to_timestamp" || name == "to_timestamp_ltz" || name == "to_timestamp_ntz");
}

// A conversion of a text that nobody wrote: written casts and literals have a range of their own.
bool ImplicitlyFromText(const Expr& e) {
  return e.op == ExprOp::kCast && e.args[0]->type.is_string() &&
         e.range.begin == e.args[0]->range.begin && e.range.end == e.args[0]->range.end;
}

}  // namespace

// Names of their own for forms that are not the plain function on other arguments, so that an
// engine cannot take one for the other.
ExprRef Analyzer::ExprResolver::AdaptToArguments(std::shared_ptr<Expr> node) {
  const std::string& name = node->function;
  size_t n = node->args.size();
  bool binary = n > 0 && node->args[0]->type.is(TypeKind::kBinary);
  if (name == "locate" && n == 3) {
    node->function = "locate_from";
  } else if (ParsesText(name, n) && (n == 2 || ImplicitlyFromText(*node->args[0]))) {
    node->function = name + "_by_pattern";
    // The text itself, not a conversion of it.
    if (ImplicitlyFromText(*node->args[0])) node->args[0] = node->args[0]->args[0];
  } else if ((name == "length" || name == "octet_length" || name == "bit_length") && binary) {
    node->function = name == "bit_length" ? "binary_bit_length" : "binary_length";
  } else if (name == "substring" && binary) {
    node->function = "binary_substring";
  } else if (name == "log" && n == 1) {
    node->function = "ln";
  } else if (name == "sha2") {
    std::optional<int> bits = LiteralInt(node->args, 1);
    if (bits != 256 && bits != 0) node->function = "sha2_of_bits";
  }
  return node;
}

}  // namespace tarn::plan
