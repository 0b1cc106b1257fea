#pragma once
/// \file  Who may call: users, groups and personal access tokens.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "store/database.h"

namespace tarn::identity {

/// An authenticated caller. Value.
struct Principal {
  int64_t id = 0;
  std::string name;  ///< user name, an e-mail address
  bool is_admin = false;
  std::vector<std::string> groups;
};

struct TokenInfo {
  std::string id;
  std::string comment;
  int64_t created_ms = 0;
  int64_t expires_ms = -1;  ///< -1: never
  int64_t owner_id = 0;
};

/// The migrations of this module's tables; its versions start at 100.
const std::vector<store::Migration>& Migrations();

/// Thread-safe. Tokens are stored as SHA-256 only; the secret is shown once.
class IdentityService {
 public:
  /// Makes the first administrator when there is no user yet.
  static Result<std::unique_ptr<IdentityService>> Open(store::Database& database,
                                                       const Clock& clock,
                                                       const std::string& first_admin);

  /// Errors: TOKEN_UNKNOWN for one that never was or was revoked, TOKEN_EXPIRED,
  /// PRINCIPAL_INACTIVE when its owner is gone.
  Result<Principal> Authenticate(std::string_view secret) const;
  /// Errors: RESOURCE_DOES_NOT_EXIST.
  Result<Principal> FindUser(const std::string& name) const;
  std::vector<Principal> ListUsers() const;
  /// Errors: RESOURCE_ALREADY_EXISTS, INVALID_PARAMETER_VALUE.
  Result<Principal> CreateUser(const std::string& name, bool admin);

  struct NewToken {
    std::string secret;
    TokenInfo info;
  };
  /// `lifetime_seconds` 0: never expires.
  Result<NewToken> CreateToken(const Principal& owner, const std::string& comment,
                               int64_t lifetime_seconds);
  std::vector<TokenInfo> ListTokens(const Principal& owner) const;
  /// Errors: RESOURCE_DOES_NOT_EXIST.
  Status RevokeToken(const Principal& owner, const std::string& token_id);

 private:
  struct State {
    std::map<int64_t, Principal> users;
    std::map<std::string, TokenInfo> tokens;  ///< by SHA-256 of the secret
  };
  IdentityService(store::Database& database, const Clock& clock)
      : database_(database), clock_(clock) {}
  Status Load();

  store::Database& database_;
  const Clock& clock_;
  Guarded<State> state_;
};

}  // namespace tarn::identity
