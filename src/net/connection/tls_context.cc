#include "net/connection/tls_context.h"

namespace tarn::net {

namespace ssl = boost::asio::ssl;

namespace {

/// gRPC over TLS never gets here (it is handed over before the handshake), so h2 is not ours to
/// offer: a client that speaks both is given http/1.1 and one that speaks only h2 is told no.
int ChooseProtocol(SSL*, const unsigned char** out, unsigned char* out_size,
                   const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  int result =
      SSL_select_next_proto(&chosen, out_size, kOurs, sizeof kOurs - 1, offered, offered_size);
  *out = chosen;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

Result<std::unique_ptr<ssl::context>> MakeServerTls(const std::string& cert_path,
                                                    const std::string& key_path) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  context->use_certificate_chain_file(cert_path, error);
  if (error) return Fail("TLS_CONFIG_INVALID", cert_path + ": " + error.message());
  context->use_private_key_file(key_path, ssl::context::pem, error);
  if (error) return Fail("TLS_CONFIG_INVALID", key_path + ": " + error.message());
  SSL_CTX* native = context->native_handle();
  if (SSL_CTX_check_private_key(native) != 1) {
    return Fail("TLS_CONFIG_INVALID", key_path + " is not the key of " + cert_path);
  }
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  // OpenSSL's default would hold 32 KiB of empty buffers for every idle connection.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, ChooseProtocol, nullptr);
  return context;
}

}  // namespace tarn::net
