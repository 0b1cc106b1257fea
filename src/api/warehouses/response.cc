#include "api/warehouses/response.h"

namespace tarn::api {
namespace {

using compute::Warehouse;
using compute::WarehouseState;

json::Value HealthJson(const Warehouse& warehouse) {
  json::Object health;
  health.Set("status", warehouse.health.empty() ? "HEALTHY" : "FAILED");
  if (warehouse.health.empty()) return json::Value(std::move(health));
  health.Set("summary", "The warehouse could not start.");
  health.Set("details", warehouse.health);
  health.Set("message", warehouse.health);  // what older clients read
  json::Object reason;
  reason.Set("code", "INTERNAL_ERROR");
  reason.Set("type", "SERVICE_FAULT");
  health.Set("failure_reason", std::move(reason));
  return json::Value(std::move(health));
}

void SetAddresses(json::Object& o, const net::Request& request, const std::string& id) {
  std::string host(request.Header("host"));
  size_t colon = host.rfind(':');
  std::string port =
      colon == std::string::npos ? (request.tls ? "443" : "80") : host.substr(colon + 1);
  std::string name = host.substr(0, colon);
  std::string path = "/sql/1.0/warehouses/" + id;
  json::Object odbc;
  odbc.Set("hostname", name);
  odbc.Set("path", path);
  odbc.Set("port", static_cast<int64_t>(std::strtol(port.c_str(), nullptr, 10)));
  odbc.Set("protocol", request.tls ? "https" : "http");
  o.Set("odbc_params", std::move(odbc));
  o.Set("jdbc_url", "jdbc:databricks://" + name + ":" + port + "/default;transportMode=http;ssl=" +
                        (request.tls ? "1" : "0") + ";AuthMech=3;httpPath=" + path + ";");
}

}  // namespace

json::Value WarehouseJson(const net::Request& request, const Warehouse& warehouse) {
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
  o.Set("health", HealthJson(warehouse));
  SetAddresses(o, request, warehouse.id);
  return json::Value(std::move(o));
}

}  // namespace tarn::api
