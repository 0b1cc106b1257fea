#include "api/endpoint.h"

namespace tarn::api {
namespace {

json::Value WarehouseJson(const compute::Warehouse& warehouse) {
  json::Object o;
  o.Set("id", warehouse.id);
  o.Set("name", warehouse.name);
  o.Set("cluster_size", warehouse.cluster_size);
  o.Set("min_num_clusters", 1);
  o.Set("max_num_clusters", 1);
  o.Set("auto_stop_mins", warehouse.auto_stop_minutes);
  o.Set("creator_name", warehouse.creator);
  o.Set("state", compute::StateName(warehouse.state));
  o.Set("warehouse_type", "PRO");
  o.Set("enable_photon", true);
  json::Object odbc;
  odbc.Set("path", "/sql/1.0/warehouses/" + warehouse.id);
  o.Set("odbc_params", std::move(odbc));
  return o;
}

}  // namespace

void AddWarehouses(net::Router& router, const Services& services) {
  const std::string base = "/api/2.0/sql/warehouses";
  AddJson(router, services, "GET", base, [](const Call& call) -> Result<json::Value> {
    json::Array list;
    for (const auto& warehouse : call.services.warehouses->List())
      list.push_back(WarehouseJson(warehouse));
    json::Object answer;
    answer.Set("warehouses", std::move(list));
    return json::Value(std::move(answer));
  });
  AddJson(router, services, "POST", base, [](const Call& call) -> Result<json::Value> {
    if (!call.who.is_admin)
      return Fail("PERMISSION_DENIED", "You do not have permission to create SQL warehouses.");
    TARN_TRY(std::string name, call.RequiredString("name"));
    compute::Warehouse warehouse = call.services.warehouses->Create(name, call.who.name);
    json::Object answer;
    answer.Set("id", warehouse.id);
    return json::Value(std::move(answer));
  });
  AddJson(router, services, "GET", base + "/{id}", [](const Call& call) -> Result<json::Value> {
    TARN_TRY(compute::Warehouse warehouse, call.services.warehouses->Get(call.Param("id")));
    return WarehouseJson(warehouse);
  });
  AddJson(router, services, "POST", base + "/{id}/start",
          [](const Call& call) -> Result<json::Value> {
            TARN_RETURN_IF_ERROR(call.services.warehouses->Start(call.Param("id")));
            return json::Value(json::Object());
          });
  AddJson(router, services, "POST", base + "/{id}/stop",
          [](const Call& call) -> Result<json::Value> {
            TARN_RETURN_IF_ERROR(call.services.warehouses->Stop(call.Param("id")));
            return json::Value(json::Object());
          });
  AddJson(router, services, "DELETE", base + "/{id}", [](const Call& call) -> Result<json::Value> {
    if (!call.who.is_admin)
      return Fail("PERMISSION_DENIED", "You do not have permission to delete SQL warehouses.");
    TARN_RETURN_IF_ERROR(call.services.warehouses->Delete(call.Param("id")));
    return json::Value(json::Object());
  });
}

}  // namespace tarn::api
