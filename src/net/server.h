#pragma once
/// \file  The listener: HTTP/1.1, TLS and gRPC on the same ports.
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/event.h"
#include "base/executor.h"
#include "base/result.h"
#include "net/router.h"

namespace tarn::net {

class GrpcFront;

struct ListenerOptions {
  std::string host = "127.0.0.1";  ///< address or name; "" is every address
  uint16_t port = 0;               ///< 0 is any free port
  bool tls = false;                ///< take TLS connections (needs cert_path and key_path)
  bool plaintext = true;           ///< take connections without TLS
  std::string name;                ///< what sets the port, for the message when it is taken
  bool optional = false;           ///< the server starts without it; its port is then 0
};

struct ServerLimits {
  int64_t header_bytes = 64 * 1024;  ///< request line and fields together; more answers 431
  int max_connections = 10'000;      ///< HTTP connections at a time; more are closed on accept
  std::chrono::milliseconds idle_timeout{75'000};    ///< between two requests
  std::chrono::milliseconds header_timeout{15'000};  ///< first byte to the end of the head
  /// Time a body may keep the server waiting, in total, beyond what min_body_rate grants it.
  std::chrono::milliseconds body_timeout{30'000};
  int64_t min_body_rate = 1024;                     ///< bytes a second
  std::chrono::milliseconds write_timeout{30'000};  ///< without a byte taken by the client
};

struct ServerOptions {
  std::vector<ListenerOptions> listeners{ListenerOptions{}};
  std::string cert_path;  ///< PEM chain
  std::string key_path;   ///< PEM key
  ServerLimits limits;
  int io_threads = 2;
  /// Where BodySource runs; must outlive the server. Null: a pool of the server's own.
  Executor* executor = nullptr;
  /// Takes http_requests_total by code; must outlive the server. Null: nobody counts.
  MetricSink* metrics = nullptr;
  /// Where gRPC connections go; null closes them.
  std::shared_ptr<GrpcFront> grpc;
};

/// A running server. Thread-safe. The destructor stops without draining.
/// The first bytes of a connection decide: TLS, gRPC without TLS, or HTTP/1.1.
class Server {
 public:
  /// Binds every listener that is not optional, or none. Errors: LISTEN_FAILED (address in use, no
  /// such host), TLS_CONFIG_INVALID (certificate or key unreadable or not a pair).
  static Result<std::unique_ptr<Server>> Start(ServerOptions options, Router router);
  ~Server();

  /// The bound ports, in the order of ServerOptions::listeners.
  const std::vector<uint16_t>& ports() const;
  /// HTTP connections open now.
  int connections() const;
  /// Stops accepting, lets requests under way finish until `drain`, then cuts what is left.
  /// Not to be called from a handler. gRPC connections are drained by their own server.
  void Stop(Deadline drain);

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tarn::net
