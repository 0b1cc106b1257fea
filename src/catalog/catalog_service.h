#pragma once
/// \file  The metastore: governed objects, grants, and the one decision about access that REST and
/// SQL alike ask for. Default deny.
#include <map>
#include <memory>

#include "base/event.h"
#include "base/guarded.h"
#include "catalog/securable.h"
#include "identity/identity_service.h"

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

struct CatalogOptions {
  std::string managed_root;  ///< managed tables and volumes live below
  std::vector<std::string>
      allowed_folders;  ///< folders of this machine an administrator has allowed
};

const std::vector<store::Migration>& Migrations();

/// Thread-safe. Reads are served from memory; a change is durable when its call returns.
class CatalogService {
 public:
  static Result<std::unique_ptr<CatalogService>> Open(store::Database& database,
                                                      identity::IdentityService& identity,
                                                      CatalogOptions options, const Clock& clock,
                                                      EventSink& events);

  Decision Decide(const identity::Principal& who, const Securable& what, Operation operation) const;
  /// Whether the caller may know that the object exists.
  bool IsVisible(const identity::Principal& who, const Securable& what) const;

  /// `draft` holds kind, full_name, comment, columns and, for external objects, storage_location.
  /// Errors: PERMISSION_DENIED, CATALOG_ALREADY_EXISTS, SCHEMA_ALREADY_EXISTS,
  /// TABLE_OR_VIEW_ALREADY_EXISTS, RESOURCE_ALREADY_EXISTS (volumes), CATALOG_NOT_FOUND,
  /// SCHEMA_NOT_FOUND, INVALID_PARAMETER_VALUE.
  Result<Securable> Create(const identity::Principal& who, Securable draft);
  /// Errors: PERMISSION_DENIED, *_NOT_FOUND, SCHEMA_NOT_EMPTY. Returns what was dropped.
  Result<std::vector<Securable>> Drop(const identity::Principal& who, SecurableKind kind,
                                      const std::string& full_name, bool cascade);
  /// Replaces columns, comment, properties and owner. Errors: as Drop.
  Status Update(const identity::Principal& who, const Securable& changed, Operation needed);

  /// Hidden objects are not found. Errors: CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND,
  /// TABLE_OR_VIEW_NOT_FOUND, RESOURCE_DOES_NOT_EXIST (volumes).
  Result<Securable> Get(const identity::Principal& who, SecurableKind kind,
                        const std::string& full_name) const;
  /// Get and Decide in one. Errors: as Get, PERMISSION_DENIED.
  Result<Securable> Resolve(const identity::Principal& who, SecurableKind kind,
                            const std::string& full_name, Operation operation) const;
  /// Visible children of a parent ("" lists catalogs), ordered by name.
  std::vector<Securable> List(const identity::Principal& who, SecurableKind kind,
                              const std::string& parent) const;

  Result<std::vector<PrivilegeAssignment>> GetGrants(const identity::Principal& who,
                                                     SecurableKind kind,
                                                     const std::string& full_name) const;
  /// Errors: PERMISSION_DENIED, PRINCIPAL_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE for a privilege
  /// the kind does not have.
  Status Grant(const identity::Principal& who, SecurableKind kind, const std::string& full_name,
               const std::string& principal, const std::vector<std::string>& add,
               const std::vector<std::string>& remove);

  /// "/Volumes/c/s/v/rest" → the path in the volume's storage. Errors: as Resolve; INVALID_PATH
  /// when the rest climbs out.
  Result<std::string> ResolveVolumePath(const identity::Principal& who, const std::string& path,
                                        Operation operation) const;
  /// Files outside volumes: only below allowed folders, and only for administrators' choice of
  /// them. Errors: PERMISSION_DENIED, INVALID_PATH.
  Result<std::string> ResolveExternalPath(const identity::Principal& who,
                                          const std::string& path) const;

 private:
  using Key = std::pair<SecurableKind, std::string>;
  struct State {
    std::map<Key, Securable> objects;
    std::map<Key, std::map<std::string, std::set<std::string>>> grants;  ///< principal → privileges
  };
  CatalogService(store::Database& database, identity::IdentityService& identity,
                 CatalogOptions options, const Clock& clock, EventSink& events)
      : database_(database),
        identity_(identity),
        options_(std::move(options)),
        clock_(clock),
        events_(events) {}
  Status Load();
  static Key KeyOf(const Securable& s) { return {s.kind, s.full_name}; }
  static std::vector<Key> Chain(const Key& key);
  static bool Holds(const State& state, const identity::Principal& who, const Key& key,
                    std::string_view privilege);
  static bool Owns(const State& state, const identity::Principal& who, const Key& key);
  static bool Visible(const State& state, const identity::Principal& who, const Key& key);
  static Decision DecideIn(const State& state, const identity::Principal& who, const Key& key,
                           Operation operation);
  Status Save(store::Transaction& t, const Securable& s) const;
  void Audit(const identity::Principal& who, std::string action, const std::string& name,
             bool ok) const;

  store::Database& database_;
  identity::IdentityService& identity_;
  CatalogOptions options_;
  const Clock& clock_;
  EventSink& events_;
  Guarded<State> state_;
};

}  // namespace tarn::catalog
