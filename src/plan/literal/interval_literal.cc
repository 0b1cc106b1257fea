// INTERVAL literals: Spark's units and ANSI forms, and the name each has in output columns.
// Spec: Spark SQL reference, "Literals", "Interval Literal".
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "plan/lower_case.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::IntervalField;

namespace {

struct Unit {
  std::string_view name;
  IntervalField field;
  int64_t months;
  int64_t micros;
};

constexpr Unit kUnits[] = {
    {"YEAR", IntervalField::kYear, 12, 0},
    {"QUARTER", IntervalField::kMonth, 3, 0},
    {"MONTH", IntervalField::kMonth, 1, 0},
    {"WEEK", IntervalField::kDay, 0, 604'800'000'000},
    {"DAY", IntervalField::kDay, 0, 86'400'000'000},
    {"HOUR", IntervalField::kHour, 0, 3'600'000'000},
    {"MINUTE", IntervalField::kMinute, 0, 60'000'000},
    {"SECOND", IntervalField::kSecond, 0, 1'000'000},
    {"MILLISECOND", IntervalField::kSecond, 0, 1'000},
    {"MICROSECOND", IntervalField::kSecond, 0, 1},
};

const Unit* FindUnit(std::string_view upper) {
  for (const Unit& unit : kUnits) {
    if (unit.name == upper) return &unit;
  }
  return nullptr;
}

Error Invalid(std::string_view reason, const std::string& input, const std::string& message) {
  return Fail("INVALID_INTERVAL_FORMAT." + std::string(reason),
              "Error parsing '" + input +
                  "' to interval. Please ensure that the value provided is in a valid format for "
                  "defining an interval. " +
                  message,
              {{"input", input}});
}

Error Overflow(const std::string& input) {
  return Invalid("ARITHMETIC_EXCEPTION", input,
                 "Uncaught arithmetic exception while parsing '" + input + "'.");
}

std::optional<int64_t> WholeNumber(std::string_view digits) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::string_view Trimmed(std::string_view text) {
  auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Signs in front: the one of the literal and the one in the string.
bool TakeSigns(std::string_view& text) {
  bool negative = false;
  text = Trimmed(text);
  while (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative ^= text.front() == '-';
    text = Trimmed(text.substr(1));
  }
  return negative;
}

// What an interval is made of, added up.
struct Sum {
  int64_t months = 0;
  int64_t micros = 0;
  bool year_month = false;
  bool day_time = false;
  IntervalField first = IntervalField::kSecond;
  IntervalField last = IntervalField::kYear;

  void Cover(const Unit& unit) {
    (unit.months != 0 ? year_month : day_time) = true;
    first = std::min(first, unit.field);
    last = std::max(last, unit.field);
  }
};

// "5", "-1.25" of one unit; only seconds have fractions.
Status AddUnit(const Unit& unit, std::string_view text, const std::string& input, Sum& sum) {
  bool negative = TakeSigns(text);
  size_t point = text.find('.');
  std::string_view fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
  std::string_view whole = text.substr(0, point);
  bool digits = !(whole.empty() && fraction.empty());
  for (char c : whole) digits = digits && std::isdigit(static_cast<unsigned char>(c));
  for (char c : fraction) digits = digits && std::isdigit(static_cast<unsigned char>(c));
  if (!digits || fraction.size() > 9) {
    return Invalid("INVALID_VALUE", input, "Invalid value '" + std::string(text) + "'.");
  }
  if (point != std::string_view::npos && unit.name != "SECOND") {
    return Invalid("INVALID_FRACTION", input,
                   Lower(std::string(unit.name)) + " cannot have fractional part.");
  }
  std::optional<int64_t> value = whole.empty() ? 0 : WholeNumber(whole);
  std::string nanos = std::string(fraction) + std::string(9 - fraction.size(), '0');
  int64_t micros = WholeNumber(nanos).value_or(0) / 1000;
  if (!value) return Overflow(input);
  if (negative) {
    value = -*value;
    micros = -micros;
  }
  int64_t months = 0;
  int64_t whole_micros = 0;
  bool over = __builtin_mul_overflow(*value, unit.months, &months) ||
              __builtin_mul_overflow(*value, unit.micros, &whole_micros) ||
              __builtin_add_overflow(whole_micros, micros, &whole_micros) ||
              __builtin_add_overflow(sum.months, months, &sum.months) ||
              __builtin_add_overflow(sum.micros, whole_micros, &sum.micros) ||
              sum.months > INT32_MAX || sum.months < INT32_MIN;
  if (over) return Overflow(input);
  sum.Cover(unit);
  return Ok();
}

// '3 days 2 hours', the whole interval in one string.
Status AddText(const std::string& text, Sum& sum) {
  std::vector<std::string> words;
  std::string word;
  for (char c : text + " ") {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      word += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!words.empty() && words[0] == "INTERVAL") words.erase(words.begin());
  auto bad = [&] {
    return Fail("INVALID_TYPED_LITERAL",
                "The value of the typed literal \"INTERVAL\" is invalid: '" + text + "'.",
                {{"valueType", "\"INTERVAL\""}, {"value", "'" + text + "'"}});
  };
  if (words.empty()) return bad();
  for (size_t i = 0; i < words.size(); i += 2) {
    std::string value = words[i];
    if ((value == "-" || value == "+") && i + 1 < words.size()) {
      value += words[++i];
    }
    if (i + 1 >= words.size()) return bad();
    std::string name = words[i + 1];
    const Unit* unit = FindUnit(name);
    if (unit == nullptr && name.back() == 'S') unit = FindUnit(name.substr(0, name.size() - 1));
    if (unit == nullptr || !AddUnit(*unit, value, text, sum).ok()) return bad();
  }
  return Ok();
}

// The ANSI form 'a-b' or 'd h:m:s' FROM first TO last.
Status AddRange(const Unit& from, const Unit& to, std::string_view text, const std::string& input,
                Sum& sum) {
  auto unmatched = [&] {
    return Invalid("UNMATCHED_FORMAT_STRING", input,
                   "Interval string does not match the format of " + std::string(from.name) +
                       " TO " + std::string(to.name) + ".");
  };
  bool negative = TakeSigns(text);
  bool year_month = from.name == "YEAR" && to.name == "MONTH";
  bool day_time = from.months == 0 && to.months == 0 && from.field < to.field &&
                  from.name != "WEEK" && to.micros >= 1'000'000;
  if (!year_month && !day_time) {
    return Invalid("UNSUPPORTED_FROM_TO_EXPRESSION", input,
                   "Cannot support (interval '" + input + "' " + Lower(std::string(from.name)) +
                       " to " + Lower(std::string(to.name)) + ") expression.");
  }
  static constexpr std::string_view kDayTime[] = {"DAY", "HOUR", "MINUTE", "SECOND"};
  std::vector<std::string_view> names = {"YEAR", "MONTH"};
  if (day_time) {
    names.clear();
    for (std::string_view name : kDayTime) {
      IntervalField field = FindUnit(name)->field;
      if (field >= from.field && field <= to.field) names.push_back(name);
    }
  }
  Sum parts;
  for (size_t i = 0; i < names.size(); ++i) {
    char divider = names[i] == "YEAR" ? '-' : names[i] == "DAY" ? ' ' : ':';
    size_t end = i + 1 < names.size() ? text.find(divider) : text.size();
    if (end == std::string_view::npos) return unmatched();
    std::string_view value = text.substr(0, end);
    text = Trimmed(text.substr(std::min(text.size(), end + 1)));
    std::optional<int64_t> whole = WholeNumber(value.substr(0, value.find('.')));
    bool fraction = value.find('.') != std::string_view::npos;
    if (!whole || *whole < 0 || (fraction && names[i] != "SECOND")) return unmatched();
    int64_t most = names[i] == "MONTH" ? 11 : names[i] == "HOUR" ? 23 : 59;
    if (i > 0 && *whole > most) {
      return Invalid("INTERVAL_PARSING", input,
                     "Error parsing interval " + Lower(std::string(names[i])) + ": " +
                         std::to_string(*whole) + " outside range [0, " + std::to_string(most) +
                         "].");
    }
    TARN_RETURN_IF_ERROR(AddUnit(*FindUnit(names[i]), value, input, parts));
  }
  sum = parts;
  if (negative) {
    sum.months = -sum.months;
    sum.micros = -sum.micros;
  }
  return Ok();
}

std::string SecondsText(int64_t micros) {
  char text[32];
  std::snprintf(text, sizeof text, "%02lld.%06lld", static_cast<long long>(micros / 1'000'000),
                static_cast<long long>(micros % 1'000'000));
  std::string out = text;
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

std::string Two(int64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "%02lld", static_cast<long long>(value));
  return text;
}

// "INTERVAL '1 02' DAY TO HOUR": how Spark writes the value, however it was written.
std::string NameOf(const Sum& sum) {
  static constexpr std::string_view kNames[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
  std::string text;
  if (sum.year_month) {
    int64_t months = std::abs(sum.months);
    if (sum.months < 0) text = "-";
    if (sum.first == IntervalField::kMonth) {
      text += std::to_string(months);
    } else {
      text += std::to_string(months / 12);
      if (sum.last == IntervalField::kMonth) text += "-" + std::to_string(months % 12);
    }
  } else {
    int64_t rest = sum.micros;
    if (rest < 0) text = "-";
    rest = std::abs(rest);
    for (std::string_view name : {"DAY", "HOUR", "MINUTE", "SECOND"}) {
      const Unit& unit = *FindUnit(name);
      if (unit.field < sum.first || unit.field > sum.last) continue;
      if (unit.field != sum.first) text += name == "HOUR" ? " " : ":";
      if (name == "SECOND") {
        text += SecondsText(rest);
      } else {
        text += name == "DAY" ? std::to_string(rest / unit.micros) : Two(rest / unit.micros);
      }
      rest %= unit.micros;
    }
  }
  auto name = [](IntervalField field) { return std::string(kNames[static_cast<size_t>(field)]); };
  return "INTERVAL '" + text + "' " + name(sum.first) +
         (sum.first == sum.last ? "" : " TO " + name(sum.last));
}

}  // namespace

Result<ExprRef> Analyzer::ExprResolver::ResolveInterval(const sql::Literal& literal) {
  Sum sum;
  for (const sql::IntervalPart& part : literal.interval) {
    if (part.unit.empty()) {
      TARN_RETURN_IF_ERROR(AddText(part.value, sum));
      continue;
    }
    const Unit* unit = FindUnit(part.unit);
    const Unit* to = part.to_unit.empty() ? nullptr : FindUnit(part.to_unit);
    if (unit == nullptr || (!part.to_unit.empty() && to == nullptr)) {
      return Invalid("INVALID_UNIT", part.value, "Invalid unit '" + Lower(part.unit) + "'.");
    }
    if (to == nullptr) {
      TARN_RETURN_IF_ERROR(AddUnit(*unit, part.value, part.value + " " + Lower(part.unit), sum));
    } else {
      TARN_RETURN_IF_ERROR(AddRange(*unit, *to, part.value, part.value, sum));
    }
  }
  if (sum.year_month && sum.day_time) {
    return Fail("UNSUPPORTED_FEATURE",
                "Tarn does not support intervals that mix months with days or times.");
  }
  state_.names[&literal] = NameOf(sum);
  if (sum.year_month) {
    return MakeLiteral(DataType::YearMonthInterval(sum.first, sum.last),
                       std::to_string(sum.months));
  }
  return MakeLiteral(DataType::DayTimeInterval(sum.first, sum.last), std::to_string(sum.micros));
}

}  // namespace tarn::plan
