#include "delta/column_mapping.h"

#include "base/ids.h"

namespace tarn::delta {
namespace {

using columnar::DataType;
using columnar::Field;
using columnar::Fields;
using columnar::TypeKind;

constexpr const char* kIdKey = "delta.columnMapping.id";
constexpr const char* kPhysicalNameKey = "delta.columnMapping.physicalName";

// The same type with `change` applied to the fields of every struct in it.
template <typename Change>
DataType ChangeStructs(const DataType& type, const Change& change) {
  switch (type.kind()) {
    case TypeKind::kStruct:
      return DataType::Struct(change(type.fields()));
    case TypeKind::kArray:
      return DataType::Array(ChangeStructs(type.element(), change), type.contains_null());
    case TypeKind::kMap:
      return DataType::Map(ChangeStructs(type.key(), change), ChangeStructs(type.value(), change),
                           type.value_contains_null());
    default:
      return type;
  }
}

Fields Assign(const Fields& fields, int64_t* max_column_id, bool keep_names) {
  Fields assigned = fields;
  for (Field& field : assigned) {
    if (field.metadata.Find(kIdKey) == nullptr) field.metadata.Set(kIdKey, ++*max_column_id);
    if (field.metadata.Find(kPhysicalNameKey) == nullptr) {
      field.metadata.Set(kPhysicalNameKey, keep_names ? field.name : "col-" + NewUuid());
    }
    field.type = ChangeStructs(
        field.type, [&](const Fields& inner) { return Assign(inner, max_column_id, keep_names); });
  }
  return assigned;
}

Fields Physical(const Fields& fields) {
  Fields renamed = fields;
  for (Field& field : renamed) {
    field.name = PhysicalName(field);
    field.type = ChangeStructs(field.type, [](const Fields& inner) { return Physical(inner); });
  }
  return renamed;
}

Fields Unmapped(const Fields& fields) {
  Fields plain = fields;
  for (Field& field : plain) {
    field.metadata.Erase(kIdKey);
    field.metadata.Erase(kPhysicalNameKey);
    field.type = ChangeStructs(field.type, [](const Fields& inner) { return Unmapped(inner); });
  }
  return plain;
}

}  // namespace

Result<ColumnMappingMode> ColumnMappingModeOf(const Metadata& metadata) {
  auto at = metadata.configuration.find("delta.columnMapping.mode");
  if (at == metadata.configuration.end() || at->second == "none") return ColumnMappingMode::kNone;
  if (at->second == "name") return ColumnMappingMode::kName;
  if (at->second == "id") return ColumnMappingMode::kId;
  return Fail("DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE",
              "The column mapping mode '" + at->second + "' is not supported.",
              {{"mode", at->second}});
}

std::string PhysicalName(const Field& field) {
  const json::Value* name = field.metadata.Find(kPhysicalNameKey);
  return name != nullptr && name->is_string() ? name->as_string() : field.name;
}

std::optional<int32_t> ColumnMappingId(const Field& field) {
  const json::Value* id = field.metadata.Find(kIdKey);
  if (id == nullptr || !id->is_int()) return std::nullopt;
  return static_cast<int32_t>(id->as_int());
}

columnar::Schema AssignColumnMapping(const columnar::Schema& schema, int64_t* max_column_id,
                                     bool keep_names) {
  return {Assign(schema.fields, max_column_id, keep_names)};
}

columnar::Schema WithoutColumnMapping(const columnar::Schema& schema) {
  return {Unmapped(schema.fields)};
}

columnar::Schema PhysicalSchema(const columnar::Schema& schema) {
  return {Physical(schema.fields)};
}

}  // namespace tarn::delta
