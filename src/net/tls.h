#pragma once
/// \file  A local certificate authority and the certificates it issues, as PEM files.
#include <string>
#include <vector>

#include "base/result.h"

namespace tarn::net {

struct CertificateFiles {
  std::string cert_path;
  std::string key_path;  ///< mode 0600
};

/// Makes `folder`/ca.crt and ca.key (EC P-256, ten years) of that name unless both are there. Safe
/// when several processes do it at once: one of them wins. Errors: IO_ERROR, TLS_CONFIG_INVALID.
Result<CertificateFiles> EnsureLocalCa(const std::string& folder, const std::string& common_name);

/// Issues `folder`/<name>.crt and .key of that common name for servers, valid for localhost,
/// 127.0.0.1, ::1, this host's name and `extra_names` (names or addresses). Replaces what is there.
Result<CertificateFiles> IssueServerCertificate(const CertificateFiles& ca,
                                                const std::string& folder, const std::string& name,
                                                const std::string& common_name,
                                                const std::vector<std::string>& extra_names = {});

/// Issues `folder`/<name>.crt and .key for a client whose CN is `common_name`.
Result<CertificateFiles> IssueClientCertificate(const CertificateFiles& ca,
                                                const std::string& folder, const std::string& name,
                                                const std::string& common_name);

}  // namespace tarn::net
