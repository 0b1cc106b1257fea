#pragma once
/// \file  Bytes as text: hexadecimal, base64 (RFC 4648), percent-encoding (RFC
/// 3986), Z85 (ZeroMQ RFC 32).
#include <string>
#include <string_view>

#include "base/result.h"

namespace tarn {

/// Lower-case hexadecimal.
std::string HexEncode(std::string_view bytes);
Result<std::string> HexDecode(std::string_view text);

/// Standard alphabet with padding.
std::string Base64Encode(std::string_view bytes);
Result<std::string> Base64Decode(std::string_view text);

/// Four bytes are five characters; the length of `bytes` must be a multiple of four.
std::string Z85Encode(std::string_view bytes);
/// Errors: BAD_REQUEST for another length or character.
Result<std::string> Z85Decode(std::string_view text);

/// Keeps unreserved characters and those in `keep`.
std::string PercentEncode(std::string_view text, std::string_view keep = "");
/// Errors: BAD_REQUEST for a '%' that two hexadecimal digits do not follow.
Result<std::string> PercentDecode(std::string_view text, bool plus_is_space = false);

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsValidUtf8(std::string_view text);

/// Length-blind compare would leak a secret's prefix; this looks at every byte.
bool ConstantTimeEquals(std::string_view a, std::string_view b);

}  // namespace tarn
