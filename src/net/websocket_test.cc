#include "net/websocket.h"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing.h"
#include "net/client/client_connection.h"
#include "net/server.h"
#include "net/testing.h"
#include "net/tls.h"

namespace tarn::net {
namespace {

using std::chrono::milliseconds;
using ::tarn::testing::IsError;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int kText = 1;
constexpr int kBinary = 2;
constexpr int kClose = 8;
constexpr int kPing = 9;
constexpr int kPong = 10;

Deadline Soon() { return Deadline::After(std::chrono::seconds(20)); }

/// The bytes of a frame; every rule can be broken.
struct Frame {
  int opcode = kText;
  std::string payload;
  bool final = true;
  bool masked = true;
  int reserved = 0;
  int length_bytes = -1;  ///< 0, 2 or 8; -1 is the right form

  std::string Bytes() const {
    std::string out(1, static_cast<char>((final ? 0x80 : 0) | reserved << 4 | opcode));
    size_t size = payload.size();
    int extra = length_bytes >= 0 ? length_bytes : size <= 125 ? 0 : size <= 0xffff ? 2 : 8;
    out += static_cast<char>((masked ? 0x80 : 0) | (extra == 0 ? size : extra == 2 ? 126 : 127));
    for (int i = extra - 1; i >= 0; --i) out += static_cast<char>(size >> (8 * i));
    if (!masked) return out + payload;
    constexpr std::string_view kMask = "\x12\x34\x56\x78";
    out += kMask;
    for (size_t i = 0; i < size; ++i) out += static_cast<char>(payload[i] ^ kMask[i & 3]);
    return out;
  }
};

std::string CloseWith(int code, const std::string& reason = "") {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  return payload + reason;
}

std::string Handshake(const std::string& path = "/echo") {
  return "GET " + path +
         " HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
}

/// A client whose frames are what a test says, over TCP or TLS.
class Client {
 public:
  Client(uint16_t port, const std::string& ca_path, const std::string& early = "") {
    auto opened = ClientConnection::Open("localhost", port, !ca_path.empty(), ca_path, Soon());
    EXPECT_TRUE(opened.ok()) << opened.error().ToString();
    connection_ = std::move(*opened);
    Send(Handshake() + "\r\n" + early);
    while (bytes_.find("\r\n\r\n") == bytes_.npos && Fill()) continue;
    size_t end = std::min(bytes_.find("\r\n\r\n"), bytes_.size() - 4) + 4;
    head_ = bytes_.substr(0, end);
    bytes_.erase(0, end);
  }
  void Send(const std::string& bytes) { (void)connection_->Write(bytes, Soon()); }
  void Send(const Frame& frame) { Send(frame.Bytes()); }
  const std::string& head() const { return head_; }

  /// The server's next frame; none at the end of the stream.
  std::optional<Frame> Read() {
    size_t need = 2;
    for (;;) {
      if (bytes_.size() >= need) {
        auto at = [&](size_t i) { return static_cast<unsigned char>(bytes_[i]); };
        EXPECT_EQ(at(1) & 0x80, 0) << "a server must not mask";
        EXPECT_EQ(at(0) & 0xf0, 0x80);
        size_t size = at(1) & 0x7f;
        size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
        need = 2 + extra;
        if (bytes_.size() >= need) {
          if (extra > 0) size = 0;
          for (size_t i = 0; i < extra; ++i) size = size << 8 | at(2 + i);
          need += size;
        }
        if (bytes_.size() >= need) {
          Frame frame{at(0) & 15, bytes_.substr(2 + extra, size)};
          bytes_.erase(0, need);
          return frame;
        }
      }
      if (!Fill()) return std::nullopt;
    }
  }
  /// The close frame that must be next: its code, 0 without one; -1 when there is none.
  int ReadClose(std::string* reason = nullptr) {
    auto frame = Read();
    if (!frame || frame->opcode != kClose) return -1;
    if (reason != nullptr && frame->payload.size() > 2) *reason = frame->payload.substr(2);
    if (frame->payload.size() < 2) return 0;
    return static_cast<unsigned char>(frame->payload[0]) << 8 |
           static_cast<unsigned char>(frame->payload[1]);
  }
  bool AtEnd() { return !Read(); }

 private:
  bool Fill() {
    char piece[16 * 1024];
    auto got = connection_->Read(piece, sizeof piece, Soon());
    // A server that cut the connection may have sent a reset.
    if (!got.ok()) {
      EXPECT_EQ(got.error().reason(), "CONNECTION_CLOSED") << got.error().ToString();
      return false;
    }
    if (*got == 0) return false;
    bytes_.append(piece, *got);
    return true;
  }
  std::unique_ptr<ClientConnection> connection_;
  std::string bytes_;
  std::string head_;
};

/// Echoes, and tells the test what it saw.
class Echo final : public WebSocketHandler {
 public:
  void OnOpen(std::shared_ptr<WebSocket> socket) override {
    std::lock_guard lock(mutex_);
    socket_ = std::move(socket);
    changed_.notify_all();
  }
  void OnMessage(MessageKind kind, std::string message) override {
    if (message == "throw") throw std::runtime_error("as asked");
    if (message == "wait") {
      std::unique_lock lock(mutex_);
      waiting_ = true;
      changed_.notify_all();
      changed_.wait(lock, [&] { return released_; });
      return;
    }
    if (message == "bye") return socket()->Close(CloseCode::kNormal, "good bye");
    (void)socket()->Send(kind, std::move(message), Soon());
  }
  void OnClose(CloseCode code, const std::string& reason) override {
    std::lock_guard lock(mutex_);
    ++closes_;
    code_ = static_cast<int>(code);
    reason_ = reason;
    changed_.notify_all();
  }

  std::shared_ptr<WebSocket> socket() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return socket_ != nullptr; });
    return socket_;
  }
  void WaitUntilWaiting() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_; });
  }
  void Release() {
    std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }
  /// The code OnClose was called with.
  int WaitForClose() {
    std::unique_lock lock(mutex_);
    bool called = changed_.wait_for(lock, std::chrono::seconds(20), [&] { return closes_ > 0; });
    EXPECT_TRUE(called);
    EXPECT_EQ(closes_, 1);
    return code_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<WebSocket> socket_;
  bool waiting_ = false;
  bool released_ = false;
  int closes_ = 0;
  int code_ = 0;
  std::string reason_;
};

class WebSocketTest : public ::testing::TestWithParam<bool> {
 protected:
  WebSocketTest() : folder_("/tmp/websocket_test." + std::to_string(::getpid())) {}
  ~WebSocketTest() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Start(WebSocketOptions options = {}, ServerLimits limits = {}) {
    ServerOptions server;
    server.limits = limits;
    server.executor = &pool_;
    if (GetParam()) {
      auto ca = EnsureLocalCa(folder_, "test authority");
      TARN_ASSERT_OK(ca);
      ca_path_ = ca->cert_path;
      auto pair = IssueServerCertificate(*ca, folder_, "server", "test server");
      TARN_ASSERT_OK(pair);
      server.cert_path = pair->cert_path;
      server.key_path = pair->key_path;
      server.listeners[0].tls = true;
    }
    Router router;
    router.Add("GET", "/echo", Blocking(pool_, [this, options](const Request& request) {
                 if (request.Header("Authorization") == "wrong")
                   return Response::Text(401, "who are you?");
                 WebSocketOptions chosen = options;
                 chosen.protocol = std::string(request.Header("Sec-WebSocket-Protocol"));
                 return Response::WebSocket(echo_, chosen);
               }));
    auto started = Server::Start(server, std::move(router));
    TARN_ASSERT_OK(started);
    server_ = std::move(*started);
    port_ = server_->ports()[0];
  }
  Client Connect(const std::string& early = "") { return Client(port_, ca_path_, early); }

  std::string folder_;
  std::string ca_path_;
  ThreadPool pool_{ThreadPool::Options{}};
  std::shared_ptr<Echo> echo_ = std::make_shared<Echo>();
  std::unique_ptr<Server> server_;
  uint16_t port_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Streams, WebSocketTest, ::testing::Values(false, true),
                         [](const auto& info) { return info.param ? "Tls" : "Plain"; });

TEST_P(WebSocketTest, EchoesMessagesOfEverySize) {
  Start();
  Client client = Connect();
  EXPECT_THAT(client.head(), StartsWith("HTTP/1.1 101 Switching Protocols\r\n"));
  EXPECT_THAT(client.head(), HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  for (int opcode : {kText, kBinary}) {
    for (size_t size : {0, 1, 125, 126, 65'535, 65'536, 3'000'000}) {
      std::string payload(size, opcode == kText ? 't' : '\xff');
      client.Send({opcode, payload});
      auto back = client.Read();
      ASSERT_TRUE(back);
      EXPECT_EQ(back->opcode, opcode);
      EXPECT_TRUE(back->payload == payload) << size;
    }
  }
  client.Send({kClose, CloseWith(1000, "done")});
  EXPECT_EQ(client.ReadClose(), 1000);
  EXPECT_TRUE(client.AtEnd());
  EXPECT_EQ(echo_->WaitForClose(), 1000);
}

TEST_P(WebSocketTest, PutsFragmentsTogetherAroundControlFrames) {
  Start();
  // The first frames come in one piece with the request.
  Client client = Connect(Frame{kText, "one \xc3", false}.Bytes() + Frame{kPing, "hello"}.Bytes());
  auto pong = client.Read();
  ASSERT_TRUE(pong);
  EXPECT_EQ(pong->opcode, kPong);
  EXPECT_EQ(pong->payload, "hello");
  client.Send({kPong, "nobody asked"});
  client.Send({0, "\xa4 two", false});
  client.Send({0, ""});
  EXPECT_EQ(client.Read()->payload, "one \xc3\xa4 two");
  // Byte by byte.
  for (char c : Frame{kBinary, std::string(300, 'b')}.Bytes()) client.Send(std::string(1, c));
  EXPECT_EQ(client.Read()->payload, std::string(300, 'b'));
}

TEST_P(WebSocketTest, ClosesOnFramesThatBreakTheRules) {
  Start();
  std::vector<std::vector<Frame>> broken = {
      {{.payload = "x", .masked = false}},
      {{.payload = "x", .reserved = 4}},
      {{.opcode = 3}},
      {{.opcode = 11}},
      {{.opcode = 0, .payload = "of nothing"}},
      {{.payload = "a", .final = false}, {.payload = "b"}},
      {{.opcode = kPing, .final = false}},
      {{.opcode = kPing, .payload = std::string(126, 'p')}},
      {{.payload = "short", .length_bytes = 2}},
      {{.payload = std::string(300, 'x'), .length_bytes = 8}},
      {{.opcode = kClose, .payload = "1"}},
      {{.opcode = kClose, .payload = CloseWith(999)}},
      {{.opcode = kClose, .payload = CloseWith(1004)}},
      {{.opcode = kClose, .payload = CloseWith(1005)}},
      {{.opcode = kClose, .payload = CloseWith(1006)}},
      {{.opcode = kClose, .payload = CloseWith(2999)}},
      {{.opcode = kClose, .payload = CloseWith(5000)}},
  };
  for (size_t i = 0; i < broken.size(); ++i) {
    echo_ = std::make_shared<Echo>();
    Client client = Connect();
    for (const Frame& frame : broken[i]) client.Send(frame);
    EXPECT_EQ(client.ReadClose(), 1002) << i;
    EXPECT_TRUE(client.AtEnd()) << i;
    EXPECT_EQ(echo_->WaitForClose(), 1002) << i;
  }
}

TEST_P(WebSocketTest, ClosesOnTextThatIsNotUtf8) {
  Start();
  for (const Frame& bad :
       {Frame{kText, "\xc3\x28"}, Frame{kText, "cut \xe2\x82"}, Frame{kText, "\xed\xa0\x80"},
        Frame{kText, "\xc0\xaf"}, Frame{kText, "\xf4\x90\x80\x80"},
        Frame{kClose, CloseWith(1000, "\xff")}}) {
    echo_ = std::make_shared<Echo>();
    Client client = Connect();
    client.Send(bad);
    EXPECT_EQ(client.ReadClose(), 1007) << bad.payload;
    EXPECT_EQ(echo_->WaitForClose(), 1007);
  }
}

TEST_P(WebSocketTest, ClosesOnMessagesThatAreTooLarge) {
  Start({.max_message_bytes = 1000});
  Client fits = Connect();
  fits.Send({kText, std::string(1000, 'x')});
  EXPECT_EQ(fits.Read()->payload.size(), 1000u);
  std::vector<std::vector<Frame>> large = {
      {{kBinary, std::string(1001, 'x')}},
      {{kText, std::string(600, 'x'), false}, {0, std::string(401, 'x')}}};
  for (const auto& frames : large) {
    echo_ = std::make_shared<Echo>();
    Client client = Connect();
    for (const Frame& frame : frames) client.Send(frame);
    EXPECT_EQ(client.ReadClose(), 1009);
    EXPECT_EQ(echo_->WaitForClose(), 1009);
  }
  // The promise alone is enough: nobody waits for the bytes, nor makes room for them.
  Client promise = Connect();
  promise.Send(std::string("\x82\xff\x00\x00\x7f\xff\xff\xff\xff\xff\x01\x02\x03\x04", 14));
  EXPECT_EQ(promise.ReadClose(), 1009);
}

TEST_P(WebSocketTest, AnswersCloseCodes) {
  Start();
  struct Case {
    std::string payload;
    int echoed;
    int seen;
  };
  for (const Case& c : {Case{"", 0, 1005}, Case{CloseWith(1001, "leaving"), 1001, 1001},
                        Case{CloseWith(3000), 3000, 3000}, Case{CloseWith(4999), 4999, 4999}}) {
    echo_ = std::make_shared<Echo>();
    Client client = Connect();
    client.Send({kClose, c.payload});
    EXPECT_EQ(client.ReadClose(), c.echoed);
    EXPECT_TRUE(client.AtEnd());
    EXPECT_EQ(echo_->WaitForClose(), c.seen);
  }
}

TEST_P(WebSocketTest, ClosesWhenTheHandlerSaysSo) {
  Start({.close_timeout = milliseconds(1500)});
  Client client = Connect();
  client.Send({kText, "first"});
  client.Send({kText, "bye"});
  EXPECT_EQ(client.Read()->payload, "first");
  std::string reason;
  EXPECT_EQ(client.ReadClose(&reason), 1000);
  EXPECT_EQ(reason, "good bye");
  client.Send({kText, "too late"});
  client.Send({kClose, CloseWith(1000)});
  EXPECT_TRUE(client.AtEnd());
  EXPECT_EQ(echo_->WaitForClose(), 1000);
  EXPECT_THAT(echo_->socket()->Send(MessageKind::kText, "x", Soon()), IsError("CONNECTION_CLOSED"));

  echo_ = std::make_shared<Echo>();
  Client silent = Connect();
  silent.Send({kText, "bye"});
  EXPECT_EQ(silent.ReadClose(), 1000);
  EXPECT_TRUE(silent.AtEnd());  // without an answer, after close_timeout
  EXPECT_EQ(echo_->WaitForClose(), 1006);

  echo_ = std::make_shared<Echo>();
  Client unlucky = Connect();
  unlucky.Send({kText, "throw"});
  EXPECT_EQ(unlucky.ReadClose(), 1011);
}

TEST_P(WebSocketTest, PingsASilentClientAndHangsUp) {
  Start({.ping_interval = milliseconds(50), .idle_timeout = milliseconds(1500)});
  Client client = Connect();
  for (int i = 0; i < 3; ++i) {
    auto ping = client.Read();
    ASSERT_TRUE(ping);
    EXPECT_EQ(ping->opcode, kPing);
    client.Send({kPong, ping->payload});
  }
  while (client.Read()) continue;  // pings that nobody answers
  EXPECT_EQ(echo_->WaitForClose(), 1006);
}

TEST_P(WebSocketTest, MakesSendersWaitForASlowClient) {
  Start({.max_queued_bytes = 100'000});
  Client client = Connect();
  auto socket = echo_->socket();
  const std::string message(50'000, 'm');
  int sent = 0;
  Status status = Ok();
  while (status.ok() && sent < 10'000) {
    status = socket->Send(MessageKind::kBinary, message, Deadline::After(milliseconds(100)));
    if (status.ok()) ++sent;
  }
  EXPECT_THAT(status, IsError("DEADLINE_EXCEEDED"));
  EXPECT_GT(sent, 1);
  for (int i = 0; i < sent; ++i) ASSERT_EQ(client.Read()->payload.size(), message.size());
  TARN_EXPECT_OK(socket->Send(MessageKind::kText, "again", Soon()));
  EXPECT_EQ(client.Read()->payload, "again");
}

TEST_P(WebSocketTest, EndsAClientThatStopsReading) {
  Start({.max_queued_bytes = 100'000}, {.write_timeout = milliseconds(500)});
  Client client = Connect();
  Status status = Ok();
  while (status.ok()) {
    status = echo_->socket()->Send(MessageKind::kBinary, std::string(50'000, 'm'), Soon());
  }
  EXPECT_THAT(status, IsError("CONNECTION_CLOSED"));
  EXPECT_EQ(echo_->WaitForClose(), 1006);
}

TEST_P(WebSocketTest, SaysGoodByeWhenTheServerStops) {
  Start();
  Client client = Connect();
  client.Send({kText, "hi"});
  EXPECT_EQ(client.Read()->payload, "hi");
  std::thread stopper([&] { server_->Stop(Soon()); });
  EXPECT_EQ(client.ReadClose(), 1001);
  client.Send({kClose, CloseWith(1001)});
  EXPECT_TRUE(client.AtEnd());
  stopper.join();
  EXPECT_EQ(server_->connections(), 0);
  EXPECT_EQ(echo_->WaitForClose(), 1001);
}

TEST_P(WebSocketTest, StopsThoughAHandlerWorks) {
  Start();
  Client client = Connect();
  client.Send({kText, "wait"});
  echo_->WaitUntilWaiting();
  server_->Stop(Deadline::After(milliseconds(50)));
  echo_->Release();
  EXPECT_EQ(echo_->WaitForClose(), 1006);
  EXPECT_THAT(echo_->socket()->Send(MessageKind::kText, "x", Soon()), IsError("CONNECTION_CLOSED"));
}

class HandshakeTest : public WebSocketTest {
 protected:
  std::string Answer(const std::string& head) {
    RawClient client(port_);
    client.Send(head + "\r\n");
    return client.ReadUntil("\r\n\r\n");
  }
};
INSTANTIATE_TEST_SUITE_P(Streams, HandshakeTest, ::testing::Values(false));

TEST_P(HandshakeTest, TurnsDownWhatIsNoHandshake) {
  Start();
  std::string plain = Answer("GET /echo HTTP/1.1\r\nHost: x\r\n");
  EXPECT_THAT(plain, StartsWith("HTTP/1.1 426 Upgrade Required\r\n"));
  EXPECT_THAT(plain, HasSubstr("Upgrade: websocket\r\n"));
  EXPECT_THAT(plain, HasSubstr("Sec-WebSocket-Version: 13\r\n"));
  auto with = [](std::string from, const std::string& to) {
    std::string head = Handshake();
    return head.replace(head.find(from), from.size(), to);
  };
  EXPECT_THAT(Answer(with("Version: 13", "Version: 8")), StartsWith("HTTP/1.1 426"));
  EXPECT_THAT(Answer(with("keep-alive, Upgrade", "keep-alive")), StartsWith("HTTP/1.1 426"));
  EXPECT_THAT(Answer(with("WebSocket\r\n", "h2c\r\n")), StartsWith("HTTP/1.1 426"));
  EXPECT_THAT(Answer(with("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=")), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(Answer(with("dGhlIHNhbXBsZSBub25jZQ==", "!")), StartsWith("HTTP/1.1 400"));
  // The handler comes first, as on any route.
  EXPECT_THAT(Answer(Handshake() + "Authorization: wrong\r\n"), StartsWith("HTTP/1.1 401"));
  std::string chosen = Answer(Handshake() + "Sec-WebSocket-Protocol: kernel.v1\r\n");
  EXPECT_THAT(chosen, StartsWith("HTTP/1.1 101"));
  EXPECT_THAT(chosen, HasSubstr("Sec-WebSocket-Protocol: kernel.v1\r\n"));
}

TEST_P(HandshakeTest, AHalfClosedClientIsGone) {
  Start();
  RawClient client(port_);
  client.Send(Handshake() + "\r\n");
  client.ReadUntil("\r\n\r\n");
  client.Send(Frame{kText, "half a mess", false}.Bytes());
  client.FinishWriting();
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(echo_->WaitForClose(), 1006);
}

}  // namespace
}  // namespace tarn::net
