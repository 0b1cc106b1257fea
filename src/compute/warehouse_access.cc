#include "compute/warehouse_access.h"

#include <algorithm>
#include <cctype>

namespace tarn::compute {
namespace {

constexpr std::pair<WarehouseLevel, std::string_view> kLevels[] = {
    {WarehouseLevel::kCanView, "CAN_VIEW"}, {WarehouseLevel::kCanMonitor, "CAN_MONITOR"},
    {WarehouseLevel::kCanUse, "CAN_USE"},   {WarehouseLevel::kCanManage, "CAN_MANAGE"},
    {WarehouseLevel::kIsOwner, "IS_OWNER"},
};
constexpr std::pair<GranteeKind, std::string_view> kKinds[] = {
    {GranteeKind::kUser, "user"},
    {GranteeKind::kGroup, "group"},
    {GranteeKind::kServicePrincipal, "service_principal"},
};

// Names of users are e-mail addresses, which compare without case.
bool SameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

bool SameGrantee(const WarehouseGrant& a, const WarehouseGrant& b) {
  return a.kind == b.kind && SameName(a.name, b.name);
}

bool Reaches(const WarehouseGrant& grant, const identity::Principal& who) {
  if (grant.kind != GranteeKind::kGroup) return SameName(grant.name, who.name);
  if (grant.name == WarehouseAccess::kEveryone) return true;
  return std::find(who.groups.begin(), who.groups.end(), grant.name) != who.groups.end();
}

}  // namespace

std::string_view LevelName(WarehouseLevel level) {
  for (auto [value, name] : kLevels) {
    if (value == level) return name;
  }
  return "";
}

Result<WarehouseLevel> ParseLevel(std::string_view name) {
  for (auto [value, known] : kLevels) {
    if (known == name) return value;
  }
  return Fail("INVALID_PARAMETER_VALUE",
              "'" + std::string(name) +
                  "' is no permission_level of a SQL warehouse; it is CAN_VIEW, CAN_MONITOR, "
                  "CAN_USE, CAN_MANAGE or IS_OWNER.");
}

WarehouseAccess WarehouseAccess::OwnedBy(const std::string& user) {
  WarehouseAccess access;
  access.grants_ = {{GranteeKind::kUser, user, WarehouseLevel::kIsOwner}};
  return access;
}

Result<WarehouseAccess> WarehouseAccess::Of(std::vector<WarehouseGrant> grants) {
  auto owners = std::count_if(grants.begin(), grants.end(), [](const WarehouseGrant& grant) {
    return grant.level == WarehouseLevel::kIsOwner;
  });
  bool group_owns = std::any_of(grants.begin(), grants.end(), [](const WarehouseGrant& grant) {
    return grant.level == WarehouseLevel::kIsOwner && grant.kind == GranteeKind::kGroup;
  });
  if (owners != 1 || group_owns) {
    return Fail("INVALID_PARAMETER_VALUE",
                "A SQL warehouse must have exactly one owner, a user or a service principal: send "
                "one entry with the permission_level IS_OWNER.");
  }
  WarehouseAccess access;
  access.grants_ = std::move(grants);
  return access;
}

Result<WarehouseAccess> WarehouseAccess::With(const std::vector<WarehouseGrant>& changes) const {
  bool new_owner = std::any_of(changes.begin(), changes.end(), [](const WarehouseGrant& change) {
    return change.level == WarehouseLevel::kIsOwner;
  });
  std::vector<WarehouseGrant> grants = grants_;
  for (WarehouseGrant& grant : grants) {
    if (new_owner && grant.level == WarehouseLevel::kIsOwner)
      grant.level = WarehouseLevel::kCanManage;
  }
  for (const WarehouseGrant& change : changes) {
    auto at = std::find_if(grants.begin(), grants.end(),
                           [&](const WarehouseGrant& grant) { return SameGrantee(grant, change); });
    if (at == grants.end()) {
      grants.push_back(change);
    } else {
      at->level = change.level;
    }
  }
  return Of(std::move(grants));
}

WarehouseLevel WarehouseAccess::LevelOf(const identity::Principal& who) const {
  WarehouseLevel best = who.is_admin ? WarehouseLevel::kCanManage : WarehouseLevel::kNone;
  for (const WarehouseGrant& grant : grants_) {
    if (Reaches(grant, who)) best = std::max(best, grant.level);
  }
  return best;
}

json::Value WarehouseAccess::ToJson() const {
  json::Array list;
  for (const WarehouseGrant& grant : grants_) {
    json::Object o;
    for (auto [kind, name] : kKinds) {
      if (kind == grant.kind) o.Set("kind", name);
    }
    o.Set("name", grant.name);
    o.Set("level", LevelName(grant.level));
    list.push_back(std::move(o));
  }
  return json::Value(std::move(list));
}

WarehouseAccess WarehouseAccess::FromJson(const json::Value& json) {
  WarehouseAccess access;
  if (!json.is_array()) return access;
  for (const json::Value& item : json.as_array()) {
    Result<WarehouseLevel> level = ParseLevel(item.GetString("level"));
    if (!level.ok()) continue;
    WarehouseGrant grant{GranteeKind::kUser, item.GetString("name"), *level};
    for (auto [kind, name] : kKinds) {
      if (item.GetString("kind") == name) grant.kind = kind;
    }
    access.grants_.push_back(std::move(grant));
  }
  return access;
}

}  // namespace tarn::compute
