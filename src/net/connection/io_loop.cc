#include "net/connection/io_loop.h"

#include <ctime>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tarn::net {

using std::chrono::steady_clock;

void IoLoop::Drain() {
  draining = true;
  for (Tracked* connection : tracked) {
    if (connection->on_drain) {
      connection->on_drain();
    } else if (connection->idle) {
      ::shutdown(connection->socket, SHUT_RDWR);
    }
  }
}

const std::string& IoLoop::HttpDate() {
  int64_t now = std::time(nullptr);
  if (now != date_second_) {
    date_second_ = now;
    std::time_t time = now;
    std::tm parts{};
    gmtime_r(&time, &parts);
    char text[40];
    date_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
  }
  return date_;
}

TrackedScope::TrackedScope(IoLoop& loop, int socket) : loop_(loop) {
  tracked_.socket = socket;
  loop_.tracked.insert(&tracked_);
}

TrackedScope::~TrackedScope() { loop_.tracked.erase(&tracked_); }

struct Timeout::State {
  State(asio::io_context& context, int fd) : timer(context), socket(fd) {}
  asio::steady_timer timer;
  int socket;  ///< -1 once the connection is gone
  steady_clock::time_point at = steady_clock::time_point::max();
  steady_clock::time_point armed_for = steady_clock::time_point::max();
};

Timeout::Timeout(asio::io_context& context, int socket)
    : state_(std::make_shared<State>(context, socket)) {}

Timeout::~Timeout() {
  state_->socket = -1;
  state_->timer.cancel();
}

void Timeout::Arm(const std::shared_ptr<State>& state) {
  state->armed_for = state->at;
  state->timer.expires_at(state->at);
  state->timer.async_wait([state](boost::system::error_code error) {
    if (error || state->socket < 0) return;
    state->armed_for = steady_clock::time_point::max();
    if (state->at == steady_clock::time_point::max()) return;
    if (steady_clock::now() >= state->at) {
      ::shutdown(state->socket, SHUT_RDWR);
    } else {
      Arm(state);
    }
  });
}

void Timeout::Set(std::chrono::nanoseconds from_now) {
  state_->at = steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(from_now);
  if (state_->at < state_->armed_for) Arm(state_);
}

void Timeout::Clear() { state_->at = steady_clock::time_point::max(); }

Signal::Signal(IoLoop& loop) : loop_(loop.weak_from_this()) {}

void Signal::Raise() {
  raised_.store(true);
  if (auto loop = loop_.lock()) {
    asio::post(loop->context, [self = shared_from_this()] {
      if (self->timer_ != nullptr) self->timer_->cancel();
    });
  }
}

asio::awaitable<void> Signal::Wait() {
  // Clears the pointer also when the loop is destroyed while the coroutine waits.
  struct Scope {
    Signal* signal;
    ~Scope() { signal->timer_ = nullptr; }
  };
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  timer_ = &timer;
  Scope scope{this};
  while (!raised_.exchange(false)) {
    timer.expires_at(steady_clock::time_point::max());
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

}  // namespace tarn::net
