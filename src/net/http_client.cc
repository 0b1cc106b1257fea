#include "net/http_client.h"

#include <charconv>

#include "net/client/client_connection.h"

namespace tarn::net {
namespace {

constexpr size_t kReadPiece = 64 * 1024;
constexpr size_t kLargestHead = 256 * 1024;

Error Bad(const std::string& what) { return Fail("BAD_RESPONSE", "not an HTTP response: " + what); }

template <typename T>
bool ParseNumber(std::string_view text, T& out, int base = 10) {
  auto end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, out, base);
  return !text.empty() && parsed.ec == std::errc() && parsed.ptr == end;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

struct HttpClient::Connection {
  explicit Connection(Options o) : options(std::move(o)) {}

  Options options;
  std::unique_ptr<ClientConnection> link;
  std::string input;  ///< read and not yet used
  bool used = false;  ///< a response has come over the link

  Status EnsureOpen(Deadline deadline);
  Result<ClientResponse> Exchange(std::string_view method, std::string_view head,
                                  std::string_view body, Deadline deadline);
  Status Fill(Deadline deadline);
  Result<std::string> TakeLine(Deadline deadline);
  Result<std::string> Take(size_t count, Deadline deadline);
  Result<ClientResponse> ReadHead(Deadline deadline);
  Status ReadChunks(ClientResponse& response, Deadline deadline);
  Status ReadBody(std::string_view method, ClientResponse& response, Deadline deadline);
};

Status HttpClient::Connection::EnsureOpen(Deadline deadline) {
  if (link) return Ok();
  input.clear();
  used = false;
  TARN_TRY(link, ClientConnection::Open(options.host, options.port, options.tls, options.ca_path,
                                        deadline));
  return Ok();
}

Status HttpClient::Connection::Fill(Deadline deadline) {
  size_t before = input.size();
  input.resize(before + kReadPiece);
  auto got = link->Read(input.data() + before, kReadPiece, deadline);
  input.resize(before + (got.ok() ? *got : 0));
  if (!got.ok()) return got.error();
  if (*got == 0) return Fail("CONNECTION_CLOSED", "the server closed the connection");
  return Ok();
}

Result<std::string> HttpClient::Connection::TakeLine(Deadline deadline) {
  size_t end = 0;
  while ((end = input.find("\r\n")) == input.npos) {
    if (input.size() > kLargestHead) return Bad("a line without end");
    TARN_RETURN_IF_ERROR(Fill(deadline));
  }
  std::string line = input.substr(0, end);
  input.erase(0, end + 2);
  return line;
}

Result<std::string> HttpClient::Connection::Take(size_t count, Deadline deadline) {
  while (input.size() < count) TARN_RETURN_IF_ERROR(Fill(deadline));
  std::string bytes = input.substr(0, count);
  input.erase(0, count);
  return bytes;
}

Result<ClientResponse> HttpClient::Connection::ReadHead(Deadline deadline) {
  ClientResponse response;
  TARN_TRY(std::string start, TakeLine(deadline));
  if (start.size() < 12 || !start.starts_with("HTTP/1.") ||
      !ParseNumber(std::string_view(start).substr(9, 3), response.status)) {
    return Bad(start.substr(0, 80));
  }
  size_t head_bytes = start.size();
  for (;;) {
    TARN_TRY(std::string line, TakeLine(deadline));
    if (line.empty()) return response;
    head_bytes += line.size();
    size_t colon = line.find(':');
    if (colon == line.npos || head_bytes > kLargestHead) return Bad(line.substr(0, 80));
    response.headers.Add(line.substr(0, colon),
                         std::string(Trim(std::string_view(line).substr(colon + 1))));
  }
}

Status HttpClient::Connection::ReadChunks(ClientResponse& response, Deadline deadline) {
  for (;;) {
    TARN_TRY(std::string line, TakeLine(deadline));
    uint64_t size = 0;
    std::string_view digits = Trim(std::string_view(line).substr(0, line.find(';')));
    if (!ParseNumber(digits, size, 16)) return Bad("chunk size " + line.substr(0, 20));
    if (size > static_cast<uint64_t>(options.max_body_bytes) - response.body.size()) {
      return Bad("the body is too large");
    }
    if (size == 0) break;
    TARN_TRY(std::string piece, Take(size + 2, deadline));
    response.body.append(piece, 0, size);
  }
  for (;;) {
    TARN_TRY(std::string trailer, TakeLine(deadline));
    if (trailer.empty()) return Ok();
  }
}

Status HttpClient::Connection::ReadBody(std::string_view method, ClientResponse& response,
                                        Deadline deadline) {
  if (method == "HEAD" || response.status == 204 || response.status == 304) return Ok();
  if (EqualsIgnoreCase(response.headers.Get("Transfer-Encoding"), "chunked")) {
    return ReadChunks(response, deadline);
  }
  if (response.headers.Has("Content-Length")) {
    int64_t length = 0;
    if (!ParseNumber(response.headers.Get("Content-Length"), length) || length < 0 ||
        length > options.max_body_bytes) {
      return Bad("Content-Length");
    }
    TARN_TRY(response.body, Take(static_cast<size_t>(length), deadline));
    return Ok();
  }
  for (;;) {
    Status more = Fill(deadline);
    if (!more.ok() && more.error().reason() != "CONNECTION_CLOSED") return more;
    if (static_cast<int64_t>(input.size()) > options.max_body_bytes) {
      return Bad("the body is too large");
    }
    if (!more.ok()) break;
  }
  response.body = std::exchange(input, {});
  response.headers.Set("Connection", "close");
  return Ok();
}

Result<ClientResponse> HttpClient::Connection::Exchange(std::string_view method,
                                                        std::string_view head,
                                                        std::string_view body, Deadline deadline) {
  Status sent = link->Write(head, deadline);
  if (sent.ok()) sent = link->Write(body, deadline);
  // A server that turns a body down answers and closes before it is all sent: read that answer.
  if (!sent.ok() && sent.error().reason() != "CONNECTION_CLOSED") return sent.error();
  for (;;) {
    TARN_TRY(ClientResponse response, ReadHead(deadline));
    if (response.status < 200) continue;
    TARN_RETURN_IF_ERROR(ReadBody(method, response, deadline));
    used = true;
    if (!sent.ok() || EqualsIgnoreCase(response.headers.Get("Connection"), "close")) link.reset();
    return response;
  }
}

HttpClient::HttpClient(Options options)
    : connection_(std::make_unique<Connection>(std::move(options))) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

Result<HttpClient::Options> HttpClient::ParseOrigin(std::string_view origin) {
  Options options;
  std::string_view rest = origin;
  Error bad = Fail("BAD_REQUEST", "not an origin like https://host:port: " + std::string(origin));
  options.tls = rest.starts_with("https://");
  if (!options.tls && !rest.starts_with("http://")) return bad;
  rest.remove_prefix(options.tls ? 8 : 7);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  options.port = options.tls ? 443 : 80;
  size_t bracket = rest.starts_with('[') ? rest.find(']') : 0;
  if (bracket == rest.npos || rest.find_first_of("/?#@") != rest.npos) return bad;
  size_t colon = rest.find(':', bracket);
  if (colon != rest.npos) {
    if (!ParseNumber(rest.substr(colon + 1), options.port) || options.port < 1 ||
        options.port > 65535) {
      return bad;
    }
    rest = rest.substr(0, colon);
  }
  if (bracket > 0) rest = rest.substr(1, bracket - 1);
  if (rest.empty()) return bad;
  options.host = rest;
  return options;
}

Result<ClientResponse> HttpClient::Send(std::string_view method, std::string_view target,
                                        const Headers& headers, std::string_view body,
                                        Deadline deadline) {
  const Options& options = connection_->options;
  std::string host =
      options.host.find(':') == std::string::npos ? options.host : "[" + options.host + "]";
  std::string head;
  head.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
  if (!headers.Has("Host")) {
    head += "Host: " + host + ":" + std::to_string(options.port) + "\r\n";
  }
  for (const auto& [name, value] : headers) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (!body.empty() || (method != "GET" && method != "HEAD")) {
    head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  head += "\r\n";
  for (;;) {
    TARN_RETURN_IF_ERROR(connection_->EnsureOpen(deadline));
    bool may_be_stale = connection_->used;
    auto response = connection_->Exchange(method, head, body, deadline);
    if (response.ok()) return response;
    connection_->link.reset();
    bool safe = method == "GET" || method == "HEAD";
    if (!safe || !may_be_stale || response.error().reason() != "CONNECTION_CLOSED") {
      return response;
    }
  }
}

Result<ClientResponse> HttpClient::Get(std::string_view target, Deadline deadline) {
  return Send("GET", target, Headers(), {}, deadline);
}

Result<ClientResponse> HttpClient::Post(std::string_view target, std::string_view content_type,
                                        std::string_view body, Deadline deadline) {
  Headers headers{{"Content-Type", std::string(content_type)}};
  return Send("POST", target, headers, body, deadline);
}

}  // namespace tarn::net
