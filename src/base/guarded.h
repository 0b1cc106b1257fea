#pragma once
/// \file  `Guarded<T>`: data that can only be reached through its lock.
#include <condition_variable>
#include <mutex>
#include <utility>

namespace tarn {

/// Owns a T and the mutex that protects it.
/// Thread-safety: Lock() may be called from any thread. Do not call out
/// (callback, IO) while holding it.
template <typename T>
class Guarded {
 public:
  class Handle {
   public:
    explicit Handle(Guarded& owner) : lock_(owner.mutex_), value_(&owner.value_) {}
    T& operator*() const { return *value_; }
    T* operator->() const { return value_; }
    /// For waiting on a condition variable that belongs to the same data.
    std::unique_lock<std::mutex>& lock() { return lock_; }

   private:
    std::unique_lock<std::mutex> lock_;
    T* value_;
  };

  template <typename... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  Handle Lock() const { return Handle(const_cast<Guarded&>(*this)); }

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace tarn
