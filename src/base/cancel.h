#pragma once
/// \file  Cooperative cancellation: a source is told once, tokens see it.
#include <functional>
#include <memory>

#include "base/result.h"

namespace tarn {

namespace internal {
struct CancelState;
}

/// Runs its callback when the token is cancelled; taken back when destroyed.
/// After the destructor returns the callback is not running and will not run.
class CancelCallback {
 public:
  CancelCallback() = default;
  CancelCallback(CancelCallback&&) noexcept;
  CancelCallback& operator=(CancelCallback&&) noexcept;
  ~CancelCallback();

 private:
  friend class CancelToken;
  std::shared_ptr<internal::CancelState> state_;
  uint64_t id_ = 0;
};

/// A view of a CancelSource. Copyable, thread-safe. A default-made token is
/// never cancelled.
class CancelToken {
 public:
  CancelToken() = default;
  bool IsCancelled() const;
  /// CANCELLED when cancelled, else ok.
  Status Check() const;
  /// `callback` runs once, on the cancelling thread, or at once when already
  /// cancelled. It must be short and must not destroy its own handle.
  [[nodiscard]] CancelCallback OnCancel(std::function<void()> callback) const;

 private:
  friend class CancelSource;
  std::shared_ptr<internal::CancelState> state_;
};

/// Thread-safe; copies share one state.
class CancelSource {
 public:
  CancelSource();
  CancelToken token() const;
  /// The first call wins; later calls do nothing.
  void Cancel();
  bool IsCancelled() const { return token().IsCancelled(); }

 private:
  std::shared_ptr<internal::CancelState> state_;
};

}  // namespace tarn
