#pragma once
/// \file  The metastore as whoever runs statements sees it: governed objects, grants, and what a
/// principal may do with them. In the server it is CatalogService; a node asks the server.
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
  std::string
      reason;  ///< what is missing, for the caller: "User does not have SELECT on Table 'c.s.t'."
};

struct PrivilegeAssignment {
  std::string principal;
  std::vector<std::string> privileges;
};

/// Thread-safe. A change is durable when its call returns. Errors of every call: also
/// CONNECTION_FAILED when the catalog is in another process that cannot be reached.
class Catalog {
 public:
  virtual ~Catalog() = default;

  /// `draft` holds kind, full_name, comment, columns and, for external objects, storage_location.
  /// Errors: PERMISSION_DENIED, CATALOG_ALREADY_EXISTS, SCHEMA_ALREADY_EXISTS,
  /// TABLE_OR_VIEW_ALREADY_EXISTS, RESOURCE_ALREADY_EXISTS (volumes), CATALOG_NOT_FOUND,
  /// SCHEMA_NOT_FOUND, INVALID_PARAMETER_VALUE.
  virtual Result<Securable> Create(const identity::Principal& who, Securable draft) = 0;
  /// Errors: PERMISSION_DENIED, *_NOT_FOUND, SCHEMA_NOT_EMPTY. Returns what was dropped.
  virtual Result<std::vector<Securable>> Drop(const identity::Principal& who, SecurableKind kind,
                                              const std::string& full_name, bool cascade) = 0;
  /// Replaces columns, comment, properties and owner. Errors: as Drop.
  virtual Status Update(const identity::Principal& who, const Securable& changed,
                        Operation needed) = 0;

  /// Hidden objects are not found. Errors: CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND,
  /// TABLE_OR_VIEW_NOT_FOUND, RESOURCE_DOES_NOT_EXIST (volumes).
  virtual Result<Securable> Get(const identity::Principal& who, SecurableKind kind,
                                const std::string& full_name) const = 0;
  /// Get and Decide in one. Errors: as Get, PERMISSION_DENIED.
  virtual Result<Securable> Resolve(const identity::Principal& who, SecurableKind kind,
                                    const std::string& full_name, Operation operation) const = 0;
  /// Visible children of a parent ("" lists catalogs), ordered by name.
  virtual Result<std::vector<Securable>> List(const identity::Principal& who, SecurableKind kind,
                                              const std::string& parent) const = 0;

  virtual Result<std::vector<PrivilegeAssignment>> GetGrants(
      const identity::Principal& who, SecurableKind kind, const std::string& full_name) const = 0;
  /// Errors: PERMISSION_DENIED, PRINCIPAL_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE for a privilege
  /// the kind does not have.
  virtual Status Grant(const identity::Principal& who, SecurableKind kind,
                       const std::string& full_name, const std::string& principal,
                       const std::vector<std::string>& add,
                       const std::vector<std::string>& remove) = 0;

  /// "/Volumes/c/s/v/rest" → the path in the volume's storage. Errors: as Resolve; INVALID_PATH
  /// when the rest climbs out.
  virtual Result<std::string> ResolveVolumePath(const identity::Principal& who,
                                                const std::string& path,
                                                Operation operation) const = 0;
  /// Files outside volumes: only below allowed folders, and only for administrators' choice of
  /// them. Errors: PERMISSION_DENIED, INVALID_PATH.
  virtual Result<std::string> ResolveExternalPath(const identity::Principal& who,
                                                  const std::string& path) const = 0;
};

}  // namespace tarn::catalog
