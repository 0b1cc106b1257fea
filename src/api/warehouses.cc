#include "api/endpoint.h"

namespace tarn::api {
namespace {

using compute::Warehouse;
using compute::WarehouseSettings;
using compute::WarehouseState;

json::Value WarehouseJson(const Call& call, const Warehouse& warehouse) {
  json::Value settings = warehouse.settings.ToJson();
  json::Object o;
  o.Set("id", warehouse.id);
  for (const auto& [key, value] : settings.as_object()) {
    if (key != "tags" && key != "channel") o.Set(key, value);
  }
  json::Object channel;
  channel.Set("name", warehouse.settings.channel);
  o.Set("channel", std::move(channel));
  json::Object tags;
  tags.Set("custom_tags", *settings.Find("tags"));
  o.Set("tags", std::move(tags));
  o.Set("creator_name", warehouse.creator);
  o.Set("state", compute::StateName(warehouse.state));
  o.Set("num_clusters", warehouse.state == WarehouseState::kRunning ? 1 : 0);
  o.Set("num_active_sessions", warehouse.running);
  o.Set("enable_photon", true);
  o.Set("enable_serverless_compute", false);
  json::Object health;
  health.Set("status", warehouse.health.empty() ? "HEALTHY" : "FAILED");
  if (!warehouse.health.empty()) health.Set("message", warehouse.health);
  o.Set("health", std::move(health));

  std::string host(call.request.Header("host"));
  std::string path = "/sql/1.0/warehouses/" + warehouse.id;
  size_t colon = host.rfind(':');
  std::string port =
      colon == std::string::npos ? (call.request.tls ? "443" : "80") : host.substr(colon + 1);
  json::Object odbc;
  odbc.Set("hostname", host.substr(0, colon));
  odbc.Set("path", path);
  odbc.Set("port", static_cast<int64_t>(std::strtol(port.c_str(), nullptr, 10)));
  odbc.Set("protocol", call.request.tls ? "https" : "http");
  o.Set("odbc_params", std::move(odbc));
  o.Set("jdbc_url", "jdbc:databricks://" + host.substr(0, colon) + ":" + port +
                        "/default;transportMode=http;ssl=" + (call.request.tls ? "1" : "0") +
                        ";AuthMech=3;httpPath=" + path + ";");
  return json::Value(std::move(o));
}

Status TakeText(const json::Value& value, const std::string& key, std::string& out) {
  if (!value.is_string())
    return Fail("INVALID_PARAMETER_VALUE", "Field " + key + " must be a string.");
  out = value.as_string();
  return Ok();
}

Status TakeNumber(const json::Value& value, const std::string& key, int64_t& out) {
  if (!value.is_int())
    return Fail("INVALID_PARAMETER_VALUE", "Field " + key + " must be a whole number.");
  out = value.as_int();
  return Ok();
}

Status TakeTags(const json::Value& value, WarehouseSettings& out) {
  out.tags.clear();
  const json::Value* list = value.Find("custom_tags");
  if (list == nullptr) return Ok();
  if (!list->is_array())
    return Fail("INVALID_PARAMETER_VALUE", "Field tags.custom_tags must be a list.");
  for (const json::Value& tag : list->as_array())
    out.tags.emplace_back(tag.GetString("key"), tag.GetString("value"));
  return Ok();
}

// Settings that a request names, over those there are.
Result<WarehouseSettings> Merge(const Call& call, WarehouseSettings out) {
  for (const auto& [key, value] : call.body.as_object()) {
    Status taken = Ok();
    if (key == "name") {
      taken = TakeText(value, key, out.name);
    } else if (key == "cluster_size") {
      taken = TakeText(value, key, out.cluster_size);
    } else if (key == "warehouse_type") {
      taken = TakeText(value, key, out.warehouse_type);
    } else if (key == "auto_stop_mins") {
      taken = TakeNumber(value, key, out.auto_stop_minutes);
    } else if (key == "min_num_clusters") {
      taken = TakeNumber(value, key, out.min_clusters);
    } else if (key == "max_num_clusters") {
      taken = TakeNumber(value, key, out.max_clusters);
    } else if (key == "tags") {
      taken = TakeTags(value, out);
    } else if (key == "channel") {
      out.channel = value.GetString("name", out.channel);
    } else if (key == "enable_serverless_compute" || key == "enable_photon") {
      // Every warehouse runs on the embedded engine of this machine, whatever is asked for here.
      if (!value.is_bool())
        taken = Fail("INVALID_PARAMETER_VALUE", "Field " + key + " must be true or false.");
    } else if (key != "id" && key != "spot_instance_policy" && key != "creator_name" &&
               key != "instance_profile_arn") {
      taken = Fail("INVALID_PARAMETER_VALUE", "Unknown field '" + key + "' in the request.");
    }
    if (!taken.ok()) return std::move(taken).error();
  }
  return out;
}

Status MustAdministrate(const Call& call, const char* what) {
  if (call.who.is_admin) return Ok();
  return Fail("PERMISSION_DENIED",
              std::string("You do not have permission to ") + what + " SQL warehouses.");
}

}  // namespace

void AddWarehouses(net::Router& router, const Services& services) {
  const std::string base = "/api/2.0/sql/warehouses";
  AddJson(router, services, "GET", base, [](const Call& call) -> Result<json::Value> {
    json::Array list;
    for (const Warehouse& warehouse : call.services.warehouses->List())
      list.push_back(WarehouseJson(call, warehouse));
    json::Object answer;
    answer.Set("warehouses", std::move(list));
    return json::Value(std::move(answer));
  });
  AddJson(router, services, "POST", base, [](const Call& call) -> Result<json::Value> {
    TARN_RETURN_IF_ERROR(MustAdministrate(call, "create"));
    TARN_RETURN_IF_ERROR(call.RequiredString("name"));
    TARN_TRY(WarehouseSettings settings, Merge(call, {}));
    TARN_TRY(Warehouse made, call.services.warehouses->Create(settings, call.who.name));
    // A new warehouse starts at once, as the API has it.
    TARN_RETURN_IF_ERROR(call.services.warehouses->Start(made.id));
    json::Object answer;
    answer.Set("id", made.id);
    return json::Value(std::move(answer));
  });
  AddJson(router, services, "GET", base + "/{id}", [](const Call& call) -> Result<json::Value> {
    TARN_TRY(Warehouse warehouse, call.services.warehouses->Get(call.Param("id")));
    return WarehouseJson(call, warehouse);
  });
  AddJson(router, services, "POST", base + "/{id}/edit",
          [](const Call& call) -> Result<json::Value> {
            TARN_RETURN_IF_ERROR(MustAdministrate(call, "edit"));
            TARN_TRY(Warehouse warehouse, call.services.warehouses->Get(call.Param("id")));
            TARN_TRY(WarehouseSettings settings, Merge(call, warehouse.settings));
            TARN_RETURN_IF_ERROR(call.services.warehouses->Edit(warehouse.id, settings));
            return json::Value(json::Object());
          });
  AddJson(router, services, "POST", base + "/{id}/start",
          [](const Call& call) -> Result<json::Value> {
            TARN_RETURN_IF_ERROR(call.services.warehouses->Start(call.Param("id")));
            return json::Value(json::Object());
          });
  AddJson(router, services, "POST", base + "/{id}/stop",
          [](const Call& call) -> Result<json::Value> {
            TARN_RETURN_IF_ERROR(MustAdministrate(call, "stop"));
            TARN_RETURN_IF_ERROR(call.services.warehouses->Stop(call.Param("id")));
            return json::Value(json::Object());
          });
  AddJson(router, services, "DELETE", base + "/{id}", [](const Call& call) -> Result<json::Value> {
    TARN_RETURN_IF_ERROR(MustAdministrate(call, "delete"));
    TARN_RETURN_IF_ERROR(call.services.warehouses->Delete(call.Param("id")));
    return json::Value(json::Object());
  });
}

}  // namespace tarn::api
