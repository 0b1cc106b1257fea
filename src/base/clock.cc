#include "base/clock.h"

namespace tarn {
namespace {

class RealClock final : public Clock {
 public:
  UnixMicros Now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
  }
  SteadyTime Steady() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace

const Clock& Clock::System() {
  static const RealClock clock;
  return clock;
}

}  // namespace tarn
