#pragma once
/// \file  Links to chunks of a result. A link is a right of its own: whoever has it may read that
/// one chunk until it expires, without a token.
#include "base/clock.h"
#include "net/request.h"

namespace tarn::api {

struct ExternalLink {
  /// At most what the API promises: clients fetch a chunk soon or ask for a new link.
  static constexpr std::chrono::minutes kLifetime{15};

  std::string statement_id;
  int64_t chunk_index = 0;
  int64_t expires_unix_ms = 0;
};

/// "/external-links/{id}/{index}/{expires}/{signature}"; the signature is an HMAC-SHA-256 of the
/// rest by the statement's secret.
std::string LinkPath(const ExternalLink& link, const std::string& secret);

/// The link a request was made with. Errors: PERMISSION_DENIED when it was altered or has expired.
Result<ExternalLink> VerifyLink(const net::Request& request, const std::string& secret,
                                int64_t now_unix_ms);

}  // namespace tarn::api
