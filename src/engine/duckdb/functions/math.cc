#include <bit>
#include <charconv>
#include <cmath>

#include "duckdb/common/types/hugeint.hpp"

#include "engine/duckdb/functions/kernel.h"

namespace tarn::engine {
namespace {

template <double (*F)(double)>
double Of(double x) {
  return F(x);
}
double Cot(double x) { return 1 / std::tan(x); }
double Csc(double x) { return 1 / std::sin(x); }
double Sec(double x) { return 1 / std::cos(x); }
double Degrees(double x) { return x * (180.0 / M_PI); }
double Hypot(double x, double y) { return std::hypot(x, y); }
double Sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
std::optional<double> Log1p(double x) {
  return x <= -1 ? std::nullopt : std::optional(std::log1p(x));
}
std::optional<double> Ln(double x) { return x <= 0 ? std::nullopt : std::optional(std::log(x)); }
std::optional<double> Log10(double x) {
  return x <= 0 ? std::nullopt : std::optional(std::log10(x));
}
std::optional<double> Log2(double x) {
  return x <= 0 ? std::nullopt : std::optional(std::log(x) / std::log(2.0));
}
std::optional<double> LogOf(double base, double x) {
  if (base <= 0 || x <= 0) return std::nullopt;
  return std::log(x) / std::log(base);
}
double Power(double x, double y) {
  // Java: 1 to the power of NaN or of an infinity is NaN.
  if (std::isnan(y) || (std::abs(x) == 1 && std::isinf(y))) return std::nan("");
  return std::pow(x, y);
}
double Nanvl(double x, double other) { return std::isnan(x) ? other : x; }
bool IsNan(std::optional<double> x) { return x && std::isnan(*x); }

std::string Bin(int64_t value) {
  auto bits = static_cast<uint64_t>(value);
  std::string out;
  do {
    out.insert(out.begin(), static_cast<char>('0' + (bits & 1)));
    bits >>= 1;
  } while (bits != 0);
  return out;
}

int32_t BitCount(int64_t value) { return std::popcount(static_cast<uint64_t>(value)); }

template <typename T>
int8_t BitGet(T value, int32_t position) {
  if (position < 0 || position >= static_cast<int32_t>(sizeof(T) * 8)) {
    Raise("INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE",
          "The value of parameter(s) `pos` in `bit_get` is invalid: Expects an integer value in "
          "[0, " +
              std::to_string(sizeof(T) * 8) + "), but got " + std::to_string(position) + ".");
  }
  return static_cast<int8_t>(value >> position & 1);
}

template <typename T>
T ShiftLeft(T value, int32_t by) {
  using U = std::make_unsigned_t<T>;
  return static_cast<T>(static_cast<U>(value) << (by & (sizeof(T) * 8 - 1)));
}
template <typename T>
T ShiftRight(T value, int32_t by) {
  return static_cast<T>(value >> (by & (sizeof(T) * 8 - 1)));
}
template <typename T>
T ShiftRightUnsigned(T value, int32_t by) {
  using U = std::make_unsigned_t<T>;
  return static_cast<T>(static_cast<U>(value) >> (by & (sizeof(T) * 8 - 1)));
}

[[noreturn]] void Overflow(const char* type) {
  Raise("ARITHMETIC_OVERFLOW",
        std::string(type) + " overflow. Use the try_ form of the function to get NULL instead.");
}

// Digits left of the point become zeros; halves go away from zero, or to the even digit.
template <typename T, bool EVEN>
T RoundWhole(T value, int32_t places) {
  if (places >= 0) return value;
  if (places < -18) return 0;
  __int128 unit = 1;
  for (int i = 0; i > places; --i) unit *= 10;
  __int128 wide = value;
  __int128 quotient = wide / unit;
  __int128 rest = wide % unit;
  __int128 twice = rest < 0 ? -2 * rest : 2 * rest;
  bool away = twice > unit || (twice == unit && (!EVEN || quotient % 2 != 0));
  if (away) quotient += value < 0 ? -1 : 1;
  __int128 rounded = quotient * unit;
  if (rounded > std::numeric_limits<T>::max() || rounded < std::numeric_limits<T>::min()) {
    Overflow("Rounding");
  }
  return static_cast<T>(rounded);
}

// On the shortest decimal digits of the number, as BigDecimal does. Never gives a negative zero.
template <typename T, bool EVEN>
T RoundFloating(T value, int32_t places) {
  if (!std::isfinite(value) || places > 300) return value;
  char buffer[400];
  auto end =
      std::to_chars(buffer, buffer + sizeof(buffer), std::abs(value), std::chars_format::fixed).ptr;
  std::string digits(buffer, end);
  size_t point = std::min(digits.find('.'), digits.size());
  std::string plain = digits.substr(0, point);
  if (point < digits.size()) plain += digits.substr(point + 1);
  int64_t keep = static_cast<int64_t>(point) + places;
  if (keep < 0) return 0;
  if (keep >= static_cast<int64_t>(plain.size())) return value == 0 ? 0 : value;
  auto at = static_cast<size_t>(keep);
  std::string head = "0" + plain.substr(0, at);
  bool half = plain[at] == '5' && plain.find_first_not_of('0', at + 1) == std::string::npos;
  bool up = plain[at] >= '5' && !(EVEN && half && (head.back() - '0') % 2 == 0);
  for (size_t i = head.size(); up && i-- > 0;) {
    up = head[i] == '9';
    head[i] = up ? '0' : static_cast<char>(head[i] + 1);
  }
  std::string text = head + "e" + std::to_string(-places);
  T rounded = 0;
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  return value < 0 && rounded != 0 ? -rounded : rounded;
}

template <typename T>
std::optional<T> TryAdd(T a, T b) {
  T out;
  return __builtin_add_overflow(a, b, &out) ? std::nullopt : std::optional(out);
}
template <typename T>
std::optional<T> TrySubtract(T a, T b) {
  T out;
  return __builtin_sub_overflow(a, b, &out) ? std::nullopt : std::optional(out);
}
template <typename T>
std::optional<T> TryMultiply(T a, T b) {
  T out;
  return __builtin_mul_overflow(a, b, &out) ? std::nullopt : std::optional(out);
}
double AddDoubles(double a, double b) { return a + b; }
double SubtractDoubles(double a, double b) { return a - b; }
double MultiplyDoubles(double a, double b) { return a * b; }
std::optional<double> TryDivide(double a, double b) {
  return b == 0 ? std::nullopt : std::optional(a / b);
}
std::optional<int64_t> TryMod(int64_t a, int64_t b) {
  if (b == 0) return std::nullopt;
  return b == -1 ? 0 : a % b;
}
std::optional<double> TryModDoubles(double a, double b) {
  return b == 0 ? std::nullopt : std::optional(std::fmod(a, b));
}

int64_t LongOfSum(duckdb::hugeint_t sum) {
  int64_t value = 0;
  if (!duckdb::Hugeint::TryCast(sum, value)) {
    Raise("ARITHMETIC_OVERFLOW", "long overflow. Use `try_sum` to get NULL instead.");
  }
  return value;
}

std::optional<int64_t> WidthBucket(double value, double low, double high, int64_t count) {
  if (count <= 0 || count == INT64_MAX || std::isnan(value) || low == high || !std::isfinite(low) ||
      !std::isfinite(high)) {
    return std::nullopt;
  }
  double lower = std::min(low, high);
  double upper = std::max(low, high);
  bool rising = low < high;
  if (rising ? value < lower : value > upper) return 0;
  if (rising ? value >= upper : value <= lower) return count + 1;
  double share = rising ? (value - lower) / (upper - lower) : (upper - value) / (upper - lower);
  return static_cast<int64_t>(static_cast<double>(count) * share) + 1;
}

// Digits of a number in one base, written in another; a negative target base writes a sign.
std::optional<std::string> Conv(std::string_view text, int32_t from, int32_t to) {
  int32_t out_base = std::abs(to);
  if (from < 2 || from > 36 || out_base < 2 || out_base > 36) return std::nullopt;
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  bool negative = text.front() == '-';
  if (negative) text.remove_prefix(1);
  uint64_t value = 0;
  for (char c : text) {
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'z' ? c - 'a' + 10
                : c >= 'A' && c <= 'Z' ? c - 'A' + 10
                                       : 99;
    if (digit >= from) break;
    if (__builtin_mul_overflow(value, static_cast<uint64_t>(from), &value) ||
        __builtin_add_overflow(value, static_cast<uint64_t>(digit), &value)) {
      Raise("ARITHMETIC_OVERFLOW", "Overflow in function conv().");
    }
  }
  if (negative && to > 0) {
    value = static_cast<int64_t>(value) < 0 ? UINT64_MAX : 0 - value;
    negative = false;
  }
  bool sign = negative;
  if (to < 0 && static_cast<int64_t>(value) < 0) {
    value = 0 - value;
    sign = true;
  }
  std::string out;
  do {
    auto digit = static_cast<size_t>(value % static_cast<uint64_t>(out_base));
    out.insert(out.begin(), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit]);
    value /= static_cast<uint64_t>(out_base);
  } while (value != 0);
  return sign ? "-" + out : out;
}

// The fixed digits of a double or decimal text, halves to even, with commas.
std::string Grouped(std::string digits, int32_t places) {
  bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  size_t point = std::min(digits.find('.'), digits.size());
  std::string whole = digits.substr(0, point);
  std::string fraction = point < digits.size() ? digits.substr(point + 1) : "";
  auto keep = static_cast<size_t>(places);
  if (fraction.size() > keep) {
    std::string rest = fraction.substr(keep);
    fraction.resize(keep);
    std::string all = whole + fraction;
    bool half = rest[0] == '5' && rest.find_first_not_of('0', 1) == std::string::npos;
    bool up = half ? (all.back() - '0') % 2 != 0 : rest[0] >= '5';
    for (size_t i = all.size(); up && i-- > 0;) {
      up = all[i] == '9';
      all[i] = up ? '0' : static_cast<char>(all[i] + 1);
    }
    if (up) all.insert(all.begin(), '1');
    whole = all.substr(0, all.size() - keep);
    fraction = all.substr(all.size() - keep);
  }
  fraction.resize(keep, '0');
  size_t first = whole.find_first_not_of('0');
  whole = first == std::string::npos ? "0" : whole.substr(first);
  for (size_t i = whole.size(); i > 3;) whole.insert(i -= 3, ",");
  return (negative ? "-" : "") + whole + (keep > 0 ? "." + fraction : "");
}

std::optional<std::string> FormatDouble(double value, int32_t places) {
  if (places < 0) return std::nullopt;
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
  // All digits of the binary value count for the halves: 1.005 is less than a half.
  char buffer[1500];
  int size = std::snprintf(buffer, sizeof(buffer), "%.1074f", value);
  bool zero = value == 0;
  return Grouped(zero ? "0" : std::string(buffer, static_cast<size_t>(size)), places);
}
std::optional<std::string> FormatDecimalText(std::string_view digits, int32_t places) {
  if (places < 0) return std::nullopt;
  return Grouped(std::string(digits), places);
}

void DecimalRemainder(duckdb::DataChunk& in, duckdb::Vector& out, bool positive, bool null) {
  duckdb::UnifiedVectorFormat a, b;
  in.data[0].ToUnifiedFormat(in.size(), a);
  in.data[1].ToUnifiedFormat(in.size(), b);
  auto wide = [](duckdb::hugeint_t h) {
    return static_cast<__int128>(static_cast<unsigned __int128>(static_cast<uint64_t>(h.upper))
                                 << 64) |
           static_cast<__int128>(static_cast<unsigned __int128>(h.lower));
  };
  for (duckdb::idx_t row = 0; row < in.size(); ++row) {
    duckdb::idx_t i = a.sel->get_index(row);
    duckdb::idx_t j = b.sel->get_index(row);
    if (!a.validity.RowIsValid(i) || !b.validity.RowIsValid(j)) {
      duckdb::FlatVector::SetNull(out, row, true);
      continue;
    }
    __int128 dividend = wide(duckdb::UnifiedVectorFormat::GetData<duckdb::hugeint_t>(a)[i]);
    __int128 divisor = wide(duckdb::UnifiedVectorFormat::GetData<duckdb::hugeint_t>(b)[j]);
    if (divisor == 0 && null) {
      duckdb::FlatVector::SetNull(out, row, true);
      continue;
    }
    if (divisor == 0) {
      Raise("REMAINDER_BY_ZERO", "Remainder by zero. Use `try_mod` to tolerate a zero divisor.");
    }
    __int128 rest = dividend % divisor;
    if (positive && rest < 0) rest = (rest + divisor) % divisor;
    duckdb::hugeint_t value;
    value.lower = static_cast<uint64_t>(rest);
    value.upper =
        static_cast<int64_t>(static_cast<uint64_t>(static_cast<unsigned __int128>(rest) >> 64));
    duckdb::FlatVector::GetData<duckdb::hugeint_t>(out)[row] = value;
  }
  if (in.AllConstant()) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

template <bool POSITIVE, bool NULL_BY_ZERO>
void RunDecimalRemainder(duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
  DecimalRemainder(in, out, POSITIVE, NULL_BY_ZERO);
}

// Both arguments and the result are one DECIMAL(38, s): 128-bit numbers inside.
duckdb::unique_ptr<duckdb::FunctionData> BindSameDecimal(
    duckdb::ClientContext&, duckdb::ScalarFunction& function,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& args) {
  for (duckdb::idx_t i = 0; i < args.size(); ++i) function.arguments[i] = args[i]->return_type;
  function.SetReturnType(args[0]->return_type);
  return nullptr;
}

enum class DigitMode { kHalfEven, kCeiling, kFloor };

// value / 10^drop, rounded by the mode, times 10^raise; decimals as their unscaled 128-bit numbers.
__int128 CutDigits(__int128 value, int32_t drop, int32_t raise, DigitMode mode) {
  __int128 unit = 1;
  for (int i = 0; i < std::min(drop, 38); ++i) unit *= 10;
  __int128 quotient = value / unit;
  __int128 rest = value % unit;
  bool away = false;
  switch (mode) {
    case DigitMode::kHalfEven: {
      __int128 size = rest < 0 ? -rest : rest;
      away = size > unit - size || (size == unit - size && size != 0 && quotient % 2 != 0);
      break;
    }
    case DigitMode::kCeiling:
      away = rest > 0;
      break;
    case DigitMode::kFloor:
      away = rest < 0;
      break;
  }
  if (away) quotient += value < 0 ? -1 : 1;
  for (int i = 0; i < raise; ++i) {
    if (__builtin_mul_overflow(quotient, static_cast<__int128>(10), &quotient)) Overflow("Decimal");
  }
  return quotient;
}

template <DigitMode MODE>
duckdb::hugeint_t CutDecimal(duckdb::hugeint_t value, int32_t drop, int32_t raise) {
  __int128 wide = static_cast<__int128>(
      static_cast<unsigned __int128>(static_cast<uint64_t>(value.upper)) << 64 |
      static_cast<unsigned __int128>(value.lower));
  __int128 cut = CutDigits(wide, drop, raise, MODE);
  duckdb::hugeint_t out;
  out.lower = static_cast<uint64_t>(cut);
  out.upper =
      static_cast<int64_t>(static_cast<uint64_t>(static_cast<unsigned __int128>(cut) >> 64));
  return out;
}

// A DECIMAL(38, s), digits to drop and to put back, and a NULL of the result's DECIMAL(38, s).
duckdb::unique_ptr<duckdb::FunctionData> BindCut(
    duckdb::ClientContext&, duckdb::ScalarFunction& function,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& args) {
  function.arguments[0] = args[0]->return_type;
  function.arguments[3] = args[3]->return_type;
  function.SetReturnType(args[3]->return_type);
  return nullptr;
}

template <typename T>
void AddWhole(Registrar& f) {
  f.Add<&RoundWhole<T, false>>("spark_round");
  f.Add<&RoundWhole<T, true>>("spark_bround");
  f.Add<&BitGet<T>>("spark_bit_get");
  f.Add<&TryAdd<T>>("spark_try_add");
  f.Add<&TrySubtract<T>>("spark_try_subtract");
  f.Add<&TryMultiply<T>>("spark_try_multiply");
}

template <typename T>
void AddShifts(Registrar& f) {
  f.Add<&ShiftLeft<T>>("spark_shiftleft");
  f.Add<&ShiftRight<T>>("spark_shiftright");
  f.Add<&ShiftRightUnsigned<T>>("spark_shiftrightunsigned");
}

void AddTrigonometry(Registrar& f) {
  f.Add<&Of<std::acos>>("spark_acos");
  f.Add<&Of<std::acosh>>("spark_acosh");
  f.Add<&Of<std::asin>>("spark_asin");
  f.Add<&Of<std::asinh>>("spark_asinh");
  f.Add<&Of<std::atan>>("spark_atan");
  f.Add<&Of<std::atanh>>("spark_atanh");
  f.Add<&Of<std::cbrt>>("spark_cbrt");
  f.Add<&Of<std::cos>>("spark_cos");
  f.Add<&Of<std::cosh>>("spark_cosh");
  f.Add<&Of<std::exp>>("spark_exp");
  f.Add<&Of<std::expm1>>("spark_expm1");
  f.Add<&Of<std::rint>>("spark_rint");
  f.Add<&Of<std::sin>>("spark_sin");
  f.Add<&Of<std::sinh>>("spark_sinh");
  f.Add<&Of<std::sqrt>>("spark_sqrt");
  f.Add<&Of<std::tan>>("spark_tan");
  f.Add<&Of<std::tanh>>("spark_tanh");
  f.Add<&Cot>("spark_cot");
  f.Add<&Csc>("spark_csc");
  f.Add<&Sec>("spark_sec");
  f.Add<&Degrees>("spark_degrees");
}

}  // namespace

void RegisterMathFunctions(Registrar& f) {
  AddTrigonometry(f);
  AddWhole<int8_t>(f);
  AddWhole<int16_t>(f);
  AddWhole<int32_t>(f);
  AddWhole<int64_t>(f);
  AddShifts<int32_t>(f);
  AddShifts<int64_t>(f);
  f.Add<&RoundFloating<double, false>>("spark_round");
  f.Add<&RoundFloating<float, false>>("spark_round");
  f.Add<&RoundFloating<double, true>>("spark_bround");
  f.Add<&RoundFloating<float, true>>("spark_bround");
  f.Add<&Hypot>("spark_hypot");
  f.Add<&Sign>("spark_sign");
  f.Add<&Ln>("spark_ln");
  f.Add<&Log10>("spark_log10");
  f.Add<&Log1p>("spark_log1p");
  f.Add<&Log2>("spark_log2");
  f.Add<&LogOf>("spark_log");
  f.Add<&Power>("spark_pow");
  f.Add<&Nanvl>("spark_nanvl");
  f.Add<&IsNan>("spark_isnan");
  f.Add<&Bin>("spark_bin");
  f.Add<&BitCount>("spark_bit_count");
  f.Add<&AddDoubles>("spark_try_add");
  f.Add<&SubtractDoubles>("spark_try_subtract");
  f.Add<&MultiplyDoubles>("spark_try_multiply");
  f.Add<&TryDivide>("spark_try_divide");
  f.Add<&TryMod>("spark_try_mod");
  f.Add<&TryModDoubles>("spark_try_mod");
  f.Add<&LongOfSum>("spark_long_of_sum");
  f.Add<&WidthBucket>("spark_width_bucket");
  f.Add<&Conv>("spark_conv");
  f.Add<&FormatDouble>("spark_format_number");
  f.Add<&FormatDecimalText>("spark_format_number");
  auto remainder = [&](const char* name, duckdb::scalar_function_t run) {
    f.AddFunction(duckdb::ScalarFunction(name, {duckdb::LogicalType::ANY, duckdb::LogicalType::ANY},
                                         duckdb::LogicalType::ANY, std::move(run),
                                         &BindSameDecimal));
  };
  using duckdb::LogicalType;
  auto cut = [&](const char* name, duckdb::scalar_function_t run) {
    f.AddFunction(duckdb::ScalarFunction(
        name, {LogicalType::ANY, LogicalType::INTEGER, LogicalType::INTEGER, LogicalType::ANY},
        LogicalType::ANY, std::move(run), &BindCut));
  };
  cut("spark_decimal_bround", &Kernel<&CutDecimal<DigitMode::kHalfEven>>::Run);
  cut("spark_decimal_ceil", &Kernel<&CutDecimal<DigitMode::kCeiling>>::Run);
  cut("spark_decimal_floor", &Kernel<&CutDecimal<DigitMode::kFloor>>::Run);
  remainder("spark_decimal_mod", &RunDecimalRemainder<false, false>);
  remainder("spark_decimal_pmod", &RunDecimalRemainder<true, false>);
  remainder("spark_decimal_try_mod", &RunDecimalRemainder<false, true>);
}

}  // namespace tarn::engine
