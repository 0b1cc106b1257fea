#include "api/identity/scim.h"

namespace tarn::api {
namespace {

using identity::Directory;
using identity::User;

json::Value UserJson(const Directory& directory, const User& user) {
  json::Object email;
  email.Set("type", "work");
  email.Set("value", user.name);
  email.Set("primary", true);
  json::Object json;
  json.Set("schemas", ScimSchemas("urn:ietf:params:scim:schemas:core:2.0:User"));
  json.Set("id", std::to_string(user.id));
  json.Set("userName", user.name);
  json.Set("displayName", user.display_name.empty() ? user.name : user.display_name);
  json.Set("active", user.active);
  json.Set("emails", json::Array{std::move(email)});
  if (!user.given_name.empty() || !user.family_name.empty()) {
    json::Object name;
    name.Set("givenName", user.given_name);
    name.Set("familyName", user.family_name);
    json.Set("name", std::move(name));
  }
  if (!user.external_id.empty()) json.Set("externalId", user.external_id);
  json.Set("groups", ScimGroups(directory, user.id));
  return json;
}

// What the caller may say of a user, in place of what there was. The name and what belongs to it
// are fixed: the vendor's server leaves them as they are.
Status ReadUser(const Call& call, User& user) {
  Fields fields = call.fields();
  for (const char* key : {"entitlements", "roles"})
    TARN_RETURN_IF_ERROR(fields.Refuse(key, "Grants and groups decide what a user may do."));
  TARN_TRY(user.display_name, fields.OptionalString("displayName"));
  TARN_TRY(user.external_id, fields.OptionalString("externalId"));
  TARN_TRY(user.active, fields.OptionalBool("active", true));
  TARN_TRY(Fields name, fields.OptionalObject("name"));
  TARN_TRY(user.given_name, name.OptionalString("givenName"));
  TARN_TRY(user.family_name, name.OptionalString("familyName"));
  return Ok();
}

Result<User> FindUser(const Call& call) {
  TARN_TRY(int64_t id, ScimId(call, "User"));
  Directory directory = call.services.identity->Snapshot();
  auto found = directory.users.find(id);
  if (found != directory.users.end()) return found->second;
  return Fail("RESOURCE_DOES_NOT_EXIST", "User with id " + std::to_string(id) + " not found.");
}

Result<net::Response> Answer(const Call& call, int status, const Result<User>& user) {
  if (!user.ok()) return user.error();
  return ScimResource(call, status, UserJson(call.services.identity->Snapshot(), *user));
}

Status Apply(const ScimChange& change, User& user) {
  bool removed = change.kind == ScimChange::Kind::kRemove;
  const std::string& path = change.path;
  // Fixed, see ReadUser.
  if (path == "username" || path.starts_with("emails")) return Ok();
  if (path == "active" && !removed) {
    TARN_TRY(user.active, change.Bool());
  } else if (path == "displayname") {
    TARN_TRY(user.display_name, change.Text());
  } else if (path == "externalid") {
    TARN_TRY(user.external_id, change.Text());
  } else if (path == "name.givenname") {
    TARN_TRY(user.given_name, change.Text());
  } else if (path == "name.familyname") {
    TARN_TRY(user.family_name, change.Text());
  } else if (path == "name" && change.value.is_object()) {
    user.given_name = change.value.GetString("givenName", user.given_name);
    user.family_name = change.value.GetString("familyName", user.family_name);
  } else {
    return UnknownScimPath(change);
  }
  return Ok();
}

Result<net::Response> Patch(const Call& call) {
  TARN_TRY(std::vector<ScimChange> changes, ScimChanges(call));
  TARN_TRY(User user, FindUser(call));
  bool changed = false;
  for (const ScimChange& change : changes) {
    if (change.path == "password") continue;
    TARN_RETURN_IF_ERROR(Apply(change, user));
    changed = true;
  }
  // RFC 7643, 4.1: the password is an attribute that can be written and never read.
  for (const ScimChange& change : changes) {
    if (change.path != "password") continue;
    TARN_TRY(std::string password, change.Text());
    TARN_RETURN_IF_ERROR(call.services.identity->SetPassword(call.who, user.id, password));
  }
  if (!changed) return Answer(call, 200, user);
  return Answer(call, 200, call.services.identity->UpdateUser(call.who, user));
}

net::Response Me(const Call& call) {
  Directory directory = call.services.identity->Snapshot();
  json::Value me;
  if (auto user = directory.users.find(call.who.id); user != directory.users.end()) {
    me = UserJson(directory, user->second);
  } else if (auto at = directory.service_principals.find(call.who.id);
             at != directory.service_principals.end()) {
    // A service principal shows itself as a user whose name is its application id.
    User shown;
    shown.id = at->first;
    shown.name = at->second.application_id;
    shown.display_name = at->second.display_name;
    me = UserJson(directory, shown);
    me.as_object().Erase("emails");
  }
  return ScimResource(call, 200, me);
}

}  // namespace

void AddScimUsers(net::Router& router, const Services& services) {
  const std::string root = "/api/2.0/preview/scim/v2/Users";
  AddRaw(router, services, "GET", "/api/2.0/preview/scim/v2/Me", {}, Me);
  AddScimRoute(router, services, "GET", root, [](const Call& call) {
    Directory directory = call.services.identity->Snapshot();
    std::vector<json::Value> users;
    for (const auto& [id, user] : directory.users) users.push_back(UserJson(directory, user));
    return ScimList(call, users);
  });
  AddScimRoute(router, services, "POST", root, [](const Call& call) -> Result<net::Response> {
    User user;
    TARN_TRY(user.name, call.RequiredString("userName"));
    TARN_RETURN_IF_ERROR(ReadUser(call, user));
    TARN_RETURN_IF_ERROR(
        call.fields().Refuse("password", "Set it with a PATCH of the user that was made."));
    return Answer(call, 201, call.services.identity->CreateUser(call.who, user));
  });
  AddScimRoute(router, services, "GET", root + "/{id}",
               [](const Call& call) { return Answer(call, 200, FindUser(call)); });
  AddScimRoute(router, services, "PATCH", root + "/{id}", Patch);
  AddScimRoute(router, services, "PUT", root + "/{id}",
               [](const Call& call) -> Result<net::Response> {
                 TARN_TRY(User user, FindUser(call));
                 TARN_RETURN_IF_ERROR(ReadUser(call, user));
                 return Answer(call, 200, call.services.identity->UpdateUser(call.who, user));
               });
  AddScimRoute(router, services, "DELETE", root + "/{id}",
               [](const Call& call) -> Result<net::Response> {
                 TARN_TRY(int64_t id, ScimId(call, "User"));
                 TARN_RETURN_IF_ERROR(call.services.identity->DeleteUser(call.who, id));
                 return net::Response::Empty(204);
               });
}

}  // namespace tarn::api
