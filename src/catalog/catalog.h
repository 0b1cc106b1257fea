#pragma once
/// \file  The metastore as whoever runs statements sees it: governed objects, grants, and what a
/// principal may do with them. In the server it is CatalogService; a node asks the server.
#include <optional>
#include <string>
#include <vector>

#include "catalog/securable.h"
#include "identity/principal.h"

namespace tarn::catalog {

enum class Operation {
  kCreateCatalog,
  kCreateSchema,
  kCreateTable,
  kCreateVolume,
  kUseCatalog,
  kUseSchema,
  kSelect,
  kModify,
  kReadVolume,
  kWriteVolume,
  kManage,  ///< drop, alter, grant
};

struct Decision {
  bool allow = false;
  /// What is missing, for the caller: "User does not have SELECT on Table 'c.s.t'."
  std::string reason = {};
  /// What whoever acts on the permission must apply; else it does not hold.
  TablePolicy obligations = {};
};

struct PrivilegeAssignment {
  std::string principal;
  std::vector<std::string> privileges;
};

/// One principal's part of a change of grants.
struct GrantChange {
  std::string principal;
  std::vector<std::string> add;
  std::vector<std::string> remove;
};

/// What Alter changes of an object; what has no value stays as it is. Value.
struct ObjectChange {
  std::optional<std::string> comment;
  std::optional<std::string> owner;
  std::optional<std::string> new_name;  ///< the last part of the new full name
  std::optional<std::vector<std::pair<std::string, std::string>>> properties;  ///< all of them
  std::optional<columnar::Schema> columns;
  std::optional<std::vector<std::string>> partition_columns;

  json::Value ToJson() const;
  static Result<ObjectChange> FromJson(const json::Value& json);
};

/// Thread-safe. A change is durable when its call returns. Errors of every call: also
/// CONNECTION_FAILED when the catalog is in another process that cannot be reached.
class Catalog {
 public:
  virtual ~Catalog() = default;

  /// `draft` holds kind, full_name, comment, properties, columns and, for external objects,
  /// storage_location, which is checked here as by ResolveExternalPath. A new catalog has the
  /// schema "default".
  /// Errors: PERMISSION_DENIED, CATALOG_ALREADY_EXISTS, SCHEMA_ALREADY_EXISTS,
  /// TABLE_OR_VIEW_ALREADY_EXISTS, VOLUME_ALREADY_EXISTS, CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND,
  /// INVALID_PARAMETER_VALUE, LOCATION_OVERLAP when the location is in, around or that of another
  /// table or volume, or of the metastore.
  virtual Result<Securable> Create(const identity::Principal& who, Securable draft) = 0;
  /// Removes the record, then the files of managed objects: what a crash between leaves is files
  /// that nobody can see. Errors: PERMISSION_DENIED, *_NOT_FOUND, CATALOG_NOT_EMPTY,
  /// SCHEMA_NOT_EMPTY. Returns what was dropped.
  virtual Result<std::vector<Securable>> Drop(const identity::Principal& who, SecurableKind kind,
                                              const std::string& full_name, bool cascade) = 0;
  /// Changes what `change` names and nothing else, in one step: of two racing changes none is
  /// lost. A new name also moves what is below and the grants. `id`, unless empty, is the object
  /// that was meant. Returns the object as it is then. Errors: PERMISSION_DENIED, *_NOT_FOUND,
  /// *_ALREADY_EXISTS, PRINCIPAL_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE, RESOURCE_CONFLICT when
  /// the name belongs to another object than `id` by now.
  virtual Result<Securable> Alter(const identity::Principal& who, SecurableKind kind,
                                  const std::string& full_name, const ObjectChange& change,
                                  const std::string& id) = 0;

  /// Hidden objects are not found. Errors: CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND,
  /// TABLE_OR_VIEW_NOT_FOUND, VOLUME_NOT_FOUND.
  virtual Result<Securable> Get(const identity::Principal& who, SecurableKind kind,
                                const std::string& full_name) const = 0;
  /// Get and Decide in one: the answer's `policy` is the decision's obligations. Errors: as Get,
  /// PERMISSION_DENIED.
  virtual Result<Securable> Resolve(const identity::Principal& who, SecurableKind kind,
                                    const std::string& full_name, Operation operation) const = 0;
  /// Visible children of a parent ("" lists catalogs), ordered by name.
  virtual Result<std::vector<Securable>> List(const identity::Principal& who, SecurableKind kind,
                                              const std::string& parent) const = 0;

  /// Grants on the object itself, ordered by principal: all of them for whoever may change them,
  /// else the caller's own.
  virtual Result<std::vector<PrivilegeAssignment>> GetGrants(
      const identity::Principal& who, SecurableKind kind, const std::string& full_name) const = 0;
  /// All changes or none. Errors: PERMISSION_DENIED, PRINCIPAL_DOES_NOT_EXIST,
  /// INVALID_PARAMETER_VALUE for a privilege the kind does not have.
  virtual Status ChangeGrants(const identity::Principal& who, SecurableKind kind,
                              const std::string& full_name,
                              const std::vector<GrantChange>& changes) = 0;

  /// "/Volumes/c/s/v/rest" → the path in the volume's storage. Errors: as Resolve; INVALID_PATH
  /// when the rest climbs out.
  virtual Result<std::string> ResolveVolumePath(const identity::Principal& who,
                                                const std::string& path,
                                                Operation operation) const = 0;
  /// A file that belongs to a table: the folder of the table that it is in, for whoever may select
  /// from that table and sees all of it. Links are followed. Errors: PERMISSION_DENIED, also when
  /// there is no table there.
  virtual Result<std::string> ResolveTableFile(const identity::Principal& who,
                                               const std::string& path) const = 0;
  /// Files outside volumes: only below allowed folders, only for administrators, and never the
  /// server's own folder. Links are followed in the answer. Errors: PERMISSION_DENIED,
  /// INVALID_PATH, LOCATION_OVERLAP for a path in a volume.
  virtual Result<std::string> ResolveExternalPath(const identity::Principal& who,
                                                  const std::string& path) const = 0;
};

}  // namespace tarn::catalog
