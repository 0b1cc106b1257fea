#include "net/client/client_connection.h"

#include <cerrno>
#include <climits>
#include <cstring>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace tarn::net {
namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSession {
  void operator()(SSL* session) const { SSL_free(session); }
};

Error Late() { return Fail("DEADLINE_EXCEEDED", "the server did not answer in time"); }

Error Closed(const char* what) {
  return Fail("CONNECTION_CLOSED", std::string("the connection broke: ") + what);
}

}  // namespace

struct ClientConnection::Tls {
  std::unique_ptr<SSL_CTX, FreeContext> context;
  std::unique_ptr<SSL, FreeSession> session;

  /// The poll events that an unfinished call waits for; 0 when it failed.
  short WaitsFor(int result) const {
    int error = SSL_get_error(session.get(), result);
    if (error == SSL_ERROR_WANT_READ) return POLLIN;
    if (error == SSL_ERROR_WANT_WRITE) return POLLOUT;
    return 0;
  }
};

ClientConnection::ClientConnection() = default;

ClientConnection::~ClientConnection() {
  if (tls_ && tls_->session) SSL_shutdown(tls_->session.get());
  if (socket_ >= 0) ::close(socket_);
}

Result<std::unique_ptr<ClientConnection>> ClientConnection::Open(const std::string& host, int port,
                                                                 bool tls,
                                                                 const std::string& ca_path,
                                                                 Deadline deadline) {
  std::unique_ptr<ClientConnection> connection(new ClientConnection());
  TARN_RETURN_IF_ERROR(connection->Connect(host, port, deadline));
  if (tls) TARN_RETURN_IF_ERROR(connection->Handshake(host, ca_path, deadline));
  return connection;
}

Status ClientConnection::WaitFor(short events, Deadline deadline) const {
  for (;;) {
    int wait = -1;
    if (!deadline.is_never()) {
      auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.Remaining()).count();
      if (left <= 0) return Late();
      wait = static_cast<int>(std::min<int64_t>(left, INT_MAX));
    }
    pollfd entry{socket_, events, 0};
    int ready = ::poll(&entry, 1, wait);
    if (ready > 0) return Ok();
    if (ready < 0 && errno != EINTR) return Closed(std::strerror(errno));
  }
}

Status ClientConnection::Connect(const std::string& host, int port, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  std::string where = host + ":" + std::to_string(port);
  int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failed != 0) return Fail("CONNECTION_FAILED", where + ": " + gai_strerror(failed));
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  int cause = 0;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    if (socket_ >= 0) ::close(socket_);
    socket_ = ::socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return Fail("CONNECTION_FAILED", where + ": " + std::strerror(errno));
    cause = ::connect(socket_, at->ai_addr, at->ai_addrlen) == 0 ? 0 : errno;
    if (cause == EINPROGRESS) {
      TARN_RETURN_IF_ERROR(WaitFor(POLLOUT, deadline));
      socklen_t size = sizeof cause;
      ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &cause, &size);
    }
    if (cause == 0) break;
  }
  if (cause != 0) return Fail("CONNECTION_FAILED", where + ": " + std::strerror(cause));
  int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return Ok();
}

Status ClientConnection::Handshake(const std::string& host, const std::string& ca_path,
                                   Deadline deadline) {
  tls_ = std::make_unique<Tls>();
  tls_->context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = tls_->context.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  int loaded = ca_path.empty() ? SSL_CTX_set_default_verify_paths(context)
                               : SSL_CTX_load_verify_file(context, ca_path.c_str());
  ERR_clear_error();
  if (loaded != 1) return Fail("TLS_CONFIG_INVALID", "cannot read authorities from " + ca_path);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  tls_->session.reset(SSL_new(context));
  SSL* session = tls_->session.get();
  SSL_set_fd(session, socket_);
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) != 1) {
    ERR_clear_error();
    SSL_set1_host(session, host.c_str());
    SSL_set_tlsext_host_name(session, host.c_str());
  }
  for (;;) {
    ERR_clear_error();
    int result = SSL_connect(session);
    if (result == 1) return Ok();
    short events = tls_->WaitsFor(result);
    if (events == 0) {
      long verdict = SSL_get_verify_result(session);
      std::string cause =
          verdict != X509_V_OK ? X509_verify_cert_error_string(verdict) : "the handshake broke off";
      tls_->session.reset();
      ERR_clear_error();
      return Fail("TLS_HANDSHAKE_FAILED", host + ": " + cause);
    }
    TARN_RETURN_IF_ERROR(WaitFor(events, deadline));
  }
}

Status ClientConnection::Write(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    short events = POLLOUT;
    ssize_t sent = 0;
    if (tls_) {
      ERR_clear_error();
      int piece = static_cast<int>(std::min<size_t>(bytes.size(), INT_MAX));
      sent = SSL_write(tls_->session.get(), bytes.data(), piece);
      if (sent <= 0) events = tls_->WaitsFor(static_cast<int>(sent));
    } else {
      sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0 && errno != EAGAIN) events = 0;
    }
    if (sent > 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
      continue;
    }
    if (events == 0) return Closed("write");
    TARN_RETURN_IF_ERROR(WaitFor(events, deadline));
  }
  return Ok();
}

Result<size_t> ClientConnection::Read(char* out, size_t size, Deadline deadline) {
  for (;;) {
    short events = POLLIN;
    ssize_t got = 0;
    if (tls_) {
      ERR_clear_error();
      int piece = static_cast<int>(std::min<size_t>(size, INT_MAX));
      got = SSL_read(tls_->session.get(), out, piece);
      if (got <= 0) {
        if (SSL_get_error(tls_->session.get(), static_cast<int>(got)) == SSL_ERROR_ZERO_RETURN) {
          return size_t{0};
        }
        events = tls_->WaitsFor(static_cast<int>(got));
        got = -1;
      }
    } else {
      got = ::recv(socket_, out, size, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno != EAGAIN) events = 0;
    }
    if (got >= 0) return static_cast<size_t>(got);
    if (events == 0) return Closed("read");
    TARN_RETURN_IF_ERROR(WaitFor(events, deadline));
  }
}

}  // namespace tarn::net
