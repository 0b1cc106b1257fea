#include "engine/duckdb/log_value.h"

#include <charconv>
#include <cmath>

#include "columnar/value_text.h"
#include "delta/file_stats.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

int64_t FloorTo(int64_t value, int64_t unit) {
  int64_t rest = value % unit;
  return value - (rest < 0 ? rest + unit : rest);
}

// Reads a text from its front; every reader says whether what it wants was there.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool Skip(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool Number(int* out) {
    auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), *out);
    bool digit = !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
    if (error != std::errc() || !digit) return false;
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return true;
  }
  // ".123" → 123000 microseconds; digits beyond the sixth are cut.
  bool Fraction(int64_t* micros) {
    size_t digits = 0;
    *micros = 0;
    int64_t unit = kMicrosPerSecond / 10;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      *micros += (rest_[digits] - '0') * unit;
      unit /= 10;
    }
    rest_.remove_prefix(digits);
    return digits > 0;
  }
  bool Date(duckdb::date_t* out) {
    bool before = Skip("-");
    if (!before) Skip("+");
    int year = 0, month = 0, day = 0;
    if (!Number(&year) || !Skip("-") || !Number(&month) || !Skip("-") || !Number(&day))
      return false;
    return duckdb::Date::TryFromDate(before ? -year : year, month, day, *out);
  }
  bool Time(int64_t* micros) {
    int hour = 0, minute = 0, second = 0;
    int64_t fraction = 0;
    if (!Number(&hour) || !Skip(":") || !Number(&minute)) return false;
    if (Skip(":") && (!Number(&second) || (Skip(".") && !Fraction(&fraction)))) return false;
    if (hour > 23 || minute > 59 || second > 59) return false;
    *micros = ((hour * 60 + minute) * 60 + second) * kMicrosPerSecond + fraction;
    return true;
  }
  // "Z", "+02:00", "-0530" or nothing, which is UTC.
  bool Offset(int64_t* micros) {
    *micros = 0;
    if (Skip("Z")) return true;
    bool west = !rest_.empty() && rest_.front() == '-';
    if (!Skip("+-")) return true;
    int hour = 0, minute = 0;
    if (!Number(&hour)) return false;
    if (Skip(":")) {
      if (!Number(&minute)) return false;
    } else if (hour > 99) {
      minute = hour % 100;
      hour /= 100;
    }
    *micros = (hour * 60 + minute) * 60 * kMicrosPerSecond;
    if (west) *micros = -*micros;
    return true;
  }

 private:
  std::string_view rest_;
};

std::optional<Value> ParseDate(std::string_view text) {
  Reader reader(text);
  duckdb::date_t day;
  if (!reader.Date(&day)) return std::nullopt;
  // Some writers give dates a time of day.
  int64_t time = 0;
  if (!reader.done() && (!reader.Skip("T ") || !reader.Time(&time))) return std::nullopt;
  return Value::DATE(day);
}

std::optional<Value> ParseInstant(std::string_view text, bool utc) {
  Reader reader(text);
  duckdb::date_t day;
  int64_t time = 0;
  int64_t offset = 0;
  if (!reader.Date(&day)) return std::nullopt;
  if (!reader.done() && (!reader.Skip("T ") || !reader.Time(&time))) return std::nullopt;
  if (utc) {
    reader.Skip(" ");
    if (!reader.Offset(&offset)) return std::nullopt;
  }
  int64_t micros = 0;
  if (!reader.done() || __builtin_mul_overflow(int64_t{day.days}, kMicrosPerDay, &micros) ||
      __builtin_add_overflow(micros, time - offset, &micros)) {
    return std::nullopt;
  }
  return utc ? Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(micros))
             : Value::TIMESTAMP(duckdb::timestamp_t(micros));
}

std::optional<Value> ParseText(const std::string& text, const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::VARCHAR:
      return Value(text);
    case LogicalTypeId::BLOB:
      return Value::BLOB_RAW(text);  // the text's bytes, not an escaped form of them
    case LogicalTypeId::DATE:
      return ParseDate(text);
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ:
      return ParseInstant(text, type.id() == LogicalTypeId::TIMESTAMP_TZ);
    default: {
      Value value(type);
      std::string error;
      if (!Value(text).DefaultTryCastAs(type, value, &error, true)) return std::nullopt;
      return value;
    }
  }
}

std::string ShortestText(double value) {
  char text[32];
  auto [end, error] = std::to_chars(text, text + sizeof(text), value);
  return std::string(text, end);
}

// The JSON parser keeps numbers that are not whole as doubles: over 15 digits the bound moved by
// less than one double.
std::optional<LogBound> DecimalBound(const json::Value& json, const LogicalType& type,
                                     bool maximum) {
  LogBound bound{Value(type), true};
  std::string text;
  if (json.is_int()) {
    text = std::to_string(json.as_int());
  } else if (json.is_string()) {
    text = json.as_string();
  } else {
    double value = json.as_double();
    bound.exact = duckdb::DecimalType::GetWidth(type) <= 15;
    if (!bound.exact) {
      double unit = std::pow(10.0, -duckdb::DecimalType::GetScale(type));
      double edge = maximum ? INFINITY : -INFINITY;
      value = std::nextafter(value, edge);
      value = std::nextafter(maximum ? value + unit : value - unit, edge);
    }
    text = ShortestText(value);
  }
  std::string error;
  if (!Value(text).DefaultTryCastAs(type, bound.value, &error, true)) return std::nullopt;
  return bound;
}

std::optional<LogBound> FloatBound(const json::Value& json, const LogicalType& type) {
  if (!json.is_number()) return std::nullopt;
  double value = json.as_double();
  if (!std::isfinite(value)) return std::nullopt;
  if (type.id() == LogicalTypeId::DOUBLE) return LogBound{Value::DOUBLE(value), true};
  auto narrow = static_cast<float>(value);
  if (!std::isfinite(narrow)) return std::nullopt;
  return LogBound{Value::FLOAT(narrow), true};
}

std::string InstantText(int64_t micros, int digits, char separator) {
  int64_t day = FloorTo(micros, kMicrosPerDay);
  int64_t time = micros - day;
  char text[40];
  std::snprintf(text, sizeof(text), "%c%02d:%02d:%02d.%0*lld", separator,
                static_cast<int>(time / (3'600 * kMicrosPerSecond)),
                static_cast<int>(time / (60 * kMicrosPerSecond) % 60),
                static_cast<int>(time / kMicrosPerSecond % 60), digits,
                static_cast<long long>(digits == 3 ? time % kMicrosPerSecond / 1000
                                                   : time % kMicrosPerSecond));
  return columnar::DateText(static_cast<int32_t>(day / kMicrosPerDay)) + text;
}

}  // namespace

Result<Value> PartitionValueOf(const std::optional<std::string>& text, const LogicalType& type) {
  if (!text || text->empty()) return Value(type);
  std::optional<Value> value = ParseText(*text, type);
  if (value) return *std::move(value);
  return Fail("DELTA_STATE_RECOVER_ERROR",
              "the partition value '" + *text + "' is not a " + type.ToString());
}

std::optional<LogBound> BoundOf(const json::Value& json, const LogicalType& type, bool maximum) {
  switch (type.id()) {
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT: {
      if (!json.is_int()) return std::nullopt;
      Value value(type);
      std::string error;
      if (!Value::BIGINT(json.as_int()).DefaultTryCastAs(type, value, &error, true))
        return std::nullopt;
      return LogBound{std::move(value), true};
    }
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE:
      return FloatBound(json, type);
    case LogicalTypeId::DECIMAL:
      if (!json.is_number() && !json.is_string()) return std::nullopt;
      return DecimalBound(json, type, maximum);
    case LogicalTypeId::DATE:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ: {
      if (!json.is_string()) return std::nullopt;
      std::optional<Value> value = ParseText(json.as_string(), type);
      if (!value) return std::nullopt;
      if (type.id() == LogicalTypeId::DATE) return LogBound{*std::move(value), true};
      // Cut to milliseconds: the largest value may lie up to one above.
      int64_t micros = value->GetValueUnsafe<int64_t>();
      if (maximum && __builtin_add_overflow(micros, 1000, &micros)) return std::nullopt;
      if (type.id() == LogicalTypeId::TIMESTAMP)
        return LogBound{Value::TIMESTAMP(duckdb::timestamp_t(micros)), false};
      return LogBound{Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(micros)), false};
    }
    case LogicalTypeId::VARCHAR:
      if (!json.is_string()) return std::nullopt;
      return LogBound{Value(json.as_string()), false};  // may have been cut
    default:
      return std::nullopt;
  }
}

std::optional<std::string> BoundJson(const Value& value, bool maximum) {
  switch (value.type().id()) {
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::DECIMAL:
      return value.ToString();
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE: {
      double number = value.type().id() == LogicalTypeId::FLOAT ? value.GetValue<float>()
                                                                : value.GetValue<double>();
      if (!std::isfinite(number)) return std::nullopt;
      return std::move(json::Writer().Double(number)).Take();
    }
    case LogicalTypeId::DATE:
      return json::Quote(columnar::DateText(value.GetValueUnsafe<int32_t>()));
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ: {
      // Readers add a millisecond to a maximum.
      int64_t micros = FloorTo(value.GetValueUnsafe<int64_t>(), 1000);
      bool utc = value.type().id() == LogicalTypeId::TIMESTAMP_TZ;
      return json::Quote(InstantText(micros, 3, 'T') + (utc ? "Z" : ""));
    }
    case LogicalTypeId::VARCHAR: {
      const std::string& text = duckdb::StringValue::Get(value);
      if (!maximum) return json::Quote(delta::TruncateMinimum(text));
      std::optional<std::string> bound = delta::TruncateMaximum(text);
      if (!bound) return std::nullopt;
      return json::Quote(*bound);
    }
    default:
      return std::nullopt;
  }
}

std::string InstantPartitionText(int64_t micros, bool utc) {
  return InstantText(micros, 6, utc ? 'T' : ' ') + (utc ? "Z" : "");
}

}  // namespace tarn::engine
