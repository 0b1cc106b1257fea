#include "base/executor.h"

#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <list>
#include <mutex>
#include <thread>

#include "base/log.h"

namespace tarn {

struct ThreadPool::State {
  Options options;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> tasks;
  std::list<std::thread> threads;
  std::list<std::thread> finished;
  int idle = 0;
  bool closing = false;

  void Work(std::list<std::thread>::iterator self) {
    pthread_setname_np(pthread_self(), options.name.substr(0, 15).c_str());
    std::unique_lock lock(mutex);
    for (;;) {
      if (tasks.empty()) {
        if (closing) return;
        ++idle;
        bool woken =
            wake.wait_for(lock, options.idle_timeout, [&] { return !tasks.empty() || closing; });
        --idle;
        if (!woken) {
          // Joined by the next Post or by the destructor: a thread cannot join
          // itself.
          finished.splice(finished.end(), threads, self);
          return;
        }
        continue;
      }
      auto task = std::move(tasks.front());
      tasks.pop_front();
      lock.unlock();
      try {
        task();
      } catch (const std::exception& e) {
        LogError("a task of an executor threw", {{"pool", options.name}, {"what", e.what()}});
      } catch (...) {
        LogError("a task of an executor threw", {{"pool", options.name}});
      }
      task = nullptr;
      lock.lock();
    }
  }
};

ThreadPool::ThreadPool(Options options) : state_(std::make_shared<State>()) {
  state_->options = std::move(options);
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard lock(state_->mutex);
    state_->closing = true;
  }
  state_->wake.notify_all();
  for (auto& thread : state_->threads) thread.join();
  for (auto& thread : state_->finished) thread.join();
}

void ThreadPool::Post(std::function<void()> task) {
  std::list<std::thread> ended;
  {
    std::lock_guard lock(state_->mutex);
    state_->tasks.push_back(std::move(task));
    ended.swap(state_->finished);
    bool all_busy = state_->idle < static_cast<int>(state_->tasks.size());
    if (all_busy && static_cast<int>(state_->threads.size()) < state_->options.max_threads) {
      auto self = state_->threads.emplace(state_->threads.end());
      *self = std::thread([state = state_.get(), self] { state->Work(self); });
    }
  }
  state_->wake.notify_one();
  for (auto& thread : ended) thread.join();
}

}  // namespace tarn
