#pragma once
/// \file  HTTP/1.1 on one connection: requests in, responses out, in order.
#include <memory>
#include <string>

#include "net/connection/stream.h"
#include "net/server.h"

namespace tarn::net {

/// What every connection of a server shares. Outlives them.
struct HttpContext {
  const Router& router;
  const ServerLimits& limits;
  Executor& executor;
  MetricSink& metrics;
};

/// Serves until either side is done; then the caller closes the stream.
asio::awaitable<void> ServeHttp(IoLoop& loop, Stream& stream, const HttpContext& context,
                                TrackedScope& tracked, std::string peer);

}  // namespace tarn::net
