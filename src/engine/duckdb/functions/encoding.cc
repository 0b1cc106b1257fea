#include "base/encoding.h"

#include <algorithm>

#include <openssl/evp.h>

#include "engine/duckdb/functions/kernel.h"
#include "engine/duckdb/functions/utf8.h"

namespace tarn::engine {
namespace {

std::string Base64(Bytes bytes) { return Base64Encode(bytes.view); }

// As Java's MIME decoder: what is no letter of the alphabet is left out.
OwnedBytes Unbase64(std::string_view text) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  OwnedBytes out;
  uint32_t bits = 0;
  int count = 0;
  int letters = 0;
  for (char c : text) {
    if (c == '=') break;
    size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) continue;
    ++letters;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.data += static_cast<char>(bits >> count & 0xff);
    }
  }
  if (letters % 4 == 1) {
    Raise("CONVERSION_INVALID_INPUT",
          "The value '" + std::string(text) +
              "' (\"STRING\") cannot be converted to \"BINARY\" because it is malformed.");
  }
  return out;
}

int64_t Crc32(Bytes bytes) {
  static const auto kTable = [] {
    std::array<uint32_t, 256> table{};
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t c = i;
      for (int k = 0; k < 8; ++k) c = (c & 1) != 0 ? 0xedb88320U ^ c >> 1 : c >> 1;
      table[i] = c;
    }
    return table;
  }();
  uint32_t crc = 0xffffffffU;
  for (char c : bytes.view) crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xff] ^ crc >> 8;
  return crc ^ 0xffffffffU;
}

std::string Digest(std::string_view bytes, const EVP_MD* kind) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out, &size, kind, nullptr) != 1) {
    Raise("INTERNAL_ERROR", "a digest failed");
  }
  return HexEncode({reinterpret_cast<const char*>(out), size});
}

std::string Md5(Bytes bytes) { return Digest(bytes.view, EVP_md5()); }
std::string Sha1(Bytes bytes) { return Digest(bytes.view, EVP_sha1()); }
std::optional<std::string> Sha2(Bytes bytes, int32_t bits) {
  switch (bits) {
    case 0:
    case 256:
      return Digest(bytes.view, EVP_sha256());
    case 224:
      return Digest(bytes.view, EVP_sha224());
    case 384:
      return Digest(bytes.view, EVP_sha384());
    case 512:
      return Digest(bytes.view, EVP_sha512());
    default:
      return std::nullopt;
  }
}

std::string UpperHex(std::string_view bytes) {
  std::string text = HexEncode(bytes);
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}
std::string HexOfBytes(Bytes bytes) { return UpperHex(bytes.view); }
std::string HexOfText(std::string_view text) { return UpperHex(text); }
std::string HexOfNumber(int64_t number) {
  char text[32];
  std::snprintf(text, sizeof(text), "%lX", static_cast<unsigned long>(number));
  return text;
}

std::optional<OwnedBytes> Unhex(std::string_view text) {
  OwnedBytes out;
  auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  int high = text.size() % 2 == 0 ? -1 : 0;
  for (char c : text) {
    int value = digit(c);
    if (value < 0) return std::nullopt;
    if (high < 0) {
      high = value;
    } else {
      out.data += static_cast<char>(high * 16 + value);
      high = -1;
    }
  }
  return out;
}

// application/x-www-form-urlencoded, as java.net.URLEncoder writes it.
std::string UrlEncode(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool kept = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ||
                c == '.' || c == '*';
    if (kept) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += '%' + UpperHex({&c, 1});
    }
  }
  return out;
}

std::optional<std::string> UrlDecoded(std::string_view text) {
  Result<std::string> decoded = PercentDecode(text, true);
  if (!decoded.ok()) return std::nullopt;
  return std::move(decoded).value();
}
std::string UrlDecode(std::string_view text) {
  std::optional<std::string> decoded = UrlDecoded(text);
  if (decoded) return *decoded;
  Raise("CANNOT_DECODE_URL", "The provided URL cannot be decoded: " + std::string(text) +
                                 ". Please ensure that the URL is properly formatted.");
}

enum class Charset { kAscii, kLatin1, kUtf8, kUtf16, kUtf16Be, kUtf16Le };

Charset CharsetOf(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (upper == "US-ASCII") return Charset::kAscii;
  if (upper == "ISO-8859-1") return Charset::kLatin1;
  if (upper == "UTF-8") return Charset::kUtf8;
  if (upper == "UTF-16") return Charset::kUtf16;
  if (upper == "UTF-16BE") return Charset::kUtf16Be;
  if (upper == "UTF-16LE") return Charset::kUtf16Le;
  if (upper == "UTF-32") {
    Raise("UNSUPPORTED_FEATURE", "Tarn does not support the character set UTF-32 yet.");
  }
  Raise("INVALID_PARAMETER_VALUE.CHARSET",
        "The value of parameter(s) `charset` is invalid: Expects one of the iso-8859-1, us-ascii, "
        "utf-16, utf-16be, utf-16le, utf-32, utf-8, but got " +
            std::string(name) + ".");
}

[[noreturn]] void Malformed(std::string_view function, std::string_view charset) {
  Raise("MALFORMED_CHARACTER_CODING", "Invalid value found when performing `" +
                                          std::string(function) + "` with " + std::string(charset) +
                                          ".");
}

OwnedBytes Encode(std::string_view text, std::string_view name) {
  Charset charset = CharsetOf(name);
  if (charset == Charset::kUtf8) return {std::string(text)};
  OwnedBytes out;
  bool little = charset == Charset::kUtf16Le;
  auto unit = [&](uint32_t code) {
    char high = static_cast<char>(code >> 8 & 0xff);
    char low = static_cast<char>(code & 0xff);
    out.data += little ? low : high;
    out.data += little ? high : low;
  };
  if (charset == Charset::kUtf16) unit(0xfeff);
  for (char32_t c : CodePoints(text)) {
    if (charset == Charset::kAscii || charset == Charset::kLatin1) {
      if (c >= (charset == Charset::kAscii ? 0x80U : 0x100U)) Malformed("encode", name);
      out.data += static_cast<char>(c);
    } else if (c >= 0x10000) {
      unit(0xd800 + ((c - 0x10000) >> 10));
      unit(0xdc00 + ((c - 0x10000) & 0x3ff));
    } else {
      unit(c);
    }
  }
  return out;
}

std::string DecodeUtf16(std::string_view bytes, bool little, std::string_view name) {
  if (bytes.size() % 2 != 0) Malformed("decode", name);
  auto unit = [&](size_t i) {
    auto first = static_cast<unsigned char>(bytes[i]);
    auto second = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<char32_t>(little ? second << 8 | first : first << 8 | second);
  };
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 2) {
    char32_t code = unit(i);
    if (code >= 0xd800 && code < 0xe000) {
      if (code >= 0xdc00 || i + 2 >= bytes.size()) Malformed("decode", name);
      char32_t low = unit(i += 2);
      if (low < 0xdc00 || low >= 0xe000) Malformed("decode", name);
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    out += CodePointText(code);
  }
  return out;
}

std::string Decode(Bytes bytes, std::string_view name) {
  std::string_view data = bytes.view;
  switch (CharsetOf(name)) {
    case Charset::kUtf8:
      if (duckdb::Value::StringIsValid(data.data(), data.size())) return std::string(data);
      Malformed("decode", name);
    case Charset::kAscii:
      if (std::any_of(data.begin(), data.end(), [](char c) { return c < 0; })) {
        Malformed("decode", name);
      }
      return std::string(data);
    case Charset::kLatin1: {
      std::string out;
      for (char c : data) out += CodePointText(static_cast<unsigned char>(c));
      return out;
    }
    case Charset::kUtf16: {
      bool little = data.starts_with("\xff\xfe");
      if (little || data.starts_with("\xfe\xff")) data.remove_prefix(2);
      return DecodeUtf16(data, little, name);
    }
    case Charset::kUtf16Be:
      return DecodeUtf16(data, false, name);
    case Charset::kUtf16Le:
      return DecodeUtf16(data, true, name);
  }
  return {};
}

std::optional<std::string> AsIs(std::string_view part) { return std::string(part); }

// The parts of an absolute hierarchical URI; nothing for texts that java.net.URI refuses.
std::optional<std::string> UrlPart(std::string_view url, std::string_view part) {
  for (char c : url) {
    bool illegal = static_cast<unsigned char>(c) <= ' ' ||
                   std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos;
    if (illegal) {
      Raise("INVALID_URL", "The url is invalid: " + std::string(url) +
                               ". Use `try_parse_url` to tolerate invalid URL and return NULL.");
    }
  }
  size_t hash = url.find('#');
  std::string_view rest = url.substr(0, hash);
  size_t colon = rest.find(':');
  size_t stop = rest.find_first_of("/?");
  bool scheme = colon != std::string_view::npos && colon < stop;
  std::string_view protocol = scheme ? rest.substr(0, colon) : std::string_view();
  if (scheme) rest.remove_prefix(colon + 1);
  size_t mark = rest.find('?');
  bool has_query = mark != std::string_view::npos;
  std::string_view query = has_query ? rest.substr(mark + 1) : std::string_view();
  rest = rest.substr(0, mark);
  bool has_authority = rest.starts_with("//");
  std::string_view authority;
  std::string_view path = rest;
  if (has_authority) {
    rest.remove_prefix(2);
    size_t slash = std::min(rest.find('/'), rest.size());
    authority = rest.substr(0, slash);
    path = rest.substr(slash);
  }
  size_t at = authority.rfind('@');
  std::string_view host = at == std::string_view::npos ? authority : authority.substr(at + 1);
  if (size_t port = host.rfind(':'); port != std::string_view::npos && !host.ends_with("]")) {
    host = host.substr(0, port);
  }
  if (part == "PROTOCOL") return scheme ? AsIs(protocol) : std::nullopt;
  if (part == "HOST") return host.empty() ? std::nullopt : AsIs(host);
  if (part == "AUTHORITY") return authority.empty() ? std::nullopt : AsIs(authority);
  if (part == "USERINFO") {
    return at == std::string_view::npos ? std::nullopt : AsIs(authority.substr(0, at));
  }
  if (part == "PATH") return AsIs(path);
  if (part == "QUERY") return has_query ? AsIs(query) : std::nullopt;
  if (part == "FILE") {
    return std::string(path) + (has_query ? "?" + std::string(query) : std::string());
  }
  if (part == "REF") {
    return hash == std::string_view::npos ? std::nullopt : AsIs(url.substr(hash + 1));
  }
  return std::nullopt;
}

std::optional<std::string> UrlQueryValue(std::string_view url, std::string_view part,
                                         std::string_view key) {
  if (part != "QUERY") return std::nullopt;
  std::optional<std::string> query = UrlPart(url, part);
  if (!query) return std::nullopt;
  std::string_view rest = *query;
  while (!rest.empty()) {
    std::string_view pair = rest.substr(0, rest.find('&'));
    if (pair.size() > key.size() && pair.starts_with(key) && pair[key.size()] == '=') {
      return std::string(pair.substr(key.size() + 1));
    }
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
  }
  return std::nullopt;
}

}  // namespace

void RegisterEncodingFunctions(Registrar& f) {
  f.Add<&Base64>("spark_base64");
  f.Add<&Unbase64>("spark_unbase64");
  f.Add<&Crc32>("spark_crc32");
  f.Add<&Md5>("spark_md5");
  f.Add<&Sha1>("spark_sha1");
  f.Add<&Sha2>("spark_sha2");
  f.Add<&HexOfBytes>("spark_hex");
  f.Add<&HexOfText>("spark_hex");
  f.Add<&HexOfNumber>("spark_hex");
  f.Add<&Unhex>("spark_unhex");
  f.Add<&UrlEncode>("spark_url_encode");
  f.Add<&UrlDecode>("spark_url_decode");
  f.Add<&Encode>("spark_encode");
  f.Add<&Decode>("spark_decode");
  f.Add<&UrlPart>("spark_parse_url");
  f.Add<&UrlQueryValue>("spark_parse_url");
}

}  // namespace tarn::engine
