#pragma once
/// \file  Commands that change rows: the table they change, bound to one version, and typed rows
/// for it. Rows fit the target's columns in order, or analysis has failed.
#include "plan/logical_plan.h"
#include "sql/ast/statement.h"

namespace tarn::plan {

enum class RowEffect { kUpdate, kDelete, kInsert };

/// Rows that a statement found in its target or has for it, and what becomes of each.
struct RowEdits {
  PlanRef scan;  ///< reads the target, with addresses
  /// Address, number of the action (INT) from 1, or 0 for none; then each column of the target as
  /// it will be, then each as it was. Address and old values are NULL in new rows, new values in
  /// rows that go.
  PlanRef rows;
  std::vector<RowEffect> actions;
  /// Over the columns of `scan`: no row matters for which it is not true; null: all do.
  ExprRef reads;
  /// A row may stand in `rows` several times: the only action on it deletes it, always.
  bool may_match_twice = false;
};
/// Places in RowEdits::rows.
inline constexpr size_t kActionColumn = kAddressColumns;
inline constexpr size_t kNewValues = kAddressColumns + 1;

struct Insert {
  enum class Replaces {
    kNothing,
    kTable,       ///< all rows
    kPartitions,  ///< those of the partitions that the new rows are in
    kRows,        ///< those that `edits` takes out
  };

  TableBinding target;
  sql::SourceRange target_range;
  Replaces replaces = Replaces::kNothing;
  PlanRef rows;    ///< the target's columns
  RowEdits edits;  ///< of kRows: action 1 takes rows out, 2 puts in those of `rows`
  /// Over the columns of the edits' rows: must be true of every new row; or null.
  ExprRef required;
  /// How the rows that go are told, as written: empty, or one of them.
  std::string where;
  std::string on;
  std::string using_columns;
  /// Identity columns whose values the statement gives new rows: places in the target's columns.
  /// The values are the next ones of the bound version, row by row.
  std::vector<size_t> identities = {};
};

/// Rows where `condition` is true go; the others, NULL included, stay. TRUNCATE is a Delete without
/// a condition.
struct Delete {
  TableBinding target;
  sql::SourceRange target_range;
  bool truncate = false;  ///< written as TRUNCATE TABLE
  RowEdits edits;
  ExprRef condition;      ///< over the columns of the edits' scan; null: every row
  std::string predicate;  ///< the condition's text, for the table's history; empty without one
};

/// Rows where `condition` is true are replaced.
struct Update {
  TableBinding target;
  sql::SourceRange target_range;
  RowEdits edits;
  ExprRef condition;      ///< over the columns of the edits' scan; null: every row
  std::string predicate;  ///< the condition's text; empty without one
};

/// MERGE INTO target USING source ON condition. Of the clauses of a kind the first whose condition
/// is true acts on a row.
struct Merge {
  TableBinding target;
  sql::SourceRange target_range;
  struct Clause {
    sql::MergeMatch match;
    std::optional<std::string> predicate;  ///< the condition's text
  };
  RowEdits edits;                       ///< the clauses are its actions
  std::vector<Clause> clauses;          ///< one per action
  PlanRef source;                       ///< a part of the edits' rows
  std::string predicate;                ///< text of the ON condition
  std::vector<size_t> identities = {};  ///< as of Insert
};

struct CopyInto {
  TableBinding target;
  sql::SourceRange target_range;
  std::string source;       ///< the path as written
  std::string file_format;  ///< upper case
  FileSource files;         ///< those to load
  PlanRef rows;             ///< null when there is nothing to load
  bool validate = false;    ///< look at the rows, at most validate_rows of them, and load none
  std::optional<int64_t> validate_rows;
  std::vector<size_t> identities = {};  ///< as of Insert
};

/// `scan` on another binding of the same table.
PlanRef ScanOf(const LogicalPlan& scan, TableBinding table);

}  // namespace tarn::plan
