#include "app/terminal/text_width.h"

#include <algorithm>

#include <wchar.h>

namespace tarn::app {
namespace {

constexpr unsigned char kDelete = 0x7f;

struct Character {
  std::string_view bytes;
  char32_t code = 0;
};

// The first character; a byte that is no UTF-8 stands for itself.
Character First(std::string_view text) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  size_t length = byte(0) < 0x80 ? 1 : byte(0) >> 5 == 6 ? 2 : byte(0) >> 4 == 14 ? 3 : 4;
  if (length > text.size()) return {text.substr(0, 1), byte(0)};
  char32_t code = length == 1 ? byte(0) : byte(0) & (0xff >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {text.substr(0, 1), byte(0)};
    code = code << 6 | (byte(i) & 0x3f);
  }
  return {text.substr(0, length), code};
}

size_t CellsOf(char32_t code) {
  int cells = ::wcwidth(static_cast<wchar_t>(code));
  return cells < 0 ? 1 : static_cast<size_t>(cells);
}

}  // namespace

size_t CellWidth(std::string_view text) {
  size_t cells = 0;
  while (!text.empty()) {
    Character c = First(text);
    cells += CellsOf(c.code);
    text.remove_prefix(c.bytes.size());
  }
  return cells;
}

std::string CutToWidth(std::string_view text, size_t cells) {
  if (CellWidth(text) <= cells) return std::string(text);
  if (cells == 0) return "";
  size_t used = 0;
  size_t at = 0;
  while (at < text.size()) {
    Character c = First(text.substr(at));
    if (used + CellsOf(c.code) > cells - 1) break;
    used += CellsOf(c.code);
    at += c.bytes.size();
  }
  return std::string(text.substr(0, at)) + "…";
}

std::string OneLine(std::string_view text) {
  std::string line;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      line += "↵";
    } else if (c == '\t') {
      line += ' ';
    } else if (byte < ' ') {
      line += std::string("\xe2\x90") + static_cast<char>(0x80 + byte);
    } else if (byte == kDelete) {
      line += "␡";
    } else {
      line += c;
    }
  }
  return line;
}

std::string Pad(std::string_view text, size_t cells, bool right) {
  std::string blanks(cells - std::min(cells, CellWidth(text)), ' ');
  return right ? blanks + std::string(text) : std::string(text) + blanks;
}

}  // namespace tarn::app
