#pragma once
/// \file  Statements about a Delta table's files and history, as written. Spec: Databricks SQL
/// reference, "Delta Lake statements". A table may be a name, or a path as two parts: delta, path.
#include "sql/ast/statement.h"

namespace tarn::sql {

/// VACUUM table [FULL | LITE] [RETAIN n HOURS] [DRY RUN]
struct Vacuum final : Statement {
  Vacuum() : Statement(StatementKind::kVacuum) {}
  NameParts table;
  SourceRange table_range;
  bool lite = false;
  std::optional<double> retain_hours;
  SourceRange retain_range;
  bool dry_run = false;
};

/// RESTORE [TABLE] table [TO] VERSION | TIMESTAMP AS OF value
struct Restore final : Statement {
  Restore() : Statement(StatementKind::kRestore) {}
  std::unique_ptr<TableRelation> table;
};

/// OPTIMIZE table [FULL] [WHERE predicate] [ZORDER BY (columns)], and
/// REORG TABLE table [WHERE predicate] APPLY (PURGE)
struct Optimize final : Statement {
  Optimize() : Statement(StatementKind::kOptimize) {}
  NameParts table;
  SourceRange table_range;
  bool purge = false;  ///< written as REORG
  bool full = false;
  ExprPtr where;
  std::vector<NameParts> zorder_by;
  SourceRange zorder_range;
};

/// CREATE [OR REPLACE] TABLE name SHALLOW | DEEP CLONE source [TBLPROPERTIES …] [LOCATION path]
struct CloneTable final : Statement {
  CloneTable() : Statement(StatementKind::kCloneTable) {}
  NameParts name;
  SourceRange name_range;
  bool or_replace = false;
  bool if_not_exists = false;
  bool deep = false;
  std::unique_ptr<TableRelation> source;
  Properties properties;
  std::optional<std::string> location;
};

/// CONVERT TO DELTA table [NO STATISTICS] [PARTITIONED BY (column TYPE, …)]
struct ConvertToDelta final : Statement {
  ConvertToDelta() : Statement(StatementKind::kConvertToDelta) {}
  NameParts table;
  SourceRange table_range;
  bool no_statistics = false;
  std::vector<ColumnDefinition> partitioned_by;
};

/// ANALYZE TABLE table COMPUTE [DELTA] STATISTICS [NOSCAN | FOR COLUMNS … | FOR ALL COLUMNS]
struct AnalyzeTable final : Statement {
  AnalyzeTable() : Statement(StatementKind::kAnalyzeTable) {}
  NameParts table;
  SourceRange table_range;
  bool delta = false;
  bool no_scan = false;
  bool all_columns = false;
  std::vector<NameParts> columns;
};

/// FSCK REPAIR TABLE table [DRY RUN]
struct FsckRepair final : Statement {
  FsckRepair() : Statement(StatementKind::kFsckRepair) {}
  NameParts table;
  SourceRange table_range;
  bool dry_run = false;
};

}  // namespace tarn::sql
