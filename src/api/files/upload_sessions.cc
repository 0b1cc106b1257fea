#include "api/files/upload_sessions.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/ids.h"

namespace tarn::api::files {
namespace {

constexpr int64_t kLifetimeMs = int64_t{24} * 3600 * 1000;
constexpr size_t kSecretBytes = 24;

Error Unknown() {
  return Fail("RESOURCE_DOES_NOT_EXIST", "There is no upload with this session_token.");
}

void RemoveAll(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

}  // namespace

UploadSessions::UploadSessions(std::string folder, const Clock& clock)
    : folder_(std::move(folder)), clock_(clock) {
  RemoveAll(folder_);
}

std::string UploadSessions::Begin(UploadSession session) {
  EndExpired();
  std::string token = HexEncode(RandomBytes(kSecretBytes));
  session.link_secret = HexEncode(RandomBytes(kSecretBytes));
  session.expires_unix_ms = clock_.NowMillis() + kLifetimeMs;
  sessions_.Lock()->emplace(token, std::move(session));
  return token;
}

Result<UploadSession> UploadSessions::Find(const std::string& token, int64_t owner_id) const {
  auto sessions = sessions_.Lock();
  auto at = sessions->find(token);
  if (at == sessions->end() || at->second.owner_id != owner_id) return Unknown();
  return at->second;
}

Result<std::string> UploadSessions::TokenOf(const std::string& link_secret) const {
  auto sessions = sessions_.Lock();
  for (const auto& [token, session] : *sessions) {
    if (ConstantTimeEquals(session.link_secret, link_secret) &&
        session.expires_unix_ms > clock_.NowMillis()) {
      return token;
    }
  }
  return Fail("PERMISSION_DENIED", "The link is not valid or has expired.");
}

std::string UploadSessions::NewPartPath(const std::string& token) const {
  return io::JoinPath(io::JoinPath(folder_, token), NewUuid());
}

Status UploadSessions::Keep(const std::string& token, int64_t number, UploadedPart part) {
  std::string replaced = part.path;
  bool known = false;
  {
    auto sessions = sessions_.Lock();
    if (auto at = sessions->find(token); at != sessions->end()) {
      known = true;
      replaced = std::exchange(at->second.parts[number], std::move(part)).path;
    }
  }
  if (!replaced.empty()) RemoveAll(replaced);
  return known ? Ok() : Status(Unknown());
}

void UploadSessions::End(const std::string& token) {
  if (sessions_.Lock()->erase(token) > 0) RemoveAll(io::JoinPath(folder_, token));
}

void UploadSessions::EndExpired() {
  std::vector<std::string> expired;
  {
    auto sessions = sessions_.Lock();
    for (const auto& [token, session] : *sessions) {
      if (session.expires_unix_ms <= clock_.NowMillis()) expired.push_back(token);
    }
  }
  for (const std::string& token : expired) End(token);
}

}  // namespace tarn::api::files
