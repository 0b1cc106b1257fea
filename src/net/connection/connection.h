#pragma once
/// \file  A new connection: which protocol it speaks, and who serves it.
#include <atomic>

#include <boost/asio/ip/tcp.hpp>

#include "net/connection/http_session.h"

namespace boost::asio::ssl {
class context;
}

namespace tarn::net {

class GrpcFront;

/// What the connections of one listener share. Outlives them.
struct ConnectionContext {
  HttpContext http;
  asio::ssl::context* tls = nullptr;  ///< null: TLS is not taken
  bool plaintext = true;
  GrpcFront* grpc = nullptr;
  std::atomic<int>& open;  ///< connections that are not yet closed or handed to gRPC
};

/// Runs on `loop`, to which `socket` belongs, until the connection ends or is handed over.
asio::awaitable<void> ServeConnection(IoLoop& loop, asio::ip::tcp::socket socket,
                                      const ConnectionContext& context);

}  // namespace tarn::net
