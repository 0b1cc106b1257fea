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
  /// Reads the target. The condition names its columns; whoever runs the command puts other files
  /// of the table below the same columns with ScanOf.
  PlanRef scan;
  ExprRef condition;      ///< null: every row
  std::string predicate;  ///< the condition's text, for the table's history; empty without one
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
/// The rows of `child` for which `condition` is true.
PlanRef RowsWhere(PlanRef child, ExprRef condition);
/// The rows of `child` for which `condition` is false or NULL.
PlanRef RowsWhereNot(PlanRef child, ExprRef condition);

}  // namespace tarn::plan
