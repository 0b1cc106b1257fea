#pragma once
/// \file  Requests and answers of the catalog service. Plain values; ToJson/FromJson are the
/// payload between server and node. FromJson's errors: MALFORMED_REQUEST, INVALID_PARAMETER_VALUE.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/decision.h"
#include "catalog/privilege.h"
#include "catalog/securable.h"

namespace tarn::catalog {

// Every payload struct declares its two directions with this.
#define TARN_CATALOG_JSON(Type) \
  json::Value ToJson() const;   \
  static Result<Type> FromJson(const json::Value& json)

struct Empty {
  TARN_CATALOG_JSON(Empty);
};

/// Names an object. The metastore needs no name.
struct GetRequest {
  SecurableKind kind = SecurableKind::kTable;
  std::string full_name;
  TARN_CATALOG_JSON(GetRequest);
};

struct CreateRequest {
  SecurableKind kind = SecurableKind::kCatalog;
  std::string full_name;
  std::string comment;
  Properties properties;
  /// Volumes, external locations and external tables: an absolute path. Empty: managed.
  std::string storage_location;
  std::string storage_root;  ///< catalogs and schemas: where managed children go; "" as the parent
  bool read_only = false;    ///< external locations
  std::string data_source_format = "DELTA";
  std::vector<ColumnInfo> columns;
  TARN_CATALOG_JSON(CreateRequest);
};

struct ListRequest {
  SecurableKind kind = SecurableKind::kCatalog;
  std::string parent;       ///< "" for catalogs and external locations, "c" for schemas, else "c.s"
  int64_t max_results = 0;  ///< 0: the server's page size; negative is INVALID_PARAMETER_VALUE
  std::string page_token;   ///< of the page before, or ""
  bool unpaged = false;     ///< everything in one answer (SQL's SHOW)
  bool omit_columns = false;
  TARN_CATALOG_JSON(ListRequest);
};
struct ListResponse {
  std::vector<Securable> items;  ///< what the caller may see, in order of name
  std::string next_page_token;   ///< "" ends
  TARN_CATALOG_JSON(ListResponse);
};

/// Fields that are set change.
struct UpdateRequest {
  SecurableKind kind = SecurableKind::kTable;
  std::string full_name;
  std::optional<std::string> new_name;  ///< last part
  std::optional<std::string> owner;
  std::optional<std::string> comment;
  std::optional<Properties> properties;  ///< replaces all
  std::optional<bool> read_only;
  TARN_CATALOG_JSON(UpdateRequest);
};

struct DeleteRequest {
  SecurableKind kind = SecurableKind::kTable;
  std::string full_name;
  bool force = false;  ///< catalogs and schemas: with all that is in them (CASCADE)
  TARN_CATALOG_JSON(DeleteRequest);
};

/// A table that is being made: its log may be written to `storage_location`, nobody sees it.
struct StagedTable {
  std::string id;
  std::string storage_location;
  bool managed = true;
  TARN_CATALOG_JSON(StagedTable);
};
struct CommitTableRequest {
  std::string id;  ///< of the staged table
  /// As the table's log says now; empty keeps those of the staging request.
  std::vector<ColumnInfo> columns;
  std::optional<Properties> properties;
  TARN_CATALOG_JSON(CommitTableRequest);
};
struct StagedTableRequest {
  std::string id;
  TARN_CATALOG_JSON(StagedTableRequest);
};
/// The table's log has new columns, comment or properties; the catalog's copy follows.
struct SyncTableRequest {
  std::string id;
  std::vector<ColumnInfo> columns;
  std::optional<std::string> comment;
  std::optional<Properties> properties;
  TARN_CATALOG_JSON(SyncTableRequest);
};

struct ResolveTableRequest {
  FullName name;
  Operation operation = Operation::kSelect;
  TARN_CATALOG_JSON(ResolveTableRequest);
};
struct ResolvedTable {
  std::shared_ptr<const TableRecord> table;
  Decision decision;         ///< allowed; with its obligations
  int64_t policy_epoch = 0;  ///< the answer holds while the epoch is this
  TARN_CATALOG_JSON(ResolvedTable);
};

struct ResolvePathRequest {
  std::string path;  ///< "/Volumes/c/s/v/rest", "dbfs:/Volumes/…", or a path of this machine
  bool write = false;
  TARN_CATALOG_JSON(ResolvePathRequest);
};
struct ResolvedPath {
  SecurableKind kind = SecurableKind::kVolume;  ///< what covers it: volume or external location
  std::string full_name;                        ///< of the volume or external location
  std::string root;                             ///< its storage location
  std::string path;                             ///< absolute, normalized, below root
  int64_t policy_epoch = 0;
  TARN_CATALOG_JSON(ResolvedPath);
};

struct PrivilegeAssignment {
  std::string principal;
  std::vector<Privilege> privileges;
  SecurableKind inherited_from_kind = SecurableKind::kMetastore;
  std::string inherited_from_name;  ///< "" when granted on the object itself
  TARN_CATALOG_JSON(PrivilegeAssignment);
};
struct GetGrantsRequest {
  SecurableKind kind = SecurableKind::kTable;
  std::string full_name;
  std::string principal;  ///< only this one's, or ""
  TARN_CATALOG_JSON(GetGrantsRequest);
};
struct GrantsResponse {
  std::vector<PrivilegeAssignment> assignments;
  TARN_CATALOG_JSON(GrantsResponse);
};
struct GrantChange {
  std::string principal;
  std::vector<Privilege> add;
  std::vector<Privilege> remove;
  TARN_CATALOG_JSON(GrantChange);
};
struct UpdateGrantsRequest {
  SecurableKind kind = SecurableKind::kTable;
  std::string full_name;
  std::vector<GrantChange> changes;
  TARN_CATALOG_JSON(UpdateGrantsRequest);
};

struct DecideRequest {
  SecurableKind kind = SecurableKind::kTable;
  std::string full_name;
  Operation operation = Operation::kSelect;
  TARN_CATALOG_JSON(DecideRequest);
};
struct EpochResponse {
  int64_t policy_epoch = 0;
  TARN_CATALOG_JSON(EpochResponse);
};

}  // namespace tarn::catalog
