#include "net/connection/streamed_body.h"

#include <algorithm>
#include <cstring>

namespace tarn::net {
namespace {

constexpr size_t kQueueBytes = 512 * 1024;

}  // namespace

StreamedBody::StreamedBody(int64_t content_length, std::function<void()> on_space)
    : content_length_(content_length), on_space_(std::move(on_space)) {}

Result<size_t> StreamedBody::Read(char* out, size_t size) {
  if (size == 0) return size_t{0};
  bool made_space = false;
  size_t got = 0;
  {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return taken_ < queue_.size() || ended_; });
    if (taken_ == queue_.size()) {
      if (!end_.ok()) return end_.error();
      return size_t{0};
    }
    bool was_full = queue_.size() >= kQueueBytes;
    got = std::min(size, queue_.size() - taken_);
    std::memcpy(out, queue_.data() + taken_, got);
    taken_ += got;
    if (taken_ == queue_.size()) {
      queue_.clear();
      taken_ = 0;
      made_space = was_full;
    }
  }
  if (made_space) on_space_();
  return got;
}

bool StreamedBody::Wants() const {
  std::lock_guard lock(mutex_);
  return !ended_ && queue_.size() < kQueueBytes;
}

void StreamedBody::Push(std::string_view bytes) {
  std::lock_guard lock(mutex_);
  queue_.append(bytes);
  arrived_.notify_one();
}

void StreamedBody::Finish() {
  std::lock_guard lock(mutex_);
  ended_ = true;
  arrived_.notify_all();
}

void StreamedBody::Break(Error error) {
  std::lock_guard lock(mutex_);
  if (ended_) return;
  ended_ = true;
  end_ = std::move(error);
  arrived_.notify_all();
}

}  // namespace tarn::net
