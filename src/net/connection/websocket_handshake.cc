#include "net/connection/websocket_handshake.h"

#include <openssl/evp.h>

#include "base/encoding.h"

namespace tarn::net {
namespace {

constexpr std::string_view kProtocolGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr size_t kKeyBytes = 16;

bool HasToken(const Headers& headers, std::string_view name, std::string_view wanted) {
  for (const auto& [field, value] : headers) {
    if (!EqualsIgnoreCase(field, name)) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      size_t comma = rest.find(',');
      std::string_view token = rest.substr(0, comma);
      rest = comma == rest.npos ? std::string_view() : rest.substr(comma + 1);
      while (token.starts_with(' ') || token.starts_with('\t')) token.remove_prefix(1);
      while (token.ends_with(' ') || token.ends_with('\t')) token.remove_suffix(1);
      if (EqualsIgnoreCase(token, wanted)) return true;
    }
  }
  return false;
}

std::string AcceptFor(std::string_view key) {
  std::string text = std::string(key) + std::string(kProtocolGuid);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
  return Base64Encode({reinterpret_cast<const char*>(digest), size});
}

bool IsClean(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

}  // namespace

WebSocketOffer ReadWebSocketOffer(const Request& request, bool http10) {
  if (http10 || request.method != "GET" || !HasToken(request.headers, "Upgrade", "websocket") ||
      !HasToken(request.headers, "Connection", "upgrade")) {
    return {426, "this is a WebSocket; ask for the upgrade", ""};
  }
  if (request.Header("Sec-WebSocket-Version") != "13") {
    return {426, "WebSocket version 13 is spoken here", ""};
  }
  std::string_view key = request.Header("Sec-WebSocket-Key");
  auto bytes = Base64Decode(key);
  if (!bytes.ok() || bytes->size() != kKeyBytes) return {400, "malformed Sec-WebSocket-Key", ""};
  return {0, "", AcceptFor(key)};
}

std::string AcceptWebSocket(const WebSocketOffer& offer, const WebSocketOptions& options,
                            const Headers& headers) {
  std::string head =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: " +
      offer.accept + "\r\n";
  if (!options.protocol.empty() && IsClean(options.protocol)) {
    head += "Sec-WebSocket-Protocol: " + options.protocol + "\r\n";
  }
  for (const auto& [name, value] : headers) {
    if (IsClean(name) && IsClean(value)) head.append(name).append(": ").append(value + "\r\n");
  }
  return head + "\r\n";
}

}  // namespace tarn::net
