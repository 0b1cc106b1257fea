#pragma once
/// \file  A small blocking HTTP/1.1 client for the command line, health checks and tests.
#include <memory>
#include <string>
#include <string_view>

#include "base/deadline.h"
#include "base/result.h"
#include "net/headers.h"

namespace tarn::net {

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

/// One connection to one origin, opened when first needed and kept alive. Not thread-safe.
class HttpClient {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    int port = 0;
    bool tls = false;
    std::string ca_path;  ///< PEM of trusted authorities; "" is the system's
    int64_t max_body_bytes = 1LL << 30;
  };
  explicit HttpClient(Options options);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  /// "http://host:port" or "https://host:port"; a path is not allowed. Errors: BAD_REQUEST.
  static Result<Options> ParseOrigin(std::string_view origin);

  /// Sends one request and reads its whole response. A GET or HEAD on a connection that the server
  /// had closed while idle is sent again once. Any HTTP status is a success here.
  /// Errors: CONNECTION_FAILED, CONNECTION_CLOSED, DEADLINE_EXCEEDED, TLS_HANDSHAKE_FAILED,
  /// BAD_RESPONSE.
  Result<ClientResponse> Send(std::string_view method, std::string_view target,
                              const Headers& headers, std::string_view body, Deadline deadline);
  Result<ClientResponse> Get(std::string_view target, Deadline deadline);
  Result<ClientResponse> Post(std::string_view target, std::string_view content_type,
                              std::string_view body, Deadline deadline);

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace tarn::net
