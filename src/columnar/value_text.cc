#include "columnar/value_text.h"

#include <charconv>
#include <cmath>

#include <fmt/core.h>

#include "base/encoding.h"
#include "base/json.h"
#include "base/time_format.h"

namespace tarn::columnar {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

std::string CivilText(int64_t days) {
  CivilDate date = CivilFromDays(days);
  std::string_view sign = date.year > 9999 ? "+" : date.year < 0 ? "-" : "";
  return fmt::format("{}{:04}-{:02}-{:02}", sign, std::abs(date.year), date.month, date.day);
}

// Java lays out a double as digits with a point between 10^-3 and 10^7 and with
// an exponent outside.
template <typename T>
std::string JavaFloating(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  char buffer[64];
  T magnitude = std::abs(value);
  bool plain = magnitude >= static_cast<T>(1e-3) && magnitude < static_cast<T>(1e7);
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), value,
                           plain ? std::chars_format::fixed : std::chars_format::scientific)
                 .ptr;
  std::string text(buffer, end);
  if (plain) return text.find('.') == std::string::npos ? text + ".0" : text;
  size_t e = text.find('e');
  std::string mantissa = text.substr(0, e);
  if (mantissa.find('.') == std::string::npos) mantissa += ".0";
  int exponent = 0;
  const char* digits = text.data() + e + 1;
  if (*digits == '+') ++digits;
  std::from_chars(digits, text.data() + text.size(), exponent);
  return mantissa + "E" + std::to_string(exponent);
}

std::string FractionText(int64_t micros) {
  if (micros == 0) return "";
  std::string text = fmt::format(".{:06}", micros);
  while (text.back() == '0') text.pop_back();
  return text;
}

std::string InstantText(int64_t micros, const TextOptions& options) {
  int offset =
      options.utc_offset_seconds == nullptr ? 0 : options.utc_offset_seconds(options.zone, micros);
  int64_t local = micros + offset * kMicrosPerSecond;
  if (!options.iso_timestamps) return TimestampText(local);
  int64_t days = local / kMicrosPerDay - (local % kMicrosPerDay < 0);
  int64_t rest = local - days * kMicrosPerDay;
  int64_t seconds = rest / kMicrosPerSecond;
  int64_t fraction = rest % kMicrosPerSecond;
  std::string text = CivilText(days) + fmt::format("T{:02}:{:02}:{:02}", seconds / 3600,
                                                   seconds / 60 % 60, seconds % 60);
  text += fraction % 1000 == 0 ? fmt::format(".{:03}", fraction / 1000)
                               : fmt::format(".{:06}", fraction);
  if (offset == 0) return text + "Z";
  int minutes = std::abs(offset) / 60;
  return text + fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string YearMonthText(const DataType& type, int32_t months) {
  std::string_view sign = months < 0 ? "-" : "";
  int64_t magnitude = std::abs(static_cast<int64_t>(months));
  std::string value;
  if (type.interval_start() == type.interval_end()) {
    value =
        std::to_string(type.interval_start() == IntervalField::kYear ? magnitude / 12 : magnitude);
  } else {
    value = fmt::format("{}-{}", magnitude / 12, magnitude % 12);
  }
  return fmt::format("INTERVAL '{}{}'", sign, value);
}

std::string DayTimeText(const DataType& type, int64_t micros) {
  uint64_t magnitude =
      micros < 0 ? 0 - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  uint64_t fraction = magnitude % kMicrosPerSecond;
  uint64_t seconds = magnitude / kMicrosPerSecond;
  constexpr uint64_t kUnitSeconds[] = {86'400, 3'600, 60, 1};
  constexpr uint64_t kUnitLimit[] = {0, 24, 60, 60};
  int first = static_cast<int>(type.interval_start()) - static_cast<int>(IntervalField::kDay);
  int last = static_cast<int>(type.interval_end()) - static_cast<int>(IntervalField::kDay);
  std::string text = micros < 0 ? "-" : "";
  for (int unit = first; unit <= last; ++unit) {
    uint64_t count = seconds / kUnitSeconds[unit];
    if (unit > first) {
      count %= kUnitLimit[unit];
      text += unit == 1 ? ' ' : ':';
    }
    text += unit == 0 ? std::to_string(count) : fmt::format("{:02}", count);
  }
  if (type.interval_end() == IntervalField::kSecond) {
    text += FractionText(static_cast<int64_t>(fraction));
  }
  return "INTERVAL '" + text + "'";
}

std::string IntervalSuffix(const DataType& type) {
  return type.ToSqlString().substr(std::string_view("INTERVAL").size());
}

// Text of everything that has no nested values.
std::string ScalarText(const DataType& type, const ArrayView& column, int64_t row,
                       const TextOptions& options) {
  switch (type.kind()) {
    case TypeKind::kBoolean:
      return column.Bool(row) ? "true" : "false";
    case TypeKind::kByte:
      return std::to_string(column.Fixed<int8_t>(row));
    case TypeKind::kShort:
      return std::to_string(column.Fixed<int16_t>(row));
    case TypeKind::kInteger:
      return std::to_string(column.Fixed<int32_t>(row));
    case TypeKind::kLong:
      return std::to_string(column.Fixed<int64_t>(row));
    case TypeKind::kFloat:
      return FloatText(column.Fixed<float>(row));
    case TypeKind::kDouble:
      return DoubleText(column.Fixed<double>(row));
    case TypeKind::kDecimal:
      return DecimalText(column.Fixed<__int128>(row), type.scale());
    case TypeKind::kDate:
      return DateText(column.Fixed<int32_t>(row));
    case TypeKind::kTimestamp:
      return InstantText(column.Fixed<int64_t>(row), options);
    case TypeKind::kTimestampNtz: {
      TextOptions local = options;
      local.utc_offset_seconds = nullptr;
      std::string text = InstantText(column.Fixed<int64_t>(row), local);
      if (options.iso_timestamps) text.pop_back();  // a local time has no zone letter
      return text;
    }
    case TypeKind::kYearMonthInterval:
      return YearMonthText(type, column.Fixed<int32_t>(row)) + IntervalSuffix(type);
    case TypeKind::kDayTimeInterval:
      return DayTimeText(type, column.Fixed<int64_t>(row)) + IntervalSuffix(type);
    default:
      return std::string(column.Bytes(row));
  }
}

bool IsBareJson(const DataType& type) { return type.is_numeric() || type.is(TypeKind::kBoolean); }

}  // namespace

std::string DoubleText(double value) { return JavaFloating(value); }
std::string FloatText(float value) { return JavaFloating(value); }

std::string DecimalText(__int128 unscaled, int scale) {
  bool negative = unscaled < 0;
  unsigned __int128 magnitude = negative ? -static_cast<unsigned __int128>(unscaled)
                                         : static_cast<unsigned __int128>(unscaled);
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(magnitude % 10));
    magnitude /= 10;
  } while (magnitude != 0);
  while (static_cast<int>(digits.size()) <= scale) digits += '0';
  std::string text(digits.rbegin(), digits.rend());
  if (scale > 0) text.insert(text.size() - static_cast<size_t>(scale), ".");
  return negative ? "-" + text : text;
}

std::string DateText(int32_t days) { return CivilText(days); }

std::string TimestampText(int64_t local_micros) {
  int64_t days = local_micros / kMicrosPerDay - (local_micros % kMicrosPerDay < 0);
  int64_t rest = local_micros - days * kMicrosPerDay;
  int64_t seconds = rest / kMicrosPerSecond;
  return CivilText(days) +
         fmt::format(" {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60) +
         FractionText(rest % kMicrosPerSecond);
}

void AppendText(const DataType& type, const ArrayView& column, int64_t row,
                const TextOptions& options, std::string& out) {
  auto append = [&](const DataType& item_type, const ArrayView& view, int64_t at) {
    if (view.IsNull(at)) {
      out += "null";
    } else {
      AppendText(item_type, view, at, options, out);
    }
  };
  if (type.is(TypeKind::kArray)) {
    out += '[';
    ArrayView items = column.ListChild();
    for (int32_t i = column.ListBegin(row); i < column.ListEnd(row); ++i) {
      if (i > column.ListBegin(row)) out += ", ";
      append(type.element(), items, i);
    }
    out += ']';
  } else if (type.is(TypeKind::kMap)) {
    out += '{';
    ArrayView entries = column.ListChild();
    ArrayView keys = entries.Member(0);
    ArrayView values = entries.Member(1);
    for (int32_t i = column.ListBegin(row); i < column.ListEnd(row); ++i) {
      if (i > column.ListBegin(row)) out += ", ";
      append(type.key(), keys, i);
      out += " -> ";
      append(type.value(), values, i);
    }
    out += '}';
  } else if (type.is(TypeKind::kStruct)) {
    out += '{';
    for (size_t i = 0; i < type.fields().size(); ++i) {
      if (i > 0) out += ", ";
      append(type.fields()[i].type, column.Member(static_cast<int64_t>(i)), row);
    }
    out += '}';
  } else {
    out += ScalarText(type, column, row, options);
  }
}

void AppendJson(const DataType& type, const ArrayView& column, int64_t row,
                const TextOptions& options, std::string& out) {
  if (column.IsNull(row)) {
    out += "null";
  } else if (type.is(TypeKind::kArray)) {
    out += '[';
    ArrayView items = column.ListChild();
    for (int32_t i = column.ListBegin(row); i < column.ListEnd(row); ++i) {
      if (i > column.ListBegin(row)) out += ',';
      AppendJson(type.element(), items, i, options, out);
    }
    out += ']';
  } else if (type.is(TypeKind::kMap)) {
    out += '{';
    ArrayView entries = column.ListChild();
    ArrayView keys = entries.Member(0);
    ArrayView values = entries.Member(1);
    for (int32_t i = column.ListBegin(row); i < column.ListEnd(row); ++i) {
      if (i > column.ListBegin(row)) out += ',';
      std::string key;
      AppendText(type.key(), keys, i, options, key);
      json::AppendQuoted(out, key);
      out += ':';
      AppendJson(type.value(), values, i, options, out);
    }
    out += '}';
  } else if (type.is(TypeKind::kStruct)) {
    out += '{';
    for (size_t i = 0; i < type.fields().size(); ++i) {
      if (i > 0) out += ',';
      json::AppendQuoted(out, type.fields()[i].name);
      out += ':';
      AppendJson(type.fields()[i].type, column.Member(static_cast<int64_t>(i)), row, options, out);
    }
    out += '}';
  } else if (type.is(TypeKind::kBinary)) {
    json::AppendQuoted(out, Base64Encode(column.Bytes(row)));
  } else {
    std::string text = ScalarText(type, column, row, options);
    bool finite = text != "NaN" && text.find("Infinity") == std::string::npos;
    if (IsBareJson(type) && finite) {
      out += text;
    } else {
      json::AppendQuoted(out, text);
    }
  }
}

}  // namespace tarn::columnar
