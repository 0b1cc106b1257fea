#include "net/connection/request_head.h"

#include "base/encoding.h"

namespace tarn::net {

namespace http = boost::beast::http;

namespace {

std::string_view View(boost::beast::string_view text) { return {text.data(), text.size()}; }

bool DecodeQuery(std::string_view query, Request::Pairs& out) {
  while (!query.empty()) {
    size_t end = query.find('&');
    std::string_view item = query.substr(0, end);
    query = end == query.npos ? std::string_view() : query.substr(end + 1);
    if (item.empty()) continue;
    size_t equals = item.find('=');
    auto name = PercentDecode(item.substr(0, equals), true);
    auto value =
        PercentDecode(equals == item.npos ? std::string_view() : item.substr(equals + 1), true);
    if (!name.ok() || !value.ok()) return false;
    out.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

/// The path and query of a target in absolute form, as sent to a proxy.
std::string_view OriginForm(std::string_view target) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    size_t slash = target.find('/', scheme.size());
    return slash == target.npos ? std::string_view("/") : target.substr(slash);
  }
  return target;
}

}  // namespace

std::optional<Refusal> FillRequest(const http::request<http::buffer_body>& head, bool chunked,
                                   Request& request) {
  if (head.version() != 11 && head.version() != 10) return Refusal{505, "HTTP/1.1 is spoken here"};
  request.method = View(head.method_string());
  request.target = View(head.target());
  std::string_view target = OriginForm(request.target);
  target = target.substr(0, target.find('#'));
  size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  request.headers.Reserve(16);
  for (const auto& field : head) {
    request.headers.Add(std::string(View(field.name_string())), std::string(View(field.value())));
  }
  // A body whose end two readers see in different places is how requests are smuggled.
  std::string_view encoding = request.Header("Transfer-Encoding");
  if (request.headers.Has("Transfer-Encoding") &&
      (!chunked || head.version() == 10 || request.headers.Has("Content-Length"))) {
    return Refusal{400, "ambiguous body length"};
  }
  if (!encoding.empty() && !EqualsIgnoreCase(encoding, "chunked")) {
    return Refusal{501, "unsupported transfer encoding"};
  }
  if (head.version() == 11 && !request.headers.Has("Host")) return Refusal{400, "no Host field"};
  if (request.path.empty() || (request.path[0] != '/' && request.path != "*")) {
    return Refusal{400, "malformed request target"};
  }
  if (mark != target.npos && !DecodeQuery(target.substr(mark + 1), request.query)) {
    return Refusal{400, "malformed query string"};
  }
  return std::nullopt;
}

bool FillParams(const Router::Matched& matched, Request& request) {
  for (size_t i = 0; i < matched.captures.size(); ++i) {
    auto value = PercentDecode(matched.captures[i]);
    if (!value.ok()) return false;
    request.params.emplace_back(matched.route->capture_names[i], std::move(*value));
  }
  return true;
}

}  // namespace tarn::net
