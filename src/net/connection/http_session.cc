#include "net/connection/http_session.h"

#include <mutex>
#include <optional>

#include "base/log.h"
#include "net/connection/request_head.h"
#include "net/connection/request_reader.h"
#include "net/connection/response_writer.h"
#include "net/connection/streamed_body.h"
#include "net/connection/websocket_handshake.h"
#include "net/connection/websocket_session.h"

namespace tarn::net {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr size_t kLargestReserve = 1 << 20;
constexpr std::string_view kUnanswered = "internal error";

Refusal TooLarge(int64_t limit_bytes) {
  return {413,
          "the request body is larger than the limit of " + std::to_string(limit_bytes) + " bytes"};
}

/// Takes the answer of one request, from any thread. The signal is raised only if the coroutine
/// already waits: an answer given inline costs no trip through the loop.
class Answer final : public ResponseSink {
 public:
  explicit Answer(std::shared_ptr<Signal> signal) : signal_(std::move(signal)) {}
  void Deliver(Response response) override { Take(std::move(response), false); }
  void Abandon() override { Take(Response::Empty(500), true); }
  /// The response if it is there; else the signal will tell.
  std::optional<Response> TakeOrAwait() {
    std::lock_guard lock(mutex_);
    awaited_ = !response_.has_value();
    return std::exchange(response_, std::nullopt);
  }
  /// Whether nobody answered: the response is only its status.
  bool abandoned() {
    std::lock_guard lock(mutex_);
    return abandoned_;
  }

 private:
  void Take(Response response, bool abandoned) {
    bool raise = false;
    {
      std::lock_guard lock(mutex_);
      response_ = std::move(response);
      abandoned_ = abandoned;
      raise = awaited_;
    }
    if (raise) signal_->Raise();
  }

  std::shared_ptr<Signal> signal_;
  std::mutex mutex_;
  std::optional<Response> response_;
  bool awaited_ = false;
  bool abandoned_ = false;
};

class HttpSession {
 public:
  HttpSession(IoLoop& loop, Stream& stream, const HttpContext& context, TrackedScope& tracked,
              std::string peer)
      : loop_(loop),
        stream_(stream),
        context_(context),
        tracked_(tracked),
        peer_(std::move(peer)),
        reader_(stream, context.limits),
        writer_(loop_, stream, context.router, context.executor, context.metrics,
                context.limits.write_timeout),
        signal_(std::make_shared<Signal>(loop_)) {}

  asio::awaitable<void> Run() {
    bool alive = true;
    while (alive && !loop_.draining) {
      tracked_.set_idle(true);
      alive = co_await reader_.WaitForRequest();
      if (!alive) co_return;
      tracked_.set_idle(false);
      alive = co_await ServeOne();
    }
    if (unread_) co_await reader_.DropRest();
  }

 private:
  /// True when the connection can take another request.
  asio::awaitable<bool> ServeOne() {
    Request request;
    request.peer = peer_;
    request.tls = stream_.tls();
    auto refusal = co_await reader_.ReadHead(request);
    shape_ = {};
    offer_ = {426, "this is a WebSocket; ask for the upgrade", ""};
    if (refusal) {
      co_await Refuse(*refusal);
      co_return false;
    }
    shape_ = {request.method == "HEAD", reader_.http10(), reader_.keep_alive()};
    Router::Matched matched = context_.router.Match(request.method, request.path);
    static const RouteOptions kUnrouted;
    const RouteOptions& options = matched.route ? matched.route->options : kUnrouted;
    if (matched.route != nullptr && !FillParams(matched, request)) {
      refusal = Refusal{400, "malformed path"};
    } else if (reader_.content_length() > options.max_body_bytes) {
      refusal = TooLarge(options.max_body_bytes);
    }
    if (refusal) {
      co_await Refuse(*refusal);
      co_return false;
    }
    request.route_tag = options.tag;
    if (options.check && !reader_.body_done()) {
      bool passed = co_await PassHeadCheck(options.check, request);
      if (!passed) co_return false;
    }
    if (request.headers.Has("Upgrade") && reader_.body_done()) {
      offer_ = ReadWebSocketOffer(request, reader_.http10());
    }
    if (reader_.expects_continue() && !reader_.body_done()) {
      bool told = co_await stream_.Write(kContinue, {});
      if (!told) co_return false;
    }
    if (options.stream_body) {
      bool alive = co_await ServeStreamed(std::move(request), *matched.route);
      co_return alive;
    }
    bool complete = co_await BufferBody(request, options.max_body_bytes);
    if (!complete) co_return false;
    bool alive = co_await ServeBuffered(std::move(request), matched);
    co_return alive;
  }

  asio::awaitable<void> Refuse(Refusal refusal) {
    if (refusal.status == 0) co_return;
    shape_.keep_alive = false;
    unread_ = true;
    Response response = context_.router.ErrorResponse(refusal.status, refusal.message);
    co_await writer_.Write(std::move(response), shape_);
  }

  /// Refuses a request whose body nobody needs to read.
  asio::awaitable<bool> PassHeadCheck(const HeadCheck& check, const Request& request) {
    std::optional<Response> refused;
    try {
      refused = check(request);
    } catch (const std::exception& e) {
      LogError("head check threw", {{"what", e.what()}});
      refused = context_.router.ErrorResponse(500, "internal error");
    }
    if (!refused) co_return true;
    shape_.keep_alive = false;
    unread_ = true;
    stream_.timeout().Clear();
    co_await writer_.Write(std::move(*refused), shape_);
    co_return false;
  }

  asio::awaitable<bool> BufferBody(Request& request, int64_t limit) {
    std::optional<Refusal> broken;
    if (reader_.content_length() > 0) {
      // A promise of many bytes is not worth as much memory before they come.
      request.body.reserve(std::min<size_t>(reader_.content_length(), kLargestReserve));
    }
    while (!reader_.body_done()) {
      std::string_view piece = co_await reader_.ReadBody(broken);
      if (!broken && reader_.body_bytes() > limit) {
        broken = TooLarge(limit);
      }
      if (broken) {
        co_await Refuse(*broken);
        co_return false;
      }
      request.body.append(piece);
    }
    co_return true;
  }

  void Call(const Handler& handler, Request request, const Responder& respond) {
    // The boundary of the module: a handler's exception must not end the process.
    try {
      handler(std::move(request), respond);
    } catch (const std::exception& e) {
      LogError("handler threw", {{"what", e.what()}});
      respond(context_.router.ErrorResponse(500, kUnanswered));
    }
  }

  asio::awaitable<bool> ServeBuffered(Request request, Router::Matched matched) {
    auto answer = std::make_shared<Answer>(signal_);
    stream_.timeout().Clear();
    if (matched.route != nullptr) {
      Call(matched.route->handler, std::move(request), Responder(answer));
    } else if (matched.allow.empty()) {
      Call(context_.router.not_found(), std::move(request), Responder(answer));
    } else {
      Call(context_.router.method_not_allowed(), std::move(request), Responder(answer));
    }
    std::optional<Response> response = answer->TakeOrAwait();
    while (!response) {
      co_await signal_->Wait();
      response = answer->TakeOrAwait();
    }
    if (answer->abandoned()) response = context_.router.ErrorResponse(500, kUnanswered);
    if (!matched.allow.empty() && matched.route == nullptr) {
      response->headers.Set("Allow", matched.allow);
    }
    bool alive = co_await Send(std::move(*response));
    co_return alive;
  }

  asio::awaitable<bool> ServeStreamed(Request request, const Router::Route& route) {
    auto body = std::make_shared<StreamedBody>(reader_.content_length(),
                                               [signal = signal_] { signal->Raise(); });
    // Whatever ends this coroutine, a reader that still waits must hear of it.
    struct Ending {
      std::shared_ptr<StreamedBody> body;
      ~Ending() { body->Break(Fail("CONNECTION_CLOSED", "the client went away")); }
    } ending{body};
    if (reader_.body_done()) body->Finish();
    request.body_reader = body;
    auto answer = std::make_shared<Answer>(signal_);
    stream_.timeout().Clear();
    Call(route.handler, std::move(request), Responder(answer));
    std::optional<Refusal> broken;
    std::optional<Response> response = answer->TakeOrAwait();
    while (!response) {
      if (!reader_.body_done() && !broken && body->Wants()) {
        std::string_view piece = co_await reader_.ReadBody(broken);
        Forward(*body, piece, route.options.max_body_bytes, broken);
      } else {
        stream_.timeout().Clear();
        co_await signal_->Wait();
      }
      response = answer->TakeOrAwait();
    }
    if (answer->abandoned()) response = context_.router.ErrorResponse(500, kUnanswered);
    if (!reader_.body_done()) {
      unread_ = true;
      shape_.keep_alive = false;
    }
    bool alive = co_await Send(std::move(*response));
    co_return alive;
  }

  void Forward(StreamedBody& body, std::string_view piece, int64_t limit,
               std::optional<Refusal>& broken) {
    if (!broken && reader_.body_bytes() > limit) {
      broken = TooLarge(limit);
      body.Break(Fail("REQUEST_TOO_LARGE", broken->message));
    } else if (broken && broken->status == 0) {
      body.Break(Fail("CONNECTION_CLOSED", "the client went away or is too slow"));
    } else if (broken) {
      body.Break(Fail("BAD_REQUEST", broken->message));
    } else {
      body.Push(piece);
      if (reader_.body_done()) body.Finish();
    }
  }

  asio::awaitable<void> Upgrade(Response response) {
    auto upgrade = std::get<WebSocketUpgrade>(std::move(response.body));
    stream_.timeout().Set(context_.limits.write_timeout);
    std::string head = AcceptWebSocket(offer_, upgrade.options, response.headers);
    bool told = co_await stream_.Write(head, {});
    if (!told) co_return;
    co_await ServeWebSocket(loop_, stream_, context_.executor, tracked_, std::move(upgrade),
                            reader_.TakeRest(), context_.limits.write_timeout);
  }

  /// The answer to a client that did not ask for the WebSocket it would have got.
  Response NoUpgrade() const {
    Response response = context_.router.ErrorResponse(offer_.refusal, offer_.problem);
    if (offer_.refusal == 426) {
      response.headers.Set("Upgrade", "websocket");
      response.headers.Set("Sec-WebSocket-Version", "13");
    }
    return response;
  }

  asio::awaitable<bool> Send(Response response) {
    if (std::holds_alternative<WebSocketUpgrade>(response.body)) {
      if (loop_.draining) {
        response = context_.router.ErrorResponse(503, "the server is stopping");
      } else if (offer_.refusal != 0) {
        response = NoUpgrade();
      } else {
        co_await Upgrade(std::move(response));
        co_return false;
      }
    }
    if (loop_.draining) shape_.keep_alive = false;
    if (EqualsIgnoreCase(response.headers.Get("Connection"), "close")) shape_.keep_alive = false;
    bool alive = co_await writer_.Write(std::move(response), shape_);
    co_return alive;
  }

  IoLoop& loop_;
  Stream& stream_;
  const HttpContext& context_;
  TrackedScope& tracked_;
  std::string peer_;
  RequestReader reader_;
  ResponseWriter writer_;
  std::shared_ptr<Signal> signal_;
  ResponseShape shape_;
  WebSocketOffer offer_;
  bool unread_ = false;  ///< the client may still be sending what nobody will read
};

}  // namespace

asio::awaitable<void> ServeHttp(IoLoop& loop, Stream& stream, const HttpContext& context,
                                TrackedScope& tracked, std::string peer) {
  HttpSession session(loop, stream, context, tracked, std::move(peer));
  co_await session.Run();
}

}  // namespace tarn::net
