#include "columnar/types.h"

#include <algorithm>
#include <cassert>
#include <cctype>

#include <fmt/core.h>

namespace tarn::columnar {

struct DataType::Nested {
  DataType first;   // element, key
  DataType second;  // map value
  bool nullable = true;
  Fields fields;
};

DataType DataType::Decimal(int precision, int scale) {
  DataType t(TypeKind::kDecimal);
  t.a_ = precision;
  t.b_ = scale;
  return t;
}

DataType DataType::Char(int length) {
  DataType t(TypeKind::kChar);
  t.a_ = length;
  return t;
}

DataType DataType::Varchar(int length) {
  DataType t(TypeKind::kVarchar);
  t.a_ = length;
  return t;
}

DataType DataType::YearMonthInterval(IntervalField start, IntervalField end) {
  DataType t(TypeKind::kYearMonthInterval);
  t.a_ = static_cast<int>(start);
  t.b_ = static_cast<int>(end);
  return t;
}

DataType DataType::DayTimeInterval(IntervalField start, IntervalField end) {
  DataType t(TypeKind::kDayTimeInterval);
  t.a_ = static_cast<int>(start);
  t.b_ = static_cast<int>(end);
  return t;
}

DataType DataType::Array(DataType element, bool contains_null) {
  DataType t(TypeKind::kArray);
  auto nested = std::make_shared<Nested>();
  nested->first = std::move(element);
  nested->nullable = contains_null;
  t.nested_ = std::move(nested);
  return t;
}

DataType DataType::Map(DataType key, DataType value, bool value_contains_null) {
  DataType t(TypeKind::kMap);
  auto nested = std::make_shared<Nested>();
  nested->first = std::move(key);
  nested->second = std::move(value);
  nested->nullable = value_contains_null;
  t.nested_ = std::move(nested);
  return t;
}

DataType DataType::Struct(Fields fields) {
  DataType t(TypeKind::kStruct);
  auto nested = std::make_shared<Nested>();
  nested->fields = std::move(fields);
  t.nested_ = std::move(nested);
  return t;
}

const DataType& DataType::element() const { return nested_->first; }
bool DataType::contains_null() const { return nested_->nullable; }
const DataType& DataType::key() const { return nested_->first; }
const DataType& DataType::value() const { return nested_->second; }
bool DataType::value_contains_null() const { return nested_->nullable; }
const Fields& DataType::fields() const { return nested_->fields; }

bool DataType::operator==(const DataType& other) const {
  if (kind_ != other.kind_ || a_ != other.a_ || b_ != other.b_) return false;
  if (nested_ == other.nested_) return true;
  if (!nested_ || !other.nested_) return false;
  return nested_->first == other.nested_->first && nested_->second == other.nested_->second &&
         nested_->nullable == other.nested_->nullable && nested_->fields == other.nested_->fields;
}

bool DataType::SameTypeIgnoringNullability(const DataType& other) const {
  if (kind_ != other.kind_ || a_ != other.a_ || b_ != other.b_) return false;
  if (nested_ == other.nested_) return true;
  if (!nested_ || !other.nested_) return false;
  const Fields& mine = nested_->fields;
  const Fields& theirs = other.nested_->fields;
  return nested_->first.SameTypeIgnoringNullability(other.nested_->first) &&
         nested_->second.SameTypeIgnoringNullability(other.nested_->second) &&
         std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                    [](const Field& a, const Field& b) {
                      return a.name == b.name && a.type.SameTypeIgnoringNullability(b.type);
                    });
}

std::string Field::comment() const {
  const json::Value* v = metadata.Find("comment");
  return v != nullptr && v->is_string() ? v->as_string() : "";
}

bool Field::operator==(const Field& other) const {
  return name == other.name && nullable == other.nullable && type == other.type &&
         metadata == other.metadata;
}

int Schema::FindField(std::string_view name, bool case_sensitive) const {
  auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  for (size_t i = 0; i < fields.size(); ++i) {
    std::string_view have = fields[i].name;
    bool equal = case_sensitive
                     ? have == name
                     : std::equal(have.begin(), have.end(), name.begin(), name.end(), same);
    if (equal) return static_cast<int>(i);
  }
  return -1;
}

std::string Schema::ToJson() const { return DataType::Struct(fields).ToJson().ToString(); }

Result<Schema> Schema::FromJson(std::string_view text) {
  TARN_TRY(json::Value json, json::Parse(text));
  TARN_TRY(DataType type, DataType::FromJson(json));
  if (!type.is(TypeKind::kStruct)) {
    return Fail("INVALID_JSON_DATA_TYPE", "a schema must be a struct, not " + type.TypeName());
  }
  return Schema{type.fields()};
}

std::string QuoteIdentifier(std::string_view name) {
  std::string out = "`";
  for (char c : name) {
    out += c;
    if (c == '`') out += '`';
  }
  return out + "`";
}

std::string QuoteIfNeeded(std::string_view name) {
  bool plain = !name.empty() && !std::all_of(name.begin(), name.end(),
                                             [](unsigned char c) { return std::isdigit(c); });
  for (unsigned char c : name) plain = plain && (std::isalnum(c) || c == '_');
  return plain ? std::string(name) : QuoteIdentifier(name);
}

}  // namespace tarn::columnar
