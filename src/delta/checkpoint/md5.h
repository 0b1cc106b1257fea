#pragma once
/// \file  MD5 (RFC 1321), as the checksum of `_last_checkpoint` asks for it. No protection against
/// anybody.
#include <string>
#include <string_view>

namespace tarn::delta {

/// 32 lower-case hexadecimal digits.
std::string Md5Hex(std::string_view bytes);

}  // namespace tarn::delta
