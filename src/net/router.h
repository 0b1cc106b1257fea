#pragma once
/// \file  Which handler answers which method and path.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "net/request.h"
#include "net/response.h"

namespace tarn::net {

/// Called on an I/O thread once the request is complete (with stream_body: once its head is). It
/// must not block; work that may block goes through Blocking(). It may answer inline or later.
using Handler = std::function<void(Request&&, Responder)>;
using BlockingHandler = std::function<Response(const Request&)>;

/// Runs `handler` on `executor`, which must outlive the server. An exception answers 500 with the
/// router's ErrorResponse.
Handler Blocking(Executor& executor, BlockingHandler handler);

/// Looks at a request before its body is read; a response refuses it. Called on an I/O thread, so
/// it must not block. A request without a body goes straight to its handler, which asks again.
using HeadCheck = std::function<std::optional<Response>(const Request&)>;

struct RouteOptions {
  int tag = 0;                                ///< handed on as Request::route_tag
  int64_t max_body_bytes = 16 * 1024 * 1024;  ///< a longer body answers 413
  bool stream_body = false;                   ///< the handler reads Request::body_reader
  HeadCheck check = nullptr;                  ///< null: every body is read
};

/// A table of routes. Templates are literal segments, `{name}` for one segment and `{name...}` as
/// the last segment for the rest of the path (which may be empty). A literal beats a capture and a
/// capture beats a tail, segment by segment. GET routes answer HEAD. Build it on one thread, then
/// give it to the server: Match is const and thread-safe.
class Router {
 public:
  struct Route {
    std::string method;  ///< "*" is any method
    std::string path;
    RouteOptions options;
    Handler handler;
    std::vector<std::string> capture_names;
  };
  struct Matched {
    const Route* route = nullptr;            ///< nullptr: no route of that method
    std::vector<std::string_view> captures;  ///< raw, into the path given
    std::string allow;                       ///< methods of the path when route is nullptr
  };

  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  /// A malformed template or a second route of the same shape and method ends the process: both are
  /// mistakes of the program, not of a request.
  void Add(std::string method, std::string path, RouteOptions options, Handler handler);
  void Add(std::string method, std::string path, Handler handler);

  /// Answers paths without a route (default: 404 with an empty body) …
  void SetNotFound(Handler handler);
  /// … and paths that have routes of other methods only (default: 405). The server adds `Allow`.
  void SetMethodNotAllowed(Handler handler);
  /// Makes the response to a request the server itself turns down (400, 408, 413, 431, …).
  void SetErrorResponse(std::function<Response(int status, std::string_view message)> make);

  Matched Match(std::string_view method, std::string_view path) const;
  std::vector<const Route*> routes() const;

  const Handler& not_found() const;
  const Handler& method_not_allowed() const;
  Response ErrorResponse(int status, std::string_view message) const;

 private:
  struct Node;
  struct Table;
  std::unique_ptr<Table> table_;
};

}  // namespace tarn::net
