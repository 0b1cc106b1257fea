#include "net/connection/request_reader.h"

#include <cstring>

#include "net/connection/request_head.h"

namespace tarn::net {

namespace http = boost::beast::http;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

constexpr size_t kFirstBuffer = 4 * 1024;
constexpr size_t kBodyBuffer = 128 * 1024;
constexpr size_t kBodyPiece = 64 * 1024;
constexpr std::chrono::seconds kDropWait{1};
constexpr size_t kDropBytes = 8 << 20;

Refusal RefusalFor(const error_code& error) {
  if (error == http::error::header_limit) return {431, "the request head is too large"};
  return {400, "malformed request: " + error.message()};
}

}  // namespace

RequestReader::RequestReader(Stream& stream, const ServerLimits& limits)
    : stream_(stream), limits_(limits) {}

void RequestReader::Consume(size_t count) {
  begin_ += count;
  if (begin_ == end_) begin_ = end_ = 0;
}

void RequestReader::MakeRoom(size_t size) {
  if (capacity_ - end_ >= size) return;
  size_t used = end_ - begin_;
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, used);
    begin_ = 0;
    end_ = used;
  }
  if (capacity_ - end_ >= size) return;
  size_t capacity = std::max(capacity_ * 2, std::max(end_ + size, kFirstBuffer));
  auto grown = std::make_unique_for_overwrite<char[]>(capacity);
  if (used > 0) std::memcpy(grown.get(), buffer_.get(), used);
  buffer_ = std::move(grown);
  capacity_ = capacity;
}

asio::awaitable<bool> RequestReader::Fill(size_t room) {
  MakeRoom(room);
  size_t got = co_await stream_.Read(buffer_.get() + end_, capacity_ - end_);
  end_ += got;
  co_return got > 0;
}

asio::awaitable<bool> RequestReader::WaitForRequest() {
  stream_.timeout().Set(limits_.idle_timeout);
  for (;;) {
    // Some clients end a body with a line break that belongs to nothing.
    while (begin_ < end_ && (buffer_[begin_] == '\r' || buffer_[begin_] == '\n')) Consume(1);
    if (begin_ < end_) co_return true;
    bool filled = co_await Fill(kFirstBuffer / 2);
    if (!filled) co_return false;
  }
}

asio::awaitable<std::optional<Refusal>> RequestReader::ReadHead(Request& request) {
  stream_.timeout().Set(limits_.header_timeout);
  parser_.emplace();
  parser_->eager(false);
  parser_->header_limit(static_cast<uint32_t>(limits_.header_bytes));
  parser_->body_limit(boost::none);
  expects_continue_ = false;
  body_bytes_ = 0;
  body_waited_ = {};
  for (;;) {
    if (begin_ < end_) {
      error_code error;
      Consume(parser_->put(asio::buffer(pending().data(), pending().size()), error));
      if (error && error != http::error::need_more) co_return RefusalFor(error);
      if (parser_->is_header_done()) break;
    }
    bool filled = co_await Fill(kFirstBuffer / 2);
    if (!filled) co_return Refusal{};
  }
  auto refusal = FillRequest(parser_->get(), parser_->chunked(), request);
  if (!refusal && !http10()) {
    std::string_view expect = request.Header("Expect");
    expects_continue_ = EqualsIgnoreCase(expect, "100-continue");
    if (!expect.empty() && !expects_continue_) refusal = Refusal{417, "unknown expectation"};
  }
  co_return refusal;
}

int64_t RequestReader::content_length() const {
  if (parser_->chunked()) return -1;
  auto length = parser_->content_length();
  return length ? static_cast<int64_t>(*length) : 0;
}

asio::awaitable<std::string_view> RequestReader::ReadBody(std::optional<Refusal>& broken) {
  parser_->eager(true);
  if (!piece_) piece_ = std::make_unique_for_overwrite<char[]>(kBodyPiece);
  while (!parser_->is_done()) {
    if (begin_ < end_) {
      auto& out = parser_->get().body();
      out.data = piece_.get();
      out.size = kBodyPiece;
      out.more = true;
      error_code error;
      size_t used = parser_->put(asio::buffer(pending().data(), pending().size()), error);
      Consume(used);
      size_t got = kBodyPiece - out.size;
      if (error && error != http::error::need_more && error != http::error::need_buffer) {
        broken = RefusalFor(error);
        co_return std::string_view();
      }
      body_bytes_ += static_cast<int64_t>(got);
      if (got > 0) co_return std::string_view(piece_.get(), got);
      if (used > 0 && !error) continue;
      if (parser_->is_done()) break;
    }
    // Only time spent waiting for the client counts, not time spent in the handler.
    std::chrono::seconds granted(body_bytes_ / std::max<int64_t>(limits_.min_body_rate, 1));
    stream_.timeout().Set(limits_.body_timeout + granted - body_waited_);
    auto started = steady_clock::now();
    bool filled = co_await Fill(kBodyBuffer / 2);
    body_waited_ += steady_clock::now() - started;
    if (!filled) {
      broken = Refusal{};
      co_return std::string_view();
    }
  }
  piece_.reset();
  co_return std::string_view();
}

std::string RequestReader::TakeRest() {
  std::string rest(pending());
  Consume(rest.size());
  return rest;
}

asio::awaitable<void> RequestReader::DropRest() {
  // Under TLS the close message must come last, so only the reading is done here.
  if (!stream_.tls()) co_await stream_.FinishWriting();
  stream_.timeout().Set(kDropWait);
  for (size_t dropped = 0; dropped < kDropBytes;) {
    begin_ = end_ = 0;
    MakeRoom(kBodyPiece);
    size_t got = co_await stream_.Read(buffer_.get(), capacity_);
    if (got == 0) break;
    dropped += got;
  }
}

}  // namespace tarn::net
