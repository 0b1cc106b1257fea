#include "api/statements/external_link.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/encoding.h"

namespace tarn::api {
namespace {

std::string Unsigned(std::string_view id, std::string_view index, std::string_view expires) {
  std::string path = "/external-links/";
  path.append(id).append("/").append(index).append("/").append(expires);
  return path;
}

std::string Signature(const std::string& path, const std::string& secret) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(path.data()), path.size(), digest, &length);
  return HexEncode({reinterpret_cast<const char*>(digest), length});
}

}  // namespace

std::string LinkPath(const ExternalLink& link, const std::string& secret) {
  std::string path = Unsigned(link.statement_id, std::to_string(link.chunk_index),
                              std::to_string(link.expires_unix_ms));
  std::string signature = Signature(path, secret);
  return path + "/" + signature;
}

Result<ExternalLink> VerifyLink(const net::Request& request, const std::string& secret,
                                int64_t now_unix_ms) {
  std::string path =
      Unsigned(request.Param("id"), request.Param("index"), request.Param("expires"));
  if (!ConstantTimeEquals(Signature(path, secret), request.Param("signature")))
    return Fail("PERMISSION_DENIED", "The link is not valid.");
  // Signed by us, so the numbers are numbers.
  ExternalLink link{std::string(request.Param("id")),
                    std::stoll(std::string(request.Param("index"))),
                    std::stoll(std::string(request.Param("expires")))};
  if (link.expires_unix_ms < now_unix_ms) {
    return Fail("PERMISSION_DENIED",
                "The link has expired. Ask for the chunk again to get a new one.");
  }
  return link;
}

}  // namespace tarn::api
