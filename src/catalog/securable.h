#pragma once
/// \file  What Unity Catalog governs: kinds, names and records. Words are Unity Catalog's own.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "columnar/types.h"

namespace tarn::catalog {

enum class SecurableKind { kMetastore, kCatalog, kSchema, kTable, kVolume, kExternalLocation };
/// "METASTORE", "CATALOG", "SCHEMA", "TABLE", "VOLUME", "EXTERNAL LOCATION".
std::string_view KindName(SecurableKind kind);
/// "Metastore", "Catalog"… as messages say it.
std::string_view KindTitle(SecurableKind kind);
/// Case-insensitive; '_' is a blank, DATABASE is SCHEMA. Errors: INVALID_PARAMETER_VALUE.
Result<SecurableKind> ParseKind(std::string_view name);

/// One part of a name: checked and in lower case. Errors: INVALID_PARAMETER_VALUE when it is empty,
/// over 255 bytes, or holds a period, blank, slash or control character.
Result<std::string> NormalizeName(std::string_view name);

/// A table, volume or other object in a schema. Parts are as given; compare after Normalize().
struct FullName {
  std::string catalog;
  std::string schema;
  std::string name;

  /// "c.s.n". Back quotes around a part are dropped. Errors: INVALID_PARAMETER_VALUE.
  static Result<FullName> Parse(std::string_view text);
  /// Every part checked and in lower case. Errors: as NormalizeName.
  Result<FullName> Normalize() const;
  std::string ToString() const { return catalog + "." + schema + "." + name; }
  /// "`c`.`s`.`n`", as Spark's messages quote it.
  std::string Quoted() const;
  bool operator==(const FullName&) const = default;
};

/// A column as the catalog remembers it: a copy of the table's own metadata at the last change.
struct ColumnInfo {
  std::string name;
  columnar::DataType type;
  bool nullable = true;
  std::string comment;
  int position = 0;
  int partition_index = -1;  ///< place among the partition columns, or -1

  std::string type_text() const { return type.ToCatalogString(); }
  /// REST's ColumnTypeName: "LONG", "STRING", "DECIMAL"…
  std::string_view type_name() const;
  /// Spark's JSON of the whole field.
  std::string type_json() const;
};

using Properties = std::map<std::string, std::string>;

/// One governed object. Value; fields that a kind does not have stay empty.
struct Securable {
  SecurableKind kind = SecurableKind::kTable;
  std::string id;         ///< UUID, never reused
  std::string name;       ///< lower case
  std::string full_name;  ///< parts joined by '.'; the metastore's own name for the metastore
  std::string owner;      ///< name of a user, service principal or group
  int64_t owner_id = 0;
  std::string comment;
  Properties properties;
  int64_t created_ms = 0;
  std::string created_by;
  int64_t updated_ms = 0;
  std::string updated_by;

  bool managed = true;           ///< tables and volumes: MANAGED, else EXTERNAL
  std::string storage_location;  ///< tables, volumes, external locations: absolute path
  std::string storage_root;      ///< metastore, catalogs, schemas: where managed children go, or ""
  bool read_only = false;        ///< external locations

  std::string data_source_format;   ///< tables: "DELTA"
  std::vector<ColumnInfo> columns;  ///< tables

  std::string catalog_name() const;  ///< first part of the full name
  std::string schema_name() const;   ///< second part, "" for catalogs
  std::string parent() const;        ///< full name without the last part
  columnar::Schema schema() const;   ///< columns as a schema
  std::vector<std::string> partition_columns() const;
  json::Value ToJson() const;
  /// Errors: MALFORMED_REQUEST.
  static Result<Securable> FromJson(const json::Value& json);
};
using TableRecord = Securable;

/// Columns of a schema, with partition places from `partition_columns`.
std::vector<ColumnInfo> ColumnsOf(const columnar::Schema& schema,
                                  const std::vector<std::string>& partition_columns);

}  // namespace tarn::catalog
