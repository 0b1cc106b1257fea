#pragma once
/// \file  A point in monotonic time after which a caller no longer waits.
#include <algorithm>
#include <chrono>

#include "base/clock.h"

namespace tarn {

/// Value type. A default-made deadline never passes.
class Deadline {
 public:
  Deadline() : at_(SteadyTime::max()) {}
  explicit Deadline(SteadyTime at) : at_(at) {}
  static Deadline After(std::chrono::nanoseconds wait) {
    return Deadline(std::chrono::steady_clock::now() +
                    std::chrono::duration_cast<SteadyTime::duration>(wait));
  }
  static Deadline Never() { return Deadline(); }

  bool is_never() const { return at_ == SteadyTime::max(); }
  bool Passed() const { return !is_never() && std::chrono::steady_clock::now() >= at_; }
  SteadyTime at() const { return at_; }
  std::chrono::nanoseconds Remaining() const {
    if (is_never()) return std::chrono::nanoseconds::max();
    return std::max(std::chrono::nanoseconds(0),
                    std::chrono::nanoseconds(at_ - std::chrono::steady_clock::now()));
  }
  Deadline Earlier(Deadline other) const { return Deadline(std::min(at_, other.at_)); }

 private:
  SteadyTime at_;
};

}  // namespace tarn
