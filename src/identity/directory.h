#pragma once
/// \file  Users, service principals and groups, and who is in what. SCIM core schema (RFC 7643)
/// with the vendor's system groups.
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/result.h"
#include "identity/principal.h"

namespace tarn::identity {

/// Members of `admins` may do everything that administrators may.
constexpr std::string_view kAdminsGroup = "admins";
/// Everybody is in it; it has no members of its own.
constexpr std::string_view kUsersGroup = "users";
/// Everybody of the account: what data is granted to, and no group of the workspace.
constexpr std::string_view kAccountUsers = "account users";
constexpr size_t kMaxGroupNesting = 10;

struct User {
  int64_t id = 0;
  std::string name;  ///< an e-mail address; fixed
  std::string display_name;
  std::string given_name;
  std::string family_name;
  std::string external_id;
  bool active = true;
  int64_t created_ms = 0;
};

struct ServicePrincipal {
  int64_t id = 0;
  std::string application_id;  ///< UUID; fixed
  std::string display_name;
  std::string external_id;
  bool active = true;
  int64_t created_ms = 0;
};

struct Group {
  int64_t id = 0;
  std::string name;
  std::string external_id;
  std::set<int64_t> members;  ///< ids of users, service principals and groups
};

/// A group somebody is in.
struct Membership {
  int64_t group_id = 0;
  std::string name;
  bool direct = true;  ///< else through another group
};

/// Value; all of it is in memory. Changing it changes nothing that is stored.
struct Directory {
  std::map<int64_t, User> users;
  std::map<int64_t, ServicePrincipal> service_principals;
  std::map<int64_t, Group> groups;

  /// Names compare without case.
  const User* FindUser(std::string_view name) const;
  const ServicePrincipal* FindApplication(std::string_view application_id) const;
  const Group* FindGroup(std::string_view name) const;
  bool Has(int64_t id) const;

  /// Direct ones first, each group once.
  std::vector<Membership> MembershipsOf(int64_t id) const;
  /// Users and service principals that are active. Errors: RESOURCE_DOES_NOT_EXIST,
  /// PRINCIPAL_INACTIVE.
  Result<Principal> PrincipalOf(int64_t id) const;
  /// The active user in `admins` who has been there longest.
  const User* FirstAdministrator() const;

  /// Whether groups may be as they are. Errors: INVALID_PARAMETER_VALUE for a member that does not
  /// exist, a group within itself or deeper than kMaxGroupNesting; INVALID_STATE when no active
  /// administrator would be left.
  Status Check() const;

 private:
  Result<size_t> DepthOf(const Group& group, size_t above) const;
};

bool EqualsIgnoreCase(std::string_view a, std::string_view b);

}  // namespace tarn::identity
