#include <algorithm>

#include <openssl/evp.h>

#include "base/encoding.h"
#include "base/ids.h"
#include "identity/identity_service.h"
#include "identity/rows.h"

namespace tarn::identity {
namespace {

std::string Sha256(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha256(), nullptr);
  return HexEncode(std::string_view(reinterpret_cast<char*>(digest), length));
}

Error UnknownToken() {
  return Fail("TOKEN_UNKNOWN",
              "Invalid access token. It was mistyped or revoked; use a token that is listed for "
              "its owner, or make a new one.");
}

bool Expired(const TokenInfo& token, int64_t now_ms) {
  return token.expires_ms >= 0 && token.expires_ms <= now_ms;
}

}  // namespace

Result<Principal> IdentityService::Authenticate(std::string_view secret) const {
  std::string hash = Sha256(secret);
  TokenInfo token;
  Result<Principal> principal = [&]() -> Result<Principal> {
    auto state = state_.Lock();
    auto found = state->tokens.find(hash);
    if (found == state->tokens.end()) return UnknownToken();
    token = found->second;
    if (Expired(token, clock_.NowMillis())) {
      return Fail("TOKEN_EXPIRED",
                  token.session ? "Invalid access token. The session has ended; sign in again."
                                : "Invalid access token. It has expired; make a new one with POST "
                                  "/api/2.0/token/create.");
    }
    Result<Principal> owner = state->directory.PrincipalOf(token.owner_id);
    if (!owner.ok() && owner.error().reason() == "RESOURCE_DOES_NOT_EXIST") return UnknownToken();
    return owner;
  }();
  // One event a request would drown all others: only refusals are told.
  if (!principal.ok()) Audit("", "tokenLogin", false, {{"tokenId", token.id}});
  return principal;
}

Result<NewToken> IdentityService::Issue(int64_t owner_id, const std::string& comment,
                                        std::optional<int64_t> lifetime_seconds, bool session) {
  if (lifetime_seconds && (*lifetime_seconds < 1 || *lifetime_seconds > kMaxTokenLifetimeSeconds)) {
    return Fail("INVALID_PARAMETER_VALUE", "lifetime_seconds must be between 1 and " +
                                               std::to_string(kMaxTokenLifetimeSeconds) +
                                               " (730 days).");
  }
  NewToken token;
  token.secret = "dapi" + HexEncode(RandomBytes(32));
  TokenInfo& info = token.info;
  info.id = HexEncode(RandomBytes(32));
  info.comment = comment;
  info.created_ms = clock_.NowMillis();
  if (lifetime_seconds) info.expires_ms = info.created_ms + *lifetime_seconds * 1000;
  info.owner_id = owner_id;
  info.session = session;
  std::string hash = Sha256(token.secret);
  std::lock_guard changing(changing_);
  if (!state_.Lock()->directory.PrincipalOf(owner_id).ok()) return NoSuch("Principal", owner_id);
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) {
    return t.Insert(kScope, "tokens",
                    {{"sha256", hash},
                     {"id", info.id},
                     {"owner_id", owner_id},
                     {"comment", comment},
                     {"created_ms", info.created_ms},
                     {"expires_ms", info.expires_ms},
                     {"session", int64_t{session}}});
  }));
  state_.Lock()->tokens[hash] = info;
  return token;
}

Result<NewToken> IdentityService::CreateToken(const Principal& owner, const std::string& comment,
                                              std::optional<int64_t> lifetime_seconds) {
  Result<NewToken> token = Issue(owner.id, comment, lifetime_seconds, false);
  Audit(owner.name, "generateDbToken", token.ok(), {{"tokenId", token.ok() ? token->info.id : ""}});
  return token;
}

Result<NewToken> IdentityService::CreateTokenOnBehalf(const Principal& who,
                                                      const std::string& application_id,
                                                      const std::string& comment,
                                                      int64_t lifetime_seconds) {
  TARN_RETURN_IF_ERROR(RequireAdministrator(who, "create tokens on behalf of others"));
  Directory directory = Snapshot();
  const ServicePrincipal* owner = directory.FindApplication(application_id);
  if (owner == nullptr) {
    return Fail("RESOURCE_DOES_NOT_EXIST",
                "Service principal with application id " + application_id + " does not exist.");
  }
  Result<NewToken> token = Issue(owner->id, comment, lifetime_seconds, false);
  Audit(who.name, "generateDbToken", token.ok(),
        {{"tokenId", token.ok() ? token->info.id : ""}, {"userId", std::to_string(owner->id)}});
  return token;
}

std::vector<TokenInfo> IdentityService::ListTokens(const Principal& owner) const {
  std::vector<TokenInfo> tokens;
  {
    auto state = state_.Lock();
    for (const auto& [hash, info] : state->tokens)
      if (info.owner_id == owner.id && !info.session) tokens.push_back(info);
  }
  std::sort(tokens.begin(), tokens.end(), [](const TokenInfo& a, const TokenInfo& b) {
    return std::tie(a.created_ms, a.id) < std::tie(b.created_ms, b.id);
  });
  return tokens;
}

Status IdentityService::RevokeToken(const Principal& who, const std::string& token_id) {
  std::lock_guard changing(changing_);
  std::string hash;
  {
    auto state = state_.Lock();
    for (const auto& [key, info] : state->tokens)
      if (info.id == token_id && (info.owner_id == who.id || who.is_admin)) hash = key;
  }
  if (hash.empty())
    return Fail("RESOURCE_DOES_NOT_EXIST", "Token " + token_id + " does not exist.");
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) -> Status {
    TARN_RETURN_IF_ERROR(t.Delete(kScope, "tokens", {{"sha256", hash}}));
    return Ok();
  }));
  state_.Lock()->tokens.erase(hash);
  Audit(who.name, "revokeDbToken", true, {{"tokenId", token_id}});
  return Ok();
}

Status IdentityService::EndSession(std::string_view secret) {
  std::string hash = Sha256(secret);
  std::lock_guard changing(changing_);
  std::string name;
  {
    auto state = state_.Lock();
    auto found = state->tokens.find(hash);
    if (found == state->tokens.end()) return UnknownToken();
    if (!found->second.session) return Ok();
    Result<Principal> principal = state->directory.PrincipalOf(found->second.owner_id);
    if (principal.ok()) name = principal->name;
  }
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) -> Status {
    TARN_RETURN_IF_ERROR(t.Delete(kScope, "tokens", {{"sha256", hash}}));
    return Ok();
  }));
  state_.Lock()->tokens.erase(hash);
  Audit(name, "logout", true, {});
  return Ok();
}

}  // namespace tarn::identity
