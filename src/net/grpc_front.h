#pragma once
/// \file  Gives connections accepted by the server to a grpc::Server that the caller builds.
#include <memory>
#include <string>

#include "base/result.h"

namespace grpc {
class ServerBuilder;
}

namespace tarn::net {

struct GrpcTlsOptions {
  std::string cert_path;       ///< PEM chain
  std::string key_path;        ///< PEM key
  std::string client_ca_path;  ///< PEM; "" asks for no client certificate. A certificate that is
                               ///< given must verify; none is required (the service decides).
};

/// Order of use: Attach to the builder, BuildAndStart the grpc::Server, put the front into
/// ServerOptions::grpc, start the net server. To stop: Stop the net server, Close the front, then
/// Shutdown the grpc::Server with its own deadline. A verified client certificate is seen in
/// `context.auth_context()`. Thread-safe after Attach.
class GrpcFront {
 public:
  GrpcFront();
  ~GrpcFront();

  /// Plaintext gRPC only when `tls` is null. Errors: TLS_CONFIG_INVALID.
  Status Attach(grpc::ServerBuilder& builder, const GrpcTlsOptions* tls);
  /// From here on connections are closed instead of handed over.
  void Close();
  bool takes_tls() const;

  /// Takes ownership of a connected socket from which nothing has been read.
  void Take(int socket, bool tls);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tarn::net
