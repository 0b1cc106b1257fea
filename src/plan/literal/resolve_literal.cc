#include <algorithm>
#include <charconv>
#include <cmath>

#include "plan/literal/datetime_literal.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;
using sql::LiteralKind;

namespace {

std::optional<int64_t> ToInt64(std::string_view text) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Type of digits with an optional point and exponent: DECIMAL with as many places as are written.
Result<ExprRef> DecimalLiteral(const std::string& text) {
  std::string_view digits = text;
  bool negative = !digits.empty() && digits.front() == '-';
  if (negative) digits.remove_prefix(1);
  int64_t exponent = 0;
  if (size_t at = digits.find_first_of("eE"); at != std::string_view::npos) {
    std::string_view written = digits.substr(at + 1);
    bool below = written.front() == '-';
    if (written.front() == '+') written.remove_prefix(1);
    // More digits than fit are far beyond what any decimal holds.
    exponent = ToInt64(written).value_or(below ? -1000 : 1000);
    exponent = std::clamp<int64_t>(exponent, -1000, 1000);
    digits = digits.substr(0, at);
  }
  size_t point = digits.find('.');
  std::string whole(digits.substr(0, point));
  std::string fraction(point == std::string_view::npos ? "" : digits.substr(point + 1));
  for (; exponent > 0; --exponent) {
    whole += fraction.empty() ? '0' : fraction.front();
    if (!fraction.empty()) fraction.erase(0, 1);
  }
  for (; exponent < 0; ++exponent) {
    fraction.insert(fraction.begin(), whole.empty() ? '0' : whole.back());
    if (!whole.empty()) whole.pop_back();
  }
  whole.erase(0, whole.find_first_not_of('0'));
  auto scale = static_cast<int>(fraction.size());
  int precision = std::max<int>(1, static_cast<int>(whole.size()) + scale);
  if (precision > 38) {
    return Fail("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                "Decimal precision " + std::to_string(precision) + " exceeds 38.",
                {{"precision", std::to_string(precision)}, {"maxPrecision", "38"}});
  }
  std::string value = (negative ? "-" : "") + (whole.empty() ? "0" : whole);
  if (scale > 0) value += "." + fraction;
  return MakeLiteral(DataType::Decimal(precision, scale), value);
}

// The text is a date or time that exists, so that the cast cannot fail and is never NULL.
ExprRef Typed(const sql::Literal& literal, TypeKind kind) {
  auto cast = std::make_shared<Expr>(*MakeCast(MakeLiteral(TypeKind::kString, literal.text), kind));
  cast->nullable = false;
  return cast;
}

Error NotTyped(const sql::Literal& literal, const std::string& type) {
  return Fail("INVALID_TYPED_LITERAL",
              "The value of the typed literal \"" + type + "\" is invalid: '" + literal.text + "'.",
              {{"valueType", "\"" + type + "\""}, {"value", "'" + literal.text + "'"}});
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

Result<ExprRef> DatetimeLiteral(const sql::Literal& literal, NameOverrides& names) {
  if (literal.literal == LiteralKind::kDate) {
    std::optional<std::string> date = DateLiteralText(literal.text);
    if (!date) return NotTyped(literal, "DATE");
    names[&literal] = "DATE '" + *date + "'";
    return Typed(literal, TypeKind::kDate);
  }
  bool local = literal.literal == LiteralKind::kTimestampNtz;
  std::string type = local ? "TIMESTAMP_NTZ" : "TIMESTAMP";
  std::optional<TimestampText> text = TimestampLiteralText(literal.text);
  if (!text) return NotTyped(literal, type);
  // In another zone than the session's the name shows the text as it was written.
  if (local || !text->has_zone) names[&literal] = type + " '" + text->local + "'";
  return Typed(literal, local ? TypeKind::kTimestampNtz : TypeKind::kTimestamp);
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
    case LiteralKind::kDecimal: {
      TARN_TRY(ExprRef value, DecimalLiteral(literal.text));
      bool exponent = literal.text.find_first_of("eE") != std::string::npos;
      if (exponent) state_.names[&literal] = *value->value;
      return value;
    }
    case LiteralKind::kFloat:
      return MakeLiteral(TypeKind::kFloat, literal.text);
    case LiteralKind::kDouble:
      return MakeLiteral(TypeKind::kDouble, literal.text);
    case LiteralKind::kString:
      return MakeLiteral(TypeKind::kString, literal.text);
    case LiteralKind::kBinary:
      return MakeLiteral(TypeKind::kBinary, literal.text);
    case LiteralKind::kDate:
    case LiteralKind::kTimestamp:
    case LiteralKind::kTimestampNtz:
      return DatetimeLiteral(literal, state_.names);
    case LiteralKind::kInterval:
      return ResolveInterval(literal);
  }
  return Fail("INTERNAL_ERROR", "a literal of an unknown kind");
}

}  // namespace tarn::plan
