#include "api/endpoint.h"

namespace tarn::api {

void AddWellKnown(net::Router& router, const Services& services) {
  AddOpen(
      router, services, "GET", "/.well-known/databricks-config", [](const net::Request& request) {
        json::Object config;
        std::string origin =
            std::string(request.tls ? "https://" : "http://") + std::string(request.Header("host"));
        config.Set("oidc_endpoint", origin + "/oidc");
        config.Set("account_id", "00000000-0000-0000-0000-000000000001");
        config.Set("workspace_id", "1");
        config.Set("cloud", "AWS");
        config.Set("host_type", "workspace");
        return net::Response::Json(200, json::Value(config).ToString());
      });
  AddOpen(router, services, "GET", "/healthz",
          [](const net::Request&) { return net::Response::Text(200, "ok\n"); });
}

}  // namespace tarn::api
