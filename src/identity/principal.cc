#include "identity/principal.h"

#include <algorithm>

namespace tarn::identity {
namespace {

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  auto lower = [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view PrincipalKindName(PrincipalKind kind) {
  switch (kind) {
    case PrincipalKind::kUser:
      return "User";
    case PrincipalKind::kServicePrincipal:
      return "ServicePrincipal";
    case PrincipalKind::kGroup:
      return "Group";
  }
  return "User";
}

bool Principal::IsMemberOf(std::string_view group) const {
  return std::any_of(groups.begin(), groups.end(),
                     [&](const std::string& g) { return EqualsIgnoringCase(g, group); });
}

bool Principal::IsMemberOf(int64_t group_id) const {
  return std::binary_search(group_ids.begin(), group_ids.end(), group_id);
}

json::Value Principal::ToJson() const {
  json::Object o;
  o.Set("id", id);
  o.Set("kind", PrincipalKindName(kind));
  o.Set("name", name);
  o.Set("display_name", display_name);
  o.Set("account_id", scope.account_id);
  o.Set("workspace_id", scope.workspace_id);
  o.Set("is_admin", is_admin);
  json::Array ids;
  for (int64_t group : group_ids) ids.emplace_back(group);
  o.Set("group_ids", std::move(ids));
  json::Array names;
  for (const std::string& group : groups) names.emplace_back(group);
  o.Set("groups", std::move(names));
  return o;
}

Result<Principal> Principal::FromJson(const json::Value& json) {
  if (!json.is_object() || json.GetInt("id") == 0) {
    return Fail("MALFORMED_REQUEST", "a principal is a JSON object with an id");
  }
  Principal p;
  p.id = json.GetInt("id");
  std::string kind = json.GetString("kind", "User");
  for (PrincipalKind k : {PrincipalKind::kServicePrincipal, PrincipalKind::kGroup}) {
    if (kind == PrincipalKindName(k)) p.kind = k;
  }
  p.name = json.GetString("name");
  p.display_name = json.GetString("display_name");
  p.scope = {json.GetInt("account_id", 1), json.GetInt("workspace_id", 1)};
  p.is_admin = json.GetBool("is_admin");
  if (const json::Value* ids = json.Find("group_ids"); ids != nullptr && ids->is_array()) {
    for (const json::Value& id : ids->as_array()) {
      if (id.is_int()) p.group_ids.push_back(id.as_int());
    }
  }
  if (const json::Value* names = json.Find("groups"); names != nullptr && names->is_array()) {
    for (const json::Value& name : names->as_array()) {
      if (name.is_string()) p.groups.push_back(name.as_string());
    }
  }
  return p;
}

}  // namespace tarn::identity
