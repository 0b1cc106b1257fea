#pragma once
/// \file  The opening handshake of RFC 6455 section 4.2.
#include <string>

#include "net/request.h"
#include "net/response.h"

namespace tarn::net {

/// What a request says about becoming a WebSocket.
struct WebSocketOffer {
  int refusal = 0;      ///< the status to answer with when the handler accepts; 0: it may
  std::string problem;  ///< why
  std::string accept;   ///< Sec-WebSocket-Accept for the client's key
};

WebSocketOffer ReadWebSocketOffer(const Request& request, bool http10);
/// The 101 response with the fields of `response` that may be there.
std::string AcceptWebSocket(const WebSocketOffer& offer, const WebSocketOptions& options,
                            const Headers& headers);

}  // namespace tarn::net
