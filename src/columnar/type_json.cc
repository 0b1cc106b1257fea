#include <charconv>

#include "columnar/types.h"

namespace tarn::columnar {
namespace {

Error Invalid(std::string message) { return Fail("INVALID_JSON_DATA_TYPE", std::move(message)); }

// "name(12)" or "name(12,3)".
bool ParseArguments(std::string_view text, std::string_view name, int* first, int* second) {
  if (text.size() < name.size() + 3 || text.substr(0, name.size()) != name) return false;
  text.remove_prefix(name.size());
  if (text.front() != '(' || text.back() != ')') return false;
  const char* at = text.data() + 1;
  const char* end = text.data() + text.size() - 1;
  auto parsed = std::from_chars(at, end, *first);
  if (parsed.ec != std::errc()) return false;
  at = parsed.ptr;
  if (second == nullptr) return at == end;
  if (at == end || *at != ',') return false;
  while (++at != end && *at == ' ') {
  }
  parsed = std::from_chars(at, end, *second);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

bool ParseInterval(std::string_view text, DataType* type) {
  static constexpr std::string_view kNames[] = {"year", "month", "day", "hour", "minute", "second"};
  constexpr std::string_view kPrefix = "interval ";
  if (text.substr(0, kPrefix.size()) != kPrefix) return false;
  text.remove_prefix(kPrefix.size());
  std::string_view start = text.substr(0, text.find(' '));
  std::string_view end = start;
  if (start.size() != text.size()) {
    std::string_view rest = text.substr(start.size());
    if (rest.substr(0, 4) != " to ") return false;
    end = rest.substr(4);
  }
  int from = -1;
  int to = -1;
  for (int i = 0; i < 6; ++i) {
    if (kNames[i] == start) from = i;
    if (kNames[i] == end) to = i;
  }
  if (from < 0 || to < from || (from < 2) != (to < 2)) return false;
  auto first = static_cast<IntervalField>(from);
  auto last = static_cast<IntervalField>(to);
  *type =
      from < 2 ? DataType::YearMonthInterval(first, last) : DataType::DayTimeInterval(first, last);
  return true;
}

Result<DataType> SimpleType(std::string_view name) {
  static constexpr std::pair<std::string_view, TypeKind> kSimple[] = {
      {"void", TypeKind::kNull},
      {"null", TypeKind::kNull},
      {"boolean", TypeKind::kBoolean},
      {"byte", TypeKind::kByte},
      {"short", TypeKind::kShort},
      {"integer", TypeKind::kInteger},
      {"long", TypeKind::kLong},
      {"float", TypeKind::kFloat},
      {"double", TypeKind::kDouble},
      {"string", TypeKind::kString},
      {"binary", TypeKind::kBinary},
      {"date", TypeKind::kDate},
      {"timestamp", TypeKind::kTimestamp},
      {"timestamp_ntz", TypeKind::kTimestampNtz},
      {"interval", TypeKind::kCalendarInterval},
      {"variant", TypeKind::kVariant},
  };
  for (const auto& [known, kind] : kSimple) {
    if (known == name) return DataType(kind);
  }
  int a = 0;
  int b = 0;
  if (name == "decimal") return DataType::Decimal(10, 0);
  if (ParseArguments(name, "decimal", &a, &b)) {
    if (a < 1 || a > 38 || b < 0 || b > a) {
      return Invalid("no such decimal: " + std::string(name));
    }
    return DataType::Decimal(a, b);
  }
  if (ParseArguments(name, "char", &a, nullptr) && a > 0) return DataType::Char(a);
  if (ParseArguments(name, "varchar", &a, nullptr) && a > 0) return DataType::Varchar(a);
  DataType interval;
  if (ParseInterval(name, &interval)) return interval;
  return Invalid("unknown data type " + json::Quote(name));
}

Result<Field> FieldFromJson(const json::Value& json) {
  const json::Value* name = json.Find("name");
  const json::Value* type = json.Find("type");
  if (name == nullptr || !name->is_string() || type == nullptr) {
    return Invalid("a struct field needs a name and a type: " + json.ToString());
  }
  Field field;
  field.name = name->as_string();
  TARN_TRY(field.type, DataType::FromJson(*type));
  field.nullable = json.GetBool("nullable", true);
  const json::Value* metadata = json.Find("metadata");
  if (metadata != nullptr && metadata->is_object()) field.metadata = metadata->as_object();
  return field;
}

}  // namespace

json::Value DataType::ToJson() const {
  json::Object object;
  switch (kind_) {
    case TypeKind::kArray:
      object.Set("type", "array");
      object.Set("elementType", element().ToJson());
      object.Set("containsNull", contains_null());
      return object;
    case TypeKind::kMap:
      object.Set("type", "map");
      object.Set("keyType", key().ToJson());
      object.Set("valueType", value().ToJson());
      object.Set("valueContainsNull", value_contains_null());
      return object;
    case TypeKind::kStruct: {
      json::Array array;
      for (const Field& field : fields()) {
        json::Object member;
        member.Set("name", field.name);
        member.Set("type", field.type.ToJson());
        member.Set("nullable", field.nullable);
        member.Set("metadata", field.metadata);
        array.push_back(std::move(member));
      }
      object.Set("type", "struct");
      object.Set("fields", std::move(array));
      return object;
    }
    default:
      return TypeName();
  }
}

Result<DataType> DataType::FromJson(const json::Value& json) {
  if (json.is_string()) return SimpleType(json.as_string());
  std::string kind = json.GetString("type");
  if (kind == "array") {
    const json::Value* element = json.Find("elementType");
    if (element == nullptr) return Invalid("an array needs elementType");
    TARN_TRY(DataType type, FromJson(*element));
    return Array(std::move(type), json.GetBool("containsNull", true));
  }
  if (kind == "map") {
    const json::Value* key = json.Find("keyType");
    const json::Value* value = json.Find("valueType");
    if (key == nullptr || value == nullptr) return Invalid("a map needs keyType and valueType");
    TARN_TRY(DataType key_type, FromJson(*key));
    TARN_TRY(DataType value_type, FromJson(*value));
    return Map(std::move(key_type), std::move(value_type), json.GetBool("valueContainsNull", true));
  }
  if (kind == "struct") {
    const json::Value* members = json.Find("fields");
    if (members == nullptr || !members->is_array()) return Invalid("a struct needs fields");
    Fields fields;
    for (const json::Value& member : members->as_array()) {
      TARN_TRY(Field field, FieldFromJson(member));
      fields.push_back(std::move(field));
    }
    return Struct(std::move(fields));
  }
  return Invalid("unknown data type " + json.ToString());
}

}  // namespace tarn::columnar
