#include "net/connection/response_writer.h"

#include <charconv>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

namespace tarn::net {
namespace {

constexpr int64_t kChunked = -1;
constexpr int64_t kUntilClose = -2;
constexpr size_t kWritePiece = 256 * 1024;

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }
  /// Bytes, or -1 when it is not a regular file.
  int64_t size() const {
    struct stat info {};
    bool regular = fd_ >= 0 && ::fstat(fd_, &info) == 0 && S_ISREG(info.st_mode);
    return regular ? static_cast<int64_t>(info.st_size) : -1;
  }

 private:
  int fd_;
};

void AppendNumber(std::string& out, int64_t number, int base = 10) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, number, base);
  out.append(digits, end.ptr);
}

bool HasNoBody(int status) { return status < 200 || status == 204 || status == 304; }

/// Fields that say how the body is framed belong to the server.
bool IsOurs(std::string_view name) {
  return EqualsIgnoreCase(name, "Content-Length") || EqualsIgnoreCase(name, "Transfer-Encoding") ||
         EqualsIgnoreCase(name, "Connection");
}

bool IsClean(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

/// One call of a BodySource, run on the executor while the connection's coroutine waits.
struct Pull {
  Pull(BodySource s, IoLoop& loop) : source(std::move(s)), done(std::make_shared<Signal>(loop)) {}
  void Run() {
    Result<std::string> next = Fail("INTERNAL_ERROR", "the body source threw");
    try {
      next = source();
    } catch (const std::exception& e) {
      LogError("body source threw", {{"what", e.what()}});
    }
    {
      std::lock_guard lock(mutex);
      piece = std::move(next);
    }
    done->Raise();
  }
  Result<std::string> Take() {
    std::lock_guard lock(mutex);
    return std::move(*piece);
  }
  BodySource source;
  std::shared_ptr<Signal> done;
  std::mutex mutex;
  std::optional<Result<std::string>> piece;
};

}  // namespace

ResponseWriter::ResponseWriter(IoLoop& loop, Stream& stream, const Router& router,
                               Executor& executor, MetricSink& metrics,
                               std::chrono::nanoseconds write_timeout)
    : loop_(loop),
      stream_(stream),
      router_(router),
      executor_(executor),
      metrics_(metrics),
      write_timeout_(write_timeout) {}

std::string ResponseWriter::Head(const Response& response, int64_t length, ResponseShape shape) {
  metrics_.Count("http_requests_total", 1, {{"code", std::to_string(response.status)}});
  std::string head;
  head.reserve(256);
  head += "HTTP/1.1 ";
  AppendNumber(head, response.status);
  head.append(" ").append(ReasonPhrase(response.status));
  head.append("\r\nDate: ").append(loop_.HttpDate()).append("\r\n");
  for (const auto& [name, value] : response.headers) {
    if (IsOurs(name)) continue;
    if (!IsClean(name) || !IsClean(value)) {
      LogError("response field dropped: it holds a line break", {{"name", name}});
      continue;
    }
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (length == kChunked) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (length >= 0 && !HasNoBody(response.status)) {
    head += "Content-Length: ";
    AppendNumber(head, length);
    head += "\r\n";
  }
  if (!shape.keep_alive) {
    head += "Connection: close\r\n";
  } else if (shape.http10) {
    head += "Connection: keep-alive\r\n";
  }
  head += "\r\n";
  return head;
}

asio::awaitable<bool> ResponseWriter::WriteBytes(std::string_view head, std::string_view body) {
  // In pieces, so that the timeout is about progress and not about size.
  std::string_view piece = body.substr(0, kWritePiece);
  stream_.timeout().Set(write_timeout_);
  bool written = co_await stream_.Write(head, piece);
  for (size_t at = piece.size(); written && at < body.size(); at += piece.size()) {
    piece = body.substr(at, kWritePiece);
    stream_.timeout().Set(write_timeout_);
    written = co_await stream_.Write(piece, {});
  }
  co_return written;
}

asio::awaitable<bool> ResponseWriter::WriteFile(Response response, ResponseShape shape) {
  FileRange range = std::get<FileRange>(std::move(response.body));
  OpenFile file(range.path);
  int64_t size = file.size();
  if (size < 0 || range.offset < 0 || range.offset > size) {
    int status = size < 0 ? 404 : 416;
    Response refused = router_.ErrorResponse(status, ReasonPhrase(status));
    bool alive = co_await Write(std::move(refused), shape);
    co_return alive;
  }
  int64_t length = size - range.offset;
  if (range.length >= 0) length = std::min(length, range.length);
  std::string head = Head(response, length, shape);
  bool written = co_await WriteBytes(head, {});
  if (written && !shape.head_only && !HasNoBody(response.status)) {
    written = co_await stream_.SendFile(file.fd(), range.offset, length, write_timeout_);
  }
  co_return written;
}

asio::awaitable<bool> ResponseWriter::WriteSource(Response response, ResponseShape shape) {
  if (shape.http10) shape.keep_alive = false;
  bool has_body = !HasNoBody(response.status);
  int64_t framing = shape.http10 || !has_body ? kUntilClose : kChunked;
  std::string head = Head(response, framing, shape);
  bool written = co_await WriteBytes(head, {});
  if (!written || shape.head_only || !has_body) co_return written&& shape.keep_alive;

  auto pull = std::make_shared<Pull>(std::get<BodySource>(std::move(response.body)), loop_);
  for (;;) {
    stream_.timeout().Clear();
    executor_.Post([pull] { pull->Run(); });
    co_await pull->done->Wait();
    Result<std::string> piece = pull->Take();
    if (!piece.ok()) {
      LogWarn("response body cut short", {{"error", piece.error().ToString()}});
      co_return false;
    }
    if (piece->empty()) break;
    std::string size;
    if (framing == kChunked) {
      AppendNumber(size, static_cast<int64_t>(piece->size()), 16);
      size += "\r\n";
      piece->append("\r\n");
    }
    written = co_await WriteBytes(size, *piece);
    if (!written) co_return false;
  }
  if (framing == kChunked) written = co_await WriteBytes("0\r\n\r\n", {});
  co_return written&& shape.keep_alive;
}

asio::awaitable<bool> ResponseWriter::Write(Response response, ResponseShape shape) {
  bool written = false;
  if (const std::string* text = std::get_if<std::string>(&response.body)) {
    std::string head = Head(response, static_cast<int64_t>(text->size()), shape);
    std::string_view body = *text;
    if (shape.head_only || HasNoBody(response.status)) body = {};
    written = co_await WriteBytes(head, body);
  } else if (std::holds_alternative<FileRange>(response.body)) {
    written = co_await WriteFile(std::move(response), shape);
  } else {
    written = co_await WriteSource(std::move(response), shape);
  }
  co_return written&& shape.keep_alive;
}

}  // namespace tarn::net
