#include "plan/literal/datetime_literal.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace tarn::plan {
namespace {

bool IsBlank(char c) { return static_cast<unsigned char>(c) <= ' '; }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

// Digits in front of `text`, at least `least` and at most `most` of them, or nothing.
std::optional<int> TakeNumber(std::string_view& text, size_t least, size_t most) {
  size_t count = 0;
  int value = 0;
  while (count < text.size() && std::isdigit(static_cast<unsigned char>(text[count]))) {
    if (++count > most) return std::nullopt;
    value = value * 10 + (text[count - 1] - '0');
  }
  if (count < least) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

int DaysIn(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// [+-]yyyy[-[m]m[-[d]d]], as Spark writes it.
std::optional<std::string> TakeDate(std::string_view& text) {
  bool negative = TakeChar(text, '-');
  if (!negative) TakeChar(text, '+');
  std::optional<int> year = TakeNumber(text, 4, 7);
  std::optional<int> month = 1;
  std::optional<int> day = 1;
  if (year && TakeChar(text, '-')) {
    month = TakeNumber(text, 1, 2);
    if (month && TakeChar(text, '-')) day = TakeNumber(text, 1, 2);
  }
  if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1) return std::nullopt;
  if (*day > DaysIn(negative ? -*year : *year, *month)) return std::nullopt;
  char out[32];
  std::snprintf(out, sizeof out, "%s%04d-%02d-%02d",
                negative       ? "-"
                : *year > 9999 ? "+"
                               : "",
                *year, *month, *day);
  return out;
}

// hh:[m]m[:[s]s[.f…]] as Spark writes it: fractions of a microsecond and zeros at the end go.
std::optional<std::string> TakeTime(std::string_view& text) {
  std::optional<int> hour = TakeNumber(text, 1, 2);
  std::optional<int> minute = 0;
  std::optional<int> second = 0;
  std::string fraction;
  if (!hour || !TakeChar(text, ':')) return std::nullopt;
  minute = TakeNumber(text, 1, 2);
  if (!minute) return std::nullopt;
  if (TakeChar(text, ':')) {
    second = TakeNumber(text, 1, 2);
    if (second && TakeChar(text, '.')) {
      while (!text.empty() && std::isdigit(static_cast<unsigned char>(text.front()))) {
        fraction += text.front();
        text.remove_prefix(1);
      }
      if (fraction.size() > 9) return std::nullopt;
    }
  }
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  fraction.resize(std::min<size_t>(fraction.size(), 6));
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  char out[32];
  std::snprintf(out, sizeof out, "%02d:%02d:%02d", *hour, *minute, *second);
  return out + (fraction.empty() ? "" : "." + fraction);
}

// Z, an offset, or a name: "+01:00", "UTC+1", "Europe/Berlin".
bool IsZone(std::string_view zone) {
  return !zone.empty() && std::all_of(zone.begin(), zone.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '-' || c == ':' ||
           c == '/' || c == '_';
  });
}

}  // namespace

std::optional<std::string> DateLiteralText(std::string_view text) {
  text = Trimmed(text);
  bool whole = std::count(text.begin(), text.end(), '-') >= 2;
  std::optional<std::string> date = TakeDate(text);
  if (!date || text.empty()) return date;
  // After a whole date a time may follow, which a date leaves out.
  bool time = whole && (text.front() == ' ' || text.front() == 'T');
  return time ? date : std::nullopt;
}

std::optional<TimestampText> TimestampLiteralText(std::string_view text) {
  text = Trimmed(text);
  std::optional<std::string> date = TakeDate(text);
  if (!date) return std::nullopt;
  TimestampText result{*date + " 00:00:00", false};
  if (text.empty()) return result;
  if (!TakeChar(text, ' ') && !TakeChar(text, 'T')) return std::nullopt;
  if (text.empty()) return result;
  std::optional<std::string> time = TakeTime(text);
  if (!time) return std::nullopt;
  result.local = *date + " " + *time;
  text = Trimmed(text);
  result.has_zone = !text.empty();
  if (result.has_zone && !IsZone(text)) return std::nullopt;
  return result;
}

}  // namespace tarn::plan
