#pragma once
/// \file  The server's TLS configuration.
#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "base/result.h"

namespace tarn::net {

/// TLS 1.2 and later, http/1.1 by ALPN. Errors: TLS_CONFIG_INVALID.
Result<std::unique_ptr<boost::asio::ssl::context>> MakeServerTls(const std::string& cert_path,
                                                                 const std::string& key_path);

}  // namespace tarn::net
