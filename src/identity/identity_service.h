#pragma once
/// \file  Who may call: users, service principals, groups, personal access tokens and passwords.
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/event.h"
#include "base/guarded.h"
#include "identity/attempt_limit.h"
#include "identity/directory.h"
#include "store/database.h"

namespace tarn::identity {

/// Longest life of a token, and that of one which was made without saying.
constexpr int64_t kMaxTokenLifetimeSeconds = int64_t{730} * 24 * 3600;
/// Life of the token that a sign-in with a password gives.
constexpr int64_t kSessionLifetimeSeconds = int64_t{12} * 3600;

struct TokenInfo {
  std::string id;
  std::string comment;
  int64_t created_ms = 0;
  int64_t expires_ms = -1;  ///< -1: never
  int64_t owner_id = 0;
  bool session = false;  ///< made by a sign-in: not in the list of tokens, ends with the password
};

struct NewToken {
  std::string secret;  ///< shown once
  TokenInfo info;
};

const store::ModuleSchema& StoredTables();

/// Thread-safe. Reads are served from memory; a change is durable when its call returns. Of tokens
/// and passwords only hashes are kept. Errors of every change: also those of store::Database; of
/// those with `who`: PERMISSION_DENIED for anybody but administrators, unless it says otherwise.
/// Emits events of the service "accounts", under the audit log's names.
class IdentityService {
 public:
  /// Makes the system groups and the first administrator when there is no user yet; later another
  /// `first_admin` changes nothing.
  static Result<std::unique_ptr<IdentityService>> Open(store::Database& database,
                                                       const Clock& clock, EventSink& events,
                                                       const std::string& first_admin);

  /// Errors: TOKEN_UNKNOWN for an unknown or revoked token, TOKEN_EXPIRED, PRINCIPAL_INACTIVE.
  Result<Principal> Authenticate(std::string_view secret) const;
  /// The administrator the server itself acts for: the one who has been there longest.
  Result<Principal> Administrator() const;
  /// How grants write a user name, an application id or the name of a group, whatever its case.
  /// Groups of the workspace alone ("admins", "users") cannot be granted to. Errors:
  /// PRINCIPAL_DOES_NOT_EXIST.
  Result<std::string> FindGrantee(const std::string& name) const;
  /// Everybody, as of now.
  Directory Snapshot() const;

  // Users. Errors of the three: RESOURCE_ALREADY_EXISTS, RESOURCE_DOES_NOT_EXIST,
  // INVALID_PARAMETER_VALUE, INVALID_STATE for the last administrator.
  Result<User> CreateUser(const Principal& who, User draft);
  Result<User> UpdateUser(const Principal& who, const User& changed);
  Status DeleteUser(const Principal& who, int64_t id);

  // Service principals, with the same errors. Without an application id one is made.
  Result<ServicePrincipal> CreateServicePrincipal(const Principal& who, ServicePrincipal draft);
  Result<ServicePrincipal> UpdateServicePrincipal(const Principal& who,
                                                  const ServicePrincipal& changed);
  Status DeleteServicePrincipal(const Principal& who, int64_t id);

  // Groups, with the same errors; also INVALID_STATE for changes to system groups that are fixed.
  Result<Group> CreateGroup(const Principal& who, Group draft);
  Result<Group> UpdateGroup(const Principal& who, const Group& changed);
  Status DeleteGroup(const Principal& who, int64_t id);

  /// For oneself. `lifetime_seconds` none: never expires. Errors: INVALID_PARAMETER_VALUE for a
  /// lifetime below one second or above kMaxTokenLifetimeSeconds.
  Result<NewToken> CreateToken(const Principal& owner, const std::string& comment,
                               std::optional<int64_t> lifetime_seconds);
  /// For a service principal. Errors: also RESOURCE_DOES_NOT_EXIST.
  Result<NewToken> CreateTokenOnBehalf(const Principal& who, const std::string& application_id,
                                       const std::string& comment, int64_t lifetime_seconds);
  /// The personal access tokens of one principal, oldest first.
  std::vector<TokenInfo> ListTokens(const Principal& owner) const;
  /// One's own, or as administrator anybody's. Errors: RESOURCE_DOES_NOT_EXIST.
  Status RevokeToken(const Principal& who, const std::string& token_id);
  /// Ends the session that a sign-in began; any other token is left. Errors: TOKEN_UNKNOWN.
  Status EndSession(std::string_view secret);

  /// A session for the right password. Errors: UNAUTHENTICATED, whether the user exists or not;
  /// PRINCIPAL_INACTIVE; RESOURCE_EXHAUSTED after too many attempts and while too many others sign
  /// in.
  Result<NewToken> SignIn(const std::string& user_name, const std::string& password);
  /// Sets a user's password: an administrator's right, and one's own while there is none. Ends the
  /// user's sessions. Errors: also RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE.
  Status SetPassword(const Principal& who, int64_t user_id, const std::string& password);
  /// By whoever knows the old one. Errors: as SignIn, INVALID_PARAMETER_VALUE.
  Status ChangePassword(const std::string& user_name, const std::string& old_password,
                        const std::string& new_password);

 private:
  struct State {
    Directory directory;
    std::map<std::string, TokenInfo> tokens;   ///< by SHA-256 of the secret
    std::map<int64_t, std::string> passwords;  ///< hashes by user
  };
  IdentityService(store::Database& database, const Clock& clock, EventSink& events)
      : database_(database), clock_(clock), events_(events), attempts_(clock) {}
  Status Load();
  Status LoadSecrets(store::Transaction& t);
  Status MakeFirst(const std::string& first_admin);
  /// Stores and publishes what `change` makes of the directory, if Directory::Check allows it.
  Status Change(const std::function<Status(Directory&)>& change,
                const store::Database::Work& store_it);
  /// Removes a principal from everything that names it.
  Status Forget(int64_t id, std::string_view table, const std::function<Status(Directory&)>& erase);
  Result<NewToken> Issue(int64_t owner_id, const std::string& comment,
                         std::optional<int64_t> lifetime_seconds, bool session);
  Status CheckPassword(const std::string& user_name, const std::string& password, int64_t* user_id);
  Status StorePassword(int64_t user_id, const std::string& user_name, const std::string& password);
  void Audit(const std::string& principal, std::string action, bool ok,
             std::map<std::string, std::string> params) const;

  store::Database& database_;
  const Clock& clock_;
  EventSink& events_;
  AttemptLimit attempts_;
  std::atomic<int> hashing_{0};  ///< passwords being hashed now
  std::mutex changing_;          ///< held while a change is stored; before state_
  Guarded<State> state_;
};

/// Errors: PERMISSION_DENIED saying what only administrators may do.
Status RequireAdministrator(const Principal& who, std::string_view what);

}  // namespace tarn::identity
