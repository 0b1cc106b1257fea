#pragma once
/// \file  One I/O thread's event loop, and what its coroutines wait with.
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tarn::net {

namespace asio = boost::asio;

/// A connection known to its loop, so that a drain can end it while it waits for a request.
struct Tracked {
  int socket = -1;
  bool idle = true;
  std::function<void()> on_drain;  ///< instead of waiting for the end of a response
};

/// Everything but `context` is touched by the loop's own thread only.
struct IoLoop : std::enable_shared_from_this<IoLoop> {
  std::unordered_set<Tracked*> tracked;
  bool draining = false;

  /// Ends idle connections now and the others after their response.
  void Drain();
  /// The Date field's value, made once a second.
  const std::string& HttpDate();

 private:
  std::string date_;
  int64_t date_second_ = -1;

 public:
  /// Last, so that the coroutines it destroys still find the members above. They hold the loop by
  /// reference only: it could never go if what it owns owned it.
  asio::io_context context{1};
};

/// Puts a connection on its loop's list for as long as this lives.
class TrackedScope {
 public:
  TrackedScope(IoLoop& loop, int socket);
  ~TrackedScope();
  TrackedScope(const TrackedScope&) = delete;
  TrackedScope& operator=(const TrackedScope&) = delete;
  void set_idle(bool idle) { tracked_.idle = idle; }
  void set_on_drain(std::function<void()> f) { tracked_.on_drain = std::move(f); }
  int socket() const { return tracked_.socket; }

 private:
  IoLoop& loop_;
  Tracked tracked_;
};

/// Shuts a socket down when its deadline passes. Moving the deadline later is a store: the timer
/// notices when it fires, so that a request costs no timer operation.
class Timeout {
 public:
  Timeout(asio::io_context& context, int socket);
  ~Timeout();
  Timeout(const Timeout&) = delete;
  Timeout& operator=(const Timeout&) = delete;
  void Set(std::chrono::nanoseconds from_now);
  void Clear();

 private:
  struct State;
  static void Arm(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;
};

/// Wakes one coroutine of a loop from any thread. Survives the loop; Raise then does nothing.
class Signal : public std::enable_shared_from_this<Signal> {
 public:
  explicit Signal(IoLoop& loop);
  void Raise();
  /// On the loop's thread: returns once Raise was called since the last Wait. The coroutine that
  /// waits keeps the signal alive.
  asio::awaitable<void> Wait();

 private:
  std::weak_ptr<IoLoop> loop_;
  std::atomic<bool> raised_{false};
  asio::steady_timer* timer_ = nullptr;  ///< the waiting coroutine's; loop thread only
};

}  // namespace tarn::net
