#include "base/ids.h"
#include "identity/identity_service.h"
#include "identity/rows.h"

namespace tarn::identity {

Result<ServicePrincipal> IdentityService::CreateServicePrincipal(const Principal& who,
                                                                 ServicePrincipal draft) {
  TARN_RETURN_IF_ERROR(RequireAdministrator(who, "create service principals"));
  draft.id = NewInt64Id();
  draft.created_ms = clock_.NowMillis();
  if (draft.application_id.empty()) draft.application_id = NewUuid();
  if (!IsUuid(draft.application_id)) {
    return Fail("INVALID_PARAMETER_VALUE",
                "'" + draft.application_id + "' is not an application id: it must be a UUID.");
  }
  if (draft.display_name.empty()) draft.display_name = draft.application_id;
  Status status = Change(
      [&](Directory& directory) -> Status {
        if (directory.FindApplication(draft.application_id) != nullptr) {
          return Fail("RESOURCE_ALREADY_EXISTS", "Service principal with application id " +
                                                     draft.application_id + " already exists.");
        }
        directory.service_principals[draft.id] = draft;
        return Ok();
      },
      [&](store::Transaction& t) { return t.Insert(kScope, "service_principals", RowOf(draft)); });
  Audit(who.name, "add", status.ok(), {{"targetUserName", draft.application_id}});
  if (!status.ok()) return std::move(status).error();
  return draft;
}

Result<ServicePrincipal> IdentityService::UpdateServicePrincipal(const Principal& who,
                                                                 const ServicePrincipal& changed) {
  TARN_RETURN_IF_ERROR(RequireAdministrator(who, "change service principals"));
  ServicePrincipal next = changed;
  bool was_active = true;
  Status status = Change(
      [&](Directory& directory) -> Status {
        auto at = directory.service_principals.find(changed.id);
        if (at == directory.service_principals.end())
          return NoSuch("Service principal", changed.id);
        was_active = at->second.active;
        next.application_id = at->second.application_id;
        next.created_ms = at->second.created_ms;
        at->second = next;
        return Ok();
      },
      [&](store::Transaction& t) { return t.Put(kScope, "service_principals", RowOf(next)); });
  std::string action = was_active == next.active ? "updateUser"
                       : next.active             ? "activateUser"
                                                 : "deactivateUser";
  Audit(who.name, action, status.ok(), {{"targetUserName", next.application_id}});
  if (!status.ok()) return std::move(status).error();
  return next;
}

Status IdentityService::DeleteServicePrincipal(const Principal& who, int64_t id) {
  TARN_RETURN_IF_ERROR(RequireAdministrator(who, "delete service principals"));
  std::string name;
  Status status = Forget(id, "service_principals", [&](Directory& directory) -> Status {
    auto at = directory.service_principals.find(id);
    if (at == directory.service_principals.end()) return NoSuch("Service principal", id);
    name = at->second.application_id;
    directory.service_principals.erase(at);
    return Ok();
  });
  Audit(who.name, "delete", status.ok(), {{"targetUserName", name}});
  return status;
}

}  // namespace tarn::identity
