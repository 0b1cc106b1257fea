#include "engine/duckdb/files/csv_type.h"

#include <charconv>

#include "engine/duckdb/functions/datetime_pattern.h"
#include "engine/duckdb/functions/table_write.h"

namespace tarn::engine {
namespace csv_type {

columnar::DataType Narrowest(int32_t fits, int32_t digits) {
  using columnar::TypeKind;
  if (fits & kInteger) return TypeKind::kInteger;
  if (fits & kLong) return TypeKind::kLong;
  if (fits & kDecimal) return columnar::DataType::Decimal(digits, 0);
  if (fits & kDouble) return TypeKind::kDouble;
  if (fits & kDate) return TypeKind::kDate;
  if (fits & kTimestamp) return TypeKind::kTimestamp;
  if (fits & kBoolean) return TypeKind::kBoolean;
  return TypeKind::kString;
}

}  // namespace csv_type

namespace {

using std::string_view;

bool IsDigits(string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == string_view::npos;
}

int32_t Number(string_view text) {
  using namespace csv_type;  // NOLINT: the bits
  string_view body = text;
  if (body[0] == '+' || body[0] == '-') body.remove_prefix(1);
  if (body == "NaN" || body == "Inf") return kDouble;
  if (body.empty() || (!(body[0] >= '0' && body[0] <= '9') && body[0] != '.')) return 0;
  if (IsDigits(body)) {
    int64_t value = 0;
    string_view signed_text = text[0] == '+' ? body : text;
    auto [end, error] =
        std::from_chars(signed_text.data(), signed_text.data() + signed_text.size(), value);
    if (error == std::errc()) {
      return kLong | kDecimal | kDouble | (value == static_cast<int32_t>(value) ? kInteger : 0);
    }
    return kDouble | (body.size() <= 38 ? kDecimal : 0);
  }
  double value = 0;
  auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), value);
  bool whole = end == body.data() + body.size();
  return whole && (error == std::errc() || error == std::errc::result_out_of_range) ? kDouble : 0;
}

// "2024-05-01", and whether a time follows.
bool StartsWithDate(string_view text, bool* time_follows) {
  size_t first = text.find('-');
  if (first != 4 || !IsDigits(text.substr(0, 4))) return false;
  size_t second = text.find('-', 5);
  if (second == string_view::npos || second - 5 > 2 || !IsDigits(text.substr(5, second - 5)))
    return false;
  size_t end = second + 1;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  *time_follows = end < text.size();
  size_t days = end - second - 1;
  if (days < 1 || days > 2) return false;
  auto number = [&](size_t at, size_t size) {
    return std::stoi(std::string(text.substr(at, size)));
  };
  return duckdb::Date::IsValid(number(0, 4), number(5, second - 5), number(second + 1, days)) &&
         (!*time_follows || text[end] == ' ' || text[end] == 'T');
}

bool IsTime(string_view text) {
  // hh:mm[:ss[.f]] and an offset; the cast itself says the rest.
  return text.size() >= 4 && text.find(':') != string_view::npos &&
         text.find_first_not_of("0123456789:.+-Z") == string_view::npos;
}

bool Follows(string_view text, string_view pattern) {
  return DatetimePattern::Compile(pattern, DatetimePattern::Use::kParse)->Parse(text).has_value();
}

int32_t Fits(string_view text, string_view date_format, string_view timestamp_format) {
  using namespace csv_type;  // NOLINT: the bits
  if (text.empty()) return 0;
  if (int32_t number = Number(text)) return number;
  int32_t fits = 0;
  bool time_follows = false;
  bool date = StartsWithDate(text, &time_follows);
  if (date_format.empty() ? date && !time_follows : Follows(text, date_format)) fits |= kDate;
  if (timestamp_format.empty()) {
    size_t gap = text.find_first_of(" T");
    if (date && (!time_follows || IsTime(text.substr(gap + 1)))) fits |= kTimestamp;
  } else if (Follows(text, timestamp_format)) {
    fits |= kTimestamp;
  }
  if (fits != 0) return fits;
  bool boolean = duckdb::StringUtil::CIEquals(duckdb::string(text), "true") ||
                 duckdb::StringUtil::CIEquals(duckdb::string(text), "false");
  return boolean ? kBoolean : 0;
}

}  // namespace

void RegisterCsvTypeFunctions(Registrar& functions) { functions.Add<&Fits>("tarn_csv_types"); }

}  // namespace tarn::engine
