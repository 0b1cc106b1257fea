#pragma once
/// \file  What Unity Catalog governs. Names and privileges are its own.
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "columnar/types.h"

namespace tarn::catalog {

enum class SecurableKind { kMetastore, kCatalog, kSchema, kTable, kVolume };
/// "METASTORE", "CATALOG", …
std::string_view KindName(SecurableKind kind);
/// "Metastore", "Catalog", … as messages say it.
std::string KindTitle(SecurableKind kind);
/// Case-insensitive; DATABASE is SCHEMA. Errors: INVALID_PARAMETER_VALUE.
Result<SecurableKind> ParseKind(std::string_view name);

/// What whoever reads a table must not see of it: Spark SQL over the table's columns. Value.
struct TablePolicy {
  std::string row_filter;  ///< BOOLEAN; rows where it is not true are left out; empty: none
  std::vector<std::pair<std::string, std::string>> masks;  ///< column, expression in its place
  bool empty() const { return row_filter.empty() && masks.empty(); }
};

/// One governed object. Value.
struct Securable {
  SecurableKind kind = SecurableKind::kTable;
  std::string full_name;  ///< parts in lower case, joined by '.'; empty for the metastore
  std::string id;
  std::string owner;
  std::string comment;
  std::string created_by;
  int64_t created_ms = 0;
  int64_t updated_ms = 0;
  bool managed = true;           ///< tables and volumes: storage belongs to the metastore
  std::string storage_location;  ///< absolute path
  columnar::Schema columns;      ///< tables
  std::vector<std::string> partition_columns;
  std::vector<std::pair<std::string, std::string>> properties;
  TablePolicy policy;  ///< tables

  std::string name() const { return full_name.substr(full_name.rfind('.') + 1); }
  std::string parent() const {
    size_t dot = full_name.rfind('.');
    return dot == std::string::npos ? "" : full_name.substr(0, dot);
  }
  json::Value ToJson() const;
  static Result<Securable> FromJson(const json::Value& json);
};

/// Joins and lower-cases. Errors: INVALID_PARAMETER_VALUE for a part that is no name.
Result<std::string> FullName(const std::vector<std::string>& parts);

/// Privileges that may be granted on a kind, "ALL PRIVILEGES" and "MANAGE" included.
const std::vector<std::string>& PrivilegesOf(SecurableKind kind);

}  // namespace tarn::catalog
