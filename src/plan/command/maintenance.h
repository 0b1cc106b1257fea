#pragma once
/// \file  Commands about a Delta table's files and history. Names are complete; a table by its path
/// has the name delta, path.
#include "plan/logical_plan.h"
#include "sql/ast/statement.h"

namespace tarn::plan {

struct Vacuum {
  std::vector<std::string> name;
  sql::SourceRange name_range;
  bool lite = false;
  std::optional<double> retain_hours;
  sql::SourceRange retain_range;
  bool dry_run = false;
};

struct Restore {
  std::vector<std::string> name;
  sql::SourceRange name_range;
  TimeTravel travel;
};

/// OPTIMIZE, or REORG … APPLY (PURGE).
struct Optimize {
  TableBinding target;
  sql::SourceRange target_range;
  PlanRef scan;           ///< reads the target
  ExprRef condition;      ///< on partition columns of the scan; null: every partition
  std::string predicate;  ///< the condition's text; empty without one
  /// Columns, or fields inside them, as the table spells them.
  std::vector<std::vector<std::string>> zorder_by;
  sql::SourceRange zorder_range;
  bool full = false;
  bool purge = false;
};

struct CloneTable {
  std::vector<std::string> name;
  sql::SourceRange name_range;
  bool or_replace = false;
  bool if_not_exists = false;
  bool deep = false;
  TableBinding source;  ///< at the version to clone
  sql::SourceRange source_range;
  sql::Properties properties;
  std::optional<std::string> location;
};

struct ConvertToDelta {
  std::vector<std::string> name;  ///< parquet, path; or a table's
  sql::SourceRange name_range;
  bool no_statistics = false;
  columnar::Fields partitioned_by;
};

struct AnalyzeTable {
  TableBinding target;
  sql::SourceRange target_range;
  PlanRef scan;  ///< reads the target
  bool delta = false;
  bool no_scan = false;
  std::vector<std::string> columns;  ///< of FOR COLUMNS, as the table spells them
};

struct FsckRepair {
  std::vector<std::string> name;
  sql::SourceRange name_range;
  bool dry_run = false;
};

}  // namespace tarn::plan
