#include "net/tls.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace tarn::net {
namespace {

constexpr long kCaDays = 3650;
constexpr long kLeafDays = 825;  // the most that Apple's clients accept
constexpr long kDaySeconds = 24 * 60 * 60;
constexpr long kClockSkewSeconds = 5 * 60;

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;

Error TlsError(const std::string& what) {
  char text[256] = "unknown cause";
  if (unsigned long code = ERR_get_error()) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return Fail("TLS_CONFIG_INVALID", what + ": " + text);
}

Error IoError(const std::string& path) {
  return Fail("IO_ERROR", path + ": " + std::strerror(errno));
}

/// Written beside and renamed over, so that no reader sees half a file.
Status WriteFile(const std::string& path, const std::string& text, mode_t mode) {
  std::string temporary = path + ".new" + std::to_string(::getpid());
  ::unlink(temporary.c_str());
  int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return IoError(temporary);
  bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                 ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(temporary.c_str(), path.c_str()) != 0) {
    Error error = IoError(path);
    ::unlink(temporary.c_str());
    return error;
  }
  return Ok();
}

std::string Contents(BIO* bio) {
  char* data = nullptr;
  long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

Status WritePair(const CertificateFiles& files, X509* certificate, EVP_PKEY* key) {
  Bio key_text(BIO_new(BIO_s_mem()));
  Bio certificate_text(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PrivateKey(key_text.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509(certificate_text.get(), certificate) != 1) {
    return TlsError("cannot write PEM");
  }
  // The certificate comes last: where it is, its key is.
  TARN_RETURN_IF_ERROR(WriteFile(files.key_path, Contents(key_text.get()), 0600));
  return WriteFile(files.cert_path, Contents(certificate_text.get()), 0644);
}

Result<Certificate> ReadCertificate(const std::string& path) {
  Bio file(BIO_new_file(path.c_str(), "r"));
  Certificate certificate(file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr)
                               : nullptr);
  if (!certificate) return TlsError("cannot read " + path);
  return certificate;
}

Result<Key> ReadKey(const std::string& path) {
  Bio file(BIO_new_file(path.c_str(), "r"));
  Key key(file ? PEM_read_bio_PrivateKey(file.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!key) return TlsError("cannot read " + path);
  return key;
}

/// What one certificate says.
struct Profile {
  std::string common_name;
  long days = kLeafDays;
  std::vector<std::pair<int, std::string>> extensions;  ///< NID and OpenSSL's text for it
};

Status AddExtension(X509* certificate, X509* issuer, int nid, const std::string& text) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, text.c_str()));
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) {
    return TlsError("certificate extension " + text);
  }
  return Ok();
}

/// `issuer` null signs with the certificate's own key.
Result<Certificate> Sign(const Profile& profile, EVP_PKEY* key, X509* issuer,
                         EVP_PKEY* issuer_key) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  unsigned char serial[16];
  if (RAND_bytes(serial, sizeof serial) != 1) return TlsError("random bytes");
  serial[0] = (serial[0] & 0x7f) | 0x40;  // positive, and never shorter
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get()));
  BN_free(number);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kClockSkewSeconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), profile.days * kDaySeconds);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  auto text = reinterpret_cast<const unsigned char*>(profile.common_name.data());
  if (X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text,
                                 static_cast<int>(profile.common_name.size()), -1, 0) != 1) {
    return TlsError("common name " + profile.common_name);
  }
  X509* signer = issuer != nullptr ? issuer : certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  for (const auto& [nid, value] : profile.extensions) {
    TARN_RETURN_IF_ERROR(AddExtension(certificate.get(), signer, nid, value));
  }
  if (X509_sign(certificate.get(), issuer_key, EVP_sha256()) == 0) return TlsError("signing");
  return certificate;
}

Result<CertificateFiles> Issue(const CertificateFiles& ca, const std::string& folder,
                               const std::string& name, const Profile& profile) {
  TARN_TRY(Certificate ca_certificate, ReadCertificate(ca.cert_path));
  TARN_TRY(Key ca_key, ReadKey(ca.key_path));
  Key key(EVP_EC_gen("P-256"));
  if (!key) return TlsError("cannot make a key");
  TARN_TRY(Certificate certificate, Sign(profile, key.get(), ca_certificate.get(), ca_key.get()));
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  CertificateFiles files{folder + "/" + name + ".crt", folder + "/" + name + ".key"};
  TARN_RETURN_IF_ERROR(WritePair(files, certificate.get(), key.get()));
  return files;
}

/// A lock on a folder, held by one process at a time.
class FolderLock {
 public:
  explicit FolderLock(const std::string& folder)
      : fd_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    while (fd_ >= 0 && ::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~FolderLock() {
    if (fd_ >= 0) ::close(fd_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  bool held() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool IsAddress(const std::string& name) {
  return name.find(':') != name.npos || name.find_first_not_of("0123456789.") == name.npos;
}

}  // namespace

Result<CertificateFiles> EnsureLocalCa(const std::string& folder, const std::string& common_name) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  FolderLock lock(folder);
  if (!lock.held()) return IoError(folder);
  CertificateFiles files{folder + "/ca.crt", folder + "/ca.key"};
  if (::access(files.cert_path.c_str(), F_OK) == 0 && ::access(files.key_path.c_str(), F_OK) == 0) {
    return files;
  }
  Key key(EVP_EC_gen("P-256"));
  if (!key) return TlsError("cannot make a key");
  Profile profile{common_name,
                  kCaDays,
                  {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                   {NID_key_usage, "critical,keyCertSign,cRLSign"},
                   {NID_subject_key_identifier, "hash"}}};
  TARN_TRY(Certificate certificate, Sign(profile, key.get(), nullptr, key.get()));
  TARN_RETURN_IF_ERROR(WritePair(files, certificate.get(), key.get()));
  return files;
}

Result<CertificateFiles> IssueServerCertificate(const CertificateFiles& ca,
                                                const std::string& folder, const std::string& name,
                                                const std::string& common_name,
                                                const std::vector<std::string>& extra_names) {
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) == 0 && host[0] != 0) {
    names += std::string(",DNS:") + host;
  }
  for (const std::string& extra : extra_names) {
    // The list is OpenSSL's configuration language: a comma would start another entry.
    if (extra.empty() || extra.find_first_of(",\n;") != extra.npos) {
      return Fail("TLS_CONFIG_INVALID", "not a host name: " + extra);
    }
    names += (IsAddress(extra) ? ",IP:" : ",DNS:") + extra;
  }
  return Issue(ca, folder, name,
               Profile{common_name,
                       kLeafDays,
                       {{NID_basic_constraints, "critical,CA:FALSE"},
                        {NID_key_usage, "critical,digitalSignature"},
                        {NID_ext_key_usage, "serverAuth"},
                        {NID_subject_key_identifier, "hash"},
                        {NID_authority_key_identifier, "keyid"},
                        {NID_subject_alt_name, names}}});
}

Result<CertificateFiles> IssueClientCertificate(const CertificateFiles& ca,
                                                const std::string& folder, const std::string& name,
                                                const std::string& common_name) {
  return Issue(ca, folder, name,
               Profile{common_name,
                       kLeafDays,
                       {{NID_basic_constraints, "critical,CA:FALSE"},
                        {NID_key_usage, "critical,digitalSignature"},
                        {NID_ext_key_usage, "clientAuth"},
                        {NID_subject_key_identifier, "hash"},
                        {NID_authority_key_identifier, "keyid"}}});
}

}  // namespace tarn::net
