#include "net/grpc_front.h"

#include <fstream>
#include <mutex>
#include <sstream>
#include <unistd.h>

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

namespace tarn::net {

using grpc::experimental::ExternalConnectionAcceptor;

struct GrpcFront::State {
  std::mutex mutex;
  bool closed = false;
  std::unique_ptr<ExternalConnectionAcceptor> plain;
  std::unique_ptr<ExternalConnectionAcceptor> tls;
};

namespace {

Result<std::string> ReadPem(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) return Fail("TLS_CONFIG_INVALID", "cannot read " + path);
  return text.str();
}

Result<std::shared_ptr<grpc::ServerCredentials>> TlsCredentials(const GrpcTlsOptions& tls) {
  // Asked for and, when given, verified; a service that needs one looks at the auth context.
  grpc::SslServerCredentialsOptions options(tls.client_ca_path.empty()
                                                ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                                : GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  grpc::SslServerCredentialsOptions::PemKeyCertPair pair;
  TARN_TRY(pair.private_key, ReadPem(tls.key_path));
  TARN_TRY(pair.cert_chain, ReadPem(tls.cert_path));
  options.pem_key_cert_pairs.push_back(std::move(pair));
  if (!tls.client_ca_path.empty()) {
    TARN_TRY(options.pem_root_certs, ReadPem(tls.client_ca_path));
  }
  return grpc::SslServerCredentials(options);
}

}  // namespace

GrpcFront::GrpcFront() : state_(std::make_unique<State>()) {}
GrpcFront::~GrpcFront() = default;

Status GrpcFront::Attach(grpc::ServerBuilder& builder, const GrpcTlsOptions* tls) {
  using Type = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  if (tls != nullptr) {
    TARN_TRY(auto credentials, TlsCredentials(*tls));
    state_->tls = builder.experimental().AddExternalConnectionAcceptor(Type::FROM_FD, credentials);
  }
  state_->plain = builder.experimental().AddExternalConnectionAcceptor(
      Type::FROM_FD, grpc::InsecureServerCredentials());
  return Ok();
}

void GrpcFront::Close() {
  std::lock_guard lock(state_->mutex);
  state_->closed = true;
}

bool GrpcFront::takes_tls() const { return state_->tls != nullptr; }

void GrpcFront::Take(int socket, bool tls) {
  std::lock_guard lock(state_->mutex);
  ExternalConnectionAcceptor* acceptor = tls ? state_->tls.get() : state_->plain.get();
  // A grpc::Server that is shut down neither serves nor closes what it is given.
  if (state_->closed || acceptor == nullptr) {
    ::close(socket);
    return;
  }
  ExternalConnectionAcceptor::NewConnectionParameters parameters;
  parameters.fd = socket;
  acceptor->HandleNewConnection(&parameters);
}

}  // namespace tarn::net
