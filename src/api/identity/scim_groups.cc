#include <charconv>

#include "api/identity/scim.h"

namespace tarn::api {
namespace {

using identity::Directory;
using identity::Group;

json::Value MemberJson(const Directory& directory, int64_t id) {
  std::string text = std::to_string(id);
  json::Object member;
  if (auto user = directory.users.find(id); user != directory.users.end()) {
    const identity::User& found = user->second;
    member.Set("display", found.display_name.empty() ? found.name : found.display_name);
    member.Set("$ref", "Users/" + text);
  } else if (auto at = directory.service_principals.find(id);
             at != directory.service_principals.end()) {
    member.Set("display", at->second.display_name);
    member.Set("$ref", "ServicePrincipals/" + text);
  } else if (auto group = directory.groups.find(id); group != directory.groups.end()) {
    member.Set("display", group->second.name);
    member.Set("$ref", "Groups/" + text);
  }
  member.Set("value", text);
  return member;
}

json::Value GroupJson(const Directory& directory, const Group& group) {
  json::Array members;
  for (int64_t id : group.members) members.push_back(MemberJson(directory, id));
  if (group.name == identity::kUsersGroup) {
    for (const auto& [id, user] : directory.users) members.push_back(MemberJson(directory, id));
    for (const auto& [id, one] : directory.service_principals)
      members.push_back(MemberJson(directory, id));
  }
  json::Object meta;
  meta.Set("resourceType", "Group");
  json::Object json;
  json.Set("schemas", ScimSchemas("urn:ietf:params:scim:schemas:core:2.0:Group"));
  json.Set("id", std::to_string(group.id));
  json.Set("displayName", group.name);
  if (!group.external_id.empty()) json.Set("externalId", group.external_id);
  json.Set("members", std::move(members));
  json.Set("groups", ScimGroups(directory, group.id));
  json.Set("meta", std::move(meta));
  return json;
}

Status ReadGroup(const Call& call, Group& group) {
  Fields fields = call.fields();
  for (const char* key : {"entitlements", "roles"})
    TARN_RETURN_IF_ERROR(fields.Refuse(key, "Grants decide what a group may do."));
  TARN_TRY(group.name, fields.RequiredString("displayName"));
  TARN_TRY(group.external_id, fields.OptionalString("externalId"));
  TARN_TRY(const json::Array* members, fields.OptionalList("members"));
  group.members.clear();
  if (members != nullptr) {
    TARN_TRY(group.members, ScimValues(json::Value(*members)));
  }
  return Ok();
}

Result<Group> Find(const Call& call) {
  TARN_TRY(int64_t id, ScimId(call, "Group"));
  Directory directory = call.services.identity->Snapshot();
  auto found = directory.groups.find(id);
  if (found != directory.groups.end()) return found->second;
  return Fail("RESOURCE_DOES_NOT_EXIST", "Group with id " + std::to_string(id) + " not found.");
}

Result<net::Response> Answer(const Call& call, int status, const Result<Group>& group) {
  if (!group.ok()) return group.error();
  return ScimResource(call, status, GroupJson(call.services.identity->Snapshot(), *group));
}

// members[value eq "12"]
Result<int64_t> MemberOfPath(const ScimChange& change) {
  constexpr std::string_view kBegin = "members[value eq \"";
  std::string_view path = change.path;
  int64_t id = 0;
  if (path.starts_with(kBegin) && path.ends_with("\"]")) {
    std::string_view text = path.substr(kBegin.size(), path.size() - kBegin.size() - 2);
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error == std::errc() && end == text.data() + text.size()) return id;
  }
  return UnknownScimPath(change);
}

Status ApplyMembers(const ScimChange& change, Group& group) {
  using Kind = ScimChange::Kind;
  if (change.path != "members") {
    TARN_TRY(int64_t id, MemberOfPath(change));
    if (change.kind != Kind::kRemove) return UnknownScimPath(change);
    group.members.erase(id);
    return Ok();
  }
  std::set<int64_t> ids;
  bool all = change.kind == Kind::kRemove && change.value.is_null();
  if (!all) {
    TARN_TRY(ids, ScimValues(change.value));
  }
  if (all || change.kind == Kind::kReplace) group.members.clear();
  for (int64_t id : ids) {
    if (change.kind == Kind::kRemove) {
      group.members.erase(id);
    } else {
      group.members.insert(id);
    }
  }
  return Ok();
}

Result<net::Response> Patch(const Call& call) {
  TARN_TRY(std::vector<ScimChange> changes, ScimChanges(call));
  TARN_TRY(Group group, Find(call));
  for (const ScimChange& change : changes) {
    if (change.path == "displayname" && change.kind != ScimChange::Kind::kRemove) {
      TARN_TRY(group.name, change.Text());
    } else if (change.path == "externalid") {
      TARN_TRY(group.external_id, change.Text());
    } else if (change.path.starts_with("members")) {
      TARN_RETURN_IF_ERROR(ApplyMembers(change, group));
    } else {
      return UnknownScimPath(change);
    }
  }
  return Answer(call, 200, call.services.identity->UpdateGroup(call.who, group));
}

}  // namespace

void AddScimGroups(net::Router& router, const Services& services) {
  const std::string root = "/api/2.0/preview/scim/v2/Groups";
  AddScimRoute(router, services, "GET", root, [](const Call& call) {
    Directory directory = call.services.identity->Snapshot();
    std::vector<json::Value> groups;
    for (const auto& [id, group] : directory.groups) groups.push_back(GroupJson(directory, group));
    return ScimList(call, groups);
  });
  AddScimRoute(router, services, "POST", root, [](const Call& call) -> Result<net::Response> {
    Group group;
    TARN_RETURN_IF_ERROR(ReadGroup(call, group));
    return Answer(call, 201, call.services.identity->CreateGroup(call.who, group));
  });
  AddScimRoute(router, services, "GET", root + "/{id}",
               [](const Call& call) { return Answer(call, 200, Find(call)); });
  AddScimRoute(router, services, "PATCH", root + "/{id}", Patch);
  AddScimRoute(router, services, "PUT", root + "/{id}",
               [](const Call& call) -> Result<net::Response> {
                 TARN_TRY(Group group, Find(call));
                 TARN_RETURN_IF_ERROR(ReadGroup(call, group));
                 return Answer(call, 200, call.services.identity->UpdateGroup(call.who, group));
               });
  AddScimRoute(router, services, "DELETE", root + "/{id}",
               [](const Call& call) -> Result<net::Response> {
                 TARN_TRY(int64_t id, ScimId(call, "Group"));
                 TARN_RETURN_IF_ERROR(call.services.identity->DeleteGroup(call.who, id));
                 return net::Response::Empty(204);
               });
}

}  // namespace tarn::api
