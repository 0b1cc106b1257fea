#include "api/session_preparation.h"
#include "api/statements/routes.h"
#include "api/warehouses/access.h"

namespace tarn::api {
namespace {

Result<json::Value> Open(const Call& call, SqlSessions& sessions, const std::string& warehouse_id) {
  TARN_RETURN_IF_ERROR(UsableWarehouse(call.services, call.who, warehouse_id));
  TARN_TRY(std::string catalog, call.OptionalString("catalog"));
  TARN_TRY(std::string schema, call.OptionalString("schema"));
  TARN_TRY(Fields settings, call.fields().OptionalObject("session_confs"));
  compute::SessionState state;
  TARN_RETURN_IF_ERROR(UseNamespace(call.services, call.who, warehouse_id, state, catalog, schema));
  for (const std::string& key : settings.Keys()) {
    TARN_TRY(std::string value, settings.RequiredString(key));
    // A label for a history of queries, which changes nothing of the session.
    if (net::EqualsIgnoreCase(key, "query_tags")) continue;
    TARN_RETURN_IF_ERROR(UseSetting(call.services, call.who, warehouse_id, state, key, value));
  }
  TARN_TRY(std::string id, sessions.Open(call.who, warehouse_id, std::move(state)));
  json::Object answer;
  answer.Set("session_id", id);
  return json::Value(std::move(answer));
}

}  // namespace

void AddSqlSessions(net::Router& router, const Services& services,
                    const std::shared_ptr<SqlSessions>& sessions) {
  const std::string base = "/api/2.0/sql/sessions";
  for (const std::string& path : {base, base + "/"}) {
    AddJson(router, services, "POST", path, [sessions](const Call& call) -> Result<json::Value> {
      TARN_TRY(std::string warehouse_id, call.RequiredString("warehouse_id"));
      return Open(call, *sessions, warehouse_id);
    });
  }
  // The JDBC driver's spelling.
  AddJson(router, services, "POST", "/api/2.0/sql/warehouses/{id}/sessions",
          [sessions](const Call& call) { return Open(call, *sessions, call.Param("id")); });
  AddJson(router, services, "DELETE", base + "/{id}",
          [sessions](const Call& call) -> Result<json::Value> {
            TARN_RETURN_IF_ERROR(sessions->Close(call.who, call.Param("id")));
            return json::Value(json::Object());
          });
}

}  // namespace tarn::api
