#pragma once
/// \file  The metastore: governed objects, grants, and the one decision about access that REST and
/// SQL alike ask for. Default deny.
#include <atomic>
#include <map>
#include <memory>

#include "base/event.h"
#include "base/guarded.h"
#include "catalog/catalog.h"
#include "identity/identity_service.h"
#include "store/database.h"

namespace tarn::catalog {

struct CatalogOptions {
  std::string managed_root;  ///< managed tables and volumes live below
  std::vector<std::string>
      allowed_folders;  ///< folders of this machine an administrator has allowed
  /// The server's own folder: never given away, whatever is allowed.
  std::string private_folder = {};
};

const store::ModuleSchema& StoredTables();

/// Thread-safe. Reads are served from memory; a change is durable when its call returns.
class CatalogService final : public Catalog {
 public:
  static Result<std::unique_ptr<CatalogService>> Open(store::Database& database,
                                                      identity::IdentityService& identity,
                                                      CatalogOptions options, const Clock& clock,
                                                      EventSink& events);

  Decision Decide(const identity::Principal& who, const Securable& what, Operation operation) const;
  /// Whether the caller may know that the object exists.
  bool IsVisible(const identity::Principal& who, const Securable& what) const;

  /// Grows with every change of objects and grants: what was read before may have changed since.
  uint64_t epoch() const { return epoch_; }

  Result<Securable> Create(const identity::Principal& who, Securable draft) override;
  Result<std::vector<Securable>> Drop(const identity::Principal& who, SecurableKind kind,
                                      const std::string& full_name, bool cascade) override;
  Result<Securable> Alter(const identity::Principal& who, SecurableKind kind,
                          const std::string& full_name, const ObjectChange& change,
                          const std::string& id) override;

  Result<Securable> Get(const identity::Principal& who, SecurableKind kind,
                        const std::string& full_name) const override;
  Result<Securable> Resolve(const identity::Principal& who, SecurableKind kind,
                            const std::string& full_name, Operation operation) const override;
  /// List, which cannot fail here.
  std::vector<Securable> ListVisible(const identity::Principal& who, SecurableKind kind,
                                     const std::string& parent) const;
  Result<std::vector<Securable>> List(const identity::Principal& who, SecurableKind kind,
                                      const std::string& parent) const override {
    return ListVisible(who, kind, parent);
  }

  Result<std::vector<PrivilegeAssignment>> GetGrants(const identity::Principal& who,
                                                     SecurableKind kind,
                                                     const std::string& full_name) const override;
  Status ChangeGrants(const identity::Principal& who, SecurableKind kind,
                      const std::string& full_name,
                      const std::vector<GrantChange>& changes) override;

  /// What principals may do with the object because of grants on it and above it.
  struct EffectivePrivilege {
    std::string privilege;
    /// Where it was granted; the object itself when that is what it names.
    SecurableKind at_kind = SecurableKind::kMetastore;
    std::string at_name;
  };
  /// Ordered by principal; who sees what as in GetGrants. Errors: as Get.
  Result<std::map<std::string, std::vector<EffectivePrivilege>>> EffectiveGrants(
      const identity::Principal& who, SecurableKind kind, const std::string& full_name) const;

  Result<std::string> ResolveVolumePath(const identity::Principal& who, const std::string& path,
                                        Operation operation) const override;
  Result<std::string> ResolveTableFile(const identity::Principal& who,
                                       const std::string& path) const override;
  Result<std::string> ResolveExternalPath(const identity::Principal& who,
                                          const std::string& path) const override;

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
  /// Whether the principal is the caller or a group of the caller's.
  static bool IsMine(const identity::Principal& who, const std::string& principal);
  static bool Visible(const State& state, const identity::Principal& who, const Key& key);
  static Decision DecideIn(const State& state, const identity::Principal& who, const Key& key,
                           Operation operation);
  /// Errors: *_NOT_FOUND for what is not there or hidden. The metastore is always there.
  static Status CheckVisible(const State& state, const identity::Principal& who, const Key& key);
  /// The objects below a catalog or schema.
  static std::vector<Securable> Below(const State& state, const Key& key);
  /// Errors: LOCATION_OVERLAP.
  Status CheckOverlap(const State& state, const Securable& draft) const;
  /// The object's record and its grants.
  static Status Delete(store::Transaction& t, const Key& key);
  static Status SaveGrant(store::Transaction& t, const Key& key, const std::string& principal,
                          const std::string& privilege);
  Status Save(store::Transaction& t, const Securable& s) const;
  void Audit(const identity::Principal& who, std::string action, const std::string& name,
             bool ok) const;

  store::Database& database_;
  identity::IdentityService& identity_;
  CatalogOptions options_;
  const Clock& clock_;
  EventSink& events_;
  Guarded<State> state_;
  std::atomic<uint64_t> epoch_{1};
};

}  // namespace tarn::catalog
