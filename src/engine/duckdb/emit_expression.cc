#include "engine/duckdb/emitter.h"
#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/tree.h"

namespace tarn::engine {

using namespace duckdb;  // NOLINT: this file builds DuckDB's trees
using columnar::DataType;
using columnar::TypeKind;
using plan::ExprOp;

namespace {

using ExprPtr = duckdb::unique_ptr<ParsedExpression>;

ExprPtr Function(const char* name, ExprPtr a) {
  duckdb::vector<ExprPtr> args;
  args.push_back(std::move(a));
  return make_uniq<FunctionExpression>(name, std::move(args));
}

ExprPtr CastTo(LogicalType type, ExprPtr e, bool try_cast = false) {
  return make_uniq<CastExpression>(std::move(type), std::move(e), try_cast);
}

const char* ParserFor(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBoolean:
      return "spark_parse_boolean";
    case TypeKind::kByte:
      return "spark_parse_tinyint";
    case TypeKind::kShort:
      return "spark_parse_smallint";
    case TypeKind::kInteger:
      return "spark_parse_int";
    case TypeKind::kLong:
      return "spark_parse_bigint";
    case TypeKind::kFloat:
      return "spark_parse_float";
    case TypeKind::kDouble:
      return "spark_parse_double";
    default:
      return nullptr;
  }
}

}  // namespace

Result<duckdb::vector<ExprPtr>> Emitter::Exprs(const std::vector<plan::ExprRef>& exprs) {
  duckdb::vector<ExprPtr> emitted;
  for (const plan::ExprRef& e : exprs) {
    TARN_TRY(ExprPtr expr, Expr(*e));
    emitted.push_back(std::move(expr));
  }
  return emitted;
}

Result<ExprPtr> Emitter::Expr(const plan::Expr& expr) {
  switch (expr.op) {
    case ExprOp::kLiteral:
      return Literal(expr);
    case ExprOp::kColumn:
      return ExprPtr(make_uniq<ColumnRefExpression>("c" + std::to_string(expr.id)));
    case ExprOp::kCall:
      return Call(expr);
    case ExprOp::kCast:
      return Cast(expr);
    case ExprOp::kCase: {
      auto node = make_uniq<CaseExpression>();
      size_t i = 0;
      for (; i + 1 < expr.args.size(); i += 2) {
        CaseCheck check;
        TARN_TRY(check.when_expr, Expr(*expr.args[i]));
        TARN_TRY(check.then_expr, Expr(*expr.args[i + 1]));
        node->case_checks.push_back(std::move(check));
      }
      if (i < expr.args.size()) {
        TARN_TRY(node->else_expr, Expr(*expr.args[i]));
      } else {
        node->else_expr = make_uniq<ConstantExpression>(Value());
      }
      return ExprPtr(std::move(node));
    }
    case ExprOp::kAggregate:
      return AggregateCall(expr);
    case ExprOp::kWindow:
      return Window(expr);
    case ExprOp::kScalarSubquery:
    case ExprOp::kExists:
    case ExprOp::kInSubquery:
      return Subquery(expr);
  }
  return Fail("INTERNAL_ERROR", "an expression of an unknown kind");
}

Result<ExprPtr> Emitter::Literal(const plan::Expr& expr) {
  TARN_TRY(LogicalType type, ToLogicalType(expr.type));
  if (!expr.value) return ExprPtr(make_uniq<ConstantExpression>(Value(type)));
  const std::string& text = *expr.value;
  if (expr.type.is_string()) return ExprPtr(make_uniq<ConstantExpression>(Value(text)));
  if (expr.type.is(TypeKind::kBinary)) {
    return ExprPtr(make_uniq<ConstantExpression>(
        Value::BLOB(reinterpret_cast<const_data_ptr_t>(text.data()), text.size())));
  }
  if (expr.type.is(TypeKind::kTimestamp)) {
    return ExprPtr(
        make_uniq<ConstantExpression>(Value::TIMESTAMPTZ(timestamp_tz_t(std::stoll(text)))));
  }
  Value value;
  std::string error;
  if (!Value(text).DefaultTryCastAs(type, value, &error, true)) {
    return Fail("CAST_INVALID_INPUT",
                "The literal " + text + " is not a " + expr.type.ToSqlString() + ".");
  }
  return ExprPtr(make_uniq<ConstantExpression>(std::move(value)));
}

Result<ExprPtr> Emitter::Cast(const plan::Expr& expr) {
  const DataType& from = expr.args[0]->type;
  const DataType& to = expr.type;
  TARN_TRY(ExprPtr operand, Expr(*expr.args[0]));
  TARN_TRY(LogicalType target, ToLogicalType(to));
  auto maybe_try = [&](ExprPtr e) -> ExprPtr {
    if (!expr.try_cast) return e;
    return make_uniq<OperatorExpression>(ExpressionType::OPERATOR_TRY, std::move(e));
  };
  if (from.is(TypeKind::kNull)) return CastTo(target, std::move(operand));
  if (from.is_string()) {
    if (to.is_string()) return operand;
    if (to.is(TypeKind::kBinary)) return Function("encode", std::move(operand));
    if (const char* parser = ParserFor(to.kind())) {
      return maybe_try(CastTo(target, Function(parser, std::move(operand))));
    }
    if (to.is(TypeKind::kDate)) return maybe_try(Function("spark_parse_date", std::move(operand)));
    if (to.is(TypeKind::kTimestampNtz)) {
      return maybe_try(Function("spark_parse_local", std::move(operand)));
    }
    if (to.is(TypeKind::kTimestamp)) {
      // Offsets are part of the text; for the names of regions the zone tables are needed.
      ExprPtr region = Function("spark_region_of", operand->Copy());
      ExprPtr there = LocalToUtc(Function("spark_parse_local", operand->Copy()), region);
      // A zone that nobody knows is bad input, as is any other part of the text.
      ExprPtr probe = tree::Make("concat", tree::Text("2000-01-01 00:00:00 "), region->Copy());
      ExprPtr unknown = tree::IsNull(CastTo(LogicalType::TIMESTAMP_TZ, std::move(probe), true));
      there = tree::If(std::move(unknown), Function("spark_unknown_zone", operand->Copy()),
                       std::move(there));
      return maybe_try(tree::If(tree::IsNull(std::move(region)),
                                Function("spark_parse_timestamp", std::move(operand)),
                                std::move(there)));
    }
    return CastTo(target, Function("spark_trim_blanks", std::move(operand)), expr.try_cast);
  }
  if (to.is_string()) {
    switch (from.kind()) {
      case TypeKind::kDouble:
        return Function("spark_double_text", std::move(operand));
      case TypeKind::kFloat:
        return Function("spark_float_text", std::move(operand));
      case TypeKind::kTimestamp:
        // To the session's local time first: the zone is the connection's.
        return Function("spark_timestamp_text", CastTo(LogicalType::TIMESTAMP, std::move(operand)));
      case TypeKind::kTimestampNtz:
        return Function("spark_timestamp_text", std::move(operand));
      case TypeKind::kBinary:
        return Function("decode", std::move(operand));
      case TypeKind::kArray:
      case TypeKind::kMap:
      case TypeKind::kStruct:
      case TypeKind::kYearMonthInterval:
      case TypeKind::kDayTimeInterval:
        return Fail("UNSUPPORTED_FEATURE",
                    "Tarn does not cast \"" + from.ToSqlString() + "\" to \"STRING\" yet.");
      default:
        return CastTo(LogicalType::VARCHAR, std::move(operand));
    }
  }
  // Fractions are cut, not rounded, on their way to whole numbers.
  if (from.is_fractional() && to.is_integral()) operand = Function("trunc", std::move(operand));
  if (from.is_numeric() && to.is(TypeKind::kBoolean)) {
    return ExprPtr(
        make_uniq<ComparisonExpression>(ExpressionType::COMPARE_NOTEQUAL, std::move(operand),
                                        make_uniq<ConstantExpression>(Value::INTEGER(0))));
  }
  if (from.is(TypeKind::kTimestamp) && to.is_numeric()) {
    if (to.is_integral()) {
      return CastTo(target, Function("spark_unix_seconds", std::move(operand)), expr.try_cast);
    }
    ExprPtr micros = Function("epoch_us", std::move(operand));
    duckdb::vector<ExprPtr> args;
    args.push_back(CastTo(LogicalType::DOUBLE, std::move(micros)));
    args.push_back(make_uniq<ConstantExpression>(Value::DOUBLE(1e6)));
    return CastTo(target, make_uniq<FunctionExpression>("/", std::move(args)), expr.try_cast);
  }
  if (from.is_numeric() && to.is(TypeKind::kTimestamp)) {
    return Function("to_timestamp", CastTo(LogicalType::DOUBLE, std::move(operand)));
  }
  return CastTo(target, std::move(operand), expr.try_cast);
}

Result<ExprPtr> Emitter::Subquery(const plan::Expr& expr) {
  auto node = make_uniq<SubqueryExpression>();
  TARN_TRY(node->subquery, Statement(*expr.plan));
  if (expr.op == ExprOp::kScalarSubquery) {
    node->subquery_type = SubqueryType::SCALAR;
  } else if (expr.op == ExprOp::kExists) {
    node->subquery_type = SubqueryType::EXISTS;
  } else {
    node->subquery_type = SubqueryType::ANY;
    node->comparison_type = ExpressionType::COMPARE_EQUAL;
    TARN_TRY(node->child, Expr(*expr.args[0]));
  }
  return ExprPtr(std::move(node));
}

namespace {

struct WindowFunction {
  std::string_view name;
  ExpressionType type;
};

constexpr WindowFunction kWindowFunctions[] = {
    {"row_number", ExpressionType::WINDOW_ROW_NUMBER},
    {"rank", ExpressionType::WINDOW_RANK},
    {"dense_rank", ExpressionType::WINDOW_RANK_DENSE},
    {"percent_rank", ExpressionType::WINDOW_PERCENT_RANK},
    {"cume_dist", ExpressionType::WINDOW_CUME_DIST},
    {"ntile", ExpressionType::WINDOW_NTILE},
    {"lag", ExpressionType::WINDOW_LAG},
    {"lead", ExpressionType::WINDOW_LEAD},
    {"first_value", ExpressionType::WINDOW_FIRST_VALUE},
    {"last_value", ExpressionType::WINDOW_LAST_VALUE},
    {"first", ExpressionType::WINDOW_FIRST_VALUE},
    {"last", ExpressionType::WINDOW_LAST_VALUE},
    {"nth_value", ExpressionType::WINDOW_NTH_VALUE},
};

// Where the aggregate itself is in what was emitted for it.
ExprPtr& AggregateIn(ExprPtr& emitted) {
  switch (emitted->GetExpressionClass()) {
    case ExpressionClass::CAST:
      return AggregateIn(emitted->Cast<CastExpression>().child);
    case ExpressionClass::OPERATOR:
      if (emitted->GetExpressionType() != ExpressionType::OPERATOR_COALESCE) return emitted;
      return AggregateIn(emitted->Cast<OperatorExpression>().children[0]);
    case ExpressionClass::FUNCTION: {
      auto& call = emitted->Cast<FunctionExpression>();
      return call.function_name == "spark_long_of_sum" ? AggregateIn(call.children[0]) : emitted;
    }
    default:
      return emitted;
  }
}

WindowBoundary BoundaryOf(sql::BoundKind kind, bool rows) {
  switch (kind) {
    case sql::BoundKind::kUnboundedPreceding:
      return WindowBoundary::UNBOUNDED_PRECEDING;
    case sql::BoundKind::kPreceding:
      return rows ? WindowBoundary::EXPR_PRECEDING_ROWS : WindowBoundary::EXPR_PRECEDING_RANGE;
    case sql::BoundKind::kCurrentRow:
      return rows ? WindowBoundary::CURRENT_ROW_ROWS : WindowBoundary::CURRENT_ROW_RANGE;
    case sql::BoundKind::kFollowing:
      return rows ? WindowBoundary::EXPR_FOLLOWING_ROWS : WindowBoundary::EXPR_FOLLOWING_RANGE;
    case sql::BoundKind::kUnboundedFollowing:
      return WindowBoundary::UNBOUNDED_FOLLOWING;
  }
  return WindowBoundary::INVALID;
}

}  // namespace

Result<ExprPtr> Emitter::FrameOffset(const plan::Expr& expr) {
  TARN_TRY(ExprPtr offset, Expr(expr));
  if (expr.type.is(TypeKind::kYearMonthInterval)) return Function("to_months", std::move(offset));
  if (expr.type.is(TypeKind::kDayTimeInterval)) {
    return Function("to_microseconds", std::move(offset));
  }
  return offset;
}

Result<ExprPtr> Emitter::Window(const plan::Expr& expr) {
  const plan::Expr& function = *expr.args[0];
  ExpressionType type = ExpressionType::WINDOW_AGGREGATE;
  std::string name = function.function;
  for (const WindowFunction& known : kWindowFunctions) {
    if (known.name == function.function) type = known.type;
  }
  TARN_TRY(LogicalType result, ToLogicalType(expr.type));
  duckdb::vector<ExprPtr> children;
  ExprPtr filter;
  ExprPtr around;
  ExprPtr* slot = nullptr;
  bool distinct = function.distinct;
  if (type == ExpressionType::WINDOW_AGGREGATE) {
    // The aggregate's own emission says which DuckDB aggregate it is, and what is done to its
    // value.
    TARN_TRY(around, AggregateCall(function));
    slot = &AggregateIn(around);
    if ((*slot)->GetExpressionClass() != ExpressionClass::FUNCTION ||
        SameMeaning(function.function).empty()) {
      return Fail("UNSUPPORTED_FEATURE", "Tarn does not support " + name + " over a window yet.");
    }
    auto& emitted = (*slot)->Cast<FunctionExpression>();
    name = emitted.function_name;
    children = std::move(emitted.children);
    filter = std::move(emitted.filter);
  } else {
    TARN_TRY(children, Exprs(function.args));
    name = type == ExpressionType::WINDOW_FIRST_VALUE  ? "first_value"
           : type == ExpressionType::WINDOW_LAST_VALUE ? "last_value"
                                                       : name;
  }
  auto node = make_uniq<WindowExpression>(type, "", "", name);
  node->distinct = distinct;
  node->ignore_nulls = function.ignore_nulls;
  node->filter_expr = std::move(filter);
  if (type == ExpressionType::WINDOW_LAG || type == ExpressionType::WINDOW_LEAD) {
    if (children.size() > 2) node->default_expr = std::move(children[2]);
    if (children.size() > 1) node->offset_expr = std::move(children[1]);
    children.resize(1);
  }
  node->children = std::move(children);
  TARN_TRY(node->partitions, Exprs(expr.partition_by));
  for (const plan::SortKey& key : expr.order_by) {
    TARN_TRY(ExprPtr order, Expr(*key.expr));
    node->orders.emplace_back(
        key.descending ? OrderType::DESCENDING : OrderType::ASCENDING,
        key.nulls_first ? OrderByNullType::NULLS_FIRST : OrderByNullType::NULLS_LAST,
        std::move(order));
  }
  if (expr.frame) {
    bool rows = expr.frame->unit == sql::FrameUnit::kRows;
    node->start = BoundaryOf(expr.frame->start, rows);
    node->end = BoundaryOf(expr.frame->end, rows);
    if (expr.frame->start_offset) {
      TARN_TRY(node->start_expr, FrameOffset(*expr.frame->start_offset));
    }
    if (expr.frame->end_offset) {
      TARN_TRY(node->end_expr, FrameOffset(*expr.frame->end_offset));
    }
  } else {
    node->start = WindowBoundary::UNBOUNDED_PRECEDING;
    node->end = expr.order_by.empty() ? WindowBoundary::UNBOUNDED_FOLLOWING
                                      : WindowBoundary::CURRENT_ROW_RANGE;
  }
  if (slot == nullptr) return CastTo(result, std::move(node));
  *slot = std::move(node);
  return CastTo(result, std::move(around));
}

}  // namespace tarn::engine
