#pragma once
/// \file  A blocking client connection with deadlines, plain or TLS.
#include <memory>
#include <string>
#include <string_view>

#include "base/deadline.h"
#include "base/result.h"

namespace tarn::net {

/// Not thread-safe. Closed by its destructor.
class ClientConnection {
 public:
  /// Errors: CONNECTION_FAILED, TLS_HANDSHAKE_FAILED, TLS_CONFIG_INVALID, DEADLINE_EXCEEDED.
  static Result<std::unique_ptr<ClientConnection>> Open(const std::string& host, int port, bool tls,
                                                        const std::string& ca_path,
                                                        Deadline deadline);
  ~ClientConnection();
  ClientConnection(const ClientConnection&) = delete;
  ClientConnection& operator=(const ClientConnection&) = delete;

  /// Errors of both: CONNECTION_CLOSED, DEADLINE_EXCEEDED.
  Status Write(std::string_view bytes, Deadline deadline);
  /// At least one byte; 0 is the end of the stream.
  Result<size_t> Read(char* out, size_t size, Deadline deadline);

 private:
  struct Tls;
  ClientConnection();
  Status Connect(const std::string& host, int port, Deadline deadline);
  Status Handshake(const std::string& host, const std::string& ca_path, Deadline deadline);
  Status WaitFor(short events, Deadline deadline) const;

  int socket_ = -1;
  std::unique_ptr<Tls> tls_;
};

}  // namespace tarn::net
