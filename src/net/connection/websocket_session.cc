#include "net/connection/websocket_session.h"

#include <mutex>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>

#include "base/log.h"
#include "net/connection/websocket_outbox.h"

namespace tarn::net {
namespace {

using std::chrono::steady_clock;

constexpr size_t kReadPiece = 16 * 1024;
constexpr size_t kWritePiece = 256 * 1024;
constexpr std::chrono::seconds kDropWait{1};
constexpr size_t kDropBytes = 8 << 20;

/// Calls a handler on the executor, one call at a time; OnClose is the last and comes once, also
/// when the connection's coroutine is destroyed while a call runs.
class HandlerCalls : public std::enable_shared_from_this<HandlerCalls> {
 public:
  HandlerCalls(std::shared_ptr<WebSocketHandler> handler, std::shared_ptr<WebSocketOutbox> outbox,
               Executor& executor, IoLoop& loop)
      : handler_(std::move(handler)),
        outbox_(std::move(outbox)),
        executor_(executor),
        done_(std::make_shared<Signal>(loop)) {}

  asio::awaitable<void> Open() {
    Post([](HandlerCalls& self) { self.handler_->OnOpen(self.outbox_); });
    co_await done_->Wait();
  }
  asio::awaitable<void> Message(MessageKind kind, std::string message) {
    auto owned = std::make_shared<std::string>(std::move(message));
    Post([kind, owned](HandlerCalls& self) { self.handler_->OnMessage(kind, std::move(*owned)); });
    co_await done_->Wait();
  }
  void Close(CloseCode code, std::string reason) {
    if (std::exchange(closed_, true)) return;
    Post([code, reason](HandlerCalls& self) { self.handler_->OnClose(code, reason); });
  }

 private:
  void Post(std::function<void(HandlerCalls&)> call) {
    executor_.Post([self = shared_from_this(), call = std::move(call)] {
      {
        std::lock_guard one_at_a_time(self->mutex_);
        try {
          call(*self);
        } catch (const std::exception& e) {
          LogError("WebSocket handler threw", {{"what", e.what()}});
          self->outbox_->Close(CloseCode::kInternalError, "");
        }
      }
      self->done_->Raise();
    });
  }

  const std::shared_ptr<WebSocketHandler> handler_;
  const std::shared_ptr<WebSocketOutbox> outbox_;
  Executor& executor_;
  const std::shared_ptr<Signal> done_;
  std::mutex mutex_;
  bool closed_ = false;  ///< loop thread only
};

/// Asks a silent client whether it is still there.
struct Pinger : std::enable_shared_from_this<Pinger> {
  Pinger(IoLoop& loop, std::shared_ptr<WebSocketOutbox> o, std::chrono::milliseconds every)
      : timer(loop.context), outbox(std::move(o)), interval(every) {}
  void Arm() {
    timer.expires_at(heard + interval);
    timer.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (error || self->ended) return;
      auto now = steady_clock::now();
      if (now >= self->heard + self->interval) {
        self->outbox->Ping();
        self->heard = now;
      }
      self->Arm();
    });
  }
  asio::steady_timer timer;
  const std::shared_ptr<WebSocketOutbox> outbox;
  const std::chrono::milliseconds interval;
  steady_clock::time_point heard = steady_clock::now();
  bool ended = false;
};

class WebSocketSession {
 public:
  WebSocketSession(IoLoop& loop, Stream& stream, Executor& executor, TrackedScope& tracked,
                   WebSocketUpgrade upgrade, std::chrono::nanoseconds write_timeout)
      : loop_(loop),
        stream_(stream),
        tracked_(tracked),
        options_(std::move(upgrade.options)),
        write_timeout_(write_timeout),
        wake_(std::make_shared<Signal>(loop)),
        writer_done_(std::make_shared<Signal>(loop)),
        outbox_(std::make_shared<WebSocketOutbox>(wake_, options_.max_queued_bytes)),
        calls_(std::make_shared<HandlerCalls>(std::move(upgrade.handler), outbox_, executor, loop)),
        pinger_(std::make_shared<Pinger>(loop, outbox_, options_.ping_interval)),
        parser_(options_.max_message_bytes) {}

  ~WebSocketSession() {
    tracked_.set_on_drain(nullptr);
    pinger_->ended = true;
    pinger_->timer.cancel();
    outbox_->Abandon();
    calls_->Close(code_, reason_);
  }

  asio::awaitable<void> Run(std::string early) {
    tracked_.set_on_drain([outbox = outbox_] { outbox->Close(CloseCode::kGoingAway, ""); });
    stream_.timeout().Clear();
    asio::co_spawn(loop_.context, Write(), [done = writer_done_](std::exception_ptr thrown) {
      if (thrown) LogError("WebSocket writer ended by an exception");
      done->Raise();
    });
    co_await calls_->Open();
    pinger_->heard = steady_clock::now();
    pinger_->Arm();
    co_await Read(std::move(early));
    if (code_ == CloseCode::kAbnormal) {
      // A writer that waits for a client which does not read would wait long.
      outbox_->Abandon();
      ::shutdown(tracked_.socket(), SHUT_RDWR);
    }
    co_await writer_done_->Wait();
    if (code_ != CloseCode::kAbnormal) co_await DropRest();
  }

 private:
  /// Until the client's close frame, its end, or an error of its.
  asio::awaitable<void> Read(std::string bytes) {
    auto buffer = std::make_unique_for_overwrite<char[]>(kReadPiece);
    std::string_view pending = bytes;
    for (;;) {
      while (!pending.empty()) {
        FrameEvent event;
        pending.remove_prefix(parser_.Put(pending, event));
        bool more = co_await Act(std::move(event));
        if (!more) co_return;
      }
      // The writer shortens the time once our own close frame is out.
      if (!close_sent_) stream_.timeout().Set(options_.idle_timeout);
      size_t got = co_await stream_.Read(buffer.get(), kReadPiece);
      if (got == 0) co_return;
      if (!close_sent_) stream_.timeout().Clear();
      pinger_->heard = steady_clock::now();
      pending = {buffer.get(), got};
    }
  }

  /// False when nothing more is to be read.
  asio::awaitable<bool> Act(FrameEvent event) {
    using Kind = FrameEvent::Kind;
    if (event.kind == Kind::kPing) outbox_->Pong(std::move(event.payload));
    if (event.kind == Kind::kMessage && !outbox_->close_code()) {
      co_await calls_->Message(event.message, std::move(event.payload));
    }
    if (event.kind == Kind::kError || event.kind == Kind::kClose) {
      // When we asked for the end, the client's code is an echo of ours.
      code_ = outbox_->close_code().value_or(event.code);
      reason_ = std::move(event.payload);
      bool is_error = event.kind == Kind::kError;
      outbox_->CloseNow(event.code, is_error ? reason_ : "");
      co_return false;
    }
    co_return true;
  }

  asio::awaitable<void> Write() {
    Timeout timeout(loop_.context, tracked_.socket());
    for (;;) {
      std::optional<OutFrame> frame = outbox_->Take();
      if (!frame) {
        if (outbox_->ended()) co_return;
        co_await wake_->Wait();
        continue;
      }
      bool written = co_await WriteFrame(*frame, timeout);
      timeout.Clear();
      outbox_->Sent(*frame);
      if (!written) {
        outbox_->Abandon();
        ::shutdown(tracked_.socket(), SHUT_RDWR);
        co_return;
      }
      if (frame->opcode == Opcode::kClose) {
        close_sent_ = true;
        stream_.timeout().Set(options_.close_timeout);
        co_return;
      }
    }
  }

  asio::awaitable<bool> WriteFrame(const OutFrame& frame, Timeout& timeout) {
    std::string head = FrameHead(frame.opcode, frame.payload.size());
    std::string_view rest = frame.payload;
    // In pieces, so that the timeout is about progress and not about size.
    std::string_view piece = rest.substr(0, kWritePiece);
    timeout.Set(write_timeout_);
    bool written = co_await stream_.Write(head, piece);
    for (rest.remove_prefix(piece.size()); written && !rest.empty();
         rest.remove_prefix(piece.size())) {
      piece = rest.substr(0, kWritePiece);
      timeout.Set(write_timeout_);
      written = co_await stream_.Write(piece, {});
    }
    co_return written;
  }

  /// Reads on for a short while: closing on unread bytes would reset the connection before the
  /// client has read our close frame.
  asio::awaitable<void> DropRest() {
    // Under TLS the close message must come last, so only the reading is done here.
    if (!stream_.tls()) co_await stream_.FinishWriting();
    stream_.timeout().Set(kDropWait);
    auto buffer = std::make_unique_for_overwrite<char[]>(kReadPiece);
    for (size_t dropped = 0; dropped < kDropBytes && !stream_.tls();) {
      size_t got = co_await stream_.Read(buffer.get(), kReadPiece);
      if (got == 0) break;
      dropped += got;
    }
  }

  IoLoop& loop_;
  Stream& stream_;
  TrackedScope& tracked_;
  const WebSocketOptions options_;
  const std::chrono::nanoseconds write_timeout_;
  const std::shared_ptr<Signal> wake_;
  const std::shared_ptr<Signal> writer_done_;
  const std::shared_ptr<WebSocketOutbox> outbox_;
  const std::shared_ptr<HandlerCalls> calls_;
  const std::shared_ptr<Pinger> pinger_;
  FrameParser parser_;
  bool close_sent_ = false;
  CloseCode code_ = CloseCode::kAbnormal;
  std::string reason_;
};

}  // namespace

asio::awaitable<void> ServeWebSocket(IoLoop& loop, Stream& stream, Executor& executor,
                                     TrackedScope& tracked, WebSocketUpgrade upgrade,
                                     std::string early, std::chrono::nanoseconds write_timeout) {
  WebSocketSession session(loop, stream, executor, tracked, std::move(upgrade), write_timeout);
  co_await session.Run(std::move(early));
}

}  // namespace tarn::net
