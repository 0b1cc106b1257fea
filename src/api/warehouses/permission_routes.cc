#include "api/warehouses/access.h"
#include "api/warehouses/routes.h"

namespace tarn::api {
namespace {

using compute::GranteeKind;
using compute::Warehouse;
using compute::WarehouseAccess;
using compute::WarehouseGrant;
using compute::WarehouseLevel;

constexpr std::pair<GranteeKind, const char*> kNames[] = {
    {GranteeKind::kUser, "user_name"},
    {GranteeKind::kGroup, "group_name"},
    {GranteeKind::kServicePrincipal, "service_principal_name"},
};
constexpr std::pair<WarehouseLevel, const char*> kLevels[] = {
    {WarehouseLevel::kCanView, "Can view the SQL warehouse"},
    {WarehouseLevel::kCanMonitor, "Can use the SQL warehouse and see what runs on it"},
    {WarehouseLevel::kCanUse, "Can use the SQL warehouse"},
    {WarehouseLevel::kCanManage, "Can manage the SQL warehouse"},
    {WarehouseLevel::kIsOwner, "Is owner of the SQL warehouse"},
};

json::Value EntryJson(const WarehouseGrant& grant, bool inherited) {
  json::Object permission;
  permission.Set("permission_level", compute::LevelName(grant.level));
  permission.Set("inherited", inherited);
  if (inherited) permission.Set("inherited_from_object", json::Array{"/sql/warehouses/"});
  json::Object entry;
  for (auto [kind, name] : kNames) {
    if (kind == grant.kind) entry.Set(name, grant.name);
  }
  if (grant.kind != GranteeKind::kGroup) entry.Set("display_name", grant.name);
  entry.Set("all_permissions", json::Array{std::move(permission)});
  return json::Value(std::move(entry));
}

json::Value AccessJson(const std::string& id, const WarehouseAccess& access) {
  json::Array list;
  for (const WarehouseGrant& grant : access.grants()) list.push_back(EntryJson(grant, false));
  list.push_back(EntryJson({GranteeKind::kGroup, "admins", WarehouseLevel::kCanManage}, true));
  json::Object answer;
  answer.Set("object_id", "/sql/warehouses/" + id);
  answer.Set("object_type", "warehouses");
  answer.Set("access_control_list", std::move(list));
  return json::Value(std::move(answer));
}

Status CheckGrantee(const identity::Directory& directory, const WarehouseGrant& grant) {
  bool known = grant.kind == GranteeKind::kUser ? directory.FindUser(grant.name) != nullptr
               : grant.kind == GranteeKind::kGroup
                   ? directory.FindGroup(grant.name) != nullptr
                   : directory.FindApplication(grant.name) != nullptr;
  if (known) return Ok();
  return Fail("RESOURCE_DOES_NOT_EXIST", "Principal '" + grant.name + "' does not exist.");
}

Result<WarehouseGrant> ParseGrant(const Call& call, const Fields& entry) {
  WarehouseGrant grant;
  int named = 0;
  for (auto [kind, key] : kNames) {
    TARN_TRY(std::string name, entry.OptionalString(key));
    if (name.empty()) continue;
    grant.kind = kind;
    grant.name = std::move(name);
    ++named;
  }
  if (named != 1) {
    return Fail("INVALID_PARAMETER_VALUE",
                "Field " + entry.PathOf("user_name") +
                    ", group_name or service_principal_name: exactly one of them is needed.");
  }
  TARN_RETURN_IF_ERROR(CheckGrantee(call.services.identity->Snapshot(), grant));
  TARN_TRY(std::string level, entry.RequiredString("permission_level"));
  TARN_TRY(grant.level, compute::ParseLevel(level));
  return grant;
}

Result<std::vector<WarehouseGrant>> ParseGrants(const Call& call) {
  std::vector<WarehouseGrant> grants;
  TARN_TRY(const json::Array* list, call.OptionalList("access_control_list"));
  if (list == nullptr) return grants;
  for (size_t i = 0; i < list->size(); ++i) {
    TARN_TRY(Fields entry,
             Fields::Of((*list)[i], "access_control_list[" + std::to_string(i) + "]"));
    TARN_TRY(WarehouseGrant grant, ParseGrant(call, entry));
    grants.push_back(std::move(grant));
  }
  return grants;
}

Result<json::Value> Get(const Call& call) {
  TARN_TRY(Warehouse warehouse, VisibleWarehouse(call.services, call.who, call.Param("id")));
  return AccessJson(warehouse.id, warehouse.access);
}

Result<json::Value> Change(const Call& call, bool replace) {
  TARN_TRY(Warehouse warehouse, ManageableWarehouse(call.services, call.who, call.Param("id")));
  TARN_TRY(std::vector<WarehouseGrant> grants, ParseGrants(call));
  TARN_TRY(WarehouseAccess access,
           replace ? WarehouseAccess::Of(std::move(grants)) : warehouse.access.With(grants));
  TARN_RETURN_IF_ERROR(call.services.warehouses->SetAccess(warehouse.id, access));
  return AccessJson(warehouse.id, access);
}

Result<json::Value> ListLevels(const Call& call) {
  TARN_RETURN_IF_ERROR(VisibleWarehouse(call.services, call.who, call.Param("id")));
  json::Array levels;
  for (auto [level, description] : kLevels) {
    json::Object o;
    o.Set("permission_level", compute::LevelName(level));
    o.Set("description", description);
    levels.push_back(std::move(o));
  }
  json::Object answer;
  answer.Set("permission_levels", std::move(levels));
  return json::Value(std::move(answer));
}

}  // namespace

void AddWarehousePermissions(net::Router& router, const Services& services) {
  // Both spellings of the object's type are in use.
  for (const char* type : {"warehouses", "sql/warehouses"}) {
    const std::string path = "/api/2.0/permissions/" + std::string(type) + "/{id}";
    AddJson(router, services, "GET", path, &Get);
    AddJson(router, services, "PUT", path, [](const Call& call) { return Change(call, true); });
    AddJson(router, services, "PATCH", path, [](const Call& call) { return Change(call, false); });
    AddJson(router, services, "GET", path + "/permissionLevels", &ListLevels);
  }
}

}  // namespace tarn::api
