#include "base/ids.h"
#include "identity/identity_service.h"
#include "identity/rows.h"

namespace tarn::identity {
namespace {

Status CheckGroupName(const Directory& directory, const Group& group) {
  if (group.name.empty() || group.name.size() > 255 ||
      group.name.find_first_of("\t\r\n`") != std::string::npos) {
    return Fail("INVALID_PARAMETER_VALUE", "'" + group.name + "' is not a name of a group.");
  }
  const Group* same = directory.FindGroup(group.name);
  bool taken = (same != nullptr && same->id != group.id) ||
               directory.FindUser(group.name) != nullptr ||
               EqualsIgnoreCase(group.name, kAccountUsers);
  if (!taken) return Ok();
  return Fail("RESOURCE_ALREADY_EXISTS", "Group with name " + group.name + " already exists.");
}

// What the server itself relies on stays as it is.
Status CheckSystemGroup(const Group& have, const Group* next) {
  bool fixed = have.name == kUsersGroup && next != nullptr && !next->members.empty();
  if (IsSystemGroup(have) && (next == nullptr || next->name != have.name || fixed)) {
    return Fail("INVALID_STATE", "Group '" + have.name +
                                     "' belongs to the workspace itself and "
                                     "cannot be changed so.");
  }
  return Ok();
}

}  // namespace

Result<Group> IdentityService::CreateGroup(const Principal& who, Group draft) {
  TARN_RETURN_IF_ERROR(RequireAdministrator(who, "create groups"));
  draft.id = NewInt64Id();
  Status status = Change(
      [&](Directory& directory) -> Status {
        TARN_RETURN_IF_ERROR(CheckGroupName(directory, draft));
        directory.groups[draft.id] = draft;
        return Ok();
      },
      [&](store::Transaction& t) { return StoreGroup(t, draft); });
  Audit(who.name, "createGroup", status.ok(), {{"targetGroupName", draft.name}});
  if (!status.ok()) return std::move(status).error();
  return draft;
}

Result<Group> IdentityService::UpdateGroup(const Principal& who, const Group& changed) {
  TARN_RETURN_IF_ERROR(RequireAdministrator(who, "change groups"));
  Group before;
  Status status = Change(
      [&](Directory& directory) -> Status {
        auto at = directory.groups.find(changed.id);
        if (at == directory.groups.end()) return NoSuch("Group", changed.id);
        before = at->second;
        TARN_RETURN_IF_ERROR(CheckSystemGroup(before, &changed));
        TARN_RETURN_IF_ERROR(CheckGroupName(directory, changed));
        at->second = changed;
        return Ok();
      },
      [&](store::Transaction& t) { return StoreGroup(t, changed); });
  auto audit = [&](std::string action, int64_t member) {
    Audit(who.name, std::move(action), status.ok(),
          {{"targetGroupName", changed.name}, {"targetUserId", std::to_string(member)}});
  };
  for (int64_t member : changed.members)
    if (!before.members.contains(member)) audit("addPrincipalToGroup", member);
  for (int64_t member : before.members)
    if (!changed.members.contains(member)) audit("removePrincipalFromGroup", member);
  if (!status.ok()) return std::move(status).error();
  return changed;
}

Status IdentityService::DeleteGroup(const Principal& who, int64_t id) {
  TARN_RETURN_IF_ERROR(RequireAdministrator(who, "delete groups"));
  std::string name;
  Status status = Forget(id, "groups", [&](Directory& directory) -> Status {
    auto at = directory.groups.find(id);
    if (at == directory.groups.end()) return NoSuch("Group", id);
    TARN_RETURN_IF_ERROR(CheckSystemGroup(at->second, nullptr));
    name = at->second.name;
    directory.groups.erase(at);
    return Ok();
  });
  Audit(who.name, "removeGroup", status.ok(), {{"targetGroupName", name}});
  return status;
}

}  // namespace tarn::identity
