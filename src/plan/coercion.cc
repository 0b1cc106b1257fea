#include "plan/coercion.h"

#include <algorithm>

#include "plan/lower_case.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::Field;
using columnar::Fields;
using columnar::TypeKind;

namespace {

constexpr int kMaxPrecision = 38;
constexpr int kMinAdjustedScale = 6;

DataType Bounded(int precision, int scale) {
  return DataType::Decimal(std::min(precision, kMaxPrecision), std::min(scale, kMaxPrecision));
}

// Digits before the point win over digits after it, but six of those are kept.
DataType Adjusted(int precision, int scale) {
  if (precision <= kMaxPrecision) return DataType::Decimal(precision, scale);
  int whole = precision - scale;
  int kept = std::max(kMaxPrecision - whole, std::min(scale, kMinAdjustedScale));
  return DataType::Decimal(kMaxPrecision, kept);
}

DataType IntegralDecimal(TypeKind kind) {
  switch (kind) {
    case TypeKind::kByte:
      return DataType::Decimal(3, 0);
    case TypeKind::kShort:
      return DataType::Decimal(5, 0);
    case TypeKind::kInteger:
      return DataType::Decimal(10, 0);
    default:
      return DataType::Decimal(20, 0);
  }
}

bool IsDatetime(const DataType& t) {
  return t.is(TypeKind::kDate) || t.is(TypeKind::kTimestamp) || t.is(TypeKind::kTimestampNtz);
}

std::optional<DataType> CommonNumeric(const DataType& a, const DataType& b, bool ansi) {
  if (a.is(TypeKind::kDecimal) || b.is(TypeKind::kDecimal)) {
    const DataType& other = a.is(TypeKind::kDecimal) ? b : a;
    if (other.is(TypeKind::kFloat) || other.is(TypeKind::kDouble)) {
      return DataType(TypeKind::kDouble);
    }
    DataType x = a.is(TypeKind::kDecimal) ? a : IntegralDecimal(a.kind());
    DataType y = b.is(TypeKind::kDecimal) ? b : IntegralDecimal(b.kind());
    int scale = std::max(x.scale(), y.scale());
    int whole = std::max(x.precision() - x.scale(), y.precision() - y.scale());
    return Bounded(whole + scale, scale);
  }
  // FLOAT with INT or BIGINT loses digits: ANSI mode goes to DOUBLE.
  bool mixed = a.is_integral() != b.is_integral();
  TypeKind wide = std::max(a.kind(), b.kind());
  if (ansi && mixed && wide == TypeKind::kFloat &&
      std::min(a.kind(), b.kind()) >= TypeKind::kInteger) {
    return DataType(TypeKind::kDouble);
  }
  return DataType(wide);
}

// What a STRING and another type become together.
std::optional<DataType> CommonWithString(const DataType& other, bool ansi, Together purpose) {
  if (other.is_nested() || other.is(TypeKind::kVariant)) return std::nullopt;
  if (!ansi && purpose == Together::kComparison) return other;
  if (!ansi) {
    if (other.is(TypeKind::kBinary) || other.is(TypeKind::kBoolean)) return std::nullopt;
    return DataType(TypeKind::kString);
  }
  if (other.is_integral()) return DataType(TypeKind::kLong);
  if (other.is_fractional()) return DataType(TypeKind::kDouble);
  if (IsDatetime(other) || other.is(TypeKind::kBoolean) || other.is(TypeKind::kBinary)) {
    return other;
  }
  return std::nullopt;
}

std::optional<DataType> CommonStruct(const DataType& a, const DataType& b, bool ansi,
                                     Together purpose) {
  if (a.fields().size() != b.fields().size()) return std::nullopt;
  Fields fields;
  for (size_t i = 0; i < a.fields().size(); ++i) {
    auto type = CommonType(a.fields()[i].type, b.fields()[i].type, ansi, purpose);
    bool same_name = Lower(a.fields()[i].name) == Lower(b.fields()[i].name);
    if (!type || !same_name) return std::nullopt;
    fields.push_back({a.fields()[i].name, *type, a.fields()[i].nullable || b.fields()[i].nullable});
  }
  return DataType::Struct(std::move(fields));
}

// One type but for what may be NULL inside.
DataType MergeNullability(const DataType& a, const DataType& b) {
  switch (a.kind()) {
    case TypeKind::kArray:
      return DataType::Array(MergeNullability(a.element(), b.element()),
                             a.contains_null() || b.contains_null());
    case TypeKind::kMap:
      return DataType::Map(MergeNullability(a.key(), b.key()),
                           MergeNullability(a.value(), b.value()),
                           a.value_contains_null() || b.value_contains_null());
    case TypeKind::kStruct: {
      Fields fields;
      for (size_t i = 0; i < a.fields().size(); ++i) {
        const Field& x = a.fields()[i];
        const Field& y = b.fields()[i];
        fields.push_back({x.name, MergeNullability(x.type, y.type), x.nullable || y.nullable});
      }
      return DataType::Struct(std::move(fields));
    }
    default:
      return a;
  }
}

}  // namespace

std::optional<DataType> CommonType(const DataType& a, const DataType& b, bool ansi,
                                   Together purpose) {
  if (a.SameTypeIgnoringNullability(b)) return MergeNullability(a, b);
  if (a.is(TypeKind::kNull)) return b;
  if (b.is(TypeKind::kNull)) return a;
  if (a.is_numeric() && b.is_numeric()) return CommonNumeric(a, b, ansi);
  if (a.is_string() && b.is_string()) return DataType(TypeKind::kString);
  if (a.is_string() || b.is_string()) {
    return CommonWithString(a.is_string() ? b : a, ansi, purpose);
  }
  bool truth = a.is(TypeKind::kBoolean) || b.is(TypeKind::kBoolean);
  if (!ansi && purpose == Together::kComparison && truth && (a.is_numeric() || b.is_numeric())) {
    return a.is(TypeKind::kBoolean) ? b : a;
  }
  if (IsDatetime(a) && IsDatetime(b)) {
    if (a.is(TypeKind::kTimestamp) || b.is(TypeKind::kTimestamp))
      return DataType(TypeKind::kTimestamp);
    return DataType(TypeKind::kTimestampNtz);
  }
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case TypeKind::kArray: {
      auto element = CommonType(a.element(), b.element(), ansi, purpose);
      if (!element) return std::nullopt;
      return DataType::Array(*element, a.contains_null() || b.contains_null());
    }
    case TypeKind::kMap: {
      auto key = CommonType(a.key(), b.key(), ansi, purpose);
      auto value = CommonType(a.value(), b.value(), ansi, purpose);
      if (!key || !value) return std::nullopt;
      return DataType::Map(*key, *value, a.value_contains_null() || b.value_contains_null());
    }
    case TypeKind::kStruct:
      return CommonStruct(a, b, ansi, purpose);
    case TypeKind::kYearMonthInterval:
      return DataType::YearMonthInterval(std::min(a.interval_start(), b.interval_start()),
                                         std::max(a.interval_end(), b.interval_end()));
    case TypeKind::kDayTimeInterval:
      return DataType::DayTimeInterval(std::min(a.interval_start(), b.interval_start()),
                                       std::max(a.interval_end(), b.interval_end()));
    default:
      return std::nullopt;
  }
}

std::optional<DataType> CommonType(const std::vector<ExprRef>& exprs, bool ansi) {
  // Numbers are widened among themselves before a string joins: the order of arguments must not
  // matter.
  std::optional<DataType> result;
  for (bool strings : {false, true}) {
    for (const ExprRef& expr : exprs) {
      if (expr->type.is_string() != strings) continue;
      if (!result) {
        result = expr->type;
        continue;
      }
      result = CommonType(*result, expr->type, ansi);
      if (!result) return std::nullopt;
    }
  }
  return result;
}

DataType DecimalFor(const Expr& expr) {
  if (expr.type.is(TypeKind::kDecimal)) return expr.type;
  if (expr.op == ExprOp::kLiteral && expr.value && expr.type.is_integral()) {
    size_t digits = expr.value->size() - (expr.value->front() == '-' ? 1 : 0);
    return DataType::Decimal(static_cast<int>(std::max<size_t>(1, digits)), 0);
  }
  return IntegralDecimal(expr.type.kind());
}

DataType DecimalResult(sql::BinaryOp op, const DataType& a, const DataType& b) {
  int p1 = a.precision(), s1 = a.scale(), p2 = b.precision(), s2 = b.scale();
  switch (op) {
    case sql::BinaryOp::kAdd:
    case sql::BinaryOp::kSubtract: {
      int scale = std::max(s1, s2);
      return Adjusted(std::max(p1 - s1, p2 - s2) + scale + 1, scale);
    }
    case sql::BinaryOp::kMultiply:
      return Adjusted(p1 + p2 + 1, s1 + s2);
    case sql::BinaryOp::kDivide: {
      int scale = std::max(kMinAdjustedScale, s1 + p2 + 1);
      return Adjusted(p1 - s1 + s2 + scale, scale);
    }
    default: {
      int scale = std::max(s1, s2);
      return Adjusted(std::min(p1 - s1, p2 - s2) + scale, scale);
    }
  }
}

bool CanCast(const DataType& from, const DataType& to, bool ansi) {
  if (from.SameTypeIgnoringNullability(to) || from.is(TypeKind::kNull)) return true;
  if (to.is_string()) return true;
  auto interval = [](const DataType& t) {
    return t.is(TypeKind::kYearMonthInterval) || t.is(TypeKind::kDayTimeInterval);
  };
  if (from.is_string()) {
    return to.is_numeric() || to.is(TypeKind::kBoolean) || to.is(TypeKind::kBinary) ||
           IsDatetime(to) || interval(to) || to.is(TypeKind::kCalendarInterval);
  }
  if (from.is_numeric()) {
    return to.is_numeric() || to.is(TypeKind::kBoolean) || to.is(TypeKind::kTimestamp) ||
           (to.is(TypeKind::kBinary) && from.is_integral() && !ansi) ||
           (interval(to) && (from.is_integral() || from.is(TypeKind::kDecimal)));
  }
  if (from.is(TypeKind::kBoolean)) return to.is_numeric() || (!ansi && to.is(TypeKind::kTimestamp));
  if (interval(from)) {
    return from.kind() == to.kind() || to.is_integral() || to.is(TypeKind::kDecimal);
  }
  if (IsDatetime(from)) {
    if (IsDatetime(to)) return true;
    if (from.is(TypeKind::kTimestamp)) return to.is_numeric();
    return !ansi && from.is(TypeKind::kDate) && (to.is_numeric() || to.is(TypeKind::kBoolean));
  }
  if (from.kind() != to.kind()) return false;
  switch (from.kind()) {
    case TypeKind::kArray:
      return CanCast(from.element(), to.element(), ansi);
    case TypeKind::kMap:
      return CanCast(from.key(), to.key(), ansi) && CanCast(from.value(), to.value(), ansi);
    case TypeKind::kStruct:
      return from.fields().size() == to.fields().size() &&
             std::equal(
                 from.fields().begin(), from.fields().end(), to.fields().begin(),
                 [&](const Field& a, const Field& b) { return CanCast(a.type, b.type, ansi); });
    default:
      return true;
  }
}

bool CanStore(const DataType& from, const DataType& to) {
  if (from.SameTypeIgnoringNullability(to) || from.is(TypeKind::kNull)) return true;
  if (from.is_numeric() && to.is_numeric()) return true;
  if (to.is_string()) return !from.is_nested() && !from.is(TypeKind::kBinary);
  if (IsDatetime(from) && IsDatetime(to)) return true;
  if (from.kind() != to.kind()) return false;
  switch (from.kind()) {
    case TypeKind::kArray:
      return CanStore(from.element(), to.element());
    case TypeKind::kMap:
      return CanStore(from.key(), to.key()) && CanStore(from.value(), to.value());
    case TypeKind::kStruct:
      return from.fields().size() == to.fields().size() &&
             std::equal(from.fields().begin(), from.fields().end(), to.fields().begin(),
                        [](const Field& a, const Field& b) { return CanStore(a.type, b.type); });
    default:
      return true;
  }
}

}  // namespace tarn::plan
