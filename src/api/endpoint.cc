#include "api/endpoint.h"

namespace tarn::api {
namespace {

Result<identity::Principal> Authenticate(const net::Request& request, const Services& services) {
  std::string_view header = request.Header("authorization");
  constexpr std::string_view kBearer = "Bearer ";
  if (header.substr(0, kBearer.size()) != kBearer) {
    return Fail("UNAUTHENTICATED",
                "Credential was not sent or was of an unsupported type for this API.");
  }
  return services.identity->Authenticate(header.substr(kBearer.size()));
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

}  // namespace

net::Response ErrorResponse(const Error& error) {
  json::Writer w;
  w.BeginObject();
  w.Key("error_code").String(error.rest_error_code());
  w.Key("message").String(error.message());
  w.Key("details").BeginArray();
  w.BeginObject();
  w.Key("@type").String("type.googleapis.com/google.rpc.ErrorInfo");
  w.Key("reason").String(error.reason());
  w.Key("domain").String("");
  w.EndObject();
  w.EndArray();
  w.EndObject();
  net::Response response = net::Response::Json(error.http_status(), std::move(w).Take());
  // Clients of the Thrift door read nothing else of a refusal.
  std::string reason = error.message().substr(0, 1000);
  for (char& c : reason) {
    if (c < ' ' || c > '~') c = ' ';
  }
  response.headers.Set("x-databricks-reason-phrase", std::move(reason));
  return response;
}

namespace {

void AddRoute(net::Router& router, const Services& services, std::string method, std::string path,
              net::RouteOptions options, bool json_body, RawEndpoint endpoint) {
  options.tag = static_cast<int>(Access::kPrincipal);
  auto run = [services, endpoint = std::move(endpoint), json_body](const net::Request& request) {
    Result<identity::Principal> who = Authenticate(request, services);
    if (!who.ok()) return ErrorResponse(who.error());
    Call call{request, services, std::move(*who), json::Object()};
    if (json_body) {
      Result<json::Value> body = ParseBody(request);
      if (!body.ok()) return ErrorResponse(body.error());
      call.body = std::move(*body);
    }
    return endpoint(call);
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
  net::RouteOptions options;
  options.tag = static_cast<int>(Access::kOpen);
  router.Add(std::move(method), std::move(path), options,
             net::Blocking(*services.executor, std::move(endpoint)));
}

net::Router BuildRouter(const Services& services) {
  net::Router router;
  AddWellKnown(router, services);
  AddScim(router, services);
  AddStatements(router, services);
  AddThrift(router, services);
  AddConnectorService(router, services);
  AddWarehouses(router, services);
  AddUnityCatalog(router, services);
  AddPermissions(router, services);
  AddTokens(router, services);
  AddFiles(router, services);
  AddWeb(router, services);
  router.SetNotFound([](net::Request&& request, net::Responder respond) {
    respond(ErrorResponse(Fail("ENDPOINT_NOT_FOUND",
                               "No API found for '" + request.method + " " + request.path + "'")));
  });
  router.SetMethodNotAllowed([](net::Request&& request, net::Responder respond) {
    respond(ErrorResponse(Fail("ENDPOINT_NOT_FOUND",
                               "No API found for '" + request.method + " " + request.path + "'")));
  });
  return router;
}

}  // namespace tarn::api
