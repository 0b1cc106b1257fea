#include "api/endpoint.h"

namespace tarn::api {
namespace {

json::Value UserJson(const identity::Principal& who) {
  json::Array schemas = {"urn:ietf:params:scim:schemas:core:2.0:User"};
  json::Array emails = {json::Object()};
  emails[0].as_object().Set("type", "work");
  emails[0].as_object().Set("value", who.name);
  emails[0].as_object().Set("primary", true);
  json::Array groups;
  for (const std::string& group : who.groups) {
    json::Object g;
    g.Set("display", group);
    g.Set("type", "direct");
    groups.push_back(std::move(g));
  }
  json::Object user;
  user.Set("schemas", std::move(schemas));
  user.Set("id", std::to_string(who.id));
  user.Set("userName", who.name);
  user.Set("displayName", who.name);
  user.Set("active", true);
  user.Set("emails", std::move(emails));
  user.Set("groups", std::move(groups));
  return user;
}

}  // namespace

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
  // Users have no passwords in this release, so none can be right.
  AddOpen(router, services, "POST", "/login/password", [](const net::Request&) {
    return ErrorResponse(Fail("UNAUTHENTICATED",
                              "This server has no passwords; sign in with a personal access token. "
                              "`tarn up` prints the administrator's."));
  });
  AddOpen(router, services, "GET", "/healthz",
          [](const net::Request&) { return net::Response::Text(200, "ok\n"); });
}

void AddScim(net::Router& router, const Services& services) {
  AddRaw(router, services, "GET", "/api/2.0/preview/scim/v2/Me", {}, [](const Call& call) {
    net::Response response = net::Response::Json(200, UserJson(call.who).ToString());
    response.headers.Set("X-Databricks-Org-Id", "1");
    return response;
  });
  AddJson(router, services, "GET", "/api/2.0/preview/scim/v2/Users",
          [](const Call& call) -> Result<json::Value> {
            json::Array users;
            for (const identity::Principal& user : call.services.identity->ListUsers())
              users.push_back(UserJson(user));
            json::Object answer;
            answer.Set("totalResults", static_cast<int64_t>(users.size()));
            answer.Set("startIndex", 1);
            answer.Set("itemsPerPage", static_cast<int64_t>(users.size()));
            answer.Set("Resources", std::move(users));
            return json::Value(std::move(answer));
          });
  AddRaw(router, services, "POST", "/api/2.0/preview/scim/v2/Users", {}, [](const Call& call) {
    if (!call.who.is_admin)
      return ErrorResponse(Fail("PERMISSION_DENIED", "Only administrators may create users."));
    Result<std::string> name = call.RequiredString("userName");
    if (!name.ok()) return ErrorResponse(name.error());
    Result<identity::Principal> user = call.services.identity->CreateUser(*name, false);
    if (!user.ok()) return ErrorResponse(user.error());
    return net::Response::Json(201, UserJson(*user).ToString());
  });
}

namespace {

json::Value TokenJson(const identity::TokenInfo& info) {
  json::Object token;
  token.Set("token_id", info.id);
  token.Set("creation_time", info.created_ms);
  token.Set("expiry_time", info.expires_ms);
  token.Set("comment", info.comment);
  return token;
}

}  // namespace

void AddTokens(net::Router& router, const Services& services) {
  AddJson(router, services, "POST", "/api/2.0/token/create",
          [](const Call& call) -> Result<json::Value> {
            TARN_TRY(auto token,
                     call.services.identity->CreateToken(call.who, call.body.GetString("comment"),
                                                         call.body.GetInt("lifetime_seconds", 0)));
            json::Object answer;
            answer.Set("token_value", token.secret);
            answer.Set("token_info", TokenJson(token.info));
            return json::Value(std::move(answer));
          });
  AddJson(router, services, "GET", "/api/2.0/token/list",
          [](const Call& call) -> Result<json::Value> {
            json::Array infos;
            for (const auto& info : call.services.identity->ListTokens(call.who))
              infos.push_back(TokenJson(info));
            json::Object answer;
            answer.Set("token_infos", std::move(infos));
            return json::Value(std::move(answer));
          });
  AddJson(router, services, "POST", "/api/2.0/token/delete",
          [](const Call& call) -> Result<json::Value> {
            TARN_TRY(std::string id, call.RequiredString("token_id"));
            TARN_RETURN_IF_ERROR(call.services.identity->RevokeToken(call.who, id));
            return json::Value(json::Object());
          });
  // An administrator's way to give another user a first token.
  AddJson(router, services, "POST", "/api/2.0/token-management/on-behalf-of/tokens",
          [](const Call& call) -> Result<json::Value> {
            if (!call.who.is_admin)
              return Fail("PERMISSION_DENIED",
                          "Only administrators may create tokens on behalf of others.");
            TARN_TRY(std::string name, call.RequiredString("application_id"));
            TARN_TRY(identity::Principal user, call.services.identity->FindUser(name));
            TARN_TRY(auto token,
                     call.services.identity->CreateToken(user, call.body.GetString("comment"),
                                                         call.body.GetInt("lifetime_seconds", 0)));
            json::Object answer;
            answer.Set("token_value", token.secret);
            answer.Set("token_info", TokenJson(token.info));
            return json::Value(std::move(answer));
          });
}

}  // namespace tarn::api
