#include "api/endpoint.h"

#include "base/ids.h"

namespace tarn::api {
namespace {

constexpr std::chrono::seconds kRetryAfter{1};

Result<identity::Principal> Authenticate(const net::Request& request, const Services& services) {
  std::string_view secret = BearerToken(request);
  if (secret.empty()) {
    return Fail("UNAUTHENTICATED",
                "Credential was not sent or was of an unsupported type for this API.");
  }
  return services.identity->Authenticate(secret);
}

}  // namespace

std::string_view BearerToken(const net::Request& request) {
  std::string_view header = request.Header("authorization");
  constexpr std::string_view kBearer = "Bearer ";
  return header.starts_with(kBearer) ? header.substr(kBearer.size()) : std::string_view();
}

Result<json::Value> ParseBody(const net::Request& request) {
  if (request.body.empty()) return json::Value(json::Object());
  Result<json::Value> body = json::Parse(request.body);
  if (!body.ok())
    return Fail("MALFORMED_REQUEST", "Could not parse request object: " + body.error().message());
  if (!body->is_object())
    return Fail("MALFORMED_REQUEST", "The request body must be a JSON object.");
  return body;
}

net::Response ErrorResponse(const Error& error) {
  std::string request_id = NewTimeUuid();
  json::Writer w;
  w.BeginObject();
  w.Key("error_code");
  // The vendor sends the code of a token that is refused as a number.
  if (error.rest_error_code() == "403") {
    w.Int(403);
  } else {
    w.String(error.rest_error_code());
  }
  w.Key("message").String(error.message());
  w.Key("details").BeginArray();
  w.BeginObject();
  w.Key("@type").String("type.googleapis.com/google.rpc.ErrorInfo");
  w.Key("reason").String(error.reason());
  w.Key("domain").String("");
  w.EndObject();
  w.BeginObject();
  w.Key("@type").String("type.googleapis.com/google.rpc.RequestInfo");
  w.Key("request_id").String(request_id);
  w.Key("serving_data").String("");
  w.EndObject();
  w.EndArray();
  w.EndObject();
  net::Response response = net::Response::Json(error.http_status(), std::move(w).Take());
  response.headers.Set("x-request-id", std::move(request_id));
  response.headers.Set("x-databricks-org-id", std::string(kWorkspaceId));
  if (response.status == 401)
    response.headers.Set("WWW-Authenticate", "Bearer realm=\"DatabricksRealm\"");
  if (response.status == 429 || response.status == 503)
    response.headers.Set("Retry-After", std::to_string(kRetryAfter.count()));
  // Clients of the Thrift door read nothing else of a refusal.
  std::string reason = error.message().substr(0, 1000);
  for (char& c : reason) {
    if (c < ' ' || c > '~') c = ' ';
  }
  response.headers.Set("x-databricks-reason-phrase", std::move(reason));
  return response;
}

namespace {

// What every answer of the API carries; an error has it already.
net::Response WithIds(net::Response response) {
  if (response.headers.Has("x-request-id")) return response;
  response.headers.Set("x-request-id", NewTimeUuid());
  response.headers.Set("x-databricks-org-id", std::string(kWorkspaceId));
  return response;
}

void AddRoute(net::Router& router, const Services& services, std::string method, std::string path,
              net::RouteOptions options, bool json_body, RawEndpoint endpoint) {
  options.tag = static_cast<int>(Access::kPrincipal);
  // Nobody's body is held in memory before it is known whose it is.
  options.check = [services](const net::Request& request) -> std::optional<net::Response> {
    Result<identity::Principal> who = Authenticate(request, services);
    return who.ok() ? std::nullopt : std::optional(ErrorResponse(who.error()));
  };
  auto run = [services, endpoint = std::move(endpoint), json_body](const net::Request& request) {
    Result<identity::Principal> who = Authenticate(request, services);
    if (!who.ok()) return ErrorResponse(who.error());
    Call call{request, services, std::move(*who), json::Object()};
    if (json_body) {
      Result<json::Value> body = ParseBody(request);
      if (!body.ok()) return ErrorResponse(body.error());
      call.body = std::move(*body);
    }
    return WithIds(endpoint(call));
  };
  router.Add(std::move(method), std::move(path), options,
             net::Blocking(*services.executor, std::move(run)));
}

}  // namespace

void AddRaw(net::Router& router, const Services& services, std::string method, std::string path,
            net::RouteOptions options, RawEndpoint endpoint) {
  bool json_body = !options.stream_body;
  AddRoute(router, services, std::move(method), std::move(path), options, json_body,
           std::move(endpoint));
}

void AddBytes(net::Router& router, const Services& services, std::string method, std::string path,
              RawEndpoint endpoint) {
  AddRoute(router, services, std::move(method), std::move(path), {}, false, std::move(endpoint));
}

void AddJson(net::Router& router, const Services& services, std::string method, std::string path,
             JsonEndpoint endpoint) {
  AddRaw(router, services, std::move(method), std::move(path), {},
         [endpoint = std::move(endpoint)](const Call& call) {
           Result<json::Value> answer = endpoint(call);
           if (!answer.ok()) return ErrorResponse(answer.error());
           return net::Response::Json(200, answer->ToString());
         });
}

void AddOpen(net::Router& router, const Services& services, std::string method, std::string path,
             std::function<net::Response(const net::Request&)> endpoint) {
  AddOpen(router, services, std::move(method), std::move(path), {}, std::move(endpoint));
}

void AddOpen(net::Router& router, const Services& services, std::string method, std::string path,
             net::RouteOptions options,
             std::function<net::Response(const net::Request&)> endpoint) {
  options.tag = static_cast<int>(Access::kOpen);
  auto run = [endpoint = std::move(endpoint)](const net::Request& request) {
    return WithIds(endpoint(request));
  };
  router.Add(std::move(method), std::move(path), options,
             net::Blocking(*services.executor, std::move(run)));
}

}  // namespace tarn::api
