#include "base/cancel.h"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace tarn {
namespace internal {

struct CancelState {
  std::atomic<bool> cancelled{false};
  std::mutex mutex;
  std::condition_variable idle;
  std::map<uint64_t, std::function<void()>> callbacks;
  uint64_t next_id = 1;
  uint64_t running_id = 0;
  std::thread::id running_thread;
};

}  // namespace internal

CancelCallback::CancelCallback(CancelCallback&& other) noexcept
    : state_(std::move(other.state_)), id_(std::exchange(other.id_, 0)) {}

CancelCallback& CancelCallback::operator=(CancelCallback&& other) noexcept {
  std::swap(state_, other.state_);
  std::swap(id_, other.id_);
  return *this;
}

CancelCallback::~CancelCallback() {
  if (!state_) return;
  std::unique_lock lock(state_->mutex);
  state_->callbacks.erase(id_);
  // A callback that ends its own registration must not wait for itself.
  if (state_->running_thread == std::this_thread::get_id()) return;
  state_->idle.wait(lock, [&] { return state_->running_id != id_; });
}

bool CancelToken::IsCancelled() const {
  return state_ && state_->cancelled.load(std::memory_order_acquire);
}

Status CancelToken::Check() const {
  if (IsCancelled()) return Fail("CANCELLED", "the operation was cancelled");
  return Ok();
}

CancelCallback CancelToken::OnCancel(std::function<void()> callback) const {
  CancelCallback handle;
  if (!state_) return handle;
  {
    std::unique_lock lock(state_->mutex);
    if (!state_->cancelled) {
      handle.state_ = state_;
      handle.id_ = state_->next_id++;
      state_->callbacks.emplace(handle.id_, std::move(callback));
      return handle;
    }
  }
  callback();
  return handle;
}

CancelSource::CancelSource() : state_(std::make_shared<internal::CancelState>()) {}

CancelToken CancelSource::token() const {
  CancelToken token;
  token.state_ = state_;
  return token;
}

void CancelSource::Cancel() {
  std::unique_lock lock(state_->mutex);
  if (state_->cancelled.exchange(true)) return;
  state_->running_thread = std::this_thread::get_id();
  while (!state_->callbacks.empty()) {
    auto node = state_->callbacks.extract(state_->callbacks.begin());
    state_->running_id = node.key();
    lock.unlock();
    node.mapped()();
    lock.lock();
    state_->running_id = 0;
    state_->idle.notify_all();
  }
  state_->running_thread = {};
}

}  // namespace tarn
