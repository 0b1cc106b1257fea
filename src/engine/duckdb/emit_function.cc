#include "engine/duckdb/emitter.h"
#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/types.h"

namespace tarn::engine {

using namespace duckdb;  // NOLINT: this file builds DuckDB's trees
using columnar::DataType;
using columnar::TypeKind;

namespace {

using ExprPtr = duckdb::unique_ptr<ParsedExpression>;
using ExprList = duckdb::vector<ExprPtr>;

template <typename... Args>
ExprPtr Make(const char* name, Args... args) {
  ExprList list;
  (list.push_back(std::move(args)), ...);
  return make_uniq<FunctionExpression>(name, std::move(list));
}

ExprPtr Int(int64_t value) {
  return make_uniq<ConstantExpression>(Value::INTEGER(static_cast<int32_t>(value)));
}
ExprPtr Text(const char* value) { return make_uniq<ConstantExpression>(Value(value)); }
ExprPtr Null() { return make_uniq<ConstantExpression>(Value()); }
ExprPtr CastTo(LogicalType type, ExprPtr e) {
  return make_uniq<CastExpression>(std::move(type), std::move(e));
}
ExprPtr Compare(ExpressionType type, ExprPtr a, ExprPtr b) {
  return make_uniq<ComparisonExpression>(type, std::move(a), std::move(b));
}
ExprPtr IsNull(ExprPtr e) {
  return make_uniq<OperatorExpression>(ExpressionType::OPERATOR_IS_NULL, std::move(e));
}

ExprPtr If(ExprPtr test, ExprPtr then, ExprPtr otherwise) {
  auto node = make_uniq<CaseExpression>();
  CaseCheck check;
  check.when_expr = std::move(test);
  check.then_expr = std::move(then);
  node->case_checks.push_back(std::move(check));
  node->else_expr = std::move(otherwise);
  return node;
}

struct Renaming {
  std::string_view spark;
  std::string_view duckdb;
};

// Functions that mean the same in both under these names, for the argument types the analyzer
// gives.
constexpr Renaming kSame[] = {
    {"abs", "abs"},
    {"acos", "acos"},
    {"asin", "asin"},
    {"atan", "atan"},
    {"atan2", "atan2"},
    {"cbrt", "cbrt"},
    {"cos", "cos"},
    {"cosh", "cosh"},
    {"cot", "cot"},
    {"degrees", "degrees"},
    {"exp", "exp"},
    {"greatest", "greatest"},
    {"isnan", "isnan"},
    {"least", "least"},
    {"pi", "pi"},
    {"pow", "pow"},
    {"power", "pow"},
    {"radians", "radians"},
    {"sign", "sign"},
    {"signum", "sign"},
    {"sin", "sin"},
    {"sinh", "sinh"},
    {"tan", "tan"},
    {"tanh", "tanh"},
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
    {"levenshtein", "levenshtein"},
    {"lower", "lower"},
    {"md5", "md5"},
    {"octet_length", "strlen"},
    {"reverse", "reverse"},
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
    {"make_date", "make_date"},
    {"minute", "minute"},
    {"month", "month"},
    {"quarter", "quarter"},
    {"second", "second"},
    {"weekofyear", "weekofyear"},
    {"year", "year"},
    {"array", "list_value"},
    {"array_contains", "list_contains"},
    {"any", "bool_or"},
    {"any_value", "any_value"},
    {"approx_count_distinct", "approx_count_distinct"},
    {"bool_and", "bool_and"},
    {"bool_or", "bool_or"},
    {"corr", "corr"},
    {"count", "count"},
    {"count_if", "count_if"},
    {"covar_pop", "covar_pop"},
    {"covar_samp", "covar_samp"},
    {"every", "bool_and"},
    {"max", "max"},
    {"max_by", "max_by"},
    {"median", "median"},
    {"min", "min"},
    {"min_by", "min_by"},
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

constexpr std::pair<std::string_view, ExpressionType> kComparisons[] = {
    {"=", ExpressionType::COMPARE_EQUAL},
    {"!=", ExpressionType::COMPARE_NOTEQUAL},
    {"<", ExpressionType::COMPARE_LESSTHAN},
    {"<=", ExpressionType::COMPARE_LESSTHANOREQUALTO},
    {">", ExpressionType::COMPARE_GREATERTHAN},
    {">=", ExpressionType::COMPARE_GREATERTHANOREQUALTO},
    {"<=>", ExpressionType::COMPARE_NOT_DISTINCT_FROM},
};

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
  bool handled = false;
  Result<ExprPtr> special = SpecialCall(expr, std::move(args), &handled);
  if (handled) return special;
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
    return joined;
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
    if (decimal)
      return Fail("UNSUPPORTED_FEATURE", "Tarn does not support remainders of decimals yet.");
    const char* function = name == "pmod" ? (floating ? "spark_pfmod" : "spark_pmod")
                                          : (floating ? "spark_fmod" : "spark_mod");
    LogicalType wide = floating ? LogicalType::DOUBLE : LogicalType::BIGINT;
    return CastTo(
        type, Make(function, CastTo(wide, std::move(args[0])), CastTo(wide, std::move(args[1]))));
  }
  return CastTo(
      type, make_uniq<FunctionExpression>(name, std::move(args), nullptr, nullptr, false, true));
}

Result<ExprPtr> Emitter::SpecialCall(const plan::Expr& expr, ExprList args, bool* handled) {
  const std::string& name = expr.function;
  *handled = true;
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  auto arg = [&](size_t i) { return std::move(args[i]); };
  auto log = [&](const char* function) {
    ExprPtr test = Compare(ExpressionType::COMPARE_GREATERTHAN, args[0]->Copy(),
                           make_uniq<ConstantExpression>(Value::DOUBLE(0)));
    return If(std::move(test), Make(function, arg(0)), Null());
  };
  if (name == "isnull") return IsNull(arg(0));
  if (name == "isnotnull") {
    return ExprPtr(make_uniq<OperatorExpression>(ExpressionType::OPERATOR_IS_NOT_NULL, arg(0)));
  }
  if (name == "positive") return arg(0);
  if (name == "ln") return log("ln");
  if (name == "log10") return log("log10");
  if (name == "log2") return log("log2");
  if (name == "sqrt") {
    // A negative number has no root: NaN in Spark, an error in DuckDB.
    ExprPtr test = Compare(ExpressionType::COMPARE_LESSTHAN, args[0]->Copy(),
                           make_uniq<ConstantExpression>(Value::DOUBLE(0)));
    return If(std::move(test), make_uniq<ConstantExpression>(Value::DOUBLE(std::nan(""))),
              Make("sqrt", arg(0)));
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
  if (name == "round") {
    ExprPtr places = args.size() > 1 ? arg(1) : Int(0);
    const DataType& t = expr.args[0]->type;
    if (t.is(TypeKind::kDecimal)) return CastTo(type, Make("round", arg(0), std::move(places)));
    if (t.is_integral()) {
      return CastTo(type,
                    Make("spark_round", CastTo(LogicalType::DOUBLE, arg(0)), std::move(places)));
    }
    return CastTo(type,
                  Make("spark_round", CastTo(LogicalType::DOUBLE, arg(0)), std::move(places)));
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
  if (name == "lpad" || name == "rpad") {
    ExprPtr pad = args.size() > 2 ? arg(2) : Text(" ");
    return Make(name == "lpad" ? "lpad" : "rpad", arg(0), arg(1), std::move(pad));
  }
  if (name == "trim" || name == "btrim" || name == "ltrim" || name == "rtrim") {
    const char* function = name == "ltrim" ? "ltrim" : name == "rtrim" ? "rtrim" : "trim";
    if (args.size() == 1) return Make(function, arg(0), Text(" "));
    // trim and its kin take the characters first, btrim last.
    if (name == "btrim") return Make(function, arg(0), arg(1));
    return Make(function, arg(1), arg(0));
  }
  if (name == "repeat" || name == "space") {
    ExprPtr count = Make("greatest", name == "repeat" ? arg(1) : arg(0), Int(0));
    return Make("repeat", name == "repeat" ? std::move(args[0]) : Text(" "),
                CastTo(LogicalType::BIGINT, std::move(count)));
  }
  if (name == "replace") {
    ExprPtr with = args.size() > 2 ? arg(2) : Text("");
    return If(Compare(ExpressionType::COMPARE_EQUAL, args[1]->Copy(), Text("")), args[0]->Copy(),
              Make("replace", args[0]->Copy(), args[1]->Copy(), std::move(with)));
  }
  if (name == "split_part") return Make("split_part", arg(0), arg(1), arg(2));
  if (name == "substr" || name == "substring") {
    ExprPtr length = args.size() > 2 ? arg(2) : Int(INT32_MAX);
    return Make("spark_substring", arg(0), arg(1), std::move(length));
  }
  if (name == "sha2") return Make("sha256", arg(0));
  if (name == "like" || name == "ilike") {
    return Make(name == "like" ? "like_escape" : "ilike_escape", arg(0), arg(1), arg(2));
  }
  if (name == "rlike") return Make("regexp_matches", arg(0), arg(1));
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
  if (name == "array_item" || name == "element_at") {
    bool zero_based = name == "array_item";
    ExprPtr length = CastTo(LogicalType::INTEGER, Make("len", args[0]->Copy()));
    ExprPtr low = zero_based ? Compare(ExpressionType::COMPARE_LESSTHAN, args[1]->Copy(), Int(0))
                             : Compare(ExpressionType::COMPARE_GREATERTHAN,
                                       Make("abs", args[1]->Copy()), length->Copy());
    ExprPtr high = Compare(
        zero_based ? ExpressionType::COMPARE_GREATERTHANOREQUALTO : ExpressionType::COMPARE_EQUAL,
        args[1]->Copy(), zero_based ? std::move(length) : Int(0));
    ExprPtr outside = make_uniq<ConjunctionExpression>(ExpressionType::CONJUNCTION_OR,
                                                       std::move(low), std::move(high));
    std::string message =
        TaggedMessage(zero_based ? "INVALID_ARRAY_INDEX" : "INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
                      "The index is out of bounds of the array. Use `get` or `try_element_at` to "
                      "get NULL instead.");
    ExprPtr index = zero_based ? Make("+", args[1]->Copy(), Int(1)) : args[1]->Copy();
    return If(std::move(outside), CastTo(type, Make("error", Text(message.c_str()))),
              Make("list_extract", args[0]->Copy(), std::move(index)));
  }
  if (name == "size" || name == "cardinality") {
    const char* function = expr.args[0]->type.is(TypeKind::kMap) ? "cardinality" : "len";
    return CastTo(LogicalType::INTEGER, Make(function, arg(0)));
  }
  if (name == "date" || name == "to_date" || name == "to_timestamp") return arg(0);
  if (name == "date_add") return CastTo(type, Make("+", arg(0), arg(1)));
  if (name == "date_sub") return CastTo(type, Make("-", arg(0), arg(1)));
  if (name == "date_diff" || name == "datediff") {
    return CastTo(LogicalType::INTEGER, Make("date_diff", Text("day"), arg(1), arg(0)));
  }
  if (name == "date_minus_date") {
    return Make("*", CastTo(LogicalType::BIGINT, Make("date_diff", Text("day"), arg(1), arg(0))),
                ExprPtr(make_uniq<ConstantExpression>(Value::BIGINT(86'400'000'000))));
  }
  if (name == "timestamp_minus_timestamp") {
    return Make("-", Make("epoch_us", arg(0)), Make("epoch_us", arg(1)));
  }
  if (name == "datetime_add" || name == "datetime_sub" || name == "add_months") {
    bool months = name == "add_months" || expr.args[1]->type.is(TypeKind::kYearMonthInterval);
    ExprPtr interval = Make(months ? "to_months" : "to_microseconds", arg(1));
    return CastTo(type, Make(name == "datetime_sub" ? "-" : "+", arg(0), std::move(interval)));
  }
  if (name == "dayofweek") return CastTo(type, Make("+", Make("dayofweek", arg(0)), Int(1)));
  if (name == "weekday") return CastTo(type, Make("-", Make("isodow", arg(0)), Int(1)));
  if (name == "unix_date")
    return CastTo(type,
                  Make("date_diff", Text("day"),
                       ExprPtr(make_uniq<ConstantExpression>(Value::DATE(1970, 1, 1))), arg(0)));
  if (name == "date_trunc") return CastTo(type, Make("date_trunc", Make("lower", arg(0)), arg(1)));
  if (name == "trunc") return CastTo(type, Make("date_trunc", Make("lower", arg(1)), arg(0)));
  if (name == "~") return Make("~", arg(0));
  if (name == "&" || name == "|") return Make(name.c_str(), arg(0), arg(1));
  if (name == "^") return Make("xor", arg(0), arg(1));
  if (name == "initcap") {
    *handled = true;
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support the function initcap yet.");
  }
  *handled = false;
  return Fail("INTERNAL_ERROR", "not a special call");
}

Result<ExprPtr> Emitter::AggregateCall(const plan::Expr& expr) {
  const std::string& name = expr.function;
  TARN_TRY(ExprList args, Exprs(expr.args));
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  ExprPtr filter;
  if (expr.filter) {
    TARN_TRY(filter, Expr(*expr.filter));
  }
  auto aggregate = [&](string function, ExprList list) {
    return make_uniq<FunctionExpression>(function, std::move(list),
                                         filter ? filter->Copy() : nullptr, nullptr, expr.distinct);
  };
  if (name == "grouping") {
    return ExprPtr(
        make_uniq<OperatorExpression>(ExpressionType::GROUPING_FUNCTION, std::move(args)));
  }
  if (name == "count") {
    // Rows count when no argument is NULL; a constant argument counts every row.
    if (args.size() == 1 && expr.args[0]->op == plan::ExprOp::kLiteral && expr.args[0]->value) {
      return CastTo(type, aggregate("count_star", {}));
    }
    if (args.size() > 1) {
      ExprPtr any_null;
      for (const ExprPtr& a : args) {
        ExprPtr test = IsNull(a->Copy());
        any_null = any_null
                       ? ExprPtr(make_uniq<ConjunctionExpression>(
                             ExpressionType::CONJUNCTION_OR, std::move(any_null), std::move(test)))
                       : std::move(test);
      }
      ExprPtr row = make_uniq<FunctionExpression>("row", std::move(args));
      args = ExprList();
      args.push_back(If(std::move(any_null), Null(), std::move(row)));
    }
    return CastTo(type, aggregate("count", std::move(args)));
  }
  if ((name == "avg" || name == "mean") && expr.type.is(TypeKind::kDecimal)) {
    int scale = expr.args[0]->type.scale();
    int result_scale = expr.type.scale();
    ExprList again;
    again.push_back(args[0]->Copy());
    ExprPtr sum = CastTo(LogicalType::DECIMAL(38, static_cast<uint8_t>(scale)),
                         aggregate("sum", std::move(args)));
    ExprPtr count = CastTo(LogicalType::DECIMAL(38, 0), aggregate("count", std::move(again)));
    count = Make("nullif", std::move(count), CastTo(LogicalType::DECIMAL(38, 0), Int(0)));
    LogicalType wide = LogicalType::DECIMAL(38, static_cast<uint8_t>(result_scale));
    return CastTo(
        type, Make("spark_divide_decimal", std::move(sum), std::move(count),
                   Int(result_scale - scale), ExprPtr(make_uniq<ConstantExpression>(Value(wide)))));
  }
  if (name == "collect_list" || name == "array_agg") {
    ExprPtr valid =
        make_uniq<OperatorExpression>(ExpressionType::OPERATOR_IS_NOT_NULL, args[0]->Copy());
    filter = filter ? ExprPtr(make_uniq<ConjunctionExpression>(ExpressionType::CONJUNCTION_AND,
                                                               std::move(filter), std::move(valid)))
                    : std::move(valid);
    ExprList list;
    list.push_back(aggregate("list", std::move(args)));
    list.push_back(CastTo(type, ExprPtr(make_uniq<FunctionExpression>("list_value", ExprList()))));
    return ExprPtr(
        make_uniq<OperatorExpression>(ExpressionType::OPERATOR_COALESCE, std::move(list)));
  }
  if (name == "sum" || name == "avg" || name == "mean") {
    // Whole numbers are summed exactly and must fit the result; DOUBLE is what Spark sums FLOAT in.
    if (expr.args[0]->type.is(TypeKind::kFloat))
      args[0] = CastTo(LogicalType::DOUBLE, std::move(args[0]));
  }
  std::string_view same = SameMeaning(name);
  if (same.empty()) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support the aggregate " + name + " yet.");
  }
  if ((name == "first" || name == "last") && expr.ignore_nulls) {
    ExprPtr valid =
        make_uniq<OperatorExpression>(ExpressionType::OPERATOR_IS_NOT_NULL, args[0]->Copy());
    filter = filter ? ExprPtr(make_uniq<ConjunctionExpression>(ExpressionType::CONJUNCTION_AND,
                                                               std::move(filter), std::move(valid)))
                    : std::move(valid);
  }
  return CastTo(type, aggregate(string(same), std::move(args)));
}

}  // namespace tarn::engine
