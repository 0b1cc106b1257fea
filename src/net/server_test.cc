#include "net/server.h"

#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/metric_table.h"
#include "net/http_client.h"
#include "net/testing.h"
#include "net/tls.h"

namespace tarn::net {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

Router TestRouter(Executor& executor) {
  Router router;
  router.Add("GET", "/hello", [](Request&&, Responder respond) {
    respond(Response::Json(200, R"({"hello":true})"));
  });
  router.Add("GET", "/echo/{id}", [](Request&& request, Responder respond) {
    respond(Response::Text(200, std::string(request.Param("id")) + "|" +
                                    std::string(request.Query("q")) + "|" + request.peer));
  });
  router.Add("POST", "/echo", {.tag = 7, .max_body_bytes = 1000},
             [](Request&& request, Responder respond) {
               respond(Response::Text(
                   200, std::to_string(request.route_tag) + ":" + std::move(request.body)));
             });
  router.Add("GET", "/later", Blocking(executor, [](const Request&) {
               std::this_thread::sleep_for(milliseconds(30));
               return Response::Text(200, "later");
             }));
  router.Add("GET", "/throws",
             Blocking(executor, [](const Request&) -> Response { throw std::bad_alloc(); }));
  router.Add("GET", "/drops", [](Request&&, Responder) {});
  router.Add("GET", "/chunks", [](Request&&, Responder respond) {
    auto left = std::make_shared<int>(3);
    respond(Response::Stream(200, "text/plain", [left]() -> Result<std::string> {
      return (*left)-- > 0 ? std::string(5, 'x') : std::string();
    }));
  });
  router.Add("GET", "/broken", [](Request&&, Responder respond) {
    respond(Response::Stream(200, "text/plain",
                             []() -> Result<std::string> { return Fail("IO_ERROR", "disk"); }));
  });
  router.Add("PUT", "/upload", {.max_body_bytes = 64 << 20, .stream_body = true},
             Blocking(executor, [](const Request& request) {
               std::string buffer(50'000, 0);
               int64_t total = 0;
               for (;;) {
                 auto got = request.body_reader->Read(buffer.data(), buffer.size());
                 if (!got.ok()) {
                   return Response::Text(got.error().http_status(),
                                         std::string(got.error().reason()));
                 }
                 if (*got == 0) return Response::Text(200, std::to_string(total));
                 total += static_cast<int64_t>(*got);
               }
             }));
  return router;
}

class ServerTest : public testing::Test {
 protected:
  void Start(ServerOptions options = {}) {
    auto server = Server::Start(std::move(options), TestRouter(pool_));
    ASSERT_TRUE(server.ok()) << server.error().ToString();
    server_ = std::move(*server);
    port_ = server_->ports()[0];
  }
  static Deadline Soon() { return Deadline::After(std::chrono::seconds(10)); }
  static std::string Get(std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  ThreadPool pool_{ThreadPool::Options{}};
  std::unique_ptr<Server> server_;
  uint16_t port_ = 0;
};

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  Start();
  RawClient client(port_);
  for (int i = 0; i < 3; ++i) {
    client.Send(Get("/hello"));
    std::string response = client.ReadUntil("true}");
    EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(response, HasSubstr("Content-Length: 14\r\n"));
    EXPECT_THAT(response, HasSubstr("Date: "));
  }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  RawClient client(port_);
  client.Send(Get("/later") + Get("/echo/a%20b?q=1%2B2") + Get("/hello"));
  std::string all = client.ReadUntil("true}");
  EXPECT_LT(all.find("later"), all.find("a b|1+2|127.0.0.1:"));
  EXPECT_NE(all.find("a b|1+2|127.0.0.1:"), all.npos);
}

TEST_F(ServerTest, ClosesWhenAskedTo) {
  Start();
  RawClient client(port_);
  client.Send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.ReadToEnd(), HasSubstr("Connection: close\r\n"));
  RawClient old(port_);
  old.Send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.ReadToEnd(), HasSubstr("true}"));
}

TEST_F(ServerTest, TakesARequestByteByByte) {
  Start();
  RawClient client(port_);
  for (char c : Get("/hello")) {
    client.Send(std::string_view(&c, 1));
    std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_THAT(client.ReadUntil("true}"), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, ReadsChunkedBodiesInAnyPieces) {
  Start();
  RawClient client(port_);
  std::string request =
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n1;a=b\r\n!\r\n0\r\nTrailer: t\r\n\r\n";
  for (char c : request) client.Send(std::string_view(&c, 1));
  EXPECT_THAT(client.ReadUntil("hello!"), HasSubstr("7:hello!"));
  client.Send(request + Get("/hello"));
  EXPECT_THAT(client.ReadUntil("true}"), HasSubstr("7:hello!"));
}

TEST_F(ServerTest, WritesChunkedBodies) {
  Start();
  RawClient client(port_);
  client.Send(Get("/chunks") + Get("/hello"));
  std::string all = client.ReadUntil("true}");
  EXPECT_THAT(all, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(all,
              HasSubstr("\r\n\r\n5\r\nxxxxx\r\n5\r\nxxxxx\r\n5\r\nxxxxx\r\n0\r\n\r\nHTTP/1.1"));
  RawClient old(port_);
  old.Send("GET /chunks HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.ReadToEnd(), HasSubstr("\r\n\r\nxxxxxxxxxxxxxxx"));
}

TEST_F(ServerTest, CutsABodyWhoseSourceFails) {
  Start();
  RawClient client(port_);
  client.Send(Get("/broken"));
  EXPECT_THAT(client.ReadToEnd(), testing::EndsWith("\r\n\r\n"));
}

TEST_F(ServerTest, AnswersHeadWithoutBody) {
  Start();
  RawClient client(port_);
  client.Send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n" + Get("/echo/1"));
  std::string all = client.ReadUntil("127.0.0.1");
  EXPECT_THAT(all, HasSubstr("Content-Length: 14\r\n\r\nHTTP/1.1 200"));
}

TEST_F(ServerTest, SaysWhatIsWrong) {
  Start();
  HttpClient client({.port = port_});
  EXPECT_EQ(client.Get("/nowhere", Soon())->status, 404);
  auto wrong = client.Send("DELETE", "/hello", {}, "", Soon());
  EXPECT_EQ(wrong->status, 405);
  EXPECT_EQ(wrong->headers.Get("Allow"), "GET");
  for (const char* path : {"/throws", "/drops"}) {
    auto failed = client.Get(path, Soon());
    EXPECT_EQ(failed->status, 500) << path;
    EXPECT_EQ(failed->body, "internal error\n") << path;
  }
  EXPECT_EQ(client.Get("/echo/%zz", Soon())->status, 400);
  for (std::string bad :
       {"GARBAGE\r\n\r\n", "GET /hello HTTP/1.1\r\n\r\n", "GET /hello HTTP/9.1\r\nHost: x\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nabc"}) {
    RawClient raw(port_);
    raw.Send(bad);
    EXPECT_THAT(raw.ReadToEnd(),
                testing::AnyOf(StartsWith("HTTP/1.1 400"), StartsWith("HTTP/1.1 505")))
        << bad;
  }
}

TEST_F(ServerTest, RefusesLargeBodies) {
  Start();
  HttpClient client({.port = port_});
  EXPECT_EQ(client.Post("/echo", "text/plain", std::string(1000, 'b'), Soon())->status, 200);
  auto refused = client.Post("/echo", "text/plain", std::string(1001, 'b'), Soon());
  EXPECT_EQ(refused->status, 413);
  EXPECT_THAT(refused->body, HasSubstr("the limit of 1000 bytes"));
  EXPECT_EQ(client.Post("/echo", "text/plain", std::string(4 << 20, 'b'), Soon())->status, 413);
  RawClient chunked(port_);
  chunked.Send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
               std::string(1001, 'c') + "\r\n0\r\n\r\n");
  EXPECT_THAT(chunked.ReadToEnd(), StartsWith("HTTP/1.1 413"));
}

TEST_F(ServerTest, RefusesLargeHeads) {
  Start({.limits = {.header_bytes = 2000}});
  RawClient client(port_);
  client.Send("GET /hello HTTP/1.1\r\nHost: x\r\nBig: " + std::string(5000, 'h') + "\r\n\r\n");
  EXPECT_THAT(client.ReadToEnd(), StartsWith("HTTP/1.1 431"));
}

TEST_F(ServerTest, AsksForTheBodyWhenExpectedTo) {
  Start();
  RawClient client(port_);
  client.Send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("ok");
  EXPECT_THAT(client.ReadUntil("7:ok"), HasSubstr("200 OK"));
  RawClient large(port_);
  large.Send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(large.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 413"));
}

TEST_F(ServerTest, EndsSlowClients) {
  Start({.limits = {.idle_timeout = milliseconds(150),
                    .header_timeout = milliseconds(150),
                    .body_timeout = milliseconds(150)}});
  for (std::string start : {"", "G", "GET /hello HTTP/1.1\r\nHost:",
                            "POST /echo HTTP/1.1\r\nHost: x\r\n"
                            "Content-Length: 900\r\n\r\nabc"}) {
    RawClient client(port_);
    client.Send(start);
    auto began = std::chrono::steady_clock::now();
    std::atomic<bool> done = false;
    // Dripping must not buy time.
    std::thread drip([&] {
      while (!start.empty() && !done) {
        std::this_thread::sleep_for(milliseconds(20));
        client.Send("y");
      }
    });
    std::string all = client.ReadToEnd();
    done = true;
    drip.join();
    EXPECT_THAT(all, testing::Not(HasSubstr("timed out"))) << start;
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2)) << start;
  }
}

// shutdown(2) of the writing side alone: the client still waits for its answers.
TEST_F(ServerTest, AnswersAHalfClosedClient) {
  Start();
  RawClient client(port_);
  client.Send(Get("/later") + Get("/hello"));
  client.FinishWriting();
  std::string all = client.ReadToEnd();
  EXPECT_THAT(all, HasSubstr("later"));
  EXPECT_THAT(all, testing::EndsWith("true}"));
  RawClient half_a_body(port_);
  half_a_body.Send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  half_a_body.FinishWriting();
  EXPECT_EQ(half_a_body.ReadToEnd(), "");
}

TEST_F(ServerTest, EndsAClientThatStopsReading) {
  ServerOptions options;
  options.limits.write_timeout = milliseconds(200);
  std::atomic<bool> ended = false;
  Router router;
  router.Add("GET", "/endless", [&](Request&&, Responder respond) {
    auto last = std::shared_ptr<void>(nullptr, [&](void*) { ended = true; });
    respond(Response::Stream(
        200, "text/plain", [last]() -> Result<std::string> { return std::string(1 << 16, 'x'); }));
  });
  router.Add("GET", "/large", [&](Request&&, Responder respond) {
    respond(Response::Text(200, std::string(64 << 20, 'x')));
  });
  auto server = Server::Start(options, std::move(router));
  ASSERT_TRUE(server.ok());
  RawClient endless((*server)->ports()[0], 4096);
  RawClient large((*server)->ports()[0], 4096);
  endless.Send(Get("/endless"));
  large.Send(Get("/large"));
  Deadline deadline = Soon();
  while ((!ended || (*server)->connections() > 0) && !deadline.Passed()) std::this_thread::yield();
  EXPECT_TRUE(ended);
  EXPECT_EQ((*server)->connections(), 0);
}

TEST_F(ServerTest, ClosesConnectionsAboveTheMost) {
  ServerOptions options;
  options.limits.max_connections = 2;
  Start(options);
  auto first = std::make_unique<RawClient>(port_);
  RawClient second(port_);
  for (RawClient* client : {first.get(), &second}) {
    client->Send(Get("/hello"));
    client->ReadUntil("true}");
  }
  RawClient third(port_);
  third.Send(Get("/hello"));
  EXPECT_EQ(third.ReadToEnd(), "");
  first.reset();
  Deadline deadline = Soon();
  while (server_->connections() > 1 && !deadline.Passed()) std::this_thread::yield();
  RawClient fourth(port_);
  fourth.Send(Get("/hello"));
  EXPECT_THAT(fourth.ReadUntil("true}"), HasSubstr("200 OK"));
}

TEST_F(ServerTest, SocketsStayInThisProcess) {
  Start();
  RawClient client(port_);
  client.Send(Get("/hello"));
  client.ReadUntil("true}");
  int sockets = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    std::string what = std::filesystem::read_symlink(entry.path(), gone).string();
    if (!what.starts_with("socket:")) continue;
    int fd = std::stoi(entry.path().filename().string());
    ++sockets;
    EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0) << fd;
  }
  EXPECT_GE(sockets, 3);  // the listener and both ends of the connection
}

// The head alone is enough to turn a request down: its body is never asked for, nor held.
TEST_F(ServerTest, ChecksTheHeadBeforeTheBody) {
  Router router;
  std::atomic<int> handled = 0;
  RouteOptions options;
  options.check = [](const Request& request) -> std::optional<Response> {
    if (request.Header("Authorization") == "ok") return std::nullopt;
    return Response::Text(401, "who are you?");
  };
  auto handler = [&](Request&& request, Responder respond) {
    ++handled;
    respond(Response::Text(200, std::to_string(request.body.size())));
  };
  router.Add("POST", "/whole", options, handler);
  options.stream_body = true;
  router.Add("POST", "/stream", options, handler);
  auto server = Server::Start({}, std::move(router));
  ASSERT_TRUE(server.ok());
  for (std::string path : {"/whole", "/stream"}) {
    for (std::string framing : {"Content-Length: 1000000", "Transfer-Encoding: chunked"}) {
      std::string head = "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + framing + "\r\n";
      RawClient patient((*server)->ports()[0]);
      patient.Send(head + "Expect: 100-continue\r\n\r\n");
      std::string all = patient.ReadUntil("who are you?");
      EXPECT_THAT(all, StartsWith("HTTP/1.1 401")) << path << framing;
      EXPECT_THAT(all, HasSubstr("Connection: close")) << path << framing;
    }
  }
  EXPECT_EQ(handled, 0);
  HttpClient client({.port = (*server)->ports()[0]});
  auto passed = client.Send("POST", "/whole", {{"Authorization", "ok"}}, "1234", Soon());
  ASSERT_TRUE(passed.ok()) << passed.error().ToString();
  EXPECT_EQ(passed->body, "4");
  auto refused = client.Send("POST", "/whole", {}, std::string(3 << 20, 'x'), Soon());
  ASSERT_TRUE(refused.ok()) << refused.error().ToString();
  EXPECT_EQ(refused->status, 401);
}

TEST_F(ServerTest, StreamsBodiesToTheHandler) {
  Start();
  HttpClient client({.port = port_});
  auto done = client.Send("PUT", "/upload", {}, std::string(20 << 20, 'u'), Soon());
  ASSERT_TRUE(done.ok()) << done.error().ToString();
  EXPECT_EQ(done->body, std::to_string(20 << 20));
  EXPECT_EQ(client.Send("PUT", "/upload", {}, "", Soon())->body, "0");
  EXPECT_EQ(client.Send("PUT", "/upload", {}, std::string(65 << 20, 'u'), Soon())->status, 413);
  RawClient chunked(port_);
  chunked.Send("PUT /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100; ++i) chunked.Send("400\r\n" + std::string(1024, 'v') + "\r\n");
  chunked.Send("0\r\n\r\n" + Get("/hello"));
  EXPECT_THAT(chunked.ReadUntil("true}"), HasSubstr("\r\n\r\n102400HTTP/1.1 200"));
  RawClient broken(port_);
  broken.Send("PUT /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  EXPECT_THAT(broken.ReadToEnd(), StartsWith("HTTP/1.1 400"));
}

TEST_F(ServerTest, DrainsBeforeItStops) {
  Start();
  RawClient idle(port_);
  idle.Send(Get("/hello"));
  idle.ReadUntil("true}");
  RawClient busy(port_);
  busy.Send(Get("/later"));
  std::this_thread::sleep_for(milliseconds(10));
  server_->Stop(Deadline::After(std::chrono::seconds(5)));
  EXPECT_EQ(idle.ReadToEnd(), "");
  EXPECT_THAT(busy.ReadToEnd(), HasSubstr("later"));
  EXPECT_EQ(server_->connections(), 0);
}

TEST_F(ServerTest, StopsThoughNobodyAnswers) {
  Router router;
  std::vector<Responder> kept;
  router.Add("GET", "/never", [&](Request&&, Responder respond) { kept.push_back(respond); });
  auto server = Server::Start({}, std::move(router));
  ASSERT_TRUE(server.ok());
  RawClient client((*server)->ports()[0]);
  client.Send(Get("/never"));
  std::this_thread::sleep_for(milliseconds(20));
  server->reset();
  EXPECT_EQ(client.ReadToEnd(), "");
  ASSERT_EQ(kept.size(), 1u);
  kept[0](Response::Empty(200));
}

TEST_F(ServerTest, CountsWhatItAnswers) {
  MetricTable metrics("test");
  ServerOptions options;
  options.metrics = &metrics;
  Start(options);
  RawClient client(port_);
  client.Send(Get("/hello") + Get("/hello") + Get("/nowhere"));
  client.ReadUntil("404");
  EXPECT_EQ(metrics.PrometheusText(),
            "# TYPE test_http_requests_total counter\ntest_http_requests_total{code=\"200\"} 2\n"
            "test_http_requests_total{code=\"404\"} 1\n");
  server_.reset();
}

TEST_F(ServerTest, ReportsAnAddressInUse) {
  Start();
  ServerOptions second;
  second.listeners[0].port = port_;
  second.listeners[0].name = "--some-port";
  auto server = Server::Start(second, Router());
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.error().reason(), "LISTEN_FAILED");
  EXPECT_THAT(server.error().message(), ::testing::HasSubstr("--some-port"));
}

TEST_F(ServerTest, StartsWithoutAnOptionalPortThatIsTaken) {
  Start();
  ServerOptions second;
  second.listeners.push_back({.port = port_, .optional = true});
  auto server = Server::Start(second, TestRouter(pool_));
  ASSERT_TRUE(server.ok()) << server.error().ToString();
  EXPECT_NE((*server)->ports()[0], 0);
  EXPECT_EQ((*server)->ports()[1], 0);
  RawClient client((*server)->ports()[0]);
  client.Send(Get("/hello"));
  EXPECT_THAT(client.ReadUntil("true}"), HasSubstr("200 OK"));
}

class TlsTest : public ServerTest {
 protected:
  TlsTest() : folder_("/tmp/net_test." + std::to_string(::getpid())) {}
  ~TlsTest() override { std::filesystem::remove_all(folder_); }
  ServerOptions TlsOptions() {
    auto ca = EnsureLocalCa(folder_, "test authority");
    EXPECT_TRUE(ca.ok());
    ca_ = *ca;
    auto pair =
        IssueServerCertificate(ca_, folder_, "server", "test server", {"example.test", "10.0.0.1"});
    EXPECT_TRUE(pair.ok()) << pair.error().ToString();
    ServerOptions options;
    options.cert_path = pair->cert_path;
    options.key_path = pair->key_path;
    options.listeners[0].tls = true;
    return options;
  }
  std::string folder_;
  CertificateFiles ca_;
};

TEST_F(TlsTest, ServesTlsAndPlaintextOnOnePort) {
  Start(TlsOptions());
  for (std::string host : {"localhost", "127.0.0.1"}) {
    HttpClient client({.host = host, .port = port_, .tls = true, .ca_path = ca_.cert_path});
    auto first = client.Get("/hello", Soon());
    ASSERT_TRUE(first.ok()) << first.error().ToString();
    EXPECT_EQ(first->body, R"({"hello":true})");
    EXPECT_EQ(client.Send("PUT", "/upload", {}, std::string(3 << 20, 'u'), Soon())->body,
              std::to_string(3 << 20));
    EXPECT_EQ(client.Get("/chunks", Soon())->body, "xxxxxxxxxxxxxxx");
  }
  HttpClient plain({.port = port_});
  EXPECT_EQ(plain.Get("/hello", Soon())->status, 200);
}

// A record's head that promises a handshake, then nothing or a drop at a time.
TEST_F(TlsTest, EndsADrippedHandshake) {
  ServerOptions options = TlsOptions();
  options.limits.header_timeout = milliseconds(200);
  Start(std::move(options));
  for (std::string start : {std::string("\x16\x03\x01\x02\x00", 5),
                            std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)}) {
    RawClient client(port_);
    client.Send(start);
    auto began = std::chrono::steady_clock::now();
    std::atomic<bool> done = false;
    std::thread drip([&] {
      while (!done) {
        std::this_thread::sleep_for(milliseconds(20));
        client.Send("y");
      }
    });
    std::string all = client.ReadToEnd();
    done = true;
    drip.join();
    EXPECT_THAT(all, testing::Not(HasSubstr("timed out")));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(4));
  }
  Deadline deadline = Soon();
  while (server_->connections() > 0 && !deadline.Passed()) std::this_thread::yield();
  EXPECT_EQ(server_->connections(), 0);
}

TEST_F(TlsTest, ClientsTrustOnlyTheirAuthority) {
  Start(TlsOptions());
  auto other = EnsureLocalCa(folder_ + "/other", "test authority");
  ASSERT_TRUE(other.ok());
  HttpClient client({.port = port_, .tls = true, .ca_path = other->cert_path});
  auto response = client.Get("/hello", Soon());
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().reason(), "TLS_HANDSHAKE_FAILED");
}

TEST_F(TlsTest, CanRefusePlaintext) {
  ServerOptions options = TlsOptions();
  options.listeners[0].plaintext = false;
  Start(options);
  HttpClient plain({.port = port_});
  EXPECT_EQ(plain.Get("/hello", Soon())->status, 400);
}

TEST_F(TlsTest, KeysArePrivateAndTheAuthorityIsMadeOnce) {
  TlsOptions();
  std::string before = folder_ + "/ca.crt";
  auto written = std::filesystem::last_write_time(before);
  ASSERT_TRUE(EnsureLocalCa(folder_, "test authority").ok());
  EXPECT_EQ(std::filesystem::last_write_time(before), written);
  for (const char* key : {"/ca.key", "/server.key"}) {
    auto mode = std::filesystem::status(folder_ + key).permissions();
    EXPECT_EQ(static_cast<unsigned>(mode), 0600u);
  }
  EXPECT_FALSE(IssueServerCertificate(ca_, folder_, "x", "test server", {"a,DNS:b"}).ok());
}

TEST_F(TlsTest, SendsFilesAndRanges) {
  ServerOptions options = TlsOptions();
  std::string path = folder_ + "/data";
  std::string content(700'000, 'a');
  for (size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>('a' + i % 23);
  std::ofstream(path) << content;
  Router router;
  router.Add("GET", "/all", [&](Request&&, Responder respond) {
    respond(Response::File(200, {path}, "application/octet-stream"));
  });
  router.Add("GET", "/part", [&](Request&&, Responder respond) {
    respond(Response::File(206, {path, 10, 100}, "application/octet-stream"));
  });
  router.Add("GET", "/gone", [&](Request&&, Responder respond) {
    respond(Response::File(200, {path + ".gone"}, "application/octet-stream"));
  });
  auto server = Server::Start(options, std::move(router));
  ASSERT_TRUE(server.ok());
  for (bool tls : {false, true}) {
    HttpClient client({.port = (*server)->ports()[0], .tls = tls, .ca_path = ca_.cert_path});
    EXPECT_EQ(client.Get("/all", Soon())->body, content);
    EXPECT_EQ(client.Get("/part", Soon())->body, content.substr(10, 100));
    EXPECT_EQ(client.Get("/gone", Soon())->status, 404);
  }
}

}  // namespace
}  // namespace tarn::net
