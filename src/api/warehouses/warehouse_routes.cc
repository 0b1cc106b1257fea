#include "api/warehouses/access.h"
#include "api/warehouses/response.h"
#include "api/warehouses/routes.h"
#include "api/warehouses/settings.h"

namespace tarn::api {
namespace {

using compute::Warehouse;
using compute::WarehouseSettings;

json::Value Done() { return json::Value(json::Object()); }

Result<json::Value> List(const Call& call) {
  json::Array list;
  for (const Warehouse& warehouse : call.services.warehouses->List()) {
    if (compute::MaySee(warehouse.access.LevelOf(call.who)))
      list.push_back(WarehouseJson(call.request, warehouse));
  }
  json::Object answer;
  answer.Set("warehouses", std::move(list));
  return json::Value(std::move(answer));
}

Result<json::Value> Create(const Call& call) {
  if (!call.who.is_admin) {
    return Fail("PERMISSION_DENIED",
                "You do not have permission to create SQL warehouses. Ask an administrator of the "
                "workspace.");
  }
  TARN_RETURN_IF_ERROR(call.RequiredString("name"));
  Warehouse draft;
  draft.creator = call.who.name;
  TARN_TRY(WarehouseSettings settings, MergeSettings(call.fields(), draft));
  TARN_TRY(Warehouse made, call.services.warehouses->Create(settings, call.who.name));
  // A new warehouse starts at once, as the API has it.
  TARN_RETURN_IF_ERROR(call.services.warehouses->Start(made.id));
  json::Object answer;
  answer.Set("id", made.id);
  return json::Value(std::move(answer));
}

Result<json::Value> Get(const Call& call) {
  TARN_TRY(Warehouse warehouse, VisibleWarehouse(call.services, call.who, call.Param("id")));
  return WarehouseJson(call.request, warehouse);
}

Result<json::Value> Edit(const Call& call) {
  TARN_TRY(Warehouse warehouse, ManageableWarehouse(call.services, call.who, call.Param("id")));
  TARN_TRY(WarehouseSettings settings, MergeSettings(call.fields(), warehouse));
  TARN_RETURN_IF_ERROR(call.services.warehouses->Edit(warehouse.id, settings));
  return Done();
}

Result<json::Value> Start(const Call& call) {
  TARN_TRY(Warehouse warehouse, UsableWarehouse(call.services, call.who, call.Param("id")));
  TARN_RETURN_IF_ERROR(call.services.warehouses->Start(warehouse.id));
  return Done();
}

Result<json::Value> Stop(const Call& call) {
  TARN_TRY(Warehouse warehouse, ManageableWarehouse(call.services, call.who, call.Param("id")));
  TARN_RETURN_IF_ERROR(call.services.warehouses->Stop(warehouse.id));
  return Done();
}

Result<json::Value> Delete(const Call& call) {
  TARN_TRY(Warehouse warehouse, ManageableWarehouse(call.services, call.who, call.Param("id")));
  TARN_RETURN_IF_ERROR(call.services.warehouses->Delete(warehouse.id));
  return Done();
}

}  // namespace

void AddWarehouses(net::Router& router, const Services& services) {
  const std::string base = "/api/2.0/sql/warehouses";
  AddJson(router, services, "GET", base, &List);
  AddJson(router, services, "POST", base, &Create);
  AddJson(router, services, "GET", base + "/{id}", &Get);
  AddJson(router, services, "POST", base + "/{id}/edit", &Edit);
  AddJson(router, services, "POST", base + "/{id}/start", &Start);
  AddJson(router, services, "POST", base + "/{id}/stop", &Stop);
  AddJson(router, services, "DELETE", base + "/{id}", &Delete);
  AddWarehousePermissions(router, services);
}

}  // namespace tarn::api
