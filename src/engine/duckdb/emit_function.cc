#include <algorithm>

#include "engine/duckdb/emitter.h"
#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/tree.h"

namespace tarn::engine {

using namespace duckdb;  // NOLINT: this file builds DuckDB's trees
using columnar::DataType;
using columnar::TypeKind;
using namespace tree;  // NOLINT

namespace {

struct Renaming {
  std::string_view spark;
  std::string_view duckdb;
};

// Functions that mean the same in both under these names, for the argument types the analyzer
// gives.
constexpr Renaming kSame[] = {
    {"abs", "abs"},
    {"acos", "spark_acos"},
    {"asin", "spark_asin"},
    {"atan", "spark_atan"},
    {"atan2", "atan2"},
    {"cbrt", "spark_cbrt"},
    {"cos", "spark_cos"},
    {"cosh", "spark_cosh"},
    {"cot", "spark_cot"},
    {"degrees", "spark_degrees"},
    {"exp", "spark_exp"},
    {"greatest", "greatest"},
    {"isnan", "spark_isnan"},
    {"least", "least"},
    {"pi", "pi"},
    {"pow", "spark_pow"},
    {"power", "spark_pow"},
    {"radians", "radians"},
    {"sign", "spark_sign"},
    {"signum", "spark_sign"},
    {"sin", "spark_sin"},
    {"sinh", "spark_sinh"},
    {"tan", "spark_tan"},
    {"tanh", "spark_tanh"},
    {"bit_length", "bit_length"},
    {"char_length", "length"},
    {"character_length", "length"},
    {"concat", "||"},
    {"concat_ws", "concat_ws"},
    {"contains", "contains"},
    {"endswith", "suffix"},
    {"instr", "instr"},
    {"lcase", "lower"},
    {"len", "length"},
    {"length", "length"},
    {"levenshtein", "spark_levenshtein"},
    {"lower", "lower"},
    {"md5", "spark_md5"},
    {"octet_length", "strlen"},
    {"reverse", "spark_reverse"},
    {"startswith", "prefix"},
    {"translate", "translate"},
    {"ucase", "upper"},
    {"upper", "upper"},
    {"ifnull", "coalesce"},
    {"nvl", "coalesce"},
    {"nullif", "nullif"},
    {"day", "day"},
    {"dayofmonth", "day"},
    {"dayofyear", "dayofyear"},
    {"hour", "hour"},
    {"last_day", "last_day"},
    {"make_date", "spark_make_date"},
    {"minute", "minute"},
    {"month", "month"},
    {"quarter", "quarter"},
    {"second", "second"},
    {"weekofyear", "weekofyear"},
    {"year", "year"},
    {"array", "list_value"},
    {"acosh", "spark_acosh"},
    {"asinh", "spark_asinh"},
    {"atanh", "spark_atanh"},
    {"expm1", "spark_expm1"},
    {"csc", "spark_csc"},
    {"sec", "spark_sec"},
    {"rint", "spark_rint"},
    {"ln", "spark_ln"},
    {"log10", "spark_log10"},
    {"log1p", "spark_log1p"},
    {"log2", "spark_log2"},
    {"log", "spark_log"},
    {"sqrt", "spark_sqrt"},
    {"nanvl", "spark_nanvl"},
    {"bin", "spark_bin"},
    {"width_bucket", "spark_width_bucket"},
    {"conv", "spark_conv"},
    {"find_in_set", "spark_find_in_set"},
    {"initcap", "spark_initcap"},
    {"luhn_check", "spark_luhn_check"},
    {"mask", "spark_mask"},
    {"overlay", "spark_overlay"},
    {"repeat", "spark_repeat"},
    {"replace", "spark_replace"},
    {"space", "spark_space"},
    {"soundex", "spark_soundex"},
    {"split_part", "spark_split_part"},
    {"substring_index", "spark_substring_index"},
    {"base64", "spark_base64"},
    {"unbase64", "spark_unbase64"},
    {"crc32", "spark_crc32"},
    {"sha1", "spark_sha1"},
    {"unhex", "spark_unhex"},
    {"url_encode", "spark_url_encode"},
    {"url_decode", "spark_url_decode"},
    {"encode", "spark_encode"},
    {"decode", "spark_decode"},
    {"parse_url", "spark_parse_url"},
    {"rlike", "spark_rlike"},
    {"regexp_extract", "spark_regexp_extract"},
    {"regexp_extract_all", "spark_regexp_extract_all"},
    {"regexp_replace", "spark_regexp_replace"},
    {"regexp_count", "spark_regexp_count"},
    {"regexp_instr", "spark_regexp_instr"},
    {"regexp_substr", "spark_regexp_substr"},
    {"split", "spark_split"},
    {"hash", "spark_hash"},
    {"xxhash64", "spark_xxhash64"},
    {"chr", "spark_chr"},
    {"lpad", "spark_lpad"},
    {"rpad", "spark_rpad"},
    {"locate_from", "spark_locate_from"},
    {"binary_length", "spark_binary_length"},
    {"binary_bit_length", "spark_binary_bit_length"},
    {"binary_substring", "spark_binary_substring"},
    {"sha2", "spark_sha2"},
    {"sha2_of_bits", "spark_sha2"},
    {"bit_and", "bit_and"},
    {"bit_or", "bit_or"},
    {"bit_xor", "bit_xor"},
    {"hypot", "spark_hypot"},
    {"date_format", "spark_date_format"},
    {"from_unixtime", "spark_from_unixtime"},
    {"months_between", "spark_months_between"},
    {"next_day", "spark_next_day"},
    {"dayname", "spark_dayname"},
    {"monthname", "spark_monthname"},
    {"timestamp_micros", "spark_timestamp_micros"},
    {"timestamp_millis", "spark_timestamp_millis"},
    {"unix_micros", "spark_unix_micros"},
    {"unix_millis", "spark_unix_millis"},
    {"unix_seconds", "spark_unix_seconds"},
    {"date_from_unix_date", "spark_date_from_unix_date"},
    {"array_max", "list_max"},
    {"array_min", "list_min"},
    {"map_keys", "map_keys"},
    {"map_values", "map_values"},
    {"map_entries", "map_entries"},
    {"map_from_arrays", "map"},
    {"array_reverse", "list_reverse"},
    {"array_distinct", "spark_array_distinct"},
    {"array_except", "spark_array_except"},
    {"array_intersect", "spark_array_intersect"},
    {"array_union", "spark_array_union"},
    {"array_remove", "spark_array_remove"},
    {"array_compact", "spark_array_compact"},
    {"array_insert", "spark_array_insert"},
    {"arrays_overlap", "spark_arrays_overlap"},
    {"array_join", "spark_array_join"},
    {"array_repeat", "spark_array_repeat"},
    {"slice", "spark_slice"},
    {"shuffle", "spark_shuffle"},
    {"array_append", "spark_array_append"},
    {"array_prepend", "spark_array_prepend"},
    {"array_position", "spark_array_position"},
    {"array_contains", "spark_array_contains"},
    {"flatten", "spark_flatten"},
    {"concat_ws_arrays", "spark_concat_ws_arrays"},
    {"array_concat", "spark_array_concat"},
    {"json_array_length", "spark_json_array_length"},
    {"get_json_object", "spark_get_json_object"},
    {"mode", "mode"},
    {"collect_list", "list"},
    {"array_agg", "list"},
    {"collect_set", "list"},
    {"percentile", "quantile_cont"},
    {"median", "quantile_cont"},
    {"percentile_approx", "quantile_disc"},
    {"try_sum", "sum"},
    {"try_avg", "avg"},
    {"skewness", "spark_skewness"},
    {"kurtosis", "spark_kurtosis"},
    {"any", "bool_or"},
    {"any_value", "first"},
    {"approx_count_distinct", "approx_count_distinct"},
    {"bool_and", "bool_and"},
    {"bool_or", "bool_or"},
    {"count", "count"},
    {"count_if", "count_if"},
    {"covar_pop", "covar_pop"},
    {"covar_samp", "covar_samp"},
    {"every", "bool_and"},
    {"max", "max"},
    {"max_by", "arg_max_null"},
    {"min", "min"},
    {"min_by", "arg_min_null"},
    {"some", "bool_or"},
    {"std", "stddev_samp"},
    {"stddev", "stddev_samp"},
    {"stddev_pop", "stddev_pop"},
    {"stddev_samp", "stddev_samp"},
    {"var_pop", "var_pop"},
    {"var_samp", "var_samp"},
    {"variance", "var_samp"},
    {"sum", "sum"},
    {"avg", "avg"},
    {"mean", "avg"},
    {"first", "first"},
    {"last", "last"},
};

// Columns, literals, and numbers made wider: nothing that TRY could hide.
bool CannotFail(const plan::ExprRef& e) {
  switch (e->op) {
    case plan::ExprOp::kLiteral:
    case plan::ExprOp::kColumn:
      return true;
    case plan::ExprOp::kCast:
      return (!e->args[0]->type.is_string() || e->args[0]->op == plan::ExprOp::kLiteral) &&
             CannotFail(e->args[0]);
    case plan::ExprOp::kCall:
      return e->function == "negative" && e->args[0]->op == plan::ExprOp::kLiteral;
    default:
      return false;
  }
}

ExprPtr RaiseError(const LogicalType& type, std::string_view reason, const std::string& message) {
  return CastTo(type, Make("error", Text(TaggedMessage(reason, message).c_str())));
}

constexpr std::pair<std::string_view, ExpressionType> kComparisons[] = {
    {"=", ExpressionType::COMPARE_EQUAL},
    {"!=", ExpressionType::COMPARE_NOTEQUAL},
    {"<", ExpressionType::COMPARE_LESSTHAN},
    {"<=", ExpressionType::COMPARE_LESSTHANOREQUALTO},
    {">", ExpressionType::COMPARE_GREATERTHAN},
    {">=", ExpressionType::COMPARE_GREATERTHANOREQUALTO},
    {"<=>", ExpressionType::COMPARE_NOT_DISTINCT_FROM},
};

// bround, ceil and floor of a decimal to a number of digits, which is a literal.
Result<ExprPtr> CutDecimal(const plan::Expr& expr, ExprPtr value) {
  int scale = expr.args[0]->type.scale();
  int places = expr.args.size() > 1 ? std::stoi(expr.args[1]->value.value_or("0")) : 0;
  LogicalType wide = LogicalType::DECIMAL(38, static_cast<uint8_t>(scale));
  LogicalType result = LogicalType::DECIMAL(38, static_cast<uint8_t>(expr.type.scale()));
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  std::string function = expr.function == "bround"           ? "spark_decimal_bround"
                         : expr.function == "ceil_to_digits" ? "spark_decimal_ceil"
                                                             : "spark_decimal_floor";
  return CastTo(type, Make(function.c_str(), CastTo(std::move(wide), std::move(value)),
                           Int(std::max(0, scale - places)), Int(std::max(0, -places)),
                           ExprPtr(make_uniq<ConstantExpression>(Value(std::move(result))))));
}

}  // namespace

std::string_view SameMeaning(std::string_view spark_function) {
  for (const Renaming& r : kSame) {
    if (r.spark == spark_function) return r.duckdb;
  }
  return "";
}

Result<ExprPtr> Emitter::Call(const plan::Expr& expr) {
  const std::string& name = expr.function;
  TARN_TRY(ExprList args, Exprs(expr.args));
  for (auto [text, type] : kComparisons) {
    if (name == text) return Compare(type, std::move(args[0]), std::move(args[1]));
  }
  if (name == "and" || name == "or") {
    return ExprPtr(make_uniq<ConjunctionExpression>(
        name == "and" ? ExpressionType::CONJUNCTION_AND : ExpressionType::CONJUNCTION_OR,
        std::move(args[0]), std::move(args[1])));
  }
  if (name == "not") {
    return ExprPtr(make_uniq<OperatorExpression>(ExpressionType::OPERATOR_NOT, std::move(args[0])));
  }
  if (name == "in") {
    return ExprPtr(make_uniq<OperatorExpression>(ExpressionType::COMPARE_IN, std::move(args)));
  }
  if (name == "coalesce" || name == "ifnull" || name == "nvl") {
    return ExprPtr(
        make_uniq<OperatorExpression>(ExpressionType::OPERATOR_COALESCE, std::move(args)));
  }
  bool arithmetic = name == "+" || name == "-" || name == "*" || name == "/" || name == "%" ||
                    name == "div" || name == "mod" || name == "pmod" || name == "negative";
  if (arithmetic) return Arithmetic(expr, std::move(args));
  if (name.rfind("try_", 0) == 0 && name != "try_element_at") {
    return TryCall(expr, std::move(args));
  }
  for (auto family : {&Emitter::DatetimeCall, &Emitter::CollectionCall, &Emitter::SpecialCall}) {
    bool handled = false;
    Result<ExprPtr> special = (this->*family)(expr, args, &handled);
    if (handled) return special;
  }
  std::string_view same = SameMeaning(name);
  if (same.empty()) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support the function " + name + " yet.");
  }
  TARN_TRY(args, Exprs(expr.args));
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  // DuckDB's || takes two: longer lists become a chain.
  if (same == "||") {
    if (args.empty()) return Text("");
    ExprPtr joined = std::move(args[0]);
    for (size_t i = 1; i < args.size(); ++i)
      joined = Make("||", std::move(joined), std::move(args[i]));
    return CastTo(type, std::move(joined));
  }
  return CastTo(type, make_uniq<FunctionExpression>(string(same), std::move(args)));
}

Result<ExprPtr> Emitter::Arithmetic(const plan::Expr& expr, ExprList args) {
  const std::string& name = expr.function;
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  bool decimal = expr.type.is(TypeKind::kDecimal);
  bool floating = expr.type.is(TypeKind::kDouble) || expr.type.is(TypeKind::kFloat);
  if (name == "negative") return CastTo(type, Make("-", std::move(args[0])));
  if (name == "div") return Make("spark_div", std::move(args[0]), std::move(args[1]));
  if (name == "/" && decimal) {
    const DataType& a = expr.args[0]->type;
    const DataType& b = expr.args[1]->type;
    int scale = expr.type.scale();
    LogicalType wide = LogicalType::DECIMAL(38, static_cast<uint8_t>(scale));
    ExprPtr quotient = Make(
        "spark_divide_decimal",
        CastTo(LogicalType::DECIMAL(38, static_cast<uint8_t>(a.scale())), std::move(args[0])),
        CastTo(LogicalType::DECIMAL(38, static_cast<uint8_t>(b.scale())), std::move(args[1])),
        Int(scale - a.scale() + b.scale()), ExprPtr(make_uniq<ConstantExpression>(Value(wide))));
    return CastTo(type, std::move(quotient));
  }
  if (name == "/") {
    return CastTo(type, Make("spark_divide", CastTo(LogicalType::DOUBLE, std::move(args[0])),
                             CastTo(LogicalType::DOUBLE, std::move(args[1]))));
  }
  if (name == "%" || name == "mod" || name == "pmod") {
    if (decimal) {
      LogicalType wide = LogicalType::DECIMAL(38, static_cast<uint8_t>(expr.type.scale()));
      return CastTo(type, Make(name == "pmod" ? "spark_decimal_pmod" : "spark_decimal_mod",
                               CastTo(wide, std::move(args[0])), CastTo(wide, std::move(args[1]))));
    }
    const char* function = name == "pmod" ? (floating ? "spark_pfmod" : "spark_pmod")
                                          : (floating ? "spark_fmod" : "spark_mod");
    LogicalType wide = floating ? LogicalType::DOUBLE : LogicalType::BIGINT;
    return CastTo(
        type, Make(function, CastTo(wide, std::move(args[0])), CastTo(wide, std::move(args[1]))));
  }
  return CastTo(
      type, make_uniq<FunctionExpression>(name, std::move(args), nullptr, nullptr, false, true));
}

// Only the function's own errors become NULL, not those of its arguments.
Result<ExprPtr> Emitter::TryCall(const plan::Expr& expr, ExprList args) {
  const std::string& name = expr.function;
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  bool floating = expr.type.is(TypeKind::kDouble) || expr.type.is(TypeKind::kFloat);
  bool whole = expr.type.is_integral();
  bool own = name == "try_add" || name == "try_subtract" || name == "try_multiply";
  if ((own && (whole || floating)) || (name == "try_divide" && floating) ||
      (name == "try_mod" && (whole || floating))) {
    LogicalType wide = floating            ? LogicalType::DOUBLE
                       : name == "try_mod" ? LogicalType::BIGINT
                                           : type;
    return CastTo(type, Make(("spark_" + name).c_str(), CastTo(wide, std::move(args[0])),
                             CastTo(wide, std::move(args[1]))));
  }
  if (name == "try_mod") {
    LogicalType wide = LogicalType::DECIMAL(38, static_cast<uint8_t>(expr.type.scale()));
    return CastTo(type, Make("spark_decimal_try_mod", CastTo(wide, std::move(args[0])),
                             CastTo(wide, std::move(args[1]))));
  }
  if (!std::all_of(expr.args.begin(), expr.args.end(), CannotFail)) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn supports " + name + " of " + expr.type.ToSqlString() +
                                           " on columns and literals only so far.");
  }
  plan::Expr strict = expr;
  strict.function = name == "try_add"        ? "+"
                    : name == "try_subtract" ? "-"
                    : name == "try_multiply" ? "*"
                    : name == "try_divide"   ? "/"
                                             : name.substr(4);
  TARN_TRY(ExprPtr call, Call(strict));
  return Try(std::move(call));
}

Result<ExprPtr> Emitter::SpecialCall(const plan::Expr& expr, ExprList& args, bool* handled) {
  const std::string& name = expr.function;
  *handled = true;
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  auto arg = [&](size_t i) { return std::move(args[i]); };
  if (name == "isnull") return IsNull(arg(0));
  if (name == "isnotnull") {
    return ExprPtr(make_uniq<OperatorExpression>(ExpressionType::OPERATOR_IS_NOT_NULL, arg(0)));
  }
  if (name == "positive") return arg(0);
  if (name == "check_constraint") {
    return ExprPtr(make_uniq<FunctionExpression>("tarn_check", std::move(args)));
  }
  if (name == "e") return ExprPtr(make_uniq<ConstantExpression>(Value::DOUBLE(2.718281828459045)));
  if (name == "ceil" || name == "ceiling" || name == "floor") {
    return CastTo(type, Make(name == "floor" ? "floor" : "ceil", arg(0)));
  }
  if (name == "factorial") {
    ExprPtr low = Compare(ExpressionType::COMPARE_LESSTHAN, args[0]->Copy(), Int(0));
    ExprPtr high = Compare(ExpressionType::COMPARE_GREATERTHAN, args[0]->Copy(), Int(20));
    ExprPtr outside = make_uniq<ConjunctionExpression>(ExpressionType::CONJUNCTION_OR,
                                                       std::move(low), std::move(high));
    return If(std::move(outside), Null(), CastTo(type, Make("factorial", arg(0))));
  }
  if (name == "round" || name == "bround") {
    ExprPtr places = args.size() > 1 ? arg(1) : Int(0);
    const DataType& t = expr.args[0]->type;
    if (t.is(TypeKind::kDecimal)) {
      return CastTo(type,
                    Make(name == "round" ? "round" : "round_even", arg(0), std::move(places)));
    }
    return CastTo(
        type, Make(name == "round" ? "spark_round" : "spark_bround", arg(0), std::move(places)));
  }
  if (name == "zeroifnull") {
    ExprList list;
    list.push_back(arg(0));
    list.push_back(CastTo(type, Int(0)));
    return ExprPtr(
        make_uniq<OperatorExpression>(ExpressionType::OPERATOR_COALESCE, std::move(list)));
  }
  if (name == "if") return If(arg(0), arg(1), arg(2));
  if (name == "nvl2") {
    ExprPtr test = IsNull(arg(0));
    return If(std::move(test), arg(2), arg(1));
  }
  if (name == "ascii") {
    return If(Compare(ExpressionType::COMPARE_EQUAL, args[0]->Copy(), Text("")), Int(0),
              Make("unicode", args[0]->Copy()));
  }
  if (name == "charindex" || name == "locate" || name == "position") {
    return CastTo(type, Make("instr", arg(1), arg(0)));
  }
  if (name == "left" || name == "right") {
    ExprPtr test = Compare(ExpressionType::COMPARE_LESSTHANOREQUALTO, args[1]->Copy(), Int(0));
    return If(std::move(test), Text(""), Make(name == "left" ? "left" : "right", arg(0), arg(1)));
  }
  if ((name == "lpad" || name == "rpad") && args.size() == 2) {
    return Make(name == "lpad" ? "spark_lpad" : "spark_rpad", arg(0), arg(1), Text(" "));
  }
  if (name == "trim" || name == "btrim" || name == "ltrim" || name == "rtrim") {
    const char* function = name == "ltrim"   ? "spark_ltrim"
                           : name == "rtrim" ? "spark_rtrim"
                                             : "spark_trim";
    if (args.size() == 1) return Make(function, arg(0), Text(" "));
    // trim and its kin take the characters first, btrim last.
    if (name == "btrim") return Make(function, arg(0), arg(1));
    return Make(function, arg(1), arg(0));
  }
  if (name == "substr" || name == "substring") {
    ExprPtr length = args.size() > 2 ? arg(2) : Int(INT32_MAX);
    return Make("spark_substring", arg(0), arg(1), std::move(length));
  }
  if (name == "like" || name == "ilike") {
    ExprPtr pattern = Make("spark_like_pattern", arg(1), args[2]->Copy());
    return Make(name == "like" ? "like_escape" : "ilike_escape", arg(0), std::move(pattern),
                arg(2));
  }
  if (name == "struct_field") return Make("struct_extract", arg(0), arg(1));
  if (name == "struct") {
    ExprList values;
    for (size_t i = 0; i < args.size(); ++i) {
      args[i]->SetAlias(expr.type.fields()[i].name);
      values.push_back(arg(i));
    }
    return ExprPtr(make_uniq<FunctionExpression>("struct_pack", std::move(values)));
  }
  if (name == "map") {
    ExprList keys;
    ExprList values;
    for (size_t i = 0; i < args.size(); i += 2) {
      keys.push_back(arg(i));
      values.push_back(arg(i + 1));
    }
    return Make("map", ExprPtr(make_uniq<FunctionExpression>("list_value", std::move(keys))),
                ExprPtr(make_uniq<FunctionExpression>("list_value", std::move(values))));
  }
  if (name == "map_item") return Make("map_extract_value", arg(0), arg(1));
  if (name == "~") return Make("~", arg(0));
  if (name == "&" || name == "|") return Make(name.c_str(), arg(0), arg(1));
  if (name == "^") return Make("xor", arg(0), arg(1));
  if (name == "ceil_to_digits" || name == "floor_to_digits") return CutDecimal(expr, arg(0));
  if (name == "hex") {
    if (expr.args[0]->type.is_integral()) args[0] = CastTo(LogicalType::BIGINT, arg(0));
    return Make("spark_hex", arg(0));
  }
  if (name == "bit_count") return Make("spark_bit_count", CastTo(LogicalType::BIGINT, arg(0)));
  if (name == "bit_get") return Make("spark_bit_get", arg(0), arg(1));
  if (name == "shiftleft" || name == "shiftright" || name == "shiftrightunsigned") {
    if (!expr.args[0]->type.is(TypeKind::kLong)) args[0] = CastTo(LogicalType::INTEGER, arg(0));
    return CastTo(type, Make(("spark_" + name).c_str(), arg(0), arg(1)));
  }
  bool bytes = !expr.args.empty() && expr.args[0]->type.is(TypeKind::kBinary);
  if ((name == "startswith" || name == "endswith" || name == "contains") && bytes) {
    return Make(("spark_binary_" + name).c_str(), arg(0), arg(1));
  }
  if (name == "md5") {
    if (!bytes) args[0] = Make("encode", arg(0));
    return Make("spark_md5", arg(0));
  }
  if (name == "sha2" || name == "sha2_of_bits") {
    if (!bytes) args[0] = Make("encode", arg(0));
    return Make("spark_sha2", arg(0), arg(1));
  }
  if (name == "elt") {
    ExprPtr choice = RaiseError(type, "INVALID_ARRAY_INDEX",
                                "The index is out of bounds. The array has " +
                                    std::to_string(args.size() - 1) + " elements.");
    for (size_t i = args.size() - 1; i > 0; --i) {
      choice = If(Compare(ExpressionType::COMPARE_EQUAL, args[0]->Copy(), Int(i)), arg(i),
                  std::move(choice));
    }
    return If(IsNull(args[0]->Copy()), CastTo(type, Null()), std::move(choice));
  }
  if (name == "format_number") {
    const DataType& t = expr.args[0]->type;
    bool floating = t.is(TypeKind::kDouble) || t.is(TypeKind::kFloat) || t.is(TypeKind::kNull);
    return Make("spark_format_number",
                CastTo(floating ? LogicalType::DOUBLE : LogicalType::VARCHAR, arg(0)), arg(1));
  }
  if (name == "equal_null") {
    return Compare(ExpressionType::COMPARE_NOT_DISTINCT_FROM, arg(0), arg(1));
  }
  if (name == "nullifzero") return CastTo(type, Make("nullif", arg(0), Int(0)));
  if (name == "rand" && args.empty()) return Make("random");
  if (name == "uuid") return CastTo(LogicalType::VARCHAR, Make("uuid"));
  *handled = false;
  return Fail("INTERNAL_ERROR", "not a special call");
}

}  // namespace tarn::engine
