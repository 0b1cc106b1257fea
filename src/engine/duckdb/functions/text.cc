#include <algorithm>

#include "engine/duckdb/functions/kernel.h"
#include "engine/duckdb/functions/utf8.h"

namespace tarn::engine {
namespace {

std::string Chr(int64_t code) {
  if (code < 0) return "";
  return CodePointText(static_cast<uint32_t>(code & 0xff));
}

int32_t FindInSet(std::string_view word, std::string_view list) {
  if (word.find(',') != std::string_view::npos) return 0;
  int32_t position = 1;
  for (;;) {
    size_t comma = list.find(',');
    if (list.substr(0, comma) == word) return position;
    if (comma == std::string_view::npos) return 0;
    list.remove_prefix(comma + 1);
    ++position;
  }
}

// Words are divided by blanks; the first letter of each is upper case.
std::string Initcap(std::string_view text) {
  std::string out;
  bool first = true;
  for (char32_t c : CodePoints(text)) {
    out += CodePointText(first ? UpperCase(c) : LowerCase(c));
    first = c == U' ';
  }
  return out;
}

int32_t Levenshtein(std::string_view left, std::string_view right) {
  std::u32string a = CodePoints(left);
  std::u32string b = CodePoints(right);
  std::vector<int32_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int32_t>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    int32_t diagonal = row[0];
    row[0] = static_cast<int32_t>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      int32_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

// 1-based position in characters of the first occurrence at or after `from`; 0 for a NULL `from`.
std::optional<int32_t> LocateFrom(std::optional<std::string_view> part,
                                  std::optional<std::string_view> text,
                                  std::optional<int32_t> from) {
  if (!from) return 0;
  if (!part || !text) return std::nullopt;
  if (*from < 1) return 0;
  if (part->empty()) return 1;
  size_t begin = ByteOffset(*text, *from - 1);
  size_t found = begin == std::string_view::npos ? begin : text->find(*part, begin);
  if (found == std::string_view::npos) return 0;
  return static_cast<int32_t>(CharacterCount(text->substr(0, found))) + 1;
}

template <bool LEFT>
std::string Pad(std::string_view text, int32_t length, std::string_view fill) {
  int64_t count = CharacterCount(text);
  if (length <= 0) return "";
  if (count >= length) return std::string(text.substr(0, ByteOffset(text, length)));
  if (fill.empty()) return std::string(text);
  std::string padding;
  int64_t missing = length - count;
  int64_t fill_count = CharacterCount(fill);
  for (; missing >= fill_count; missing -= fill_count) padding += fill;
  padding += fill.substr(0, ByteOffset(fill, missing));
  return LEFT ? padding + std::string(text) : std::string(text) + padding;
}

bool LuhnCheck(std::string_view digits) {
  if (digits.empty()) return false;
  int sum = 0;
  bool twice = false;
  for (size_t i = digits.size(); i-- > 0; twice = !twice) {
    if (digits[i] < '0' || digits[i] > '9') return false;
    int digit = digits[i] - '0';
    if (twice) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

// A NULL replacement keeps the characters it is for.
std::optional<std::string> Mask(std::optional<std::string_view> text,
                                std::optional<std::string_view> upper,
                                std::optional<std::string_view> lower,
                                std::optional<std::string_view> digit,
                                std::optional<std::string_view> other) {
  if (!text) return std::nullopt;
  std::string out;
  for (char32_t c : CodePoints(*text)) {
    const auto& replacement = IsUpperCase(c)           ? upper
                              : IsLowerCase(c)         ? lower
                              : c >= U'0' && c <= U'9' ? digit
                                                       : other;
    out += replacement ? std::string(*replacement) : CodePointText(c);
  }
  return out;
}
std::optional<std::string> Mask1(std::string_view text) { return Mask(text, "X", "x", "n", {}); }
std::optional<std::string> Mask2(std::optional<std::string_view> text,
                                 std::optional<std::string_view> upper) {
  return Mask(text, upper, "x", "n", {});
}
std::optional<std::string> Mask3(std::optional<std::string_view> text,
                                 std::optional<std::string_view> upper,
                                 std::optional<std::string_view> lower) {
  return Mask(text, upper, lower, "n", {});
}
std::optional<std::string> Mask4(std::optional<std::string_view> text,
                                 std::optional<std::string_view> upper,
                                 std::optional<std::string_view> lower,
                                 std::optional<std::string_view> digit) {
  return Mask(text, upper, lower, digit, {});
}

// Characters [begin, begin + length) by Spark's rules for positions.
std::string_view Part(std::string_view text, int64_t position, int64_t length) {
  int64_t count = CharacterCount(text);
  int64_t begin = position > 0 ? position - 1 : position < 0 ? count + position : 0;
  int64_t end = std::min(count, begin + length);
  begin = std::max<int64_t>(0, begin);
  if (begin >= end) return {};
  size_t from = ByteOffset(text, begin);
  size_t to = ByteOffset(text, end);
  return text.substr(from, to == std::string_view::npos ? to : to - from);
}

std::string Overlay(std::string_view text, std::string_view with, int32_t position,
                    int32_t length) {
  int64_t replaced = length >= 0 ? length : CharacterCount(with);
  std::string out(Part(text, 1, int64_t{position} - 1));
  out += with;
  out += Part(text, int64_t{position} + replaced, INT32_MAX);
  return out;
}
std::string OverlayAll(std::string_view text, std::string_view with, int32_t position) {
  return Overlay(text, with, position, -1);
}

std::string Replace(std::string_view text, std::string_view search, std::string_view with) {
  if (search.empty()) return std::string(text);
  std::string out;
  for (;;) {
    size_t found = text.find(search);
    out += text.substr(0, found);
    if (found == std::string_view::npos) return out;
    out += with;
    text.remove_prefix(found + search.size());
  }
}
std::string Remove(std::string_view text, std::string_view search) {
  return Replace(text, search, "");
}

std::string Repeat(std::string_view text, int32_t times) {
  std::string out;
  for (int32_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string Space(int32_t count) {
  return std::string(static_cast<size_t>(std::max(0, count)), ' ');
}

std::string Reverse(std::string_view text) {
  std::u32string points = CodePoints(text);
  std::string out;
  for (size_t i = points.size(); i-- > 0;) out += CodePointText(points[i]);
  return out;
}

std::string Soundex(std::string_view text) {
  static constexpr std::string_view kCodes = "01230120022455012623010202";
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  if (upper.empty() || upper[0] < 'A' || upper[0] > 'Z') return std::string(text);
  std::string out(1, upper[0]);
  char last = kCodes[static_cast<size_t>(upper[0] - 'A')];
  for (size_t i = 1; i < upper.size() && out.size() < 4; ++i) {
    if (upper[i] < 'A' || upper[i] > 'Z') {
      last = '0';
      continue;
    }
    // H and W do not part two equal codes.
    if (upper[i] == 'H' || upper[i] == 'W') continue;
    char code = kCodes[static_cast<size_t>(upper[i] - 'A')];
    if (code != '0' && code != last) out += code;
    last = code;
  }
  out.resize(4, '0');
  return out;
}

std::string SplitPart(std::string_view text, std::string_view delimiter, int32_t index) {
  if (index == 0)
    Raise("INVALID_INDEX_OF_ZERO", "The index 0 is invalid: an index starts at 1 or at -1.");
  std::vector<std::string_view> parts;
  for (;;) {
    size_t found = delimiter.empty() ? std::string_view::npos : text.find(delimiter);
    parts.push_back(text.substr(0, found));
    if (found == std::string_view::npos) break;
    text.remove_prefix(found + delimiter.size());
  }
  int64_t count = static_cast<int64_t>(parts.size());
  int64_t at = index > 0 ? index - 1 : count + index;
  return at < 0 || at >= count ? "" : std::string(parts[static_cast<size_t>(at)]);
}

// Occurrences may overlap; they are counted from the side the sign says.
std::string SubstringIndex(std::string_view text, std::string_view delimiter, int32_t count) {
  if (delimiter.empty() || count == 0) return "";
  if (count > 0) {
    size_t at = std::string_view::npos;
    for (int32_t i = 0; i < count; ++i) {
      at = text.find(delimiter, at == std::string_view::npos ? 0 : at + 1);
      if (at == std::string_view::npos) return std::string(text);
    }
    return std::string(text.substr(0, at));
  }
  size_t at = text.size() - delimiter.size() + 1;
  if (text.size() < delimiter.size()) return std::string(text);
  for (int32_t i = 0; i < -count; ++i) {
    if (at == 0) return std::string(text);
    at = text.rfind(delimiter, at - 1);
    if (at == std::string_view::npos) return std::string(text);
  }
  return std::string(text.substr(at + delimiter.size()));
}

// The characters of `set` are taken away at the sides asked for.
template <bool LEFT, bool RIGHT>
std::string Trim(std::string_view text, std::string_view set) {
  std::u32string points = CodePoints(text);
  std::u32string away = CodePoints(set);
  size_t begin = 0;
  size_t end = points.size();
  auto gone = [&](char32_t c) { return away.find(c) != std::u32string::npos; };
  while (LEFT && begin < end && gone(points[begin])) ++begin;
  while (RIGHT && end > begin && gone(points[end - 1])) --end;
  std::string out;
  for (size_t i = begin; i < end; ++i) out += CodePointText(points[i]);
  return out;
}

bool StartsWith(Bytes a, Bytes b) { return a.view.substr(0, b.view.size()) == b.view; }
bool EndsWith(Bytes a, Bytes b) {
  return a.view.size() >= b.view.size() && a.view.substr(a.view.size() - b.view.size()) == b.view;
}
bool Contains(Bytes a, Bytes b) { return a.view.find(b.view) != std::string_view::npos; }

int32_t BinaryLength(Bytes bytes) { return static_cast<int32_t>(bytes.view.size()); }
int32_t BinaryBitLength(Bytes bytes) { return static_cast<int32_t>(bytes.view.size() * 8); }
OwnedBytes BinaryPart(Bytes bytes, int32_t position, int32_t length) {
  int64_t count = static_cast<int64_t>(bytes.view.size());
  int64_t begin = position > 0 ? position - 1 : position < 0 ? count + position : 0;
  int64_t end = std::min(count, begin + length);
  begin = std::max<int64_t>(0, begin);
  if (begin >= end) return {};
  return {
      std::string(bytes.view.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin)))};
}
OwnedBytes BinaryRest(Bytes bytes, int32_t position) {
  return BinaryPart(bytes, position, INT32_MAX);
}

// A pattern of LIKE as it is; checked for an escape character that escapes nothing.
std::string CheckedPattern(std::string_view pattern, std::string_view escape) {
  if (escape.empty()) return std::string(pattern);
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != escape[0]) continue;
    ++i;
    if (i == pattern.size()) {
      Raise("INVALID_FORMAT.ESC_AT_THE_END",
            "The format is invalid: '" + std::string(pattern) +
                "'. The escape character is not allowed to end with.");
    }
    if (pattern[i] != '_' && pattern[i] != '%' && pattern[i] != escape[0]) {
      Raise("INVALID_FORMAT.ESC_IN_THE_MIDDLE",
            "The format is invalid: '" + std::string(pattern) +
                "'. The escape character is not allowed to precede '" + pattern[i] + "'.");
    }
  }
  return std::string(pattern);
}

}  // namespace

void RegisterTextFunctions(Registrar& f) {
  f.Add<&Chr>("spark_chr");
  f.Add<&FindInSet>("spark_find_in_set");
  f.Add<&Initcap>("spark_initcap");
  f.Add<&Levenshtein>("spark_levenshtein");
  f.Add<&LocateFrom>("spark_locate_from");
  f.Add<&Pad<true>>("spark_lpad");
  f.Add<&Pad<false>>("spark_rpad");
  f.Add<&LuhnCheck>("spark_luhn_check");
  f.Add<&Mask1>("spark_mask");
  f.Add<&Mask2>("spark_mask");
  f.Add<&Mask3>("spark_mask");
  f.Add<&Mask4>("spark_mask");
  f.Add<&Mask>("spark_mask");
  f.Add<&Overlay>("spark_overlay");
  f.Add<&OverlayAll>("spark_overlay");
  f.Add<&Replace>("spark_replace");
  f.Add<&Remove>("spark_replace");
  f.Add<&Repeat>("spark_repeat");
  f.Add<&Space>("spark_space");
  f.Add<&Reverse>("spark_reverse");
  f.Add<&Soundex>("spark_soundex");
  f.Add<&SplitPart>("spark_split_part");
  f.Add<&SubstringIndex>("spark_substring_index");
  f.Add<&Trim<true, true>>("spark_trim");
  f.Add<&Trim<true, false>>("spark_ltrim");
  f.Add<&Trim<false, true>>("spark_rtrim");
  f.Add<&StartsWith>("spark_binary_startswith");
  f.Add<&EndsWith>("spark_binary_endswith");
  f.Add<&Contains>("spark_binary_contains");
  f.Add<&BinaryLength>("spark_binary_length");
  f.Add<&BinaryBitLength>("spark_binary_bit_length");
  f.Add<&BinaryPart>("spark_binary_substring");
  f.Add<&BinaryRest>("spark_binary_substring");
  f.Add<&CheckedPattern>("spark_like_pattern");
}

}  // namespace tarn::engine
