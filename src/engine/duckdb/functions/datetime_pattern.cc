#include "engine/duckdb/functions/datetime_pattern.h"

#include <array>
#include <unordered_map>

#include "base/time_format.h"
#include "engine/duckdb/functions/kernel.h"

namespace tarn::engine {
namespace {

constexpr int64_t kMicrosPerDay = 86'400'000'000;
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
constexpr size_t kKeptPatterns = 64;

[[noreturn]] void NotRecognized(std::string_view pattern) {
  Raise("INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
        "Fail to recognize '" + std::string(pattern) +
            "' pattern in the DateTimeFormatter. You can form a valid datetime pattern with the "
            "guide from Spark's documentation on datetime patterns.");
}

std::string Padded(int64_t value, int width) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  if (static_cast<int>(digits.size()) < width) {
    digits.insert(0, static_cast<size_t>(width) - digits.size(), '0');
  }
  return value < 0 ? "-" + digits : digits;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool StartsWithIgnoringCase(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (Lower(text[i]) != Lower(word[i])) return false;
  }
  return true;
}

// Most letters of its kind that Java takes in a row.
int MostOf(char letter) {
  switch (letter) {
    case 'y':
      return 6;
    case 'D':
      return 3;
    case 'S':
      return 9;
    case 'a':
    case 'F':
      return 1;
    case 'd':
    case 'H':
    case 'h':
    case 'K':
    case 'k':
    case 'm':
    case 's':
    case 'V':
      return 2;
    case 'X':
    case 'x':
    case 'Z':
      return 5;
    default:
      return 4;  // M L E Q q G z O
  }
}

bool IsNumber(char letter, int count) {
  return std::string_view("ydDHhKkms").find(letter) != std::string_view::npos ||
         ((letter == 'M' || letter == 'L') && count <= 2);
}

}  // namespace

struct DatetimePattern::Fields {
  std::optional<int64_t> year, month, day, day_of_year, hour, hour_of_half, half, minute, second;
  std::optional<int64_t> micros;
  std::optional<int64_t> offset_seconds;

  // Two mentions of one field have to agree.
  static bool Set(std::optional<int64_t>& field, int64_t value) {
    if (field && *field != value) return false;
    field = value;
    return true;
  }

  std::optional<int64_t> Instant() const {
    int64_t y = year.value_or(1970);
    int64_t m = month.value_or(1);
    int64_t d = day.value_or(1);
    if (y < 1 || m < 1 || m > 12 || d < 1 || d > 31) return std::nullopt;
    int64_t days = DaysFromCivil(y, static_cast<int>(m), static_cast<int>(d));
    if (CivilFromDays(days).day != d) return std::nullopt;
    if (day_of_year) {
      int64_t first = DaysFromCivil(y, 1, 1);
      if (*day_of_year < 1 || first + *day_of_year > DaysFromCivil(y + 1, 1, 1))
        return std::nullopt;
      int64_t by_number = first + *day_of_year - 1;
      bool written = month || day;
      if (written && by_number != days) return std::nullopt;
      days = by_number;
    }
    int64_t h = hour.value_or(0);
    if (hour_of_half) {
      if (*hour_of_half < 0 || *hour_of_half > 11) return std::nullopt;
      int64_t by_half = *hour_of_half + 12 * half.value_or(0);
      if (hour && half && by_half != h) return std::nullopt;
      if (!hour) h = by_half;
    } else if (!hour && half == 1) {
      h = 12;
    }
    int64_t min = minute.value_or(0);
    int64_t s = second.value_or(0);
    if (h < 0 || h > 23 || min < 0 || min > 59 || s < 0 || s > 59) return std::nullopt;
    return days * kMicrosPerDay +
           ((h * 60 + min) * 60 + s - offset_seconds.value_or(0)) * 1'000'000 + micros.value_or(0);
  }
};

std::shared_ptr<const DatetimePattern> DatetimePattern::Compile(std::string_view pattern, Use use) {
  thread_local std::unordered_map<std::string, std::shared_ptr<const DatetimePattern>> kept;
  std::string key = (use == Use::kParse ? "p" : "f") + std::string(pattern);
  if (auto known = kept.find(key); known != kept.end()) return known->second;
  auto compiled = std::make_shared<DatetimePattern>();
  int depth = 0;
  for (size_t i = 0; i < pattern.size();) {
    char c = pattern[i];
    if (c == '\'') {
      std::string literal;
      if (i + 1 < pattern.size() && pattern[i + 1] == '\'') {
        literal = "'";
        i += 2;
      } else {
        for (++i; i < pattern.size(); ++i) {
          if (pattern[i] != '\'') {
            literal += pattern[i];
          } else if (i + 1 < pattern.size() && pattern[i + 1] == '\'') {
            literal += pattern[++i];
          } else {
            break;
          }
        }
        if (i >= pattern.size()) NotRecognized(pattern);
        ++i;
      }
      compiled->elements_.push_back({0, 0, std::move(literal)});
    } else if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      size_t end = i;
      while (end < pattern.size() && pattern[end] == c) ++end;
      compiled->Add(c, static_cast<int>(end - i), use, pattern);
      i = end;
    } else if (c == '[' || c == ']') {
      depth += c == '[' ? 1 : -1;
      if (depth < 0) NotRecognized(pattern);
      compiled->elements_.push_back({c, 1, {}});
      ++i;
    } else {
      if (c == '#' || c == '{' || c == '}') {
        Raise("INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER",
              "Unrecognized datetime pattern: " + std::string(pattern) +
                  ". Illegal pattern character: " + c + ".");
      }
      compiled->elements_.push_back({0, 0, std::string(1, c)});
      ++i;
    }
  }
  for (; depth > 0; --depth) compiled->elements_.push_back({']', 1, {}});
  // Numbers of fixed width right behind a number of any width keep their digits for themselves.
  int reserved = 0;
  for (size_t i = compiled->elements_.size(); i-- > 0;) {
    Element& e = compiled->elements_[i];
    e.reserved = reserved;
    bool fixed = (IsNumber(e.letter, e.count) && e.letter != 'y' && e.count >= 2) ||
                 (e.letter == 'y' && e.count == 2);
    reserved = fixed ? reserved + e.count : 0;
  }
  if (kept.size() >= kKeptPatterns) kept.clear();
  kept.emplace(std::move(key), compiled);
  return compiled;
}

void DatetimePattern::Add(char letter, int count, Use use, std::string_view pattern) {
  std::string_view all = "GyMLdDEQqaKkhHmsSVzOXxZF";
  if (std::string_view("YWwu").find(letter) != std::string_view::npos) NotRecognized(pattern);
  if (letter == 'e' || letter == 'c') {
    Raise(
        "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN",
        "All week-based patterns are unsupported since Spark 3.0, detected week-based character: " +
            std::string(1, letter) + ". Please use the SQL function EXTRACT instead.");
  }
  if (std::string_view("ABnNp").find(letter) != std::string_view::npos) {
    Raise("INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER",
          "Unrecognized datetime pattern: " + std::string(pattern) +
              ". Illegal pattern character: " + letter + ".");
  }
  if (all.find(letter) == std::string_view::npos) {
    Raise("INVALID_DATETIME_PATTERN.WITH_SUGGESTION",
          "Unrecognized datetime pattern: " + std::string(pattern) +
              ". You can form a valid datetime pattern with the guide from Spark's documentation.");
  }
  bool two_only = letter == 'V' && count != 2;
  bool one_or_four = letter == 'O' && count != 1 && count != 4;
  if (count > MostOf(letter) || two_only || one_or_four || (letter == 'D' && count == 2)) {
    NotRecognized(pattern);
  }
  if (use == Use::kParse) {
    if (std::string_view("EFqQ").find(letter) != std::string_view::npos) NotRecognized(pattern);
    bool zone_name = letter == 'V' || letter == 'z' || letter == 'O' || letter == 'G' ||
                     (letter == 'Z' && count == 4) || ((letter == 'L') && count > 2);
    if (zone_name) {
      Raise("UNSUPPORTED_FEATURE", "Tarn does not parse the pattern letter " +
                                       std::string(static_cast<size_t>(count), letter) + " yet.");
    }
  }
  elements_.push_back({letter, count, {}});
}

namespace {

std::string Offset(char letter, int count) {
  if (letter == 'X' || (letter == 'Z' && count == 5)) return "Z";
  if (letter == 'Z') return count == 4 ? "GMT" : "+0000";
  if (letter == 'x') return count == 1 ? "+00" : count == 2 || count == 4 ? "+0000" : "+00:00";
  return "GMT";  // O
}

}  // namespace

std::string DatetimePattern::Format(int64_t micros) const {
  int64_t days = micros / kMicrosPerDay - (micros % kMicrosPerDay < 0);
  int64_t rest = micros - days * kMicrosPerDay;
  CivilDate date = CivilFromDays(days);
  int64_t second_of_day = rest / 1'000'000;
  int64_t hour = second_of_day / 3600;
  int64_t half = hour % 12;
  int64_t of_era = date.year > 0 ? date.year : 1 - date.year;
  auto weekday = static_cast<size_t>(((days + 3) % 7 + 7) % 7);
  int quarter = (date.month - 1) / 3 + 1;
  std::string out;
  for (const Element& e : elements_) {
    int n = e.count;
    switch (e.letter) {
      case 0:
        out += e.literal;
        break;
      case 'G':
        out += n == 4 ? (date.year > 0 ? "Anno Domini" : "Before Christ")
                      : (date.year > 0 ? "AD" : "BC");
        break;
      case 'y':
        if (n == 2) {
          out += Padded(of_era % 100, 2);
        } else {
          // More digits than the pattern has letters are marked with a sign.
          if (n >= 4 && of_era > 9999 && std::to_string(of_era).size() > static_cast<size_t>(n)) {
            out += '+';
          }
          out += Padded(of_era, n);
        }
        break;
      case 'M':
      case 'L': {
        std::string_view name = kMonths[static_cast<size_t>(date.month - 1)];
        out += n <= 2 ? Padded(date.month, n) : std::string(n == 3 ? name.substr(0, 3) : name);
        break;
      }
      case 'd':
        out += Padded(date.day, n);
        break;
      case 'D':
        out += Padded(days - DaysFromCivil(date.year, 1, 1) + 1, n);
        break;
      case 'E':
        out += n < 4 ? kDays[weekday].substr(0, 3) : kDays[weekday];
        break;
      case 'F':
        out += std::to_string((date.day - 1) % 7 + 1);
        break;
      case 'Q':
      case 'q': {
        static constexpr std::array<std::string_view, 4> kQuarters = {"1st quarter", "2nd quarter",
                                                                      "3rd quarter", "4th quarter"};
        out += n <= 2   ? Padded(quarter, n)
               : n == 3 ? "Q" + std::to_string(quarter)
                        : std::string(kQuarters[static_cast<size_t>(quarter - 1)]);
        break;
      }
      case 'a':
        out += hour < 12 ? "AM" : "PM";
        break;
      case 'H':
        out += Padded(hour, n);
        break;
      case 'k':
        out += Padded(hour == 0 ? 24 : hour, n);
        break;
      case 'K':
        out += Padded(half, n);
        break;
      case 'h':
        out += Padded(half == 0 ? 12 : half, n);
        break;
      case 'm':
        out += Padded(second_of_day / 60 % 60, n);
        break;
      case 's':
        out += Padded(second_of_day % 60, n);
        break;
      case 'S':
        out += (Padded(rest % 1'000'000, 6) + "000").substr(0, static_cast<size_t>(n));
        break;
      case 'V':
        out += "UTC";
        break;
      case 'z':
        out += n == 4 ? "Coordinated Universal Time" : "UTC";
        break;
      case '[':
      case ']':
        break;
      default:
        out += Offset(e.letter, n);
        break;
    }
  }
  return out;
}

std::optional<int64_t> DatetimePattern::Parse(std::string_view text) const {
  Fields fields;
  size_t at = 0;
  if (!ParseFrom(text, 0, elements_.size(), at, fields) || at != text.size()) return std::nullopt;
  return fields.Instant();
}

// Elements [element, end); an optional section that does not fit is left out.
bool DatetimePattern::ParseFrom(std::string_view text, size_t element, size_t end, size_t& at,
                                Fields& f) const {
  for (size_t i = element; i < end; ++i) {
    if (elements_[i].letter != '[') {
      if (elements_[i].letter == ']' || ParseElement(elements_[i], text, at, f)) continue;
      return false;
    }
    size_t close = i;
    for (int depth = 0; close < end; ++close) {
      depth += elements_[close].letter == '[' ? 1 : elements_[close].letter == ']' ? -1 : 0;
      if (depth == 0) break;
    }
    Fields tried = f;
    size_t tried_at = at;
    if (ParseFrom(text, i + 1, close, tried_at, tried)) {
      f = tried;
      at = tried_at;
    }
    i = close;
  }
  return true;
}

namespace {

// Digits of a number that is `least` to `most` long and leaves `reserved` digits behind it.
std::optional<int64_t> Digits(std::string_view text, size_t& at, int least, int most,
                              int reserved) {
  size_t end = at;
  while (end < text.size() && IsDigit(text[end])) ++end;
  int available = static_cast<int>(end - at);
  int length = std::min(most, available - reserved);
  if (reserved > 0 && length < least) length = std::min(most, available);
  if (length < least || length > 18) return std::nullopt;
  int64_t value = 0;
  for (int i = 0; i < length; ++i) value = value * 10 + (text[at++] - '0');
  return value;
}

// +hh, +hhmm, +hh:mm by the letter and its count.
std::optional<int64_t> ParseOffset(char letter, int count, std::string_view text, size_t& at) {
  bool has_z = letter == 'X' || (letter == 'Z' && count == 5);
  if (has_z && at < text.size() && (text[at] == 'Z' || text[at] == 'z')) {
    ++at;
    return 0;
  }
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return std::nullopt;
  int64_t sign = text[at++] == '-' ? -1 : 1;
  bool colon = count == 3 || count == 5;
  if (letter == 'Z' && count <= 3) colon = false;
  size_t start = at;
  auto pair = [&]() -> std::optional<int64_t> {
    if (at + 2 > text.size() || !IsDigit(text[at]) || !IsDigit(text[at + 1])) return std::nullopt;
    int64_t value = (text[at] - '0') * 10 + (text[at + 1] - '0');
    at += 2;
    return value;
  };
  std::optional<int64_t> hours = pair();
  if (!hours) return std::nullopt;
  std::optional<int64_t> minutes;
  size_t before = at;
  if (!colon || (at < text.size() && text[at] == ':')) {
    at += colon ? 1 : 0;
    minutes = pair();
  }
  bool short_form = letter != 'Z' && count == 1;
  if (!minutes) {
    if (!short_form) return std::nullopt;
    at = before;
  }
  if (*hours > 18 || minutes.value_or(0) > 59 || at == start) return std::nullopt;
  return sign * (*hours * 3600 + minutes.value_or(0) * 60);
}

}  // namespace

bool DatetimePattern::ParseElement(const Element& e, std::string_view text, size_t& at, Fields& f) {
  int n = e.count;
  auto number = [&](int most) {
    return Digits(text, at, n == 1 ? 1 : n, n == 1 ? most : n, e.reserved);
  };
  auto set = [&](std::optional<int64_t>& field, std::optional<int64_t> value) {
    return value && Fields::Set(field, *value);
  };
  switch (e.letter) {
    case 0:
      if (!StartsWithIgnoringCase(text.substr(at), e.literal)) return false;
      at += e.literal.size();
      return true;
    case 'y': {
      if (n == 2) {
        std::optional<int64_t> value = Digits(text, at, 2, 2, e.reserved);
        return value && Fields::Set(f.year, 2000 + *value);
      }
      bool plus = n >= 4 && at < text.size() && text[at] == '+';
      if (plus) ++at;
      std::optional<int64_t> value = Digits(text, at, n, n >= 4 && !plus ? n : 18, e.reserved);
      // Without a sign, a year has no more digits than the pattern.
      if (n >= 4 && !plus && e.reserved == 0 && at < text.size() && IsDigit(text[at])) return false;
      return set(f.year, value);
    }
    case 'M':
    case 'L':
      if (n <= 2) return set(f.month, number(2));
      for (size_t i = 0; i < kMonths.size(); ++i) {
        std::string_view name = n == 3 ? kMonths[i].substr(0, 3) : kMonths[i];
        if (!StartsWithIgnoringCase(text.substr(at), name)) continue;
        at += name.size();
        return Fields::Set(f.month, static_cast<int64_t>(i) + 1);
      }
      return false;
    case 'd':
      return set(f.day, number(2));
    case 'D':
      return set(f.day_of_year, number(3));
    case 'a':
      if (StartsWithIgnoringCase(text.substr(at), "AM") ||
          StartsWithIgnoringCase(text.substr(at), "PM")) {
        bool after_noon = Lower(text[at]) == 'p';
        at += 2;
        return Fields::Set(f.half, after_noon ? 1 : 0);
      }
      return false;
    case 'H':
      return set(f.hour, number(2));
    case 'k': {
      std::optional<int64_t> value = number(2);
      if (!value || *value < 1 || *value > 24) return false;
      return Fields::Set(f.hour, *value % 24);
    }
    case 'K':
      return set(f.hour_of_half, number(2));
    case 'h': {
      std::optional<int64_t> value = number(2);
      if (!value || *value < 1 || *value > 12) return false;
      return Fields::Set(f.hour_of_half, *value % 12);
    }
    case 'm':
      return set(f.minute, number(2));
    case 's':
      return set(f.second, number(2));
    case 'S': {
      size_t begin = at;
      while (at < text.size() && IsDigit(text[at]) && at - begin < static_cast<size_t>(n)) ++at;
      if (at - begin != static_cast<size_t>(n)) return false;
      std::string digits = (std::string(text.substr(begin, at - begin)) + "000000").substr(0, 6);
      return Fields::Set(f.micros, std::stoll(digits));
    }
    default:
      return set(f.offset_seconds, ParseOffset(e.letter, n, text, at));
  }
}

}  // namespace tarn::engine
