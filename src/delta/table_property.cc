#include "delta/table_property.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace tarn::delta {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// Numbers and words in turn, whether blanks stand between them or not.
std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words;
  bool apart = true;
  for (char c : text) {
    bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    auto number = [](char d) {
      return std::isdigit(static_cast<unsigned char>(d)) != 0 || d == '-';
    };
    if (!blank && (apart || number(c) != number(words.back().back()))) words.emplace_back();
    if (!blank) words.back() += c;
    apart = blank;
  }
  return words;
}

std::optional<int64_t> Integer(const std::string& word) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<int64_t> IntervalMs(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, int64_t>, 7> kUnits = {{
      {"week", int64_t{7} * 24 * 3'600'000},
      {"day", int64_t{24} * 3'600'000},
      {"hour", 3'600'000},
      {"minute", 60'000},
      {"second", 1'000},
      {"millisecond", 1},
      {"microsecond", 0},
  }};
  std::vector<std::string> words = Words(Lower(text));
  if (!words.empty() && words[0] == "interval") words.erase(words.begin());
  if (words.empty() || words.size() % 2 != 0) return std::nullopt;
  int64_t total = 0;
  for (size_t i = 0; i < words.size(); i += 2) {
    std::optional<int64_t> count = Integer(words[i]);
    std::string_view unit = words[i + 1];
    if (unit.ends_with('s')) unit.remove_suffix(1);
    const auto* found = std::find_if(kUnits.begin(), kUnits.end(),
                                     [&](const auto& known) { return known.first == unit; });
    int64_t part = 0;
    if (!count || found == kUnits.end() || __builtin_mul_overflow(*count, found->second, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return std::nullopt;
    }
  }
  return total;
}

std::optional<int64_t> SizeBytes(std::string_view text) {
  std::vector<std::string> words = Words(Lower(text));
  if (words.empty() || words.size() > 2) return std::nullopt;
  std::optional<int64_t> count = Integer(words[0]);
  if (!count || *count < 0) return std::nullopt;
  if (words.size() == 1) return count;
  std::string_view unit = words[1];
  if (unit.ends_with('b')) unit.remove_suffix(1);
  constexpr std::string_view kUnits = "kmgtp";
  int power = 0;
  if (!unit.empty()) {
    size_t at = kUnits.find(unit[0]);
    if (unit.size() != 1 || at == std::string_view::npos) return std::nullopt;
    power = static_cast<int>(at) + 1;
  }
  int64_t bytes = *count;
  for (; power > 0; --power) {
    if (__builtin_mul_overflow(bytes, int64_t{1024}, &bytes)) return std::nullopt;
  }
  return bytes;
}

}  // namespace tarn::delta
