#pragma once
/// \file  One HTTP response as a handler gives it, and the promise to give it.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "net/headers.h"
#include "net/websocket.h"

namespace tarn::net {

/// A range of a file on disk, sent without copying where the connection allows.
struct FileRange {
  std::string path;
  int64_t offset = 0;
  int64_t length = -1;  ///< bytes; -1 is up to the end of the file
};

/// Gives the next piece of a body whose length is not known; an empty piece is the end. Called on
/// the server's executor, one call at a time, so it may block. An error after the first byte can
/// only cut the connection, which the client sees as a broken body.
using BodySource = std::function<Result<std::string>()>;

/// The answer that makes the connection a WebSocket, with status 101.
struct WebSocketUpgrade {
  std::shared_ptr<WebSocketHandler> handler;
  WebSocketOptions options;
};

/// Value type, movable. Content-Length, Transfer-Encoding, Connection and Date are the server's.
struct Response {
  int status = 200;
  Headers headers;
  std::variant<std::string, FileRange, BodySource, WebSocketUpgrade> body;

  static Response Text(int status, std::string text,
                       std::string content_type = "text/plain; charset=utf-8");
  static Response Json(int status, std::string json);
  static Response Empty(int status);
  static Response File(int status, FileRange file, std::string content_type);
  /// The client gets 400 or 426 instead when its request does not ask for a WebSocket properly.
  static Response WebSocket(std::shared_ptr<WebSocketHandler> handler,
                            WebSocketOptions options = {});
  static Response Stream(int status, std::string content_type, BodySource source);
};

/// "OK" for 200 and so on.
std::string_view ReasonPhrase(int status);

/// Where a response is delivered: the server's connection, or a test.
class ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  virtual void Deliver(Response response) = 0;
  /// Nobody will answer.
  virtual void Abandon() { Deliver(Response::Empty(500)); }
};

/// The right to answer one request. Copies share it; the first answer from any copy on any thread
/// counts and later ones do nothing. When the last copy goes without an answer the client gets 500
/// with the router's ErrorResponse.
/// It may outlive the connection and the server; an answer is then dropped.
class Responder {
 public:
  explicit Responder(std::shared_ptr<ResponseSink> sink);
  void Send(Response response) const;
  void operator()(Response response) const { Send(std::move(response)); }
  bool sent() const;

 private:
  struct Promise;
  std::shared_ptr<Promise> promise_;
};

}  // namespace tarn::net
