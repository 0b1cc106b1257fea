#include "api/unity_catalog/operations.h"

namespace tarn::api::uc {
namespace {

using catalog::Securable;
using catalog::SecurableKind;

std::string UcTypeName(const columnar::DataType& type) {
  std::string name = type.is(columnar::TypeKind::kInteger) ? "INT" : type.TypeName();
  name = name.substr(0, name.find('('));
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

json::Array ColumnsJson(const Securable& table) {
  json::Array columns;
  for (size_t i = 0; i < table.columns.fields.size(); ++i) {
    const columnar::Field& field = table.columns.fields[i];
    json::Object c;
    c.Set("name", field.name);
    c.Set("type_text", field.type.ToCatalogString());
    c.Set("type_name", UcTypeName(field.type));
    json::Object type_json;
    type_json.Set("name", field.name);
    type_json.Set("type", field.type.ToJson());
    type_json.Set("nullable", field.nullable);
    type_json.Set("metadata", field.metadata);
    c.Set("type_json", json::Value(std::move(type_json)).ToString());
    c.Set("position", static_cast<int64_t>(i));
    c.Set("nullable", field.nullable);
    if (std::string comment = field.comment(); !comment.empty()) c.Set("comment", comment);
    for (size_t p = 0; p < table.partition_columns.size(); ++p) {
      if (table.partition_columns[p] == field.name)
        c.Set("partition_index", static_cast<int64_t>(p));
    }
    columns.push_back(std::move(c));
  }
  return columns;
}

}  // namespace

json::Value ObjectJson(const Securable& s, Shown shown) {
  std::vector<std::string> parts = Parts(s.full_name);
  json::Object o;
  o.Set("name", parts.back());
  if (parts.size() > 1) o.Set("catalog_name", parts[0]);
  if (parts.size() > 2) o.Set("schema_name", parts[1]);
  o.Set("full_name", s.full_name);
  o.Set("owner", s.owner);
  if (!s.comment.empty()) o.Set("comment", s.comment);
  o.Set("created_at", s.created_ms);
  o.Set("created_by", s.created_by);
  o.Set("updated_at", s.updated_ms);
  o.Set("metastore_id", "00000000-0000-0000-0000-000000000002");
  if (shown.properties && !s.properties.empty()) {
    json::Object properties;
    for (const auto& [key, value] : s.properties) properties.Set(key, value);
    o.Set("properties", std::move(properties));
  }
  switch (s.kind) {
    case SecurableKind::kCatalog:
      o.Set("id", s.id);
      o.Set("catalog_type", "MANAGED_CATALOG");
      break;
    case SecurableKind::kSchema:
      o.Set("schema_id", s.id);
      break;
    case SecurableKind::kTable:
      o.Set("table_id", s.id);
      o.Set("table_type", s.managed ? "MANAGED" : "EXTERNAL");
      o.Set("data_source_format", "DELTA");
      o.Set("storage_location", "file://" + s.storage_location);
      if (shown.columns) o.Set("columns", ColumnsJson(s));
      break;
    case SecurableKind::kVolume:
      o.Set("volume_id", s.id);
      o.Set("volume_type", s.managed ? "MANAGED" : "EXTERNAL");
      o.Set("storage_location", "file://" + s.storage_location);
      break;
    case SecurableKind::kMetastore:
      break;
  }
  return o;
}

}  // namespace tarn::api::uc
