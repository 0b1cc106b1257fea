#include "api/endpoint.h"

namespace tarn::api {
namespace {

json::Value TokenJson(const identity::TokenInfo& info) {
  json::Object token;
  token.Set("token_id", info.id);
  token.Set("creation_time", info.created_ms);
  token.Set("expiry_time", info.expires_ms);
  token.Set("comment", info.comment);
  return token;
}

json::Value NewTokenJson(const identity::NewToken& token) {
  json::Object answer;
  answer.Set("token_value", token.secret);
  answer.Set("token_info", TokenJson(token.info));
  return answer;
}

Result<int64_t> Lifetime(const Call& call) {
  return call.OptionalInt("lifetime_seconds", identity::kMaxTokenLifetimeSeconds);
}

}  // namespace

void AddTokens(net::Router& router, const Services& services) {
  AddJson(router, services, "POST", "/api/2.0/token/create",
          [](const Call& call) -> Result<json::Value> {
            TARN_TRY(std::string comment, call.OptionalString("comment"));
            TARN_TRY(int64_t lifetime_seconds, Lifetime(call));
            TARN_TRY(auto token,
                     call.services.identity->CreateToken(call.who, comment, lifetime_seconds));
            return NewTokenJson(token);
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
  AddJson(router, services, "POST", "/api/2.0/token-management/on-behalf-of/tokens",
          [](const Call& call) -> Result<json::Value> {
            TARN_TRY(std::string application_id, call.RequiredString("application_id"));
            TARN_TRY(std::string comment, call.OptionalString("comment"));
            TARN_TRY(int64_t lifetime_seconds, Lifetime(call));
            TARN_TRY(auto token, call.services.identity->CreateTokenOnBehalf(
                                     call.who, application_id, comment, lifetime_seconds));
            return NewTokenJson(token);
          });
}

}  // namespace tarn::api
