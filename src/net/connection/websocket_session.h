#pragma once
/// \file  One WebSocket connection, from the answered handshake to its end.
#include <memory>
#include <string>

#include "base/executor.h"
#include "net/connection/stream.h"
#include "net/response.h"

namespace tarn::net {

/// Runs on `loop`; `early` is what the client sent behind its request. Returns when both directions
/// are done; the caller then closes the stream.
asio::awaitable<void> ServeWebSocket(IoLoop& loop, Stream& stream, Executor& executor,
                                     TrackedScope& tracked, WebSocketUpgrade upgrade,
                                     std::string early, std::chrono::nanoseconds write_timeout);

}  // namespace tarn::net
