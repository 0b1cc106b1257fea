#pragma once
/// \file  What every endpoint works with, and how one becomes a route: authentication, the vendor's
/// error shape, JSON in and out.
#include <functional>

#include "api/fields.h"
#include "base/executor.h"
#include "catalog/catalog_service.h"
#include "compute/statement_service.h"
#include "compute/warehouse_service.h"
#include "identity/identity_service.h"
#include "net/router.h"

namespace tarn::api {

/// There is one workspace; clients read its id from headers.
constexpr std::string_view kWorkspaceId = "1";

/// Borrowed; outlives the server.
struct Services {
  identity::IdentityService* identity = nullptr;
  catalog::CatalogService* catalog = nullptr;
  compute::WarehouseService* warehouses = nullptr;
  compute::StatementService* statements = nullptr;
  Executor* executor = nullptr;
  std::string web_folder;  ///< built files of the workspace page
  const Clock* clock = &Clock::System();
  std::string upload_folder = {};  ///< parts of unfinished uploads; emptied at start
};

/// One authenticated call.
struct Call {
  const net::Request& request;
  const Services& services;
  identity::Principal who;
  json::Value body;  ///< an object; empty when the request has no body

  std::string Param(std::string_view name) const { return std::string(request.Param(name)); }
  std::string Query(std::string_view name) const { return std::string(request.Query(name)); }

  // Members of the body and parameters of the query by type: api/fields.h.
  Fields fields() const { return Fields(body); }
  Result<std::string> RequiredString(std::string_view key) const {
    return fields().RequiredString(key);
  }
  Result<std::string> OptionalString(std::string_view key, std::string_view fallback = "") const {
    return fields().OptionalString(key, fallback);
  }
  Result<int64_t> OptionalInt(std::string_view key, int64_t fallback = 0) const {
    return fields().OptionalInt(key, fallback);
  }
  Result<bool> OptionalBool(std::string_view key, bool fallback = false) const {
    return fields().OptionalBool(key, fallback);
  }
  Result<const json::Array*> OptionalList(std::string_view key) const {
    return fields().OptionalList(key);
  }
  Result<int64_t> QueryInt(std::string_view name, int64_t fallback, int64_t least = 0) const {
    return api::QueryInt(request, name, fallback, least);
  }
  Result<bool> QueryBool(std::string_view name, bool fallback) const {
    return api::QueryBool(request, name, fallback);
  }
  Result<size_t> QueryPageStart() const { return api::QueryPageStart(request); }
};

/// How a route lets callers in: the tag of its RouteOptions.
enum class Access : int { kOpen = 1, kPrincipal = 2 };

using JsonEndpoint = std::function<Result<json::Value>(const Call&)>;
using RawEndpoint = std::function<net::Response(const Call&)>;

/// Adds a route whose caller must hold a valid token. It runs on the executor and may block.
void AddJson(net::Router& router, const Services& services, std::string method, std::string path,
             JsonEndpoint endpoint);
void AddRaw(net::Router& router, const Services& services, std::string method, std::string path,
            net::RouteOptions options, RawEndpoint endpoint);
/// As AddRaw for a body that is not JSON: it stays in `request.body`.
void AddBytes(net::Router& router, const Services& services, std::string method, std::string path,
              RawEndpoint endpoint);
/// Adds a route that needs no token.
void AddOpen(net::Router& router, const Services& services, std::string method, std::string path,
             std::function<net::Response(const net::Request&)> endpoint);
void AddOpen(net::Router& router, const Services& services, std::string method, std::string path,
             net::RouteOptions options, std::function<net::Response(const net::Request&)> endpoint);

/// The secret of "Authorization: Bearer …"; empty when there is none.
std::string_view BearerToken(const net::Request& request);
/// The body as an object; an empty one when there is none. Errors: MALFORMED_REQUEST.
Result<json::Value> ParseBody(const net::Request& request);

/// {"error_code": …, "message": …} with the status of the error's reason, and the headers that go
/// with it: WWW-Authenticate, Retry-After, x-databricks-reason-phrase.
net::Response ErrorResponse(const Error& error);
/// As ErrorResponse, for what the HTTP server turns down before a route sees it.
net::Response RefusalResponse(int status, std::string_view message);

/// Every route of the product.
net::Router BuildRouter(const Services& services);

void AddWellKnown(net::Router& router, const Services& services);
void AddLogin(net::Router& router, const Services& services);
void AddScimUsers(net::Router& router, const Services& services);
void AddScimServicePrincipals(net::Router& router, const Services& services);
void AddScimGroups(net::Router& router, const Services& services);
void AddConnectorService(net::Router& router, const Services& services);
void AddThrift(net::Router& router, const Services& services);
void AddStatements(net::Router& router, const Services& services);
void AddWarehouses(net::Router& router, const Services& services);
void AddUnityCatalog(net::Router& router, const Services& services);
void AddPermissions(net::Router& router, const Services& services);
void AddTokens(net::Router& router, const Services& services);
void AddFiles(net::Router& router, const Services& services);
void AddWeb(net::Router& router, const Services& services);

}  // namespace tarn::api
