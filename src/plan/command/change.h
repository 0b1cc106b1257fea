#pragma once
/// \file  Commands that change rows: the table they change, bound to one version, and typed rows
/// for it. Rows fit the target's columns in order, or analysis has failed.
#include "plan/logical_plan.h"
#include "sql/ast/statement.h"

namespace tarn::plan {

struct Insert {
  TableBinding target;
  sql::SourceRange target_range;
  bool overwrite = false;
  /// Fixed values of PARTITION (a = 1): what INSERT OVERWRITE replaces; empty: the whole table.
  std::vector<std::pair<std::string, ExprRef>> partition;
  PlanRef rows;
};

/// Rows where `condition` is true go; the others, NULL included, stay. TRUNCATE is a Delete without
/// a condition.
struct Delete {
  TableBinding target;
  sql::SourceRange target_range;
  bool truncate = false;  ///< written as TRUNCATE TABLE
  /// Reads the target, with addresses. The condition names its columns; whoever runs the command
  /// puts other files of the table below the same columns with ScanOf.
  PlanRef scan;
  ExprRef condition;      ///< null: every row
  std::string predicate;  ///< the condition's text, for the table's history; empty without one
};

/// Rows where `condition` is true are replaced.
struct Update {
  TableBinding target;
  sql::SourceRange target_range;
  PlanRef scan;           ///< reads the target, with addresses
  PlanRef changed;        ///< file, row of each row to replace
  PlanRef written;        ///< the rows in their place, the target's columns
  std::string predicate;  ///< the condition's text; empty without one
};

/// MERGE INTO target USING source ON condition. Of the clauses of a kind the first whose condition
/// is true acts on a row.
struct Merge {
  enum class Effect { kUpdate, kDelete, kInsert };

  TableBinding target;
  sql::SourceRange target_range;
  PlanRef scan;  ///< reads the target, with addresses
  /// file, row, clause (INT) of each pair of a row of the target and one of the source that match;
  /// the clause that acts counts from 1, 0 is none. Null without WHEN MATCHED.
  PlanRef matched;
  /// The same of each row of the target without a match. Null without WHEN NOT MATCHED BY SOURCE.
  PlanRef unmatched;
  PlanRef written;  ///< rows updated and inserted, the target's columns; null when there are none
  std::vector<Effect> clauses;
  /// A row of the target may match several of the source: the only WHEN MATCHED deletes it, always.
  bool may_match_twice = false;
  std::string predicate;  ///< text of the ON condition
};

struct CopyInto {
  TableBinding target;
  sql::SourceRange target_range;
  std::string source;       ///< the path as written
  std::string file_format;  ///< upper case
  FileSource files;         ///< those to load
  PlanRef rows;             ///< null when there is nothing to load
};

/// `scan` on another binding of the same table.
PlanRef ScanOf(const LogicalPlan& scan, TableBinding table);
/// The last two columns of a scan with addresses, or of what keeps them last.
PlanRef Addresses(PlanRef child);
/// The rows of `child` for which `condition` is true.
PlanRef RowsWhere(PlanRef child, ExprRef condition);

}  // namespace tarn::plan
