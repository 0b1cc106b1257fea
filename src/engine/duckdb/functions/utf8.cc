#include "engine/duckdb/functions/utf8.h"

// Exported by the engine's library without a header.
namespace duckdb {
int utf8proc_toupper(int code);
int utf8proc_tolower(int code);
int utf8proc_isupper(int code);
int utf8proc_islower(int code);
}  // namespace duckdb

namespace tarn::engine {
namespace {

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

}  // namespace

std::u32string CodePoints(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    auto lead = static_cast<unsigned char>(text[i]);
    size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    char32_t code = length == 1 ? lead : lead & (0x7f >> length);
    bool valid = length > 0 && i + length <= text.size();
    for (size_t k = 1; valid && k < length; ++k) {
      valid = IsContinuation(text[i + k]);
      code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3f);
    }
    points += valid ? code : char32_t{0xfffd};
    i += valid ? length : 1;
  }
  return points;
}

std::string CodePointText(char32_t code) {
  std::string out;
  auto add = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xc0 | code >> 6);
    add(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    add(0xe0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3f));
    add(0x80 | (code & 0x3f));
  } else {
    add(0xf0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3f));
    add(0x80 | (code >> 6 & 0x3f));
    add(0x80 | (code & 0x3f));
  }
  return out;
}

int64_t CharacterCount(std::string_view text) {
  int64_t count = 0;
  for (char c : text) count += IsContinuation(c) ? 0 : 1;
  return count;
}

size_t ByteOffset(std::string_view text, int64_t index) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsContinuation(text[i]) && index-- == 0) return i;
  }
  return std::string_view::npos;
}

char32_t UpperCase(char32_t code) {
  return static_cast<char32_t>(duckdb::utf8proc_toupper(static_cast<int>(code)));
}
char32_t LowerCase(char32_t code) {
  return static_cast<char32_t>(duckdb::utf8proc_tolower(static_cast<int>(code)));
}
bool IsUpperCase(char32_t code) { return duckdb::utf8proc_isupper(static_cast<int>(code)) != 0; }
bool IsLowerCase(char32_t code) { return duckdb::utf8proc_islower(static_cast<int>(code)) != 0; }

}  // namespace tarn::engine
