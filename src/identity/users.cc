#include "base/ids.h"
#include "identity/identity_service.h"
#include "identity/rows.h"

namespace tarn::identity {

Result<User> IdentityService::CreateUser(const Principal& who, User draft) {
  TARN_RETURN_IF_ERROR(RequireAdministrator(who, "create users"));
  TARN_RETURN_IF_ERROR(CheckUserName(draft.name));
  draft.id = NewInt64Id();
  draft.created_ms = clock_.NowMillis();
  if (draft.display_name.empty()) draft.display_name = draft.name;
  Status status = Change(
      [&](Directory& directory) -> Status {
        if (directory.FindUser(draft.name) != nullptr ||
            directory.FindGroup(draft.name) != nullptr) {
          return Fail("RESOURCE_ALREADY_EXISTS", "User '" + draft.name + "' already exists.");
        }
        directory.users[draft.id] = draft;
        return Ok();
      },
      [&](store::Transaction& t) { return t.Insert(kScope, "users", RowOf(draft)); });
  Audit(who.name, "add", status.ok(), {{"targetUserName", draft.name}});
  if (!status.ok()) return std::move(status).error();
  return draft;
}

Result<User> IdentityService::UpdateUser(const Principal& who, const User& changed) {
  TARN_RETURN_IF_ERROR(RequireAdministrator(who, "change users"));
  User next = changed;
  bool was_active = true;
  Status status = Change(
      [&](Directory& directory) -> Status {
        auto at = directory.users.find(changed.id);
        if (at == directory.users.end()) return NoSuch("User", changed.id);
        was_active = at->second.active;
        next.name = at->second.name;
        next.created_ms = at->second.created_ms;
        at->second = next;
        return Ok();
      },
      [&](store::Transaction& t) { return t.Put(kScope, "users", RowOf(next)); });
  std::string action = was_active == next.active ? "updateUser"
                       : next.active             ? "activateUser"
                                                 : "deactivateUser";
  Audit(who.name, action, status.ok(), {{"targetUserName", next.name}});
  if (!status.ok()) return std::move(status).error();
  return next;
}

Status IdentityService::DeleteUser(const Principal& who, int64_t id) {
  TARN_RETURN_IF_ERROR(RequireAdministrator(who, "delete users"));
  std::string name;
  Status status = Forget(id, "users", [&](Directory& directory) -> Status {
    auto at = directory.users.find(id);
    if (at == directory.users.end()) return NoSuch("User", id);
    name = at->second.name;
    directory.users.erase(at);
    return Ok();
  });
  Audit(who.name, "delete", status.ok(), {{"targetUserName", name}});
  return status;
}

}  // namespace tarn::identity
