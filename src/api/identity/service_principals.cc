#include "api/identity/scim.h"

namespace tarn::api {
namespace {

using identity::Directory;
using identity::ServicePrincipal;

json::Value ServicePrincipalJson(const Directory& directory, const ServicePrincipal& one) {
  json::Object json;
  json.Set("schemas", ScimSchemas("urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal"));
  json.Set("id", std::to_string(one.id));
  json.Set("applicationId", one.application_id);
  json.Set("displayName", one.display_name);
  json.Set("active", one.active);
  if (!one.external_id.empty()) json.Set("externalId", one.external_id);
  json.Set("groups", ScimGroups(directory, one.id));
  return json;
}

Status ReadServicePrincipal(const Call& call, ServicePrincipal& one) {
  Fields fields = call.fields();
  for (const char* key : {"entitlements", "roles"}) {
    TARN_RETURN_IF_ERROR(
        fields.Refuse(key, "Grants and groups decide what a service principal may do."));
  }
  TARN_TRY(one.display_name, fields.OptionalString("displayName"));
  TARN_TRY(one.external_id, fields.OptionalString("externalId"));
  TARN_TRY(one.active, fields.OptionalBool("active", true));
  return Ok();
}

Result<ServicePrincipal> Find(const Call& call) {
  TARN_TRY(int64_t id, ScimId(call, "Service principal"));
  Directory directory = call.services.identity->Snapshot();
  auto found = directory.service_principals.find(id);
  if (found != directory.service_principals.end()) return found->second;
  return Fail("RESOURCE_DOES_NOT_EXIST",
              "Service principal with id " + std::to_string(id) + " not found.");
}

Result<net::Response> Answer(const Call& call, int status, const Result<ServicePrincipal>& one) {
  if (!one.ok()) return one.error();
  return ScimResource(call, status, ServicePrincipalJson(call.services.identity->Snapshot(), *one));
}

Result<net::Response> Patch(const Call& call) {
  TARN_TRY(std::vector<ScimChange> changes, ScimChanges(call));
  TARN_TRY(ServicePrincipal one, Find(call));
  for (const ScimChange& change : changes) {
    if (change.path == "active" && change.kind != ScimChange::Kind::kRemove) {
      TARN_TRY(one.active, change.Bool());
    } else if (change.path == "displayname") {
      TARN_TRY(one.display_name, change.Text());
    } else if (change.path == "externalid") {
      TARN_TRY(one.external_id, change.Text());
    } else if (change.path != "applicationid") {
      return UnknownScimPath(change);
    }
  }
  return Answer(call, 200, call.services.identity->UpdateServicePrincipal(call.who, one));
}

}  // namespace

void AddScimServicePrincipals(net::Router& router, const Services& services) {
  const std::string root = "/api/2.0/preview/scim/v2/ServicePrincipals";
  AddScimRoute(router, services, "GET", root, [](const Call& call) {
    Directory directory = call.services.identity->Snapshot();
    std::vector<json::Value> all;
    for (const auto& [id, one] : directory.service_principals)
      all.push_back(ServicePrincipalJson(directory, one));
    return ScimList(call, all);
  });
  AddScimRoute(router, services, "POST", root, [](const Call& call) -> Result<net::Response> {
    ServicePrincipal one;
    TARN_TRY(one.application_id, call.OptionalString("applicationId"));
    TARN_RETURN_IF_ERROR(ReadServicePrincipal(call, one));
    return Answer(call, 201, call.services.identity->CreateServicePrincipal(call.who, one));
  });
  AddScimRoute(router, services, "GET", root + "/{id}",
               [](const Call& call) { return Answer(call, 200, Find(call)); });
  AddScimRoute(router, services, "PATCH", root + "/{id}", Patch);
  AddScimRoute(
      router, services, "PUT", root + "/{id}", [](const Call& call) -> Result<net::Response> {
        TARN_TRY(ServicePrincipal one, Find(call));
        TARN_RETURN_IF_ERROR(ReadServicePrincipal(call, one));
        return Answer(call, 200, call.services.identity->UpdateServicePrincipal(call.who, one));
      });
  AddScimRoute(router, services, "DELETE", root + "/{id}",
               [](const Call& call) -> Result<net::Response> {
                 TARN_TRY(int64_t id, ScimId(call, "Service principal"));
                 TARN_RETURN_IF_ERROR(call.services.identity->DeleteServicePrincipal(call.who, id));
                 return net::Response::Empty(204);
               });
}

}  // namespace tarn::api
