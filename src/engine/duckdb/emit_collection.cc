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

ExprPtr RaiseError(const LogicalType& type, std::string_view reason, const char* message) {
  return CastTo(type, Make("error", Text(TaggedMessage(reason, message).c_str())));
}

bool HoldsInterval(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
      return true;
    case TypeKind::kArray:
      return HoldsInterval(type.element());
    case TypeKind::kMap:
      return HoldsInterval(type.key()) || HoldsInterval(type.value());
    case TypeKind::kStruct:
      return std::any_of(type.fields().begin(), type.fields().end(),
                         [](const columnar::Field& field) { return HoldsInterval(field.type); });
    default:
      return false;
  }
}

}  // namespace

Result<ExprPtr> Emitter::ArrayItem(const plan::Expr& expr, ExprList& args) {
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  bool zero_based = expr.function == "array_item" || expr.function == "get";
  bool tries = expr.function == "get" || expr.function == "try_element_at";
  ExprPtr length = CastTo(LogicalType::INTEGER, Make("len", args[0]->Copy()));
  ExprPtr low = zero_based ? Compare(ExpressionType::COMPARE_LESSTHAN, args[1]->Copy(), Int(0))
                           : Compare(ExpressionType::COMPARE_LESSTHAN, args[1]->Copy(),
                                     Make("-", length->Copy()));
  ExprPtr high = Compare(zero_based ? ExpressionType::COMPARE_GREATERTHANOREQUALTO
                                    : ExpressionType::COMPARE_GREATERTHAN,
                         args[1]->Copy(), std::move(length));
  ExprPtr outside =
      tries ? CastTo(type, Null())
            : RaiseError(type,
                         zero_based ? "INVALID_ARRAY_INDEX" : "INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
                         "The index is out of bounds of the array. Use `get` or `try_element_at` "
                         "to get NULL instead.");
  ExprPtr index = zero_based ? Make("+", args[1]->Copy(), Int(1)) : args[1]->Copy();
  ExprPtr item = If(Or(std::move(low), std::move(high)), std::move(outside),
                    Make("list_extract", args[0]->Copy(), std::move(index)));
  if (zero_based) return item;
  return If(Compare(ExpressionType::COMPARE_EQUAL, args[1]->Copy(), Int(0)),
            RaiseError(type, "INVALID_INDEX_OF_ZERO",
                       "The index 0 is invalid. An index shall be either < 0 or > 0."),
            std::move(item));
}

Result<ExprPtr> Emitter::Sequence(const plan::Expr& expr, ExprList& args) {
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  const DataType& element = expr.args[0]->type;
  bool dates = element.is(TypeKind::kDate);
  if ((!element.is_integral() && !dates) || (dates && args.size() > 2)) {
    return Fail("UNSUPPORTED_FEATURE",
                "Tarn supports sequence of whole numbers, and of dates day by "
                "day, only so far.");
  }
  LogicalType wide = LogicalType::BIGINT;
  auto number = [&](size_t i) {
    return dates
               ? CastTo(wide, Make("date_diff", Text("day"),
                                   ExprPtr(make_uniq<ConstantExpression>(Value::DATE(1970, 1, 1))),
                                   args[i]->Copy()))
               : CastTo(wide, args[i]->Copy());
  };
  ExprPtr backwards = Compare(ExpressionType::COMPARE_GREATERTHAN, number(0), number(1));
  ExprPtr step = args.size() > 2
                     ? CastTo(wide, args[2]->Copy())
                     : If(backwards->Copy(), CastTo(wide, Int(-1)), CastTo(wide, Int(1)));
  ExprPtr numbers = Make("spark_sequence", number(0), number(1), std::move(step));
  if (dates) return Make("spark_dates_of_days", std::move(numbers));
  return CastTo(type, std::move(numbers));
}

Result<ExprPtr> Emitter::CollectionCall(const plan::Expr& expr, ExprList& args, bool* handled) {
  const std::string& name = expr.function;
  *handled = true;
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  auto arg = [&](size_t i) { return std::move(args[i]); };
  if (name == "array_item" || name == "element_at" || name == "get" || name == "try_element_at") {
    return ArrayItem(expr, args);
  }
  if (name == "size" || name == "cardinality") {
    const char* function = expr.args[0]->type.is(TypeKind::kMap) ? "cardinality" : "len";
    return CastTo(LogicalType::INTEGER, Make(function, arg(0)));
  }
  if (name == "array_size") return CastTo(LogicalType::INTEGER, Make("len", arg(0)));
  if (name == "sort_array") {
    ExprPtr ascending =
        args.size() > 1 ? arg(1) : ExprPtr(make_uniq<ConstantExpression>(Value(true)));
    ExprPtr up = Make("list_sort", args[0]->Copy(), Text("ASC"), Text("NULLS FIRST"));
    ExprPtr down = Make("list_sort", args[0]->Copy(), Text("DESC"), Text("NULLS LAST"));
    return CastTo(type, If(std::move(ascending), std::move(up), std::move(down)));
  }
  if (name == "sequence") return Sequence(expr, args);
  if (name == "map_contains_key") {
    return Make("list_contains", Make("map_keys", arg(0)), arg(1));
  }
  if (name == "map_concat" && !args.empty()) {
    ExprPtr entries = Make("map_entries", args[0]->Copy());
    ExprPtr any_null = IsNull(args[0]->Copy());
    for (size_t i = 1; i < args.size(); ++i) {
      entries = Make("list_concat", std::move(entries), Make("map_entries", args[i]->Copy()));
      any_null = Or(std::move(any_null), IsNull(args[i]->Copy()));
    }
    return If(std::move(any_null), CastTo(type, Null()),
              CastTo(type, Make("map_from_entries", std::move(entries))));
  }
  if (name == "to_json") {
    if (HoldsInterval(expr.args[0]->type)) {
      return Fail("UNSUPPORTED_FEATURE", "Tarn does not write intervals as JSON yet.");
    }
    return Make("spark_to_json", arg(0));
  }
  *handled = false;
  return Fail("INTERNAL_ERROR", "not a call on collections");
}

}  // namespace tarn::engine
