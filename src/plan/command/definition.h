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
  PlanRef query;  ///< null without AS
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
