#pragma once
/// \file  The two streams: a TCP socket, and TLS over one.
#include <memory>

#include <boost/asio/ip/tcp.hpp>

#include "net/connection/stream.h"

namespace boost::asio::ssl {
class context;
}

namespace tarn::net {

std::unique_ptr<Stream> MakePlainStream(IoLoop& loop, asio::ip::tcp::socket socket);

/// Shakes hands as the server; null when that fails. The context outlives the stream.
asio::awaitable<std::unique_ptr<Stream>> AcceptTls(IoLoop& loop, asio::ip::tcp::socket socket,
                                                   asio::ssl::context& context,
                                                   std::chrono::nanoseconds timeout);

}  // namespace tarn::net
