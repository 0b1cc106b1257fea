#pragma once
/// \file  Commands that change rows. Their rows are typed: they fit the target's columns in order,
/// or analysis has failed.
#include "plan/logical_plan.h"
#include "sql/ast/statement.h"

namespace tarn::plan {

struct Insert {
  TableBinding target;
  bool overwrite = false;
  /// Fixed values of PARTITION (a = 1): what INSERT OVERWRITE replaces; empty: the whole table.
  std::vector<std::pair<std::string, ExprRef>> partition;
  PlanRef rows;
};

/// Rows where `condition` is true go; the others, NULL included, stay. TRUNCATE is a Delete without
/// a condition.
struct Delete {
  TableBinding target;
  std::vector<Attribute> columns;  ///< the target's, as `condition` names them
  ExprRef condition;               ///< null: every row
  PlanRef kept;                    ///< the rows that stay; null without a condition
};

/// The rows come from files that only the run knows: the columns of `columns` are matched by name
/// to them with Analyzer::AnalyzeCopySource and Analyzer::MatchByName.
struct CopyInto {
  TableBinding target;
  const sql::CopyInto* syntax = nullptr;  ///< borrowed from the statement
};

}  // namespace tarn::plan
