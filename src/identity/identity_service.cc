#include "identity/identity_service.h"

#include "base/ids.h"
#include "identity/rows.h"

namespace tarn::identity {

Status RequireAdministrator(const Principal& who, std::string_view what) {
  if (who.is_admin) return Ok();
  return Fail("PERMISSION_DENIED", "Only administrators may " + std::string(what) + ".");
}

Result<std::unique_ptr<IdentityService>> IdentityService::Open(store::Database& database,
                                                               const Clock& clock,
                                                               EventSink& events,
                                                               const std::string& first_admin) {
  std::unique_ptr<IdentityService> service(new IdentityService(database, clock, events));
  TARN_RETURN_IF_ERROR(service->Load());
  if (service->state_.Lock()->directory.users.empty())
    TARN_RETURN_IF_ERROR(service->MakeFirst(first_admin));
  return service;
}

Status IdentityService::MakeFirst(const std::string& first_admin) {
  User admin;
  admin.id = NewInt64Id();
  admin.name = admin.display_name = first_admin;
  admin.created_ms = clock_.NowMillis();
  TARN_RETURN_IF_ERROR(CheckUserName(admin.name));
  Group admins;
  admins.id = NewInt64Id();
  admins.name = kAdminsGroup;
  admins.members = {admin.id};
  Group everybody;
  everybody.id = NewInt64Id();
  everybody.name = kUsersGroup;
  return Change(
      [&](Directory& directory) {
        directory.users[admin.id] = admin;
        directory.groups[admins.id] = admins;
        directory.groups[everybody.id] = everybody;
        return Ok();
      },
      [&](store::Transaction& t) -> Status {
        TARN_RETURN_IF_ERROR(t.Insert(kScope, "users", RowOf(admin)));
        TARN_RETURN_IF_ERROR(StoreGroup(t, everybody));
        return StoreGroup(t, admins);
      });
}

Status IdentityService::Load() {
  return database_.Read([&](store::Transaction& t) -> Status {
    TARN_TRY(Directory directory, ReadDirectory(t));
    state_.Lock()->directory = std::move(directory);
    return LoadSecrets(t);
  });
}

Status IdentityService::LoadSecrets(store::Transaction& t) {
  TARN_TRY(auto tokens,
           t.Select<std::string, std::string, int64_t, std::string, int64_t, int64_t, bool>(
               kScope, "tokens",
               {"sha256", "id", "owner_id", "comment", "created_ms", "expires_ms", "session"}));
  TARN_TRY(auto passwords,
           t.Select<int64_t, std::string>(kScope, "passwords", {"user_id", "hash"}));
  auto state = state_.Lock();
  for (auto& [sha256, id, owner_id, comment, created_ms, expires_ms, session] : tokens)
    state->tokens[sha256] = {id, comment, created_ms, expires_ms, owner_id, session};
  for (auto& [user_id, hash] : passwords) state->passwords[user_id] = hash;
  return Ok();
}

Result<Principal> IdentityService::Administrator() const {
  auto state = state_.Lock();
  const User* user = state->directory.FirstAdministrator();
  if (user == nullptr) return Fail("INVALID_STATE", "The workspace has no active administrator.");
  return state->directory.PrincipalOf(user->id);
}

Result<std::string> IdentityService::FindGrantee(const std::string& name) const {
  if (EqualsIgnoreCase(name, kAccountUsers)) return std::string(kAccountUsers);
  auto state = state_.Lock();
  if (const User* user = state->directory.FindUser(name)) return user->name;
  if (const ServicePrincipal* found = state->directory.FindApplication(name))
    return found->application_id;
  const Group* group = state->directory.FindGroup(name);
  if (group != nullptr && !IsSystemGroup(*group)) return group->name;
  return Fail("PRINCIPAL_DOES_NOT_EXIST", "Could not find principal with name " + name + ".");
}

Directory IdentityService::Snapshot() const { return state_.Lock()->directory; }

Status IdentityService::Change(const std::function<Status(Directory&)>& change,
                               const store::Database::Work& store_it) {
  std::lock_guard changing(changing_);
  Directory next = Snapshot();
  TARN_RETURN_IF_ERROR(change(next));
  TARN_RETURN_IF_ERROR(next.Check());
  TARN_RETURN_IF_ERROR(database_.Write(store_it));
  state_.Lock()->directory = std::move(next);
  return Ok();
}

Status IdentityService::Forget(int64_t id, std::string_view table,
                               const std::function<Status(Directory&)>& erase) {
  TARN_RETURN_IF_ERROR(Change(
      [&](Directory& directory) -> Status {
        TARN_RETURN_IF_ERROR(erase(directory));
        for (auto& [group_id, group] : directory.groups) group.members.erase(id);
        return Ok();
      },
      [&](store::Transaction& t) -> Status {
        TARN_RETURN_IF_ERROR(t.Delete(kScope, table, {{"id", id}}));
        TARN_RETURN_IF_ERROR(t.Delete(kScope, "group_members", {{"member_id", id}}));
        TARN_RETURN_IF_ERROR(t.Delete(kScope, "group_members", {{"group_id", id}}));
        TARN_RETURN_IF_ERROR(t.Delete(kScope, "tokens", {{"owner_id", id}}));
        TARN_RETURN_IF_ERROR(t.Delete(kScope, "passwords", {{"user_id", id}}));
        return Ok();
      }));
  auto state = state_.Lock();
  std::erase_if(state->tokens, [&](const auto& token) { return token.second.owner_id == id; });
  state->passwords.erase(id);
  return Ok();
}

void IdentityService::Audit(const std::string& principal, std::string action, bool ok,
                            std::map<std::string, std::string> params) const {
  events_.Emit({"accounts", std::move(action), principal, clock_.Now(), ok, "", std::move(params)});
}

}  // namespace tarn::identity
