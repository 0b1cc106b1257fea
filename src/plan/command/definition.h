#pragma once
/// \file  Commands that make and drop catalog objects. Names are complete: the session's catalog
/// and schema are filled in.
#include "plan/logical_plan.h"
#include "sql/ast/statement.h"

namespace tarn::plan {

struct CreateCatalog {
  std::string name;
  sql::SourceRange name_range;
  bool if_not_exists = false;
  std::optional<std::string> comment;
  std::optional<std::string> location;
};

struct CreateSchema {
  std::vector<std::string> name;  ///< catalog, schema
  sql::SourceRange name_range;
  bool if_not_exists = false;
  std::optional<std::string> comment;
  std::optional<std::string> location;
  sql::Properties properties;
};

/// CREATE TABLE, with a query also CREATE TABLE AS SELECT. Column names are checked for doubles,
/// the partition columns exist and their types may be partitioned by.
struct CreateTable {
  std::vector<std::string> name;  ///< catalog, schema, table; or delta, path
  sql::SourceRange name_range;
  bool or_replace = false;
  bool if_not_exists = false;
  columnar::Schema schema;  ///< of the query for CREATE TABLE AS SELECT, all columns nullable
  std::string provider;     ///< lower case, "delta" when not given
  std::vector<std::string> partitioned_by;  ///< spelled as in the schema
  std::optional<std::string> location;
  std::optional<std::string> comment;
  sql::Properties properties;
  PlanRef query;                     ///< null without AS
  bool replace = false;              ///< REPLACE TABLE: the table must be there
  std::optional<TableBinding> like;  ///< the table of LIKE; the schema is its own
  std::vector<std::vector<std::string>> cluster_by;
};

/// A column that ALTER TABLE adds.
struct AddedColumn {
  std::vector<std::string> parent;  ///< path of the struct it goes into; empty: the table
  columnar::Field field;
  std::optional<sql::ColumnPosition> position;
};

/// One change of a table's columns, properties or constraints; what its action does not use is
/// empty. Column names are those of the statement.
struct AlterTable {
  sql::AlterTableAction action = sql::AlterTableAction::kSetProperties;
  TableBinding target;
  sql::SourceRange target_range;
  bool if_exists = false;
  std::vector<std::string> new_name;  ///< complete for a table; one part for a column
  sql::Properties properties;
  std::vector<std::string> property_keys;
  std::vector<AddedColumn> added;
  std::vector<std::vector<std::string>> columns;
  columnar::DataType type;
  std::optional<std::string> text;  ///< comment, default, or condition of the constraint
  std::optional<sql::ColumnPosition> position;
  std::string constraint;
  PlanRef violations;  ///< rows that break the new constraint or NOT NULL, else null
  PlanRef furthest;    ///< of SYNC IDENTITY: one row, the column's last value as its step counts
  /// Names and texts of constraints and generated columns that read a changed column.
  std::vector<std::string> dependent_checks;
  std::vector<std::string> dependent_columns;
};

struct CreateVolume {
  std::vector<std::string> name;  ///< catalog, schema, volume
  sql::SourceRange name_range;
  bool external = false;
  bool if_not_exists = false;
  std::optional<std::string> location;
  std::optional<std::string> comment;
};

struct Drop {
  sql::SecurableWord object = sql::SecurableWord::kTable;
  std::vector<std::string> name;
  sql::SourceRange name_range;
  bool if_exists = false;
  bool cascade = false;
};

}  // namespace tarn::plan
