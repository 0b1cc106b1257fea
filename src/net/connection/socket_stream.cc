#include "net/connection/socket_stream.h"

#include <array>
#include <cerrno>
#include <sys/sendfile.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace tarn::net {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
constexpr size_t kTlsRecord = 16 * 1024;
constexpr size_t kFilePiece = 256 * 1024;
constexpr std::chrono::seconds kTlsCloseWait{2};

class PlainStream final : public Stream {
 public:
  PlainStream(IoLoop& loop, tcp::socket socket)
      : socket_(std::move(socket)), timeout_(loop.context, socket_.native_handle()) {}

  asio::awaitable<size_t> Read(char* out, size_t size) override {
    auto [error, got] = co_await socket_.async_read_some(asio::buffer(out, size), kToken);
    co_return error ? 0 : got;
  }

  asio::awaitable<bool> Write(std::string_view first, std::string_view second) override {
    std::array<asio::const_buffer, 2> parts{asio::buffer(first), asio::buffer(second)};
    auto [error, written] = co_await asio::async_write(socket_, parts, kToken);
    co_return !error;
  }

  asio::awaitable<bool> SendFile(int file, int64_t offset, int64_t length,
                                 std::chrono::nanoseconds write_timeout) override {
    error_code ignored;
    socket_.native_non_blocking(true, ignored);
    off_t at = offset;
    const off_t end = offset + length;
    while (at < end) {
      size_t piece = static_cast<size_t>(std::min<off_t>(end - at, 4 << 20));
      ssize_t sent = ::sendfile(socket_.native_handle(), file, &at, piece);
      if (sent > 0 || (sent < 0 && errno == EINTR)) continue;
      if (sent == 0 || errno != EAGAIN) co_return false;
      timeout_.Set(write_timeout);
      auto [error] = co_await socket_.async_wait(tcp::socket::wait_write, kToken);
      if (error) co_return false;
    }
    co_return true;
  }

  asio::awaitable<void> FinishWriting() override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    co_return;
  }

  Timeout& timeout() override { return timeout_; }
  bool tls() const override { return false; }

 private:
  tcp::socket socket_;
  Timeout timeout_;
};

class TlsStream final : public Stream {
 public:
  TlsStream(IoLoop& loop, tcp::socket socket, asio::ssl::context& context)
      : stream_(std::move(socket), context),
        timeout_(loop.context, stream_.next_layer().native_handle()) {}

  asio::awaitable<bool> Handshake() {
    auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kToken);
    co_return !error;
  }

  asio::awaitable<size_t> Read(char* out, size_t size) override {
    auto [error, got] = co_await stream_.async_read_some(asio::buffer(out, size), kToken);
    co_return error ? 0 : got;
  }

  asio::awaitable<bool> Write(std::string_view first, std::string_view second) override {
    std::string joined;
    if (!second.empty() && first.size() + second.size() <= kTlsRecord) {
      joined.reserve(first.size() + second.size());
      joined.append(first).append(second);
      first = joined;
      second = {};
    }
    auto [error, written] = co_await asio::async_write(stream_, asio::buffer(first), kToken);
    if (error) co_return false;
    if (!second.empty()) {
      auto [error2, written2] = co_await asio::async_write(stream_, asio::buffer(second), kToken);
      if (error2) co_return false;
    }
    co_return true;
  }

  asio::awaitable<bool> SendFile(int file, int64_t offset, int64_t length,
                                 std::chrono::nanoseconds write_timeout) override {
    auto buffer = std::make_unique_for_overwrite<char[]>(kFilePiece);
    while (length > 0) {
      size_t piece = static_cast<size_t>(std::min<int64_t>(length, kFilePiece));
      ssize_t got = ::pread(file, buffer.get(), piece, offset);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) co_return false;
      timeout_.Set(write_timeout);
      std::string_view bytes(buffer.get(), static_cast<size_t>(got));
      bool written = co_await Write(bytes, {});
      if (!written) co_return false;
      offset += got;
      length -= got;
    }
    co_return true;
  }

  asio::awaitable<void> FinishWriting() override {
    timeout_.Set(kTlsCloseWait);
    co_await stream_.async_shutdown(kToken);
  }

  Timeout& timeout() override { return timeout_; }
  bool tls() const override { return true; }

 private:
  asio::ssl::stream<tcp::socket> stream_;
  Timeout timeout_;
};

}  // namespace

std::unique_ptr<Stream> MakePlainStream(IoLoop& loop, tcp::socket socket) {
  return std::make_unique<PlainStream>(loop, std::move(socket));
}

asio::awaitable<std::unique_ptr<Stream>> AcceptTls(IoLoop& loop, tcp::socket socket,
                                                   asio::ssl::context& context,
                                                   std::chrono::nanoseconds timeout) {
  auto stream = std::make_unique<TlsStream>(loop, std::move(socket), context);
  stream->timeout().Set(timeout);
  bool shaken = co_await stream->Handshake();
  if (!shaken) co_return nullptr;
  co_return stream;
}

}  // namespace tarn::net
