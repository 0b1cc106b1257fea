#include "net/response.h"

#include <atomic>

namespace tarn::net {

Response Response::Text(int status, std::string text, std::string content_type) {
  Response response{status, {}, std::move(text)};
  response.headers.Add("Content-Type", std::move(content_type));
  return response;
}

Response Response::Json(int status, std::string json) {
  return Text(status, std::move(json), "application/json");
}

Response Response::Empty(int status) { return Response{status, {}, std::string()}; }

Response Response::File(int status, FileRange file, std::string content_type) {
  Response response{status, {}, std::move(file)};
  response.headers.Add("Content-Type", std::move(content_type));
  return response;
}

Response Response::Stream(int status, std::string content_type, BodySource source) {
  Response response{status, {}, std::move(source)};
  response.headers.Add("Content-Type", std::move(content_type));
  return response;
}

Response Response::WebSocket(std::shared_ptr<WebSocketHandler> handler, WebSocketOptions options) {
  return Response{101, {}, WebSocketUpgrade{std::move(handler), std::move(options)}};
}

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

struct Responder::Promise {
  explicit Promise(std::shared_ptr<ResponseSink> s) : sink(std::move(s)) {}
  ~Promise() {
    if (!sent.load()) sink->Abandon();
  }
  std::shared_ptr<ResponseSink> sink;
  std::atomic<bool> sent{false};
};

Responder::Responder(std::shared_ptr<ResponseSink> sink)
    : promise_(std::make_shared<Promise>(std::move(sink))) {}

void Responder::Send(Response response) const {
  if (!promise_->sent.exchange(true)) promise_->sink->Deliver(std::move(response));
}

bool Responder::sent() const { return promise_->sent.load(); }

}  // namespace tarn::net
