#pragma once
/// \file  One HTTP request as a handler sees it.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/headers.h"

namespace tarn::net {

/// The body of a route that asked for `stream_body`. One reader at a time; may be used from any
/// thread but never from an I/O thread, because Read blocks. Outlives the connection safely.
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  /// Waits for bytes and stores at most `size` of them; 0 is the end of the body.
  /// Errors: CONNECTION_CLOSED when the client goes away or is too slow, REQUEST_TOO_LARGE when
  /// the body passes the limit of its route, BAD_REQUEST when its framing is broken.
  virtual Result<size_t> Read(char* out, size_t size) = 0;
  /// Bytes promised by Content-Length, or -1 when the body is chunked.
  virtual int64_t content_length() const = 0;
};

/// Value type, movable. Path captures and query values are percent-decoded.
struct Request {
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  std::string method;  ///< upper case, as sent
  std::string target;  ///< path and query as sent
  std::string path;    ///< path as sent, still percent-encoded, without the query
  Pairs params;        ///< path captures, in the order of the template
  Pairs query;         ///< in the order sent; a name may repeat
  Headers headers;
  std::string body;                         ///< empty on routes that stream
  std::shared_ptr<BodyReader> body_reader;  ///< set only on routes with stream_body
  std::string peer;                         ///< "address:port" of the client
  bool tls = false;
  int route_tag = 0;  ///< RouteOptions::tag of the matched route

  /// The capture of that name, or empty. The name is one of the route's template.
  std::string_view Param(std::string_view name) const;
  /// The first query value of that name, or empty.
  std::string_view Query(std::string_view name) const;
  bool HasQuery(std::string_view name) const;
  std::string_view Header(std::string_view name) const { return headers.Get(name); }
};

}  // namespace tarn::net
