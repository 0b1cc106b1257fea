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
  kKept,       ///< kept; rows that the engine computed before
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

/// The place of a row's file in the snapshot and the row's own in the file, both counted from 0,
/// its row id and its row commit version, NULL in tables that do not track them (BIGINT).
inline constexpr size_t kAddressColumns = 4;

/// The type of `_metadata`: file_path, file_name, file_size, file_block_start, file_block_length,
/// file_modification_time, row_index; then, NULL in tables that do not track rows, base_row_id,
/// default_row_commit_version, row_id and row_commit_version.
columnar::DataType MetadataType();

/// One node; which members count is said beside each PlanKind. Immutable once built.
struct LogicalPlan {
  PlanKind kind = PlanKind::kOneRow;
  std::vector<PlanRef> children;
  std::vector<Attribute> output;

  TableBinding table;
  /// Of a scan: one hidden column more, of what is known of a row's file and place (MetadataType).
  bool with_metadata = false;
  /// Of a scan: kAddressColumns more, which say where a row lies.
  bool with_address = false;
  FileSource files;
  std::shared_ptr<const void> kept;  ///< the engine's own; alive as long as the plan
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

/// Some of the columns of `child`, by their places.
PlanRef PickColumns(PlanRef child, const std::vector<size_t>& columns);
/// The rows of `child` for which `condition` is true.
PlanRef RowsWhere(PlanRef child, ExprRef condition);
/// `plan` with `by` in every place where `child` is, at any depth; `by` has the same columns.
PlanRef WithChild(const PlanRef& plan, const LogicalPlan* child, const PlanRef& by);
/// The rows of all parts, whose columns have the same types. Its columns have ids below 0, so that
/// they are of use in one place of a plan only.
PlanRef UnionAll(std::vector<PlanRef> parts);

/// The columns a plan puts out, as a result's schema.
columnar::Schema SchemaOf(const LogicalPlan& plan);
/// Names of the columns that the plan uses and does not make: its correlation.
std::vector<std::string> OuterColumns(const LogicalPlan& plan);
/// An indented tree for EXPLAIN and tests.
std::string PlanToString(const LogicalPlan& plan);
std::string ExprToString(const Expr& expr);

}  // namespace tarn::plan
