#include "identity/identity_service.h"
#include "identity/password_hash.h"
#include "identity/rows.h"

namespace tarn::identity {
namespace {

constexpr size_t kMinPasswordBytes = 8;
constexpr size_t kMaxPasswordBytes = 1024;
// Each takes a core and 16 MiB for a moment; callers without a token must not take more than this.
constexpr int kMaxHashing = 4;

class HashingSlot {
 public:
  explicit HashingSlot(std::atomic<int>& used) : used_(used), got_(++used <= kMaxHashing) {}
  ~HashingSlot() { --used_; }
  HashingSlot(const HashingSlot&) = delete;
  HashingSlot& operator=(const HashingSlot&) = delete;
  Status status() const {
    if (got_) return Ok();
    return Fail("RESOURCE_EXHAUSTED", "Many are signing in right now. Try again in a moment.");
  }

 private:
  std::atomic<int>& used_;
  bool got_;
};

Status CheckNewPassword(const std::string& user_name, const std::string& password) {
  if (password.size() < kMinPasswordBytes || password.size() > kMaxPasswordBytes) {
    return Fail("INVALID_PARAMETER_VALUE", "A password has between " +
                                               std::to_string(kMinPasswordBytes) + " and " +
                                               std::to_string(kMaxPasswordBytes) + " characters.");
  }
  if (EqualsIgnoreCase(password, user_name))
    return Fail("INVALID_PARAMETER_VALUE", "A password must not be the user name.");
  return Ok();
}

}  // namespace

Status IdentityService::CheckPassword(const std::string& user_name, const std::string& password,
                                      int64_t* user_id) {
  HashingSlot slot(hashing_);
  TARN_RETURN_IF_ERROR(slot.status());
  TARN_RETURN_IF_ERROR(attempts_.Begin(user_name));
  std::string hash(HashOfNobody());
  {
    auto state = state_.Lock();
    const User* user = state->directory.FindUser(user_name);
    auto found = user == nullptr ? state->passwords.end() : state->passwords.find(user->id);
    if (found != state->passwords.end()) {
      *user_id = user->id;
      hash = found->second;
    }
  }
  TARN_TRY(bool right, VerifyPassword(hash, password));
  if (!right) {
    return Fail("UNAUTHENTICATED",
                "The user name or the password is wrong. Who has no password yet gets one from an "
                "administrator: `tarn password USER`.");
  }
  attempts_.Forgive(user_name);
  return Ok();
}

Result<NewToken> IdentityService::SignIn(const std::string& user_name,
                                         const std::string& password) {
  int64_t user_id = 0;
  Status status = CheckPassword(user_name, password, &user_id);
  if (status.ok()) {
    Result<Principal> principal = Snapshot().PrincipalOf(user_id);
    if (!principal.ok()) status = principal.error();
  }
  Audit(user_name, "login", status.ok(), {{"authenticationMethod", "PASSWORD"}});
  if (!status.ok()) return std::move(status).error();
  return Issue(user_id, "sign-in", kSessionLifetimeSeconds, true);
}

Status IdentityService::StorePassword(int64_t user_id, const std::string& user_name,
                                      const std::string& password) {
  TARN_RETURN_IF_ERROR(CheckNewPassword(user_name, password));
  TARN_TRY(std::string hash, HashPassword(password));
  std::lock_guard changing(changing_);
  if (!state_.Lock()->directory.users.contains(user_id)) return NoSuch("User", user_id);
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) -> Status {
    TARN_RETURN_IF_ERROR(
        t.Put(kScope, "passwords",
              {{"user_id", user_id}, {"hash", hash}, {"changed_ms", clock_.NowMillis()}}));
    TARN_RETURN_IF_ERROR(
        t.Delete(kScope, "tokens", {{"owner_id", user_id}, {"session", int64_t{1}}}));
    return Ok();
  }));
  auto state = state_.Lock();
  state->passwords[user_id] = hash;
  std::erase_if(state->tokens, [&](const auto& token) {
    return token.second.owner_id == user_id && token.second.session;
  });
  attempts_.Forgive(user_name);
  return Ok();
}

Status IdentityService::SetPassword(const Principal& who, int64_t user_id,
                                    const std::string& password) {
  std::string name;
  {
    auto state = state_.Lock();
    if (!who.is_admin && (who.id != user_id || state->passwords.contains(user_id))) {
      return Fail("PERMISSION_DENIED",
                  who.id == user_id
                      ? "You have a password; changing it takes the old one (PUT /login/password)."
                      : "Only administrators may set the passwords of others.");
    }
    auto user = state->directory.users.find(user_id);
    if (user == state->directory.users.end()) return NoSuch("User", user_id);
    name = user->second.name;
  }
  Status status = StorePassword(user_id, name, password);
  Audit(who.name, "changePassword", status.ok(), {{"targetUserName", name}});
  return status;
}

Status IdentityService::ChangePassword(const std::string& user_name,
                                       const std::string& old_password,
                                       const std::string& new_password) {
  int64_t user_id = 0;
  Status status = CheckPassword(user_name, old_password, &user_id);
  if (status.ok()) status = StorePassword(user_id, user_name, new_password);
  Audit(user_name, "changePassword", status.ok(), {{"targetUserName", user_name}});
  return status;
}

}  // namespace tarn::identity
