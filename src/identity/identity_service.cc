#include "identity/identity_service.h"

#include <algorithm>

#include <openssl/evp.h>

#include "base/encoding.h"
#include "base/ids.h"

namespace tarn::identity {
namespace {

constexpr store::Scope kScope;

std::string Sha256(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha256(), nullptr);
  return HexEncode(std::string_view(reinterpret_cast<char*>(digest), length));
}

}  // namespace

const std::vector<store::Migration>& Migrations() {
  static const std::vector<store::Migration> migrations = {
      {100, R"sql(
CREATE TABLE users (account_id INTEGER, workspace_id INTEGER, id INTEGER, name TEXT COLLATE NOCASE,
  is_admin INTEGER, created_ms INTEGER,
  PRIMARY KEY (account_id, workspace_id, id), UNIQUE (account_id, workspace_id, name)) WITHOUT ROWID;
CREATE TABLE tokens (account_id INTEGER, workspace_id INTEGER, sha256 TEXT, id TEXT, owner_id INTEGER,
  comment TEXT, created_ms INTEGER, expires_ms INTEGER,
  PRIMARY KEY (account_id, workspace_id, sha256)) WITHOUT ROWID)sql"},
  };
  return migrations;
}

Result<std::unique_ptr<IdentityService>> IdentityService::Open(store::Database& database,
                                                               const Clock& clock,
                                                               const std::string& first_admin) {
  std::unique_ptr<IdentityService> service(new IdentityService(database, clock));
  TARN_RETURN_IF_ERROR(service->Load());
  if (service->state_.Lock()->users.empty()) {
    TARN_RETURN_IF_ERROR(service->CreateUser(first_admin, true));
  }
  return service;
}

Status IdentityService::Load() {
  return database_.Read([&](store::Transaction& t) -> Status {
    TARN_TRY(auto users,
             t.Query(kScope,
                     "SELECT id, name, is_admin FROM users WHERE account_id=?1 AND workspace_id=?2",
                     {}));
    TARN_TRY(auto tokens,
             t.Query(kScope,
                     "SELECT sha256, id, owner_id, comment, created_ms, expires_ms FROM tokens "
                     "WHERE account_id=?1 AND workspace_id=?2",
                     {}));
    auto state = state_.Lock();
    for (const store::Row& row : users) {
      int64_t id = store::IntOf(row[0]);
      state->users[id] = {id, store::TextOf(row[1]), store::IntOf(row[2]) != 0, {"account users"}};
    }
    for (const store::Row& row : tokens) {
      state->tokens[store::TextOf(row[0])] = {store::TextOf(row[1]), store::TextOf(row[3]),
                                              store::IntOf(row[4]), store::IntOf(row[5]),
                                              store::IntOf(row[2])};
    }
    return Ok();
  });
}

Result<Principal> IdentityService::Authenticate(std::string_view secret) const {
  std::string hash = Sha256(secret);
  auto state = state_.Lock();
  auto token = state->tokens.find(hash);
  if (token == state->tokens.end()) {
    return Fail("TOKEN_UNKNOWN",
                "Invalid access token. It was mistyped or revoked; use a token that is listed for "
                "its owner, or make a new one.");
  }
  if (token->second.expires_ms >= 0 && token->second.expires_ms <= clock_.NowMillis()) {
    return Fail("TOKEN_EXPIRED",
                "Invalid access token. It has expired; make a new one with POST "
                "/api/2.0/token/create.");
  }
  auto user = state->users.find(token->second.owner_id);
  if (user == state->users.end()) {
    return Fail("PRINCIPAL_INACTIVE",
                "Invalid access token. Its owner is no longer a user of this workspace; ask an "
                "administrator.");
  }
  return user->second;
}

Result<Principal> IdentityService::FindUser(const std::string& name) const {
  auto state = state_.Lock();
  for (const auto& [id, user] : state->users) {
    bool same = std::equal(user.name.begin(), user.name.end(), name.begin(), name.end(),
                           [](char a, char b) {
                             return std::tolower(static_cast<unsigned char>(a)) ==
                                    std::tolower(static_cast<unsigned char>(b));
                           });
    if (same) return user;
  }
  return Fail("RESOURCE_DOES_NOT_EXIST", "User '" + name + "' does not exist.");
}

std::vector<Principal> IdentityService::ListUsers() const {
  std::vector<Principal> users;
  auto state = state_.Lock();
  for (const auto& [id, user] : state->users) users.push_back(user);
  return users;
}

Result<Principal> IdentityService::CreateUser(const std::string& name, bool admin) {
  if (name.empty() || name.size() > 255 || name.find_first_of(" \t\r\n`'\"") != std::string::npos) {
    return Fail("INVALID_PARAMETER_VALUE", "'" + name + "' is not a user name.");
  }
  if (FindUser(name).ok())
    return Fail("RESOURCE_ALREADY_EXISTS", "User '" + name + "' already exists.");
  Principal user{NewInt64Id(), name, admin, {"account users"}};
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) {
    return t.Execute(kScope, "INSERT INTO users VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                     {user.id, user.name, int64_t{admin}, clock_.NowMillis()});
  }));
  state_.Lock()->users[user.id] = user;
  return user;
}

Result<IdentityService::NewToken> IdentityService::CreateToken(const Principal& owner,
                                                               const std::string& comment,
                                                               int64_t lifetime_seconds) {
  if (lifetime_seconds < 0)
    return Fail("INVALID_PARAMETER_VALUE", "lifetime_seconds must not be negative.");
  NewToken token;
  token.secret = "dapi" + HexEncode(RandomBytes(32));
  token.info.id = HexEncode(RandomBytes(32));
  token.info.comment = comment;
  token.info.created_ms = clock_.NowMillis();
  token.info.expires_ms =
      lifetime_seconds == 0 ? -1 : token.info.created_ms + lifetime_seconds * 1000;
  token.info.owner_id = owner.id;
  std::string hash = Sha256(token.secret);
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) {
    return t.Execute(
        kScope, "INSERT INTO tokens VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        {hash, token.info.id, owner.id, comment, token.info.created_ms, token.info.expires_ms});
  }));
  state_.Lock()->tokens[hash] = token.info;
  return token;
}

std::vector<TokenInfo> IdentityService::ListTokens(const Principal& owner) const {
  std::vector<TokenInfo> tokens;
  auto state = state_.Lock();
  for (const auto& [hash, info] : state->tokens) {
    if (info.owner_id == owner.id) tokens.push_back(info);
  }
  return tokens;
}

Status IdentityService::RevokeToken(const Principal& owner, const std::string& token_id) {
  std::string hash;
  {
    auto state = state_.Lock();
    for (const auto& [key, info] : state->tokens) {
      if (info.id == token_id && (info.owner_id == owner.id || owner.is_admin)) hash = key;
    }
  }
  if (hash.empty())
    return Fail("RESOURCE_DOES_NOT_EXIST", "Token " + token_id + " does not exist.");
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) {
    return t.Execute(
        kScope, "DELETE FROM tokens WHERE account_id=?1 AND workspace_id=?2 AND sha256=?3", {hash});
  }));
  state_.Lock()->tokens.erase(hash);
  return Ok();
}

}  // namespace tarn::identity
