#include "identity/directory.h"

#include <algorithm>
#include <cctype>
#include <deque>

namespace tarn::identity {

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

const User* Directory::FindUser(std::string_view name) const {
  for (const auto& [id, user] : users)
    if (EqualsIgnoreCase(user.name, name)) return &user;
  return nullptr;
}

const ServicePrincipal* Directory::FindApplication(std::string_view application_id) const {
  for (const auto& [id, service_principal] : service_principals)
    if (EqualsIgnoreCase(service_principal.application_id, application_id))
      return &service_principal;
  return nullptr;
}

const Group* Directory::FindGroup(std::string_view name) const {
  for (const auto& [id, group] : groups)
    if (EqualsIgnoreCase(group.name, name)) return &group;
  return nullptr;
}

bool Directory::Has(int64_t id) const {
  return users.contains(id) || service_principals.contains(id) || groups.contains(id);
}

std::vector<Membership> Directory::MembershipsOf(int64_t id) const {
  std::vector<Membership> memberships;
  std::set<int64_t> seen;
  std::deque<int64_t> inner = {id};
  while (!inner.empty()) {
    int64_t member = inner.front();
    inner.pop_front();
    for (const auto& [group_id, group] : groups) {
      if (!group.members.contains(member) || !seen.insert(group_id).second) continue;
      memberships.push_back({group_id, group.name, member == id});
      inner.push_back(group_id);
    }
  }
  const Group* everybody = FindGroup(kUsersGroup);
  bool person = users.contains(id) || service_principals.contains(id);
  if (person && everybody != nullptr) memberships.push_back({everybody->id, everybody->name, true});
  return memberships;
}

Result<Principal> Directory::PrincipalOf(int64_t id) const {
  Principal principal;
  principal.id = id;
  bool active = false;
  if (auto user = users.find(id); user != users.end()) {
    principal.name = user->second.name;
    active = user->second.active;
  } else if (auto at = service_principals.find(id); at != service_principals.end()) {
    principal.name = at->second.application_id;
    active = at->second.active;
  } else {
    return Fail("RESOURCE_DOES_NOT_EXIST", "Principal " + std::to_string(id) + " does not exist.");
  }
  if (!active) {
    return Fail("PRINCIPAL_INACTIVE", principal.name +
                                          " has been deactivated; ask an "
                                          "administrator.");
  }
  principal.groups.emplace_back(kAccountUsers);
  for (Membership& membership : MembershipsOf(id)) {
    if (membership.name == kAdminsGroup) principal.is_admin = true;
    principal.groups.push_back(std::move(membership.name));
  }
  return principal;
}

const User* Directory::FirstAdministrator() const {
  const User* first = nullptr;
  for (const auto& [id, user] : users) {
    if (first != nullptr && user.created_ms >= first->created_ms) continue;
    Result<Principal> principal = PrincipalOf(id);
    if (principal.ok() && principal->is_admin) first = &user;
  }
  return first;
}

Result<size_t> Directory::DepthOf(const Group& group, size_t above) const {
  // A group within itself is deeper than any bound.
  if (above > kMaxGroupNesting) {
    return Fail("INVALID_PARAMETER_VALUE",
                "Group '" + group.name + "' would contain itself, or groups nested deeper than " +
                    std::to_string(kMaxGroupNesting) + " layers.");
  }
  size_t depth = 1;
  for (int64_t member : group.members) {
    auto inner = groups.find(member);
    if (inner == groups.end()) continue;
    TARN_TRY(size_t below, DepthOf(inner->second, above + 1));
    depth = std::max(depth, below + 1);
  }
  return depth;
}

Status Directory::Check() const {
  for (const auto& [id, group] : groups) {
    for (int64_t member : group.members) {
      if (Has(member)) continue;
      return Fail("INVALID_PARAMETER_VALUE",
                  "There is no principal with id " + std::to_string(member) + ".");
    }
    TARN_RETURN_IF_ERROR(DepthOf(group, 1));
  }
  if (FirstAdministrator() != nullptr) return Ok();
  return Fail("INVALID_STATE",
              "The workspace would have no administrator left. Add another active user to the "
              "group 'admins' first.");
}

}  // namespace tarn::identity
