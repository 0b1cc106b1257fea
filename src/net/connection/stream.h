#pragma once
/// \file  A connection's bytes, with or without TLS: all that the HTTP code sees of a socket, so
/// that only one file pays for compiling the TLS templates.
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "net/connection/io_loop.h"

namespace tarn::net {

/// Used on the connection's loop by one coroutine at a time, or by one that reads and one that
/// writes.
class Stream {
 public:
  virtual ~Stream() = default;
  /// Bytes read; 0 is the end of the stream or an error, which are the same to a server.
  virtual asio::awaitable<size_t> Read(char* out, size_t size) = 0;
  /// Writes both parts, together when that saves a packet.
  virtual asio::awaitable<bool> Write(std::string_view first, std::string_view second) = 0;
  virtual asio::awaitable<bool> SendFile(int file, int64_t offset, int64_t length,
                                         std::chrono::nanoseconds write_timeout) = 0;
  /// Says that nothing more will be written; reading goes on.
  virtual asio::awaitable<void> FinishWriting() = 0;
  virtual Timeout& timeout() = 0;
  virtual bool tls() const = 0;
};

}  // namespace tarn::net
