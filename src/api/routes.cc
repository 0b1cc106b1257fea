#include <algorithm>

#include "api/endpoint.h"

namespace tarn::api {
namespace {

struct Refusal {
  int status;
  std::string_view reason;
  std::string_view advice;
};

// What the HTTP server says itself. A status that is not here is a bad request.
constexpr Refusal kRefusals[] = {
    {400, "MALFORMED_REQUEST", "Send a request of HTTP/1.1."},
    {404, "OBJECT_NOT_FOUND", ""},
    {408, "REQUEST_TIMEOUT", "Send the whole request without long pauses."},
    {413, "REQUEST_TOO_LARGE",
     "Send less in one request, or put the data into a volume with PUT /api/2.0/fs/files and read "
     "it from there."},
    {416, "RANGE_NOT_SATISFIABLE", "Ask for a range within the object."},
    {417, "EXPECTATION_FAILED", "The only expectation that is met is 100-continue."},
    {431, "REQUEST_HEADERS_TOO_LARGE", "Send fewer or shorter headers, or a shorter URL."},
    {500, "INTERNAL_ERROR", "The server's log has the cause."},
    {501, "TRANSFER_ENCODING_NOT_SUPPORTED", "Send a Content-Length or the chunked encoding."},
    {505, "HTTP_VERSION_NOT_SUPPORTED", "Use HTTP/1.1."},
};

net::Handler NoEndpoint() {
  return [](net::Request&& request, net::Responder respond) {
    respond(ErrorResponse(Fail("ENDPOINT_NOT_FOUND",
                               "No API found for '" + request.method + " " + request.path + "'")));
  };
}

}  // namespace

net::Response RefusalResponse(int status, std::string_view message) {
  const auto* row = std::find_if(std::begin(kRefusals), std::end(kRefusals),
                                 [&](const Refusal& r) { return r.status == status; });
  if (row == std::end(kRefusals)) row = kRefusals;
  std::string text(message);
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  if (!text.empty() && text.back() != '.') text += '.';
  if (!row->advice.empty()) text.append(" ").append(row->advice);
  net::Response response = ErrorResponse(Fail(row->reason, std::move(text)));
  response.status = status;
  return response;
}

net::Router BuildRouter(const Services& services) {
  net::Router router;
  AddWellKnown(router, services);
  AddLogin(router, services);
  AddScimUsers(router, services);
  AddScimServicePrincipals(router, services);
  AddScimGroups(router, services);
  AddStatements(router, services);
  AddThrift(router, services);
  AddConnectorService(router, services);
  AddWarehouses(router, services);
  AddUnityCatalog(router, services);
  AddPermissions(router, services);
  AddTokens(router, services);
  AddFiles(router, services);
  AddWeb(router, services);
  router.SetNotFound(NoEndpoint());
  router.SetMethodNotAllowed(NoEndpoint());
  router.SetErrorResponse(&RefusalResponse);
  return router;
}

}  // namespace tarn::api
