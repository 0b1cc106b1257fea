#include <algorithm>

#include "catalog/catalog_service.h"

namespace tarn::catalog {
namespace {

std::string_view PrivilegeFor(Operation operation) {
  switch (operation) {
    case Operation::kCreateCatalog:
      return "CREATE CATALOG";
    case Operation::kCreateSchema:
      return "CREATE SCHEMA";
    case Operation::kCreateTable:
      return "CREATE TABLE";
    case Operation::kCreateVolume:
      return "CREATE VOLUME";
    case Operation::kUseCatalog:
      return "USE CATALOG";
    case Operation::kUseSchema:
      return "USE SCHEMA";
    case Operation::kSelect:
      return "SELECT";
    case Operation::kModify:
      return "MODIFY";
    case Operation::kReadVolume:
      return "READ VOLUME";
    case Operation::kWriteVolume:
      return "WRITE VOLUME";
    case Operation::kManage:
      return "MANAGE";
  }
  return "";
}

}  // namespace

// The object and what contains it, innermost first, the metastore last.
std::vector<CatalogService::Key> CatalogService::Chain(const Key& key) {
  std::vector<Key> chain = {key};
  std::string name = key.second;
  if (key.first == SecurableKind::kTable || key.first == SecurableKind::kVolume) {
    name.resize(name.rfind('.'));
    chain.emplace_back(SecurableKind::kSchema, name);
  }
  if (chain.back().first == SecurableKind::kSchema) {
    name.resize(name.rfind('.'));
    chain.emplace_back(SecurableKind::kCatalog, name);
  }
  if (key.first != SecurableKind::kMetastore) chain.emplace_back(SecurableKind::kMetastore, "");
  return chain;
}

bool CatalogService::IsMine(const identity::Principal& who, const std::string& principal) {
  return principal == who.name ||
         std::find(who.groups.begin(), who.groups.end(), principal) != who.groups.end();
}

bool CatalogService::Owns(const State& state, const identity::Principal& who, const Key& key) {
  if (key.first == SecurableKind::kMetastore) return who.is_admin;
  auto at = state.objects.find(key);
  if (at == state.objects.end()) return false;
  return IsMine(who, at->second.owner);
}

// A privilege counts where it is granted and on everything below.
bool CatalogService::Holds(const State& state, const identity::Principal& who, const Key& key,
                           std::string_view privilege) {
  auto granted = [&](const std::set<std::string>& set) {
    if (set.contains(std::string(privilege))) return true;
    return privilege != "MANAGE" && set.contains("ALL PRIVILEGES");
  };
  for (const Key& level : Chain(key)) {
    auto grants = state.grants.find(level);
    if (grants == state.grants.end()) continue;
    for (const auto& [principal, set] : grants->second) {
      if (IsMine(who, principal) && granted(set)) return true;
    }
  }
  return false;
}

Decision CatalogService::DecideIn(const State& state, const identity::Principal& who,
                                  const Key& key, Operation operation) {
  auto missing = [](std::string_view privilege, const Key& at) {
    return Decision{false, "User does not have " + std::string(privilege) + " on " +
                               KindTitle(at.first) +
                               (at.second.empty() ? "" : " '" + at.second + "'") + "."};
  };
  // Nothing below a catalog or schema is in reach without the right to use it, ownership or not.
  // What is made in one is below it.
  bool inside = operation == Operation::kCreateSchema || operation == Operation::kCreateTable ||
                operation == Operation::kCreateVolume;
  std::vector<Key> chain = Chain(key);
  for (size_t i = chain.size(); i-- > (inside ? 0u : 1u);) {
    const Key& level = chain[i];
    std::string_view use = level.first == SecurableKind::kCatalog  ? "USE CATALOG"
                           : level.first == SecurableKind::kSchema ? "USE SCHEMA"
                                                                   : "";
    if (use.empty() || Owns(state, who, level) || Holds(state, who, level, use)) continue;
    return missing(use, level);
  }
  if (Owns(state, who, key)) return {true};
  if (operation == Operation::kManage) {
    for (const Key& level : chain) {
      if (Owns(state, who, level)) return {true};
    }
  }
  std::string_view privilege = PrivilegeFor(operation);
  if (Holds(state, who, key, privilege)) return {true};
  return missing(privilege, key);
}

bool CatalogService::Visible(const State& state, const identity::Principal& who, const Key& key) {
  for (const Key& level : Chain(key)) {
    if (level.first != SecurableKind::kMetastore && Owns(state, who, level)) return true;
    if (level.first == SecurableKind::kMetastore && who.is_admin) return true;
  }
  // Something granted on it or above that says more than "may pass through", or anything below it.
  for (const Key& level : Chain(key)) {
    auto grants = state.grants.find(level);
    if (grants == state.grants.end() || level.first == SecurableKind::kMetastore) continue;
    for (const auto& [principal, set] : grants->second) {
      if (!IsMine(who, principal)) continue;
      if (level == key && !set.empty()) return true;
      for (const std::string& p : set) {
        if (p != "USE CATALOG" && p != "USE SCHEMA") return true;
      }
    }
  }
  for (const auto& [level, grants] : state.grants) {
    bool below = level.second.size() > key.second.size() &&
                 level.second.compare(0, key.second.size() + 1, key.second + ".") == 0;
    if (!below) continue;
    for (const auto& [principal, set] : grants) {
      if (IsMine(who, principal) && !set.empty()) return true;
    }
  }
  for (auto at = state.objects.begin(); at != state.objects.end(); ++at) {
    bool below = at->first.second.size() > key.second.size() &&
                 at->first.second.compare(0, key.second.size() + 1, key.second + ".") == 0;
    if (below && IsMine(who, at->second.owner)) return true;
  }
  return false;
}

Decision CatalogService::Decide(const identity::Principal& who, const Securable& what,
                                Operation operation) const {
  auto state = state_.Lock();
  Decision decision = DecideIn(*state, who, KeyOf(what), operation);
  auto at = state->objects.find(KeyOf(what));
  // They bind everybody, the owner too, and follow the record, not what the caller knew of it.
  if (decision.allow && at != state->objects.end()) decision.obligations = at->second.policy;
  return decision;
}

bool CatalogService::IsVisible(const identity::Principal& who, const Securable& what) const {
  auto state = state_.Lock();
  return Visible(*state, who, KeyOf(what));
}

}  // namespace tarn::catalog
