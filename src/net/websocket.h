#pragma once
/// \file  WebSocket (RFC 6455) on a connection that began as an HTTP/1.1 request. The route's
/// handler sees that request first, so it authenticates as any other, and accepts with
/// Response::WebSocket(). No extensions: compression is not offered.
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/deadline.h"
#include "base/result.h"

namespace tarn::net {

/// Why a connection ended: RFC 6455 section 7.4.1.
enum class CloseCode : uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kUnsupportedData = 1003,
  kNoStatus = 1005,  ///< the client gave none; never sent
  kAbnormal = 1006,  ///< the connection broke without a close frame; never sent
  kInvalidPayload = 1007,
  kPolicyViolation = 1008,
  kMessageTooBig = 1009,
  kInternalError = 1011,
};

enum class MessageKind { kText, kBinary };

struct WebSocketOptions {
  std::string protocol;  ///< one of those the client offered; "" chooses none
  int64_t max_message_bytes = 16 * 1024 * 1024;     ///< a longer one closes with 1009
  int64_t max_queued_bytes = 1024 * 1024;           ///< not yet taken by the client
  std::chrono::milliseconds ping_interval{30'000};  ///< silence after which we ping
  std::chrono::milliseconds idle_timeout{90'000};   ///< silence after which we hang up
  std::chrono::milliseconds close_timeout{5'000};   ///< for the client to answer our close
};

/// The server's end. Thread-safe; may be kept after the connection, and the server, are gone.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  /// Queues one message. Waits while the client has not taken what is queued, so never call it from
  /// an I/O thread; a passed deadline does not wait. A message longer than the queue waits for an
  /// empty one. Text must be UTF-8. Errors: DEADLINE_EXCEEDED (nothing was queued),
  /// CONNECTION_CLOSED.
  virtual Status Send(MessageKind kind, std::string message, Deadline deadline) = 0;
  /// Sends what is queued, then the close frame; later calls of anything do nothing. The reason is
  /// cut to the 123 bytes that fit.
  virtual void Close(CloseCode code, std::string_view reason = "") = 0;
};

/// What happens on one connection. Calls come one at a time on ServerOptions::executor and may
/// block; nothing more is read from the client meanwhile, pings included, which is what slows down
/// a client that sends too much. An exception closes with 1011.
class WebSocketHandler {
 public:
  virtual ~WebSocketHandler() = default;
  virtual void OnOpen(std::shared_ptr<WebSocket> socket) = 0;
  /// A whole message, however it was cut into frames; text is valid UTF-8.
  virtual void OnMessage(MessageKind kind, std::string message) = 0;
  /// The last call, exactly once. The code is the client's, or ours when we ended it.
  virtual void OnClose(CloseCode code, const std::string& reason) = 0;
};

}  // namespace tarn::net
