// Sign-in of the workspace page. The token that comes of it is a bearer token as any other: there
// are no cookies, so that nothing of another page can use it.
#include "api/endpoint.h"

namespace tarn::api {
namespace {

Result<json::Value> SignIn(const net::Request& request, const Services& services) {
  TARN_TRY(json::Value body, ParseBody(request));
  Fields fields(body);
  TARN_TRY(std::string user_name, fields.RequiredString("user_name"));
  TARN_TRY(std::string password, fields.RequiredString("password"));
  TARN_TRY(identity::NewToken token, services.identity->SignIn(user_name, password));
  json::Object answer;
  answer.Set("token", token.secret);
  answer.Set("expiry", token.info.expires_ms);
  return json::Value(std::move(answer));
}

Result<json::Value> ChangePassword(const net::Request& request, const Services& services) {
  TARN_TRY(json::Value body, ParseBody(request));
  Fields fields(body);
  TARN_TRY(std::string user_name, fields.RequiredString("user_name"));
  TARN_TRY(std::string password, fields.RequiredString("password"));
  TARN_TRY(std::string new_password, fields.RequiredString("new_password"));
  TARN_RETURN_IF_ERROR(services.identity->ChangePassword(user_name, password, new_password));
  return json::Value(json::Object());
}

using OpenEndpoint = Result<json::Value> (*)(const net::Request&, const Services&);

void AddOpenJson(net::Router& router, const Services& services, std::string method,
                 std::string path, OpenEndpoint endpoint) {
  AddOpen(router, services, std::move(method), std::move(path),
          [services, endpoint](const net::Request& request) {
            Result<json::Value> answer = endpoint(request, services);
            if (!answer.ok()) return ErrorResponse(answer.error());
            return net::Response::Json(200, answer->ToString());
          });
}

}  // namespace

void AddLogin(net::Router& router, const Services& services) {
  AddOpenJson(router, services, "POST", "/login/password", SignIn);
  AddOpenJson(router, services, "PUT", "/login/password", ChangePassword);
  AddJson(router, services, "POST", "/logout", [](const Call& call) -> Result<json::Value> {
    std::string_view secret = BearerToken(call.request);
    TARN_RETURN_IF_ERROR(call.services.identity->EndSession(secret));
    return json::Value(json::Object());
  });
}

}  // namespace tarn::api
