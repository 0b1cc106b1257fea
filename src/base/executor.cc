#include "base/executor.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <list>
#include <mutex>
#include <pthread.h>
#include <system_error>
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

  // Under the mutex, which the new thread waits for.
  void AddThread() {
    auto self = threads.emplace(threads.end());
    try {
      *self = std::thread([this, self] { Work(self); });
    } catch (...) {
      threads.erase(self);
      throw;
    }
  }

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
          // The last one stays: what is posted runs even when no thread can be made.
          if (threads.size() == 1) continue;
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
  std::lock_guard lock(state_->mutex);
  state_->AddThread();
}

ThreadPool::~ThreadPool() {
  std::unique_lock lock(state_->mutex);
  state_->closing = true;
  state_->wake.notify_all();
  // The tasks that still run may post, and a post may add threads.
  for (std::list<std::thread>* list : {&state_->threads, &state_->finished}) {
    while (!list->empty()) {
      std::thread thread = std::move(list->front());
      list->pop_front();
      lock.unlock();
      thread.join();
      lock.lock();
    }
  }
}

void ThreadPool::Post(std::function<void()> task) {
  std::list<std::thread> ended;
  {
    std::lock_guard lock(state_->mutex);
    state_->tasks.push_back(std::move(task));
    ended.swap(state_->finished);
    bool all_busy = state_->idle < static_cast<int>(state_->tasks.size());
    if (all_busy && static_cast<int>(state_->threads.size()) < state_->options.max_threads) {
      try {
        state_->AddThread();
      } catch (const std::system_error& e) {
        LogWarn("a pool cannot grow", {{"pool", state_->options.name}, {"what", e.what()}});
      }
    }
  }
  state_->wake.notify_one();
  for (auto& thread : ended) thread.join();
}

}  // namespace tarn
