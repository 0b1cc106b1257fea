#pragma once
/// \file  What a TLS ClientHello offers, read before any TLS library sees the connection.
#include <cstddef>

namespace tarn::net {

/// The application protocols a client offers. Both false when it offers none of ours or the bytes
/// cannot be understood: the TLS library then decides.
struct AlpnOffer {
  bool http1 = false;
  bool h2 = false;
};

/// Reads the ALPN extension of the first TLS record in `bytes`, which may come from anybody.
AlpnOffer ReadAlpnOffer(const unsigned char* bytes, size_t size);

}  // namespace tarn::net
