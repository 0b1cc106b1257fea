#include <charconv>
#include <cmath>

#include "base/time_format.h"
#include "engine/duckdb/functions/datetime_pattern.h"
#include "engine/duckdb/functions/kernel.h"

namespace tarn::engine {
namespace {

using duckdb::date_t;
using duckdb::timestamp_t;
using duckdb::timestamp_tz_t;
using Use = DatetimePattern::Use;

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

std::string DateFormat(timestamp_tz_t at, std::string_view pattern) {
  return DatetimePattern::Compile(pattern, Use::kFormat)->Format(at.value);
}

int64_t SecondsToMicros(int64_t seconds) {
  int64_t micros = 0;
  if (__builtin_mul_overflow(seconds, kMicrosPerSecond, &micros)) {
    Raise("ARITHMETIC_OVERFLOW", "long overflow.");
  }
  return micros;
}

std::string FromUnixtime(int64_t seconds, std::string_view pattern) {
  return DatetimePattern::Compile(pattern, Use::kFormat)->Format(SecondsToMicros(seconds));
}
std::string FromUnixtimePlain(int64_t seconds) {
  return FromUnixtime(seconds, "yyyy-MM-dd HH:mm:ss");
}

std::optional<timestamp_tz_t> TryParse(std::string_view text, std::string_view pattern) {
  std::optional<int64_t> micros = DatetimePattern::Compile(pattern, Use::kParse)->Parse(text);
  if (!micros) return std::nullopt;
  return timestamp_tz_t(*micros);
}
timestamp_tz_t Parse(std::string_view text, std::string_view pattern) {
  std::optional<timestamp_tz_t> instant = TryParse(text, pattern);
  if (instant) return *instant;
  Raise("CANNOT_PARSE_TIMESTAMP",
        "Text '" + std::string(text) + "' could not be parsed by the pattern '" +
            std::string(pattern) + "'. Use `try_to_timestamp` to tolerate invalid input.");
}

// What CAST takes for dates and instants: [+-]y…y[-[m]m[-[d]d[( |T)[time][zone]]]].
class CastText {
 public:
  explicit CastText(std::string_view text) : text_(text) {
    auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    while (!text_.empty() && blank(text_.front())) text_.remove_prefix(1);
    while (!text_.empty() && blank(text_.back())) text_.remove_suffix(1);
  }

  /// The day alone; what follows a blank or a T does not matter.
  std::optional<int64_t> Date() {
    if (!ReadDate()) return std::nullopt;
    bool ends = at_ == text_.size() || (parts_ == 3 && (Peek() == ' ' || Peek() == 'T'));
    return ends ? Days() : std::nullopt;
  }

  /// Local time, offset and region follow in the members below.
  bool Timestamp() {
    if (!ReadDate()) return false;
    std::optional<int64_t> days = Days();
    if (!days) return false;
    micros = *days * kMicrosPerDay;
    if (at_ == text_.size()) return true;
    if (parts_ != 3 || (Peek() != ' ' && Peek() != 'T')) return false;
    ++at_;
    return at_ == text_.size() ? false : ReadTime();
  }

  int64_t micros = 0;
  std::optional<int64_t> offset_seconds;
  std::string_view region;

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::optional<int64_t> Number(size_t least, size_t most) {
    size_t begin = at_;
    int64_t value = 0;
    while (at_ - begin < most && Peek() >= '0' && Peek() <= '9')
      value = value * 10 + (text_[at_++] - '0');
    if (at_ - begin < least) return std::nullopt;
    if (Peek() >= '0' && Peek() <= '9') return std::nullopt;
    return value;
  }

  bool ReadDate() {
    int64_t sign = 1;
    if (Peek() == '-' || Peek() == '+') sign = text_[at_++] == '-' ? -1 : 1;
    std::optional<int64_t> year = Number(4, 7);
    if (!year) return false;
    year_ = sign * *year;
    parts_ = 1;
    for (int64_t* field : {&month_, &day_}) {
      if (Peek() != '-') break;
      ++at_;
      std::optional<int64_t> value = Number(1, 2);
      if (!value) return false;
      *field = *value;
      ++parts_;
    }
    return true;
  }

  std::optional<int64_t> Days() const {
    if (month_ < 1 || month_ > 12 || day_ < 1 || day_ > 31) return std::nullopt;
    int64_t days = DaysFromCivil(year_, static_cast<int>(month_), static_cast<int>(day_));
    if (CivilFromDays(days).day != day_) return std::nullopt;
    return days;
  }

  bool ReadTime() {
    int64_t seconds = 0;
    int64_t unit = 3600;
    for (int64_t limit : {24, 60, 60}) {
      std::optional<int64_t> value = Number(1, 2);
      if (!value || *value >= limit) return false;
      seconds += *value * unit;
      unit /= 60;
      if (Peek() != ':' || unit == 0) break;
      ++at_;
    }
    micros += seconds * kMicrosPerSecond;
    if (unit == 0 && Peek() == '.') {
      ++at_;
      int64_t scale = kMicrosPerSecond / 10;
      while (Peek() >= '0' && Peek() <= '9') {
        micros += (text_[at_++] - '0') * scale;
        scale /= 10;
      }
    }
    return ReadZone();
  }

  bool ReadZone() {
    if (Peek() == ' ') ++at_;
    std::string_view zone = text_.substr(at_);
    if (zone.empty()) return text_.empty() || text_.back() != ' ';
    std::string_view rest = zone;
    for (std::string_view name : {"UTC", "GMT", "UT", "Z"}) {
      if (!rest.starts_with(name)) continue;
      rest.remove_prefix(name.size());
      if (rest.empty()) {
        offset_seconds = 0;
        return true;
      }
      break;
    }
    if (rest[0] == '+' || rest[0] == '-') return ReadOffset(rest);
    if (std::isalpha(static_cast<unsigned char>(zone[0])) == 0) return false;
    region = zone;
    return true;
  }

  bool ReadOffset(std::string_view text) {
    int64_t sign = text[0] == '-' ? -1 : 1;
    text.remove_prefix(1);
    int64_t total = 0;
    int64_t unit = 3600;
    while (unit > 0) {
      size_t digits = 0;
      int64_t value = 0;
      while (digits < text.size() && digits < 2 && text[digits] >= '0' && text[digits] <= '9') {
        value = value * 10 + (text[digits++] - '0');
      }
      if (digits == 0 || (unit < 3600 && value > 59) || (unit == 3600 && value > 18)) return false;
      total += value * unit;
      text.remove_prefix(digits);
      if (text.empty()) break;
      // +hhmm needs no colons.
      if (text[0] == ':') text.remove_prefix(1);
      unit /= 60;
      if (unit == 0 || text.empty()) return false;
    }
    offset_seconds = sign * total;
    return total <= 18 * 3600;
  }

  std::string_view text_;
  size_t at_ = 0;
  int parts_ = 0;
  int64_t year_ = 0;
  int64_t month_ = 1;
  int64_t day_ = 1;
};

[[noreturn]] void InvalidCast(std::string_view text, std::string_view type) {
  Raise("CAST_INVALID_INPUT",
        "The value '" + std::string(text) + "' of the type \"STRING\" cannot be cast to \"" +
            std::string(type) +
            "\" because it is malformed. Correct the value, or use `try_cast`.");
}

date_t CastToDate(std::string_view text) {
  std::optional<int64_t> days = CastText(text).Date();
  if (!days || *days > INT32_MAX || *days < INT32_MIN) InvalidCast(text, "DATE");
  return date_t(static_cast<int32_t>(*days));
}
timestamp_tz_t CastToTimestamp(std::string_view text) {
  CastText parsed(text);
  if (!parsed.Timestamp()) InvalidCast(text, "TIMESTAMP");
  return timestamp_tz_t(parsed.micros - parsed.offset_seconds.value_or(0) * kMicrosPerSecond);
}
timestamp_t CastToLocal(std::string_view text) {
  CastText parsed(text);
  if (!parsed.Timestamp()) InvalidCast(text, "TIMESTAMP_NTZ");
  return timestamp_t(parsed.micros);
}
// The name of the zone in the text, or NULL where it has none or an offset.
std::optional<std::string> RegionOf(std::string_view text) {
  CastText parsed(text);
  if (!parsed.Timestamp() || parsed.region.empty()) return std::nullopt;
  return std::string(parsed.region);
}

// For a text that is right but for its zone.
timestamp_tz_t UnknownZone(std::string_view text) { InvalidCast(text, "TIMESTAMP"); }

// Microseconds east of UTC of a zone id that is an offset, or NULL for a region.
std::optional<int64_t> OffsetOf(std::string_view zone) {
  CastText parsed("2000-01-01 00:00:00 " + std::string(zone));
  if (!parsed.Timestamp() || !parsed.offset_seconds) return std::nullopt;
  return *parsed.offset_seconds * kMicrosPerSecond;
}

[[noreturn]] void OutOfBounds(const std::string& what) {
  Raise("DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION",
        "Invalid value for a field of a date or time: " + what +
            ". If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error.");
}

int64_t CheckedDays(int32_t year, int32_t month, int32_t day) {
  if (month < 1 || month > 12) OutOfBounds("month " + std::to_string(month));
  if (day < 1 || day > 31) OutOfBounds("day " + std::to_string(day));
  int64_t days = DaysFromCivil(year, month, day);
  if (CivilFromDays(days).day != day) OutOfBounds("day " + std::to_string(day));
  return days;
}

date_t MakeDate(int32_t year, int32_t month, int32_t day) {
  return date_t(static_cast<int32_t>(CheckedDays(year, month, day)));
}

// Seconds come in millionths.
timestamp_t MakeTimestamp(int32_t year, int32_t month, int32_t day, int32_t hour, int32_t minute,
                          int64_t second_micros) {
  int64_t days = CheckedDays(year, month, day);
  if (hour < 0 || hour > 23) OutOfBounds("hour " + std::to_string(hour));
  if (minute < 0 || minute > 59) OutOfBounds("minute " + std::to_string(minute));
  constexpr int64_t kMinute = 60 * kMicrosPerSecond;
  if (second_micros > kMinute && second_micros < kMinute + kMicrosPerSecond) {
    Raise("INVALID_FRACTION_OF_SECOND", "The fraction of a second must be zero for the second 60.");
  }
  if (second_micros < 0 || second_micros > kMinute) OutOfBounds("second");
  return timestamp_t(days * kMicrosPerDay + (hour * 60 + minute) * kMinute + second_micros);
}

int DaysInMonth(const CivilDate& date) {
  return CivilFromDays((date.month == 12 ? DaysFromCivil(date.year + 1, 1, 1)
                                         : DaysFromCivil(date.year, date.month + 1, 1)) -
                       1)
      .day;
}

// Whole months between days of the same number or between last days; else by months of 31 days.
double MonthsBetweenExactly(timestamp_tz_t later, timestamp_tz_t earlier) {
  int64_t days1 = FloorDiv(later.value, kMicrosPerDay);
  int64_t days2 = FloorDiv(earlier.value, kMicrosPerDay);
  CivilDate a = CivilFromDays(days1);
  CivilDate b = CivilFromDays(days2);
  auto months = static_cast<double>((a.year - b.year) * 12 + a.month - b.month);
  if (a.day == b.day || (a.day == DaysInMonth(a) && b.day == DaysInMonth(b))) return months;
  int64_t seconds1 = (later.value - days1 * kMicrosPerDay) / kMicrosPerSecond;
  int64_t seconds2 = (earlier.value - days2 * kMicrosPerDay) / kMicrosPerSecond;
  double seconds = static_cast<double>((a.day - b.day) * 86'400 + seconds1 - seconds2);
  return months + seconds / (31.0 * 86'400.0);
}
double MonthsBetween(timestamp_tz_t later, timestamp_tz_t earlier, bool round_off) {
  double months = MonthsBetweenExactly(later, earlier);
  return round_off ? std::floor(months * 1e8 + 0.5) / 1e8 : months;
}
double MonthsBetweenRounded(timestamp_tz_t later, timestamp_tz_t earlier) {
  return MonthsBetween(later, earlier, true);
}

date_t NextDay(date_t from, std::string_view name) {
  static constexpr std::string_view kDays[] = {"MONDAY", "TUESDAY",  "WEDNESDAY", "THURSDAY",
                                               "FRIDAY", "SATURDAY", "SUNDAY"};
  std::string upper(name);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (int i = 0; i < 7; ++i) {
    if (upper != kDays[i] && upper != kDays[i].substr(0, 2) && upper != kDays[i].substr(0, 3)) {
      continue;
    }
    int today = ((from.days + 3) % 7 + 7) % 7;
    int ahead = (i - today + 7) % 7;
    return date_t(from.days + (ahead == 0 ? 7 : ahead));
  }
  Raise("ILLEGAL_DAY_OF_WEEK", "Illegal input for day of week: " + std::string(name) + ".");
}

// The unit that DuckDB knows under another name; NULL for none.
std::optional<std::string> TruncUnit(std::string_view unit, bool date) {
  std::string upper(unit);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (upper == "YEAR" || upper == "YYYY" || upper == "YY") return "year";
  if (upper == "QUARTER") return "quarter";
  if (upper == "MONTH" || upper == "MM" || upper == "MON") return "month";
  if (upper == "WEEK") return "week";
  if (date) return std::nullopt;
  if (upper == "DAY" || upper == "DD") return "day";
  if (upper == "HOUR") return "hour";
  if (upper == "MINUTE") return "minute";
  if (upper == "SECOND") return "second";
  if (upper == "MILLISECOND") return "milliseconds";
  if (upper == "MICROSECOND") return "microseconds";
  return std::nullopt;
}
std::optional<std::string> DateUnit(std::string_view unit) { return TruncUnit(unit, true); }
std::optional<std::string> TimeUnit(std::string_view unit) { return TruncUnit(unit, false); }

std::string DayName(date_t day) {
  return DatetimePattern::Compile("EEE", Use::kFormat)->Format(day.days * kMicrosPerDay);
}
std::string MonthName(date_t day) {
  return DatetimePattern::Compile("MMM", Use::kFormat)->Format(day.days * kMicrosPerDay);
}

timestamp_tz_t OfMicros(int64_t micros) { return timestamp_tz_t(micros); }
timestamp_tz_t OfMillis(int64_t millis) {
  int64_t micros = 0;
  if (__builtin_mul_overflow(millis, int64_t{1000}, &micros)) {
    Raise("ARITHMETIC_OVERFLOW", "long overflow.");
  }
  return timestamp_tz_t(micros);
}
timestamp_tz_t OfSeconds(int64_t seconds) { return timestamp_tz_t(SecondsToMicros(seconds)); }
std::optional<timestamp_tz_t> OfSecondsFloating(double seconds) {
  if (!std::isfinite(seconds)) return std::nullopt;
  return timestamp_tz_t(static_cast<int64_t>(seconds * 1e6));
}
int64_t ToMicros(timestamp_tz_t at) { return at.value; }
int64_t ToMillis(timestamp_tz_t at) { return FloorDiv(at.value, 1000); }
int64_t ToSeconds(timestamp_tz_t at) { return FloorDiv(at.value, kMicrosPerSecond); }
date_t OfDays(int32_t days) { return date_t(days); }

}  // namespace

void RegisterDatetimeFunctions(Registrar& f) {
  f.Add<&DateFormat>("spark_date_format");
  f.Add<&FromUnixtime>("spark_from_unixtime");
  f.Add<&FromUnixtimePlain>("spark_from_unixtime");
  f.Add<&Parse>("spark_parse_by_pattern");
  f.Add<&TryParse>("spark_try_parse_by_pattern");
  f.Add<&CastToDate>("spark_parse_date");
  f.Add<&CastToTimestamp>("spark_parse_timestamp");
  f.Add<&CastToLocal>("spark_parse_local");
  f.Add<&RegionOf>("spark_region_of");
  f.Add<&UnknownZone>("spark_unknown_zone");
  f.Add<&OffsetOf>("spark_offset_of");
  f.Add<&MakeDate>("spark_make_date");
  f.Add<&MakeTimestamp>("spark_make_local");
  f.Add<&MonthsBetween>("spark_months_between");
  f.Add<&MonthsBetweenRounded>("spark_months_between");
  f.Add<&NextDay>("spark_next_day");
  f.Add<&DateUnit>("spark_date_unit");
  f.Add<&TimeUnit>("spark_time_unit");
  f.Add<&DayName>("spark_dayname");
  f.Add<&MonthName>("spark_monthname");
  f.Add<&OfMicros>("spark_timestamp_micros");
  f.Add<&OfMillis>("spark_timestamp_millis");
  f.Add<&OfSeconds>("spark_timestamp_seconds");
  f.Add<&OfSecondsFloating>("spark_timestamp_seconds");
  f.Add<&ToMicros>("spark_unix_micros");
  f.Add<&ToMillis>("spark_unix_millis");
  f.Add<&ToSeconds>("spark_unix_seconds");
  f.Add<&OfDays>("spark_date_from_unix_date");
}

}  // namespace tarn::engine
