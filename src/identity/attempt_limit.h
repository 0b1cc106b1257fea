#pragma once
/// \file  How often somebody may guess a password.
#include <map>
#include <string>

#include "base/clock.h"
#include "base/guarded.h"
#include "base/result.h"

namespace tarn::identity {

constexpr int kMaxAttempts = 5;
constexpr std::chrono::minutes kLockOut{5};

/// Counts attempts by user name, existing or not, so that refusals tell nothing about who exists.
/// In memory: a restart forgets. Thread-safe.
class AttemptLimit {
 public:
  explicit AttemptLimit(const Clock& clock) : clock_(clock) {}
  /// To be asked before a password is compared; counts as a wrong one until Forgive, so that
  /// guesses at the same time are bounded too. Errors: RESOURCE_EXHAUSTED with the time to wait,
  /// once kMaxAttempts have been used up, for kLockOut after the last of them.
  Status Begin(const std::string& name);
  /// The password was right, or there is a new one.
  void Forgive(const std::string& name);

 private:
  struct Attempts {
    int count = 0;
    SteadyTime last;
  };
  const Clock& clock_;
  Guarded<std::map<std::string, Attempts>> by_name_;
};

}  // namespace tarn::identity
