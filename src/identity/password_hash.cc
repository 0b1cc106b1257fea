#include "identity/password_hash.h"

#include <cstdio>
#include <vector>

#include <openssl/evp.h>

#include "base/encoding.h"
#include "base/ids.h"

namespace tarn::identity {
namespace {

struct Cost {
  unsigned log2_n = 14;
  unsigned r = 8;
  unsigned p = 5;
};
// What a stored text may ask for at most, so that a damaged one cannot take the machine down.
constexpr unsigned kMaxLog2N = 20;
constexpr unsigned kMaxFactor = 64;
constexpr uint64_t kMaxMemoryBytes = uint64_t{256} << 20;
constexpr size_t kSaltBytes = 16;
constexpr size_t kKeyBytes = 32;

Result<std::string> DeriveKey(std::string_view password, std::string_view salt, const Cost& cost) {
  std::string key(kKeyBytes, '\0');
  int ok = EVP_PBE_scrypt(password.data(), password.size(),
                          reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
                          uint64_t{1} << cost.log2_n, cost.r, cost.p, kMaxMemoryBytes,
                          reinterpret_cast<unsigned char*>(key.data()), key.size());
  if (ok != 1) return Fail("INTERNAL_ERROR", "the password cannot be hashed");
  return key;
}

std::vector<std::string> Split(std::string_view text) {
  std::vector<std::string> parts(1);
  for (char c : text) {
    if (c == '$') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

Result<std::string> HashPassword(std::string_view password) {
  Cost cost;
  std::string salt = RandomBytes(kSaltBytes);
  TARN_TRY(std::string key, DeriveKey(password, salt, cost));
  return "$scrypt$ln=" + std::to_string(cost.log2_n) + ",r=" + std::to_string(cost.r) +
         ",p=" + std::to_string(cost.p) + "$" + Base64Encode(salt) + "$" + Base64Encode(key);
}

Result<bool> VerifyPassword(std::string_view hash, std::string_view password) {
  Error corrupt =
      Fail("DATA_FOLDER_CORRUPT", "a stored password hash is damaged; set the password again");
  std::vector<std::string> parts = Split(hash);
  Cost cost;
  if (parts.size() != 5 || parts[1] != "scrypt" ||
      std::sscanf(parts[2].c_str(), "ln=%u,r=%u,p=%u", &cost.log2_n, &cost.r, &cost.p) != 3 ||
      cost.log2_n == 0 || cost.log2_n > kMaxLog2N || cost.r == 0 || cost.r > kMaxFactor ||
      cost.p == 0 || cost.p > kMaxFactor) {
    return corrupt;
  }
  Result<std::string> salt = Base64Decode(parts[3]);
  Result<std::string> key = Base64Decode(parts[4]);
  if (!salt.ok() || !key.ok() || key->size() != kKeyBytes) return corrupt;
  TARN_TRY(std::string mine, DeriveKey(password, *salt, cost));
  return ConstantTimeEquals(mine, *key);
}

std::string_view HashOfNobody() {
  static const std::string kHash = "$scrypt$ln=14,r=8,p=5$" +
                                   Base64Encode(std::string(kSaltBytes, '\0')) + "$" +
                                   Base64Encode(std::string(kKeyBytes, '\0'));
  return kHash;
}

}  // namespace tarn::identity
