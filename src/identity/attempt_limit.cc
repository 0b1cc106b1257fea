#include "identity/attempt_limit.h"

#include <algorithm>
#include <cctype>

namespace tarn::identity {
namespace {

// Names are the guesser's to invent; what is over is swept when there are this many.
constexpr size_t kSweepAt = 10'000;

std::string KeyOf(const std::string& name) {
  std::string key = name.substr(0, 255);
  std::transform(key.begin(), key.end(), key.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return key;
}

}  // namespace

Status AttemptLimit::Begin(const std::string& name) {
  SteadyTime now = clock_.Steady();
  auto attempts = by_name_.Lock();
  if (attempts->size() >= kSweepAt)
    std::erase_if(*attempts, [&](const auto& one) { return one.second.last + kLockOut <= now; });
  Attempts& mine = (*attempts)[KeyOf(name)];
  if (mine.last + kLockOut <= now) mine.count = 0;
  if (mine.count >= kMaxAttempts) {
    auto wait = std::chrono::ceil<std::chrono::seconds>(mine.last + kLockOut - now);
    return Fail("RESOURCE_EXHAUSTED", "Too many wrong passwords for this user. Try again in " +
                                          std::to_string(wait.count()) +
                                          " seconds, or sign in with a token.");
  }
  ++mine.count;
  mine.last = now;
  return Ok();
}

void AttemptLimit::Forgive(const std::string& name) { by_name_.Lock()->erase(KeyOf(name)); }

}  // namespace tarn::identity
