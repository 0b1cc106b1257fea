#pragma once
/// \file  Where work runs: a port, and the thread pool that implements it.
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace tarn {

/// Runs tasks at some later time on some other thread.
/// Post never blocks on the task and never runs it inline, so it may be called
/// with locks held. Tasks may run concurrently and in any order. A task that
/// waits for another task of the same bounded executor can deadlock it; give
/// work that waits an executor that grows. A task must not throw.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void Post(std::function<void()> task) = 0;
};

/// A pool that grows while all its threads are busy and shrinks to one when they
/// idle. Thread-safe. The destructor runs every task already posted and what
/// these post, then joins its threads; nobody else may post by then. The
/// constructor throws std::system_error when not even one thread can be made;
/// later the pool makes do with those it has.
class ThreadPool final : public Executor {
 public:
  struct Options {
    std::string name = "pool";  ///< thread name, at most 15 characters
    int max_threads = 64;
    std::chrono::milliseconds idle_timeout{10'000};
  };
  explicit ThreadPool(Options options);
  ~ThreadPool() override;
  void Post(std::function<void()> task) override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tarn
