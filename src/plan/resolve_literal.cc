#include <charconv>
#include <cmath>

#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::IntervalField;
using columnar::TypeKind;
using sql::LiteralKind;

namespace {

std::optional<int64_t> ToInt64(std::string_view text) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Type of digits with an optional point: DECIMAL with as many places as are written.
Result<ExprRef> DecimalLiteral(const std::string& text) {
  std::string_view digits = text;
  bool negative = !digits.empty() && digits.front() == '-';
  if (negative) digits.remove_prefix(1);
  if (digits.find_first_of("eE") != std::string_view::npos) {
    return Fail("UNSUPPORTED_FEATURE",
                "Tarn does not support decimal literals with an exponent yet.");
  }
  size_t point = digits.find('.');
  std::string_view whole = digits.substr(0, point);
  std::string_view fraction = point == std::string_view::npos ? "" : digits.substr(point + 1);
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  if (whole == "0") whole = "";
  int scale = static_cast<int>(fraction.size());
  int precision = std::max<int>(1, static_cast<int>(whole.size()) + scale);
  if (precision > 38) {
    return Fail("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                "Decimal precision " + std::to_string(precision) + " exceeds 38.",
                {{"precision", std::to_string(precision)}, {"maxPrecision", "38"}});
  }
  std::string value = (negative ? "-" : "") + (whole.empty() ? "0" : std::string(whole));
  if (scale > 0) value += "." + std::string(fraction);
  return MakeLiteral(DataType::Decimal(precision, scale), value);
}

Result<ExprRef> SmallLiteral(const sql::Literal& literal, TypeKind kind, int64_t low,
                             int64_t high) {
  std::optional<int64_t> value = ToInt64(literal.text);
  if (!value || *value < low || *value > high) {
    return Fail(
        "INVALID_NUMERIC_LITERAL_RANGE",
        "Numeric literal " + literal.text + " is outside the valid range for " +
            DataType(kind).ToSqlString() + ".",
        {{"rawStrippedQualifier", literal.text}, {"typeName", DataType(kind).ToSqlString()}});
  }
  return MakeLiteral(kind, std::to_string(*value));
}

}  // namespace

Result<ExprRef> Analyzer::ExprResolver::ResolveLiteral(const sql::Literal& literal) {
  switch (literal.literal) {
    case LiteralKind::kNull:
      return MakeLiteral(DataType(), std::nullopt);
    case LiteralKind::kBoolean:
      return MakeLiteral(TypeKind::kBoolean, literal.text);
    case LiteralKind::kTinyInt:
      return SmallLiteral(literal, TypeKind::kByte, INT8_MIN, INT8_MAX);
    case LiteralKind::kSmallInt:
      return SmallLiteral(literal, TypeKind::kShort, INT16_MIN, INT16_MAX);
    case LiteralKind::kBigInt:
      return SmallLiteral(literal, TypeKind::kLong, INT64_MIN, INT64_MAX);
    case LiteralKind::kInteger: {
      std::optional<int64_t> value = ToInt64(literal.text);
      if (!value) return DecimalLiteral(literal.text);
      bool small = *value >= INT32_MIN && *value <= INT32_MAX;
      return MakeLiteral(small ? TypeKind::kInteger : TypeKind::kLong, std::to_string(*value));
    }
    case LiteralKind::kDecimal:
      return DecimalLiteral(literal.text);
    case LiteralKind::kFloat:
      return MakeLiteral(TypeKind::kFloat, literal.text);
    case LiteralKind::kDouble:
      return MakeLiteral(TypeKind::kDouble, literal.text);
    case LiteralKind::kString:
      return MakeLiteral(TypeKind::kString, literal.text);
    case LiteralKind::kBinary:
      return MakeLiteral(TypeKind::kBinary, literal.text);
    case LiteralKind::kDate:
      return MakeCast(MakeLiteral(TypeKind::kString, literal.text), TypeKind::kDate);
    case LiteralKind::kTimestamp:
      return MakeCast(MakeLiteral(TypeKind::kString, literal.text), TypeKind::kTimestamp);
    case LiteralKind::kTimestampNtz:
      return MakeCast(MakeLiteral(TypeKind::kString, literal.text), TypeKind::kTimestampNtz);
    case LiteralKind::kInterval:
      return ResolveInterval(literal);
  }
  return Fail("INTERNAL_ERROR", "a literal of an unknown kind");
}

// Only whole numbers of units, and the ANSI forms of one unit; the value is months or microseconds.
Result<ExprRef> Analyzer::ExprResolver::ResolveInterval(const sql::Literal& literal) {
  struct Unit {
    std::string_view name;
    IntervalField field;
    int64_t months;
    int64_t micros;
  };
  static constexpr Unit kUnits[] = {
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
  int64_t months = 0;
  int64_t micros = 0;
  bool year_month = false;
  bool day_time = false;
  IntervalField first = IntervalField::kSecond;
  IntervalField last = IntervalField::kYear;
  for (const sql::IntervalPart& part : literal.interval) {
    const Unit* unit = nullptr;
    for (const Unit& u : kUnits) {
      if (u.name == part.unit) unit = &u;
    }
    std::optional<int64_t> value = ToInt64(part.value);
    bool plain = unit != nullptr && value && part.to_unit.empty();
    if (!plain) {
      return Fail("UNSUPPORTED_FEATURE",
                  "Tarn supports intervals of whole units only, such as INTERVAL 3 DAYS.");
    }
    months += *value * unit->months;
    micros += *value * unit->micros;
    (unit->months != 0 ? year_month : day_time) = true;
    first = std::min(first, unit->field);
    last = std::max(last, unit->field);
  }
  if (year_month && day_time) {
    return Fail("UNSUPPORTED_FEATURE",
                "Tarn does not support intervals that mix months with days or times.");
  }
  if (year_month)
    return MakeLiteral(DataType::YearMonthInterval(first, last), std::to_string(months));
  return MakeLiteral(DataType::DayTimeInterval(first, last), std::to_string(micros));
}

}  // namespace tarn::plan
