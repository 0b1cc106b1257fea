#include "engine/definition/storable_column.h"

#include <algorithm>

namespace tarn::engine {
namespace {

using columnar::TypeKind;

bool IsStorable(const columnar::DataType& type) {
  switch (type.kind()) {
    case TypeKind::kNull:
    case TypeKind::kVariant:
    case TypeKind::kCalendarInterval:
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return false;
    default:
      return true;
  }
}

// NOT NULL can be held of columns and of fields of structs, not of what lies in arrays and maps.
bool HasNotNull(const columnar::DataType& type, bool in_collection) {
  if (type.is(TypeKind::kArray)) return HasNotNull(type.element(), true);
  if (type.is(TypeKind::kMap))
    return HasNotNull(type.key(), true) || HasNotNull(type.value(), true);
  if (!type.is(TypeKind::kStruct)) return false;
  return std::any_of(type.fields().begin(), type.fields().end(), [&](const columnar::Field& f) {
    return (in_collection && !f.nullable) || HasNotNull(f.type, in_collection);
  });
}

bool HasPlainName(const columnar::Field& field) {
  return field.name.find_first_of(" ,;{}()\n\t=") == std::string::npos;
}

}  // namespace

bool MapsColumns(const std::map<std::string, std::string>& configuration) {
  auto mode = configuration.find("delta.columnMapping.mode");
  return mode != configuration.end() && mode->second != "none";
}

Status CheckStorable(const columnar::Schema& schema, bool mapped) {
  for (const columnar::Field& field : schema.fields) {
    if (!mapped && !HasPlainName(field)) {
      return Fail("DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES",
                  "Found invalid character(s) among ' ,;{}()\\n\\t=' in the column names of your "
                  "schema. Invalid column names: " +
                      field.name +
                      ". Please use other characters and try again. Alternatively, enable Column "
                      "Mapping to keep using these characters.",
                  {{"invalidColumnNames", field.name}});
    }
    if (!IsStorable(field.type)) {
      return Fail("UNSUPPORTED_DATATYPE", "Tarn does not store columns of the type \"" +
                                              field.type.ToSqlString() + "\" yet: cast " +
                                              columnar::QuoteIdentifier(field.name) + ".");
    }
    if (HasNotNull(field.type, false)) {
      return Fail(
          "DELTA_NESTED_NOT_NULL_CONSTRAINT",
          "The column " + field.name +
              " has a NOT NULL field inside of an array or map, which Delta does not hold.");
    }
  }
  return Ok();
}

}  // namespace tarn::engine
