#pragma once
/// \file  Time as a port, so that tests can move it.
#include <atomic>
#include <chrono>
#include <cstdint>

namespace tarn {

using SteadyTime = std::chrono::steady_clock::time_point;
using UnixMicros = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

/// Source of time. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall clock, for anything that is stored or shown.
  virtual UnixMicros Now() const = 0;
  /// Monotonic clock, for durations, deadlines and leases.
  virtual SteadyTime Steady() const = 0;

  int64_t NowMillis() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Now().time_since_epoch()).count();
  }
  /// The process-wide real clock.
  static const Clock& System();
};

/// A clock that moves only when told to. Thread-safe.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(UnixMicros start = UnixMicros(std::chrono::seconds(1'700'000'000)))
      : micros_(start.time_since_epoch().count()) {}
  UnixMicros Now() const override { return UnixMicros(std::chrono::microseconds(micros_.load())); }
  SteadyTime Steady() const override {
    return SteadyTime(std::chrono::microseconds(micros_.load()));
  }
  void Advance(std::chrono::microseconds by) { micros_ += by.count(); }

 private:
  std::atomic<int64_t> micros_;
};

}  // namespace tarn
