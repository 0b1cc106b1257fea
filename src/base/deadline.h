#pragma once
/// \file  A point in monotonic time after which a caller no longer waits.
#include <algorithm>
#include <chrono>

#include "base/clock.h"

namespace tarn {

/// Value type. A default-made deadline never passes. It belongs to one clock, which outlives it:
/// on a virtual clock it passes when a test says so, and then only for those who ask Passed or
/// Remaining; a wait of the operating system until at() knows the real clock alone.
class Deadline {
 public:
  Deadline() : at_(SteadyTime::max()) {}
  explicit Deadline(SteadyTime at, const Clock& clock = Clock::System())
      : at_(at), clock_(&clock) {}
  static Deadline After(std::chrono::nanoseconds wait, const Clock& clock = Clock::System()) {
    return Deadline(clock.Steady() + std::chrono::duration_cast<SteadyTime::duration>(wait), clock);
  }
  static Deadline Never() { return Deadline(); }

  bool is_never() const { return at_ == SteadyTime::max(); }
  bool Passed() const { return !is_never() && clock_->Steady() >= at_; }
  SteadyTime at() const { return at_; }
  std::chrono::nanoseconds Remaining() const {
    if (is_never()) return std::chrono::nanoseconds::max();
    return std::max(std::chrono::nanoseconds(0), std::chrono::nanoseconds(at_ - clock_->Steady()));
  }
  /// Both are of one clock, or one of them never passes.
  Deadline Earlier(Deadline other) const { return other.at_ < at_ ? other : *this; }

 private:
  SteadyTime at_;
  const Clock* clock_ = nullptr;  ///< null only when it never passes
};

}  // namespace tarn
