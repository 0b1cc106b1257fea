#pragma once
/// \file  Users, service principals, groups, passwords and personal access tokens.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/event.h"
#include "identity/principal.h"
#include "store/database.h"

namespace tarn::identity {

/// The history of this module's tables, for Database::Open.
const std::vector<store::Migration>& Migrations();

/// What is known of a personal access token; the secret itself is not.
struct TokenInfo {
  std::string token_id;
  std::string comment;
  int64_t created_ms = 0;
  int64_t expires_ms = -1;    ///< -1: never
  int64_t last_used_ms = -1;  ///< -1: never
  int64_t owner_id = 0;
  int64_t created_by_id = 0;
};

struct NewToken {
  std::string secret;  ///< "dapi…"; shown once, stored nowhere
  TokenInfo info;
};

/// Which records to list. SCIM's startIndex is 1-based.
struct PrincipalFilter {
  PrincipalKind kind = PrincipalKind::kUser;
  std::optional<std::string> name;  ///< userName eq, applicationId eq, displayName of a group
  std::optional<std::string> display_name;  ///< displayName eq
  std::optional<int64_t> id;
  int64_t start_index = 1;
  int64_t count = 100;
};
struct PrincipalPage {
  std::vector<PrincipalRecord> resources;
  int64_t total_results = 0;
};

/// Thread-safe. Reads come from memory; a change is on disk when its call returns. Every change and
/// every refused sign-in is emitted as an audit event. Keeps references to what it was opened with.
/// Errors of the calls with an actor: PERMISSION_DENIED unless it is an administrator, or acts on
/// itself where that is said.
class IdentityService {
 public:
  struct Options {
    store::Scope scope;
    std::string first_administrator = "admin@localhost";  ///< made when there is no user yet
  };
  static Result<std::unique_ptr<IdentityService>> Open(store::Database& database,
                                                       const Clock& clock, EventSink& events,
                                                       const Options& options);
  /// Writes the last-used times that are still only in memory.
  ~IdentityService();

  const store::Scope& scope() const;
  /// Set when this start made the first administrator.
  const std::optional<Principal>& created_administrator() const;
  /// The administrator that was made at the first start. Errors: PRINCIPAL_DOES_NOT_EXIST.
  Result<Principal> FirstAdministrator() const;

  /// Errors: TOKEN_UNKNOWN (also revoked), TOKEN_EXPIRED, PRINCIPAL_INACTIVE: all UNAUTHENTICATED.
  Result<Principal> AuthenticateToken(std::string_view secret) const;
  /// Errors: UNAUTHENTICATED, with the same message and duration for an unknown user, one without
  /// a password, and a wrong password.
  Result<Principal> AuthenticatePassword(std::string_view user_name,
                                         std::string_view password) const;

  /// The principal as it is now. Errors: PRINCIPAL_DOES_NOT_EXIST, PRINCIPAL_INACTIVE.
  Result<Principal> Current(int64_t id) const;
  /// As Current, without a copy. Null when it does not exist or is not active.
  std::shared_ptr<const Principal> Find(int64_t id) const;
  /// By user name, application id or group name. Errors: PRINCIPAL_DOES_NOT_EXIST.
  Result<Principal> FindByName(std::string_view name) const;
  /// Name for showing; the id as text when it is gone.
  std::string NameOf(int64_t id) const;
  /// Grows with every change of principals and memberships. Durable.
  int64_t epoch() const;

  /// `draft.name` may be empty for a service principal: a UUID is made. Ids and times are set here.
  /// Errors: RESOURCE_ALREADY_EXISTS, INVALID_PARAMETER_VALUE, RESOURCE_DOES_NOT_EXIST (a member).
  Result<PrincipalRecord> Create(const Principal& actor, PrincipalRecord draft);
  /// Everyone may read. Errors: RESOURCE_DOES_NOT_EXIST.
  Result<PrincipalRecord> Get(PrincipalKind kind, int64_t id) const;
  PrincipalPage List(const PrincipalFilter& filter) const;
  /// Replaces all but id, kind, name of users and service principals, and times. A group's members
  /// become `changed.member_ids`. A user may change its own display name.
  /// Errors: as Create; INVALID_PARAMETER_VALUE for a membership cycle, a built-in group's name, or
  /// the last administrator.
  Result<PrincipalRecord> Update(const Principal& actor, const PrincipalRecord& changed);
  /// Removes memberships, tokens, password and object permissions with it.
  Status Delete(const Principal& actor, PrincipalKind kind, int64_t id);
  Status AddMember(const Principal& actor, int64_t group_id, int64_t member_id);
  Status RemoveMember(const Principal& actor, int64_t group_id, int64_t member_id);

  /// A user may set its own. Stored as scrypt. At least 8 bytes; empty removes it.
  Status SetPassword(const Principal& actor, int64_t user_id, std::string_view password);

  /// For oneself, or by an administrator for another. `lifetime_seconds` 0 or less: never expires.
  Result<NewToken> CreateToken(const Principal& actor, int64_t owner_id, const std::string& comment,
                               int64_t lifetime_seconds);
  std::vector<TokenInfo> ListTokens(const Principal& owner) const;
  Result<std::vector<TokenInfo>> ListAllTokens(const Principal& actor) const;
  /// Own tokens; administrators all. Holds at once. Errors: RESOURCE_DOES_NOT_EXIST (also for
  /// another's token).
  Status RevokeToken(const Principal& actor, const std::string& token_id);
  /// Writes last-used times; call about once a minute.
  Status FlushTokenUse();

 private:
  struct State;
  explicit IdentityService(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tarn::identity
