#include "net/connection/websocket_outbox.h"

namespace tarn::net {

Status WebSocketOutbox::Send(MessageKind kind, std::string message, Deadline deadline) {
  auto size = static_cast<int64_t>(message.size());
  {
    std::unique_lock lock(mutex_);
    auto fits = [&] {
      return state_ != State::kOpen || queued_bytes_ == 0 ||
             queued_bytes_ + size <= max_queued_bytes_;
    };
    if (deadline.is_never()) {
      space_.wait(lock, fits);
    } else if (!space_.wait_until(lock, deadline.at(), fits)) {
      return Fail("DEADLINE_EXCEEDED", "the client does not take its messages");
    }
    if (state_ != State::kOpen) return Fail("CONNECTION_CLOSED", "the WebSocket is closed");
    queued_bytes_ += size;
    messages_.push_back(
        {kind == MessageKind::kText ? Opcode::kText : Opcode::kBinary, std::move(message)});
  }
  wake_->Raise();
  return Ok();
}

void WebSocketOutbox::Close(CloseCode code, std::string_view reason) {
  {
    std::lock_guard lock(mutex_);
    if (state_ != State::kOpen) return;
    state_ = State::kClosing;
    close_code_ = code;
    close_payload_ = ClosePayload(code, reason);
    space_.notify_all();
  }
  wake_->Raise();
}

void WebSocketOutbox::CloseNow(CloseCode code, std::string_view reason) {
  {
    std::lock_guard lock(mutex_);
    messages_.clear();
    pong_.reset();
    ping_ = false;
  }
  Close(code, reason);
}

void WebSocketOutbox::Abandon() {
  {
    std::lock_guard lock(mutex_);
    state_ = State::kEnded;
    messages_.clear();
    space_.notify_all();
  }
  wake_->Raise();
}

void WebSocketOutbox::Pong(std::string payload) {
  {
    std::lock_guard lock(mutex_);
    pong_ = std::move(payload);
  }
  wake_->Raise();
}

void WebSocketOutbox::Ping() {
  {
    std::lock_guard lock(mutex_);
    ping_ = true;
  }
  wake_->Raise();
}

std::optional<OutFrame> WebSocketOutbox::Take() {
  std::lock_guard lock(mutex_);
  if (state_ == State::kEnded) return std::nullopt;
  if (pong_) return OutFrame{Opcode::kPong, *std::exchange(pong_, std::nullopt)};
  if (std::exchange(ping_, false)) return OutFrame{Opcode::kPing, ""};
  if (!messages_.empty()) {
    OutFrame frame = std::move(messages_.front());
    messages_.pop_front();
    return frame;
  }
  if (state_ != State::kClosing) return std::nullopt;
  state_ = State::kEnded;
  return OutFrame{Opcode::kClose, close_payload_};
}

void WebSocketOutbox::Sent(const OutFrame& frame) {
  if (frame.opcode != Opcode::kText && frame.opcode != Opcode::kBinary) return;
  std::lock_guard lock(mutex_);
  queued_bytes_ -= static_cast<int64_t>(frame.payload.size());
  space_.notify_all();
}

bool WebSocketOutbox::ended() const {
  std::lock_guard lock(mutex_);
  return state_ == State::kEnded;
}

std::optional<CloseCode> WebSocketOutbox::close_code() const {
  std::lock_guard lock(mutex_);
  return close_code_;
}

}  // namespace tarn::net
