#pragma once
/// \file  What is to be sent on a WebSocket: filled from any thread, emptied by the connection.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "net/connection/io_loop.h"
#include "net/connection/websocket_frames.h"

namespace tarn::net {

struct OutFrame {
  Opcode opcode = Opcode::kBinary;
  std::string payload;
};

/// The WebSocket that a handler holds. Thread-safe; outlives the connection.
class WebSocketOutbox final : public WebSocket {
 public:
  /// `wake` is raised whenever there is something to take.
  WebSocketOutbox(std::shared_ptr<Signal> wake, int64_t max_queued_bytes)
      : wake_(std::move(wake)), max_queued_bytes_(max_queued_bytes) {}

  Status Send(MessageKind kind, std::string message, Deadline deadline) override;
  void Close(CloseCode code, std::string_view reason) override;

  /// Only the newest of several pongs is owed (RFC 6455 section 5.5.3).
  void Pong(std::string payload);
  void Ping();
  /// As Close, but what is queued is dropped: the client does not listen any more.
  void CloseNow(CloseCode code, std::string_view reason);
  /// The connection is gone; who waits in Send hears of it.
  void Abandon();

  /// The next frame; the last one is a close frame.
  std::optional<OutFrame> Take();
  /// The frame taken last is with the kernel.
  void Sent(const OutFrame& frame);
  /// Nothing will be sent any more: a close frame was taken or the connection is gone.
  bool ended() const;
  /// The code of our close frame once Close was called.
  std::optional<CloseCode> close_code() const;

 private:
  enum class State { kOpen, kClosing, kEnded };

  const std::shared_ptr<Signal> wake_;
  const int64_t max_queued_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable space_;
  State state_ = State::kOpen;
  std::deque<OutFrame> messages_;
  int64_t queued_bytes_ = 0;
  std::optional<std::string> pong_;
  bool ping_ = false;
  std::string close_payload_;
  std::optional<CloseCode> close_code_;
};

}  // namespace tarn::net
