#pragma once
/// \file  Hands a request body from the connection's coroutine to a handler that reads and blocks.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "net/request.h"

namespace tarn::net {

/// A bounded queue of bytes. The connection pushes while Wants() is true; the handler pulls with
/// Read. `on_space` is called, from the reader's thread, when a full queue has room again.
class StreamedBody final : public BodyReader {
 public:
  StreamedBody(int64_t content_length, std::function<void()> on_space);

  Result<size_t> Read(char* out, size_t size) override;
  int64_t content_length() const override { return content_length_; }

  bool Wants() const;
  void Push(std::string_view bytes);
  void Finish();
  /// Ends the body with an error, unless it has ended already.
  void Break(Error error);

 private:
  const int64_t content_length_;
  const std::function<void()> on_space_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::string queue_;
  size_t taken_ = 0;  ///< bytes at the front of queue_ already read
  bool ended_ = false;
  Status end_;
};

}  // namespace tarn::net
