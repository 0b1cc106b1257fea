#pragma once
/// \file  Who acts: the caller of a request, and the records behind it. Field names follow
/// SCIM 2.0.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "store/query.h"

namespace tarn::identity {

enum class PrincipalKind { kUser, kServicePrincipal, kGroup };
/// "User", "ServicePrincipal", "Group".
std::string_view PrincipalKindName(PrincipalKind kind);

/// Groups that always exist and cannot be deleted or renamed.
inline constexpr int64_t kAccountUsersGroupId = 1;  ///< "account users": everyone, implicitly
inline constexpr int64_t kUsersGroupId = 2;         ///< "users": everyone, implicitly
inline constexpr int64_t kAdminsGroupId = 3;        ///< "admins": administrators, explicit members

/// An authenticated caller, or a principal that a grant names. Value.
/// Groups are those at the time it was made; services look up the current ones by `id`.
struct Principal {
  int64_t id = 0;
  PrincipalKind kind = PrincipalKind::kUser;
  std::string name;  ///< user name, application id of a service principal, or group name
  std::string display_name;
  store::Scope scope;
  bool is_admin = false;            ///< member of "admins", directly or through a group
  std::vector<int64_t> group_ids;   ///< all groups, nested ones included, ascending
  std::vector<std::string> groups;  ///< their names, in the order of group_ids

  /// ASCII case-insensitive.
  bool IsMemberOf(std::string_view group) const;
  bool IsMemberOf(int64_t group_id) const;
  json::Value ToJson() const;
  /// Errors: MALFORMED_REQUEST.
  static Result<Principal> FromJson(const json::Value& json);
};

/// What users, service principals and groups have in common.
struct PrincipalRecord {
  int64_t id = 0;
  PrincipalKind kind = PrincipalKind::kUser;
  /// userName of a user, applicationId of a service principal, displayName of a group. Unique over
  /// all kinds, ASCII case-insensitive.
  std::string name;
  std::string display_name;
  bool active = true;
  std::string external_id;
  std::string given_name;           ///< users
  std::string family_name;          ///< users
  std::vector<std::string> emails;  ///< users; the first is the primary one
  std::vector<std::string> entitlements;
  std::vector<int64_t> member_ids;  ///< groups: direct members
  std::vector<int64_t> group_ids;   ///< direct, explicit memberships
  int64_t created_ms = 0;
  int64_t updated_ms = 0;
};

}  // namespace tarn::identity
