#pragma once
/// \file  Writes one response to a connection.
#include <string_view>

#include "base/event.h"
#include "base/executor.h"
#include "net/connection/stream.h"
#include "net/response.h"
#include "net/router.h"

namespace tarn::net {

/// What of the request shapes its response.
struct ResponseShape {
  bool head_only = false;  ///< the request was HEAD
  bool http10 = false;
  bool keep_alive = true;
};

class ResponseWriter {
 public:
  ResponseWriter(IoLoop& loop, Stream& stream, const Router& router, Executor& executor,
                 MetricSink& metrics, std::chrono::nanoseconds write_timeout);

  /// False when the connection must close: the client is gone, or the body's end can only be
  /// told by closing.
  asio::awaitable<bool> Write(Response response, ResponseShape shape);

 private:
  asio::awaitable<bool> WriteBytes(std::string_view head, std::string_view body);
  asio::awaitable<bool> WriteFile(Response response, ResponseShape shape);
  asio::awaitable<bool> WriteSource(Response response, ResponseShape shape);
  std::string Head(const Response& response, int64_t length, ResponseShape shape);

  IoLoop& loop_;
  Stream& stream_;
  const Router& router_;
  Executor& executor_;
  MetricSink& metrics_;
  std::chrono::nanoseconds write_timeout_;
};

}  // namespace tarn::net
