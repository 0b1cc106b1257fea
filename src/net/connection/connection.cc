#include "net/connection/connection.h"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/client_hello.h"
#include "net/connection/socket_stream.h"
#include "net/grpc_front.h"

namespace tarn::net {
namespace {

using asio::ip::tcp;

/// The first bytes of every protocol we speak are longer than a TLS record's header.
constexpr int kEnoughToDecide = 5;
constexpr unsigned char kTlsHandshake = 0x16;
constexpr std::string_view kHttp2Preface = "PRI ";
constexpr size_t kLargestHello = 16 * 1024;
constexpr std::string_view kPlaintextRefused =
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 26\r\n\r\n"
    "This port speaks TLS only\n";

enum class Protocol { kGone, kTls, kGrpc, kGrpcTls, kHttp };

struct OpenCount {
  explicit OpenCount(std::atomic<int>& open) : open_(open) { ++open_; }
  ~OpenCount() { --open_; }
  std::atomic<int>& open_;
};

std::string PeerName(const tcp::socket& socket) {
  boost::system::error_code error;
  auto endpoint = socket.remote_endpoint(error);
  if (error) return "";
  std::string address = endpoint.address().to_string();
  if (endpoint.address().is_v6()) address = "[" + address + "]";
  return address + ":" + std::to_string(endpoint.port());
}

/// Waits until `count` bytes can be peeked at. The kernel does the counting, so that a client that
/// sends byte by byte wakes us once.
asio::awaitable<size_t> Peek(tcp::socket& socket, int count,
                             std::array<unsigned char, kLargestHello>& out) {
  int fd = socket.native_handle();
  ::setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &count, sizeof count);
  co_await socket.async_wait(tcp::socket::wait_read, asio::as_tuple(asio::use_awaitable));
  int one = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof one);
  ssize_t got = ::recv(fd, out.data(), out.size(), MSG_PEEK | MSG_DONTWAIT);
  co_return got < count ? 0 : static_cast<size_t>(got);
}

asio::awaitable<Protocol> Decide(tcp::socket& socket, const ConnectionContext& context) {
  auto bytes = std::make_unique<std::array<unsigned char, kLargestHello>>();
  size_t got = co_await Peek(socket, kEnoughToDecide, *bytes);
  if (got == 0) co_return Protocol::kGone;
  std::string_view start(reinterpret_cast<const char*>(bytes->data()), got);
  if (start.starts_with(kHttp2Preface)) co_return Protocol::kGrpc;
  if ((*bytes)[0] != kTlsHandshake) co_return Protocol::kHttp;
  if (context.grpc == nullptr || !context.grpc->takes_tls()) co_return Protocol::kTls;
  size_t hello = kEnoughToDecide + ((*bytes)[3] << 8 | (*bytes)[4]);
  if (got < hello && hello <= bytes->size()) {
    got = co_await Peek(socket, static_cast<int>(hello), *bytes);
    if (got == 0) co_return Protocol::kGone;
  }
  // A client that also speaks http/1.1 is a browser or an HTTP library, not gRPC.
  AlpnOffer offer = ReadAlpnOffer(bytes->data(), std::min(got, hello));
  co_return offer.h2 && !offer.http1 ? Protocol::kGrpcTls : Protocol::kTls;
}

void HandOver(tcp::socket socket, GrpcFront& grpc, bool tls) {
  boost::system::error_code error;
  int fd = socket.release(error);
  if (error) return;
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  grpc.Take(fd, tls);
}

}  // namespace

asio::awaitable<void> ServeConnection(IoLoop& loop, tcp::socket socket,
                                      const ConnectionContext& context) {
  OpenCount open(context.open);
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  std::string peer = PeerName(socket);
  const ServerLimits& limits = context.http.limits;
  Protocol protocol = Protocol::kGone;
  {
    TrackedScope tracked(loop, socket.native_handle());
    Timeout timeout(loop.context, socket.native_handle());
    timeout.Set(limits.header_timeout);
    protocol = co_await Decide(socket, context);
  }
  if (protocol == Protocol::kGone || loop.draining) co_return;
  bool is_tls = protocol == Protocol::kTls || protocol == Protocol::kGrpcTls;
  if (is_tls && context.tls == nullptr) co_return;
  if (protocol == Protocol::kGrpc || protocol == Protocol::kGrpcTls) {
    if (context.grpc == nullptr || (!is_tls && !context.plaintext)) co_return;
    HandOver(std::move(socket), *context.grpc, is_tls);
    co_return;
  }
  TrackedScope tracked(loop, socket.native_handle());
  std::unique_ptr<Stream> stream;
  if (is_tls) {
    stream = co_await AcceptTls(loop, std::move(socket), *context.tls, limits.header_timeout);
    if (!stream) co_return;
  } else {
    stream = MakePlainStream(loop, std::move(socket));
  }
  if (!is_tls && !context.plaintext) {
    stream->timeout().Set(limits.write_timeout);
    co_await stream->Write(kPlaintextRefused, {});
    co_return;
  }
  co_await ServeHttp(loop, *stream, context.http, tracked, std::move(peer));
  if (is_tls) co_await stream->FinishWriting();
}

}  // namespace tarn::net
