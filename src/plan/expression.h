#pragma once
/// \file  Typed expressions: names are resolved to attribute ids, every implicit conversion is an
/// explicit cast, and each node knows its Spark type and nullability. Nothing here knows the
/// engine.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "columnar/types.h"
#include "sql/ast/query.h"

namespace tarn::plan {

struct LogicalPlan;
using PlanRef = std::shared_ptr<const LogicalPlan>;

/// Identity of a column within one statement. Names may repeat; ids do not.
using ExprId = int64_t;

/// A column that a plan node puts out.
struct Attribute {
  ExprId id = 0;
  std::string name;
  columnar::DataType type;
  bool nullable = true;
  std::vector<std::string> qualifier;  ///< alias, or catalog.schema.table
  bool hidden = false;                 ///< found by its name, left out of `*`
};

enum class ExprOp {
  kLiteral,         ///< value (empty: NULL)
  kColumn,          ///< id, name
  kCall,            ///< function, args
  kCast,            ///< args[0] → type; try_cast, ansi
  kCase,            ///< args: when, then, when, then, …, [else]
  kAggregate,       ///< function, args, distinct, filter, order_by; "grouping": see LogicalPlan
  kWindow,          ///< args[0] is the function call or aggregate; partition_by, order_by, frame
  kScalarSubquery,  ///< plan of one column
  kExists,          ///< plan
  kInSubquery,      ///< args IN plan
};

struct Expr;
using ExprRef = std::shared_ptr<const Expr>;

struct SortKey {
  ExprRef expr;
  bool descending = false;
  bool nulls_first = true;
};

struct Frame {
  sql::FrameUnit unit = sql::FrameUnit::kRange;
  sql::BoundKind start = sql::BoundKind::kUnboundedPreceding;
  sql::BoundKind end = sql::BoundKind::kCurrentRow;
  ExprRef start_offset;
  ExprRef end_offset;
};

/// One node; which members count is said beside each ExprOp. Immutable once built.
struct Expr {
  ExprOp op = ExprOp::kLiteral;
  columnar::DataType type;
  bool nullable = true;
  sql::SourceRange range;

  std::optional<std::string> value;
  ExprId id = 0;
  std::string name;
  std::string function;
  std::vector<ExprRef> args;
  bool try_cast = false;
  /// Overflow, bad input and division by zero are errors (Spark's ANSI mode), else NULL or wrapped.
  bool ansi = true;
  bool distinct = false;
  bool ignore_nulls = false;
  ExprRef filter;
  std::vector<ExprRef> partition_by;
  std::vector<SortKey> order_by;
  std::optional<Frame> frame;
  PlanRef plan;
};

ExprRef MakeLiteral(columnar::DataType type, std::optional<std::string> value);
ExprRef MakeColumn(const Attribute& attribute);
/// The expression itself when it already has the type.
ExprRef MakeCast(ExprRef expr, const columnar::DataType& type, bool try_cast = false);
ExprRef MakeCall(std::string function, std::vector<ExprRef> args, columnar::DataType type,
                 bool nullable);

/// A call of a predicate; it may be NULL where an argument may.
ExprRef Boolean(std::string function, std::vector<ExprRef> args);
/// The condition, under NOT when `negated`.
ExprRef Negated(ExprRef condition, bool negated);

/// Same computation on the same columns.
bool SameExpr(const ExprRef& a, const ExprRef& b);
/// Whether `test` holds for the node or any below it; plans of subqueries are not entered.
bool AnyExpr(const ExprRef& expr, bool (*test)(const Expr&));

}  // namespace tarn::plan
