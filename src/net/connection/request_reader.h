#pragma once
/// \file  Reads requests from a connection: Beast's parser used without its I/O.
#include <memory>
#include <optional>
#include <string_view>

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "net/connection/stream.h"
#include "net/request.h"
#include "net/server.h"

namespace tarn::net {

/// Why a request is turned down before any handler sees it. `status` 0 closes without an answer.
struct Refusal {
  int status = 0;
  std::string message;
};

/// One connection's input. Pipelined requests wait in the buffer for their turn.
class RequestReader {
 public:
  RequestReader(Stream& stream, const ServerLimits& limits);

  /// Waits for a request's first byte; false when the client went away or stayed idle too long.
  asio::awaitable<bool> WaitForRequest();
  /// Reads the head into `request`. The refusal, if any, ends the connection.
  asio::awaitable<std::optional<Refusal>> ReadHead(Request& request);

  bool keep_alive() const { return parser_->keep_alive(); }
  bool http10() const { return parser_->get().version() < 11; }
  bool expects_continue() const { return expects_continue_; }
  /// From Content-Length; -1 when the body is chunked, 0 when there is none.
  int64_t content_length() const;
  bool body_done() const { return parser_->is_done(); }
  /// Body bytes taken so far.
  int64_t body_bytes() const { return body_bytes_; }

  /// The next piece of the body, valid until the next call; empty when body_done(), or when the
  /// body broke, which `broken` then says.
  asio::awaitable<std::string_view> ReadBody(std::optional<Refusal>& broken);

  /// What came behind the request, for who speaks another protocol from here on.
  std::string TakeRest();

  /// Reads and drops what the client still sends, for a short while, so that closing does not
  /// reset the connection before the client has read the response.
  asio::awaitable<void> DropRest();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;

  std::string_view pending() const { return {buffer_.get() + begin_, end_ - begin_}; }
  void Consume(size_t count);
  void MakeRoom(size_t size);
  asio::awaitable<bool> Fill(size_t room);

  Stream& stream_;
  const ServerLimits& limits_;
  std::unique_ptr<char[]> buffer_;
  size_t capacity_ = 0;
  size_t begin_ = 0;
  size_t end_ = 0;
  std::optional<Parser> parser_;
  bool expects_continue_ = false;
  int64_t body_bytes_ = 0;
  std::chrono::nanoseconds body_waited_{0};
  std::unique_ptr<char[]> piece_;
};

}  // namespace tarn::net
