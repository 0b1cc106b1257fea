#pragma once
/// \file  Queries as written. Spec: Spark SQL reference, "SELECT".
#include "sql/ast/expression.h"

namespace tarn::sql {

enum class FrameUnit { kRows, kRange };
enum class BoundKind {
  kUnboundedPreceding,
  kPreceding,
  kCurrentRow,
  kFollowing,
  kUnboundedFollowing
};
struct FrameBound {
  BoundKind kind = BoundKind::kUnboundedPreceding;
  ExprPtr offset;
};
struct WindowFrame {
  FrameUnit unit = FrameUnit::kRange;
  FrameBound start;
  FrameBound end;
};
struct WindowSpec {
  std::string name;  ///< the window this one refers to, else empty
  ExprList partition_by;
  std::vector<OrderItem> order_by;
  std::optional<WindowFrame> frame;
};

enum class RelationKind { kTable, kSubquery, kJoin, kFunction, kValues };
struct Relation {
  explicit Relation(RelationKind relation_kind) : kind(relation_kind) {}
  virtual ~Relation() = default;
  template <typename T>
  const T& As() const {
    return static_cast<const T&>(*this);
  }
  RelationKind kind;
  SourceRange range;
  std::string alias;
  std::vector<std::string> column_aliases;
};
using RelationPtr = std::unique_ptr<Relation>;

/// A named table, or delta.`/path`.
struct TableRelation final : Relation {
  TableRelation() : Relation(RelationKind::kTable) {}
  std::vector<std::string> name;
  ExprPtr version_as_of;
  ExprPtr timestamp_as_of;
};

struct SubqueryRelation final : Relation {
  SubqueryRelation() : Relation(RelationKind::kSubquery) {}
  std::unique_ptr<Query> query;
  bool lateral = false;
};

enum class JoinType { kInner, kLeft, kRight, kFull, kCross, kLeftSemi, kLeftAnti };
struct JoinRelation final : Relation {
  JoinRelation() : Relation(RelationKind::kJoin) {}
  JoinType join = JoinType::kInner;
  bool natural = false;
  RelationPtr left;
  RelationPtr right;
  ExprPtr condition;
  std::vector<std::string> using_columns;
};

struct FunctionRelation final : Relation {
  FunctionRelation() : Relation(RelationKind::kFunction) {}
  bool lateral = false;
  std::string name;
  std::vector<Argument> args;
};

struct ValuesRelation final : Relation {
  ValuesRelation() : Relation(RelationKind::kValues) {}
  std::vector<ExprList> rows;
};

enum class GroupingKind { kPlain, kRollup, kCube, kSets, kAll };
struct GroupingElement {
  GroupingKind kind = GroupingKind::kPlain;
  std::vector<ExprList> sets;  ///< plain: one set of one; rollup, cube: one per element
};

struct SelectItem {
  ExprPtr expr;
  std::string alias;
  SourceRange range;
};

enum class BodyKind { kSelect, kSetOperation, kValues, kQuery, kTable };
struct QueryBody {
  explicit QueryBody(BodyKind body_kind) : kind(body_kind) {}
  virtual ~QueryBody() = default;
  template <typename T>
  const T& As() const {
    return static_cast<const T&>(*this);
  }
  BodyKind kind;
  SourceRange range;
};
using BodyPtr = std::unique_ptr<QueryBody>;

struct Select final : QueryBody {
  Select() : QueryBody(BodyKind::kSelect) {}
  bool distinct = false;
  std::vector<SelectItem> items;
  RelationPtr from;  ///< commas are cross joins; null for SELECT without FROM
  ExprPtr where;
  std::vector<GroupingElement> group_by;
  ExprPtr having;
  ExprPtr qualify;
  std::vector<std::pair<std::string, WindowSpec>> windows;
};

enum class SetOperator { kUnion, kIntersect, kExcept };
struct SetOperation final : QueryBody {
  SetOperation() : QueryBody(BodyKind::kSetOperation) {}
  SetOperator op = SetOperator::kUnion;
  bool all = false;
  BodyPtr left;
  BodyPtr right;
};

struct ValuesBody final : QueryBody {
  ValuesBody() : QueryBody(BodyKind::kValues) {}
  std::unique_ptr<ValuesRelation> values;
};

/// A query in parentheses.
struct QueryInParentheses final : QueryBody {
  QueryInParentheses() : QueryBody(BodyKind::kQuery) {}
  std::unique_ptr<Query> query;
};

/// TABLE t
struct TableBody final : QueryBody {
  TableBody() : QueryBody(BodyKind::kTable) {}
  std::unique_ptr<TableRelation> table;
};

struct CommonTable {
  std::string name;
  std::vector<std::string> columns;
  std::unique_ptr<Query> query;
  SourceRange range;
};

struct Query {
  bool recursive = false;
  std::vector<CommonTable> with;
  BodyPtr body;
  /// ORDER BY, or SORT BY and CLUSTER BY: a total order also orders each partition.
  std::vector<OrderItem> order_by;
  bool order_by_all = false;
  bool sort_within_partitions = false;  ///< the order was written as SORT BY or CLUSTER BY
  ExprList distribute_by;               ///< of DISTRIBUTE BY: names rows together, changes none
  ExprPtr limit;                        ///< LIMIT ALL leaves it empty
  ExprPtr offset;
  SourceRange range;
};

}  // namespace tarn::sql
