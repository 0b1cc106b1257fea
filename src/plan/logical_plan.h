#pragma once
/// \file  Typed relational plans: what to compute, with Spark's types and names. Free of text and
/// of the engine, so that SQL and, later, Spark Connect produce the same thing.
#include "plan/expression.h"
#include "plan/relation_resolver.h"

namespace tarn::plan {

enum class PlanKind {
  kOneRow,     ///< one row without columns: SELECT without FROM
  kScan,       ///< table; output are its columns
  kFileScan,   ///< files
  kRange,      ///< args: start, end, step
  kValues,     ///< rows
  kProject,    ///< exprs → output
  kFilter,     ///< condition
  kJoin,       ///< join, condition, two children
  kAggregate,  ///< groups then aggregates → output; grouping_sets
  kSort,       ///< sort
  kLimit,      ///< limit, offset
  kSetOp,      ///< set_op, all, two children with the same types
  kDistinct,
};

/// One node; which members count is said beside each PlanKind. Immutable once built.
struct LogicalPlan {
  PlanKind kind = PlanKind::kOneRow;
  std::vector<PlanRef> children;
  std::vector<Attribute> output;

  TableBinding table;
  /// Of a scan: two columns more, the place of the row's file in the snapshot and the row's own in
  /// the file, both counted from 0 (BIGINT).
  bool with_address = false;
  FileSource files;
  std::vector<ExprRef> args;
  std::vector<std::vector<ExprRef>> rows;
  std::vector<ExprRef> exprs;
  ExprRef condition;
  sql::JoinType join = sql::JoinType::kInner;
  std::vector<ExprRef> groups;
  std::vector<ExprRef> aggregates;
  /// Positions into groups, one list per set; empty means one set of all groups. An aggregate named
  /// "grouping" has group expressions as arguments and gives their bits, the first one highest, set
  /// where the expression is not part of the row's set (BIGINT).
  std::vector<std::vector<int>> grouping_sets;
  std::vector<SortKey> sort;
  ExprRef limit;
  ExprRef offset;
  sql::SetOperator set_op = sql::SetOperator::kUnion;
  bool all = false;
};

/// The columns a plan puts out, as a result's schema.
columnar::Schema SchemaOf(const LogicalPlan& plan);
/// Names of the columns that the plan uses and does not make: its correlation.
std::vector<std::string> OuterColumns(const LogicalPlan& plan);
/// An indented tree for EXPLAIN and tests.
std::string PlanToString(const LogicalPlan& plan);
std::string ExprToString(const Expr& expr);

}  // namespace tarn::plan
