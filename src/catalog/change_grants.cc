#include <algorithm>

#include "catalog/catalog_service.h"

namespace tarn::catalog {
namespace {

store::Values GrantRow(SecurableKind kind, const std::string& full_name,
                       const std::string& principal, const std::string& privilege) {
  return {{"kind", std::string(KindName(kind))},
          {"full_name", full_name},
          {"principal", principal},
          {"privilege", privilege}};
}

Status CheckApplicable(SecurableKind kind, const std::string& full_name,
                       const GrantChange& change) {
  const std::vector<std::string>& known = PrivilegesOf(kind);
  for (const auto* list : {&change.add, &change.remove}) {
    for (const std::string& privilege : *list) {
      if (std::find(known.begin(), known.end(), privilege) == known.end()) {
        return Fail("INVALID_PARAMETER_VALUE",
                    "Privilege " + privilege + " is not applicable to this entity [" + full_name +
                        ":" + std::string(KindName(kind)) + "].");
      }
    }
  }
  return Ok();
}

}  // namespace

Result<std::vector<PrivilegeAssignment>> CatalogService::GetGrants(
    const identity::Principal& who, SecurableKind kind, const std::string& full_name) const {
  auto state = state_.Lock();
  Key key{kind, full_name};
  TARN_RETURN_IF_ERROR(CheckVisible(*state, who, key));
  bool all = DecideIn(*state, who, key, Operation::kManage).allow;
  std::vector<PrivilegeAssignment> result;
  auto grants = state->grants.find(key);
  if (grants == state->grants.end()) return result;
  for (const auto& [principal, privileges] : grants->second) {
    if (privileges.empty() || (!all && !IsMine(who, principal))) continue;
    result.push_back({principal, {privileges.begin(), privileges.end()}});
  }
  return result;
}

Result<std::map<std::string, std::vector<CatalogService::EffectivePrivilege>>>
CatalogService::EffectiveGrants(const identity::Principal& who, SecurableKind kind,
                                const std::string& full_name) const {
  auto state = state_.Lock();
  Key key{kind, full_name};
  TARN_RETURN_IF_ERROR(CheckVisible(*state, who, key));
  bool all = DecideIn(*state, who, key, Operation::kManage).allow;
  const std::vector<std::string>& applicable = PrivilegesOf(kind);
  std::map<std::string, std::vector<EffectivePrivilege>> result;
  for (const Key& level : Chain(key)) {
    auto grants = state->grants.find(level);
    if (grants == state->grants.end()) continue;
    for (const auto& [principal, privileges] : grants->second) {
      if (!all && !IsMine(who, principal)) continue;
      for (const std::string& privilege : privileges) {
        if (std::find(applicable.begin(), applicable.end(), privilege) != applicable.end())
          result[principal].push_back({privilege, level.first, level.second});
      }
    }
  }
  return result;
}

Status CatalogService::SaveGrant(store::Transaction& t, const Key& key,
                                 const std::string& principal, const std::string& privilege) {
  return t.Put({}, "grants", GrantRow(key.first, key.second, principal, privilege));
}

Status CatalogService::ChangeGrants(const identity::Principal& who, SecurableKind kind,
                                    const std::string& full_name,
                                    const std::vector<GrantChange>& asked) {
  std::vector<GrantChange> changes = asked;
  std::vector<std::optional<Error>> unknown(changes.size());
  for (size_t i = 0; i < changes.size(); ++i) {
    TARN_RETURN_IF_ERROR(CheckApplicable(kind, full_name, changes[i]));
    Result<std::string> known = identity_.FindGrantee(changes[i].principal);
    known.ok() ? (void)(changes[i].principal = *known) : (void)(unknown[i] = known.error());
  }
  auto state = state_.Lock();
  Key key{kind, full_name};
  TARN_RETURN_IF_ERROR(CheckVisible(*state, who, key));
  // What somebody held who is gone can still be taken back.
  auto held = state->grants.find(key);
  for (size_t i = 0; i < changes.size(); ++i) {
    bool gone = changes[i].add.empty() && held != state->grants.end() &&
                held->second.contains(changes[i].principal);
    if (unknown[i] && !gone) return *unknown[i];
  }
  Decision decision = DecideIn(*state, who, key, Operation::kManage);
  Audit(who, "updatePermissions", full_name, decision.allow);
  if (!decision.allow) return Fail("PERMISSION_DENIED", decision.reason);
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) -> Status {
    for (const GrantChange& change : changes) {
      for (const std::string& privilege : change.add)
        TARN_RETURN_IF_ERROR(SaveGrant(t, key, change.principal, privilege));
      for (const std::string& privilege : change.remove) {
        TARN_RETURN_IF_ERROR(
            t.Delete({}, "grants", GrantRow(kind, full_name, change.principal, privilege)));
      }
    }
    return Ok();
  }));
  for (const GrantChange& change : changes) {
    auto& set = state->grants[key][change.principal];
    set.insert(change.add.begin(), change.add.end());
    for (const std::string& privilege : change.remove) set.erase(privilege);
  }
  ++epoch_;
  return Ok();
}

}  // namespace tarn::catalog
