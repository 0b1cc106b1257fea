#include "api/endpoint.h"

namespace tarn::api {
namespace {

using catalog::Securable;
using catalog::SecurableKind;

std::string UcTypeName(const columnar::DataType& type) {
  std::string name = type.is(columnar::TypeKind::kInteger) ? "INT" : type.TypeName();
  name = name.substr(0, name.find('('));
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::vector<std::string> Parts(const std::string& name) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (begin <= name.size()) {
    size_t dot = std::min(name.find('.', begin), name.size());
    parts.push_back(name.substr(begin, dot - begin));
    begin = dot + 1;
  }
  return parts;
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

json::Value ToJson(const Securable& s, bool with_columns) {
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
  json::Object properties;
  for (const auto& [key, value] : s.properties) properties.Set(key, value);
  if (!properties.empty()) o.Set("properties", std::move(properties));
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
      if (with_columns) o.Set("columns", ColumnsJson(s));
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

// Pages of a list: max_results 0 or absent is the server's own size; tokens are offsets.
Result<json::Value> Page(const Call& call, const std::vector<Securable>& all,
                         std::string_view member) {
  constexpr size_t kPage = 1000;
  size_t size = kPage;
  if (std::string text = call.Query("max_results"); !text.empty()) {
    int64_t wanted = std::strtoll(text.c_str(), nullptr, 10);
    if (wanted < 0) return Fail("INVALID_PARAMETER_VALUE", "max_results must not be negative.");
    if (wanted > 0) size = std::min<size_t>(static_cast<size_t>(wanted), kPage);
  }
  size_t first = static_cast<size_t>(std::strtoull(call.Query("page_token").c_str(), nullptr, 10));
  bool columns = call.Query("omit_columns") != "true";
  json::Array items;
  for (size_t i = first; i < std::min(all.size(), first + size); ++i)
    items.push_back(ToJson(all[i], columns));
  json::Object answer;
  answer.Set(std::string(member), std::move(items));
  if (first + size < all.size()) answer.Set("next_page_token", std::to_string(first + size));
  return json::Value(std::move(answer));
}

Result<std::string> NameFrom(const std::string& full) { return catalog::FullName(Parts(full)); }

void AddKind(net::Router& router, const Services& services, SecurableKind kind, std::string path) {
  AddJson(router, services, "GET", path + "/{name}",
          [kind](const Call& call) -> Result<json::Value> {
            TARN_TRY(std::string name, NameFrom(call.Param("name")));
            TARN_TRY(Securable found, call.services.catalog->Get(call.who, kind, name));
            return ToJson(found, true);
          });
  if (kind == SecurableKind::kTable)
    return;  // dropping a table with its files is DROP TABLE's work
  AddJson(router, services, "DELETE", path + "/{name}",
          [kind](const Call& call) -> Result<json::Value> {
            TARN_TRY(std::string name, NameFrom(call.Param("name")));
            if (call.Query("force") == "true")
              return Fail("UNSUPPORTED_FEATURE", "force is not supported; use DROP … CASCADE.");
            TARN_RETURN_IF_ERROR(call.services.catalog->Drop(call.who, kind, name, false));
            return json::Value(json::Object());
          });
}

}  // namespace

void AddUnityCatalog(net::Router& router, const Services& services) {
  const std::string base = "/api/2.1/unity-catalog";
  AddKind(router, services, SecurableKind::kCatalog, base + "/catalogs");
  AddKind(router, services, SecurableKind::kSchema, base + "/schemas");
  AddKind(router, services, SecurableKind::kTable, base + "/tables");
  AddKind(router, services, SecurableKind::kVolume, base + "/volumes");
  AddJson(router, services, "GET", base + "/catalogs", [](const Call& call) -> Result<json::Value> {
    return Page(call, call.services.catalog->ListVisible(call.who, SecurableKind::kCatalog, ""),
                "catalogs");
  });
  AddJson(router, services, "POST", base + "/catalogs",
          [](const Call& call) -> Result<json::Value> {
            Securable draft;
            draft.kind = SecurableKind::kCatalog;
            TARN_TRY(std::string name, call.RequiredString("name"));
            TARN_TRY(draft.full_name, catalog::FullName({name}));
            draft.comment = call.body.GetString("comment");
            TARN_TRY(Securable made, call.services.catalog->Create(call.who, std::move(draft)));
            return ToJson(made, true);
          });
  AddJson(router, services, "GET", base + "/schemas", [](const Call& call) -> Result<json::Value> {
    TARN_TRY(std::string parent, NameFrom(call.Query("catalog_name")));
    TARN_RETURN_IF_ERROR(call.services.catalog->Get(call.who, SecurableKind::kCatalog, parent));
    return Page(call, call.services.catalog->ListVisible(call.who, SecurableKind::kSchema, parent),
                "schemas");
  });
  AddJson(router, services, "POST", base + "/schemas", [](const Call& call) -> Result<json::Value> {
    Securable draft;
    draft.kind = SecurableKind::kSchema;
    TARN_TRY(std::string parent, call.RequiredString("catalog_name"));
    TARN_TRY(std::string name, call.RequiredString("name"));
    TARN_TRY(draft.full_name, catalog::FullName({parent, name}));
    draft.comment = call.body.GetString("comment");
    TARN_TRY(Securable made, call.services.catalog->Create(call.who, std::move(draft)));
    return ToJson(made, true);
  });
  for (auto [path, kind] : {std::pair{std::string("tables"), SecurableKind::kTable},
                            std::pair{std::string("volumes"), SecurableKind::kVolume}}) {
    AddJson(router, services, "GET", base + "/" + path,
            [path, kind](const Call& call) -> Result<json::Value> {
              TARN_TRY(std::string parent,
                       catalog::FullName({call.Query("catalog_name"), call.Query("schema_name")}));
              TARN_RETURN_IF_ERROR(
                  call.services.catalog->Get(call.who, SecurableKind::kSchema, parent));
              return Page(call, call.services.catalog->ListVisible(call.who, kind, parent), path);
            });
  }
  AddJson(router, services, "POST", base + "/volumes", [](const Call& call) -> Result<json::Value> {
    Securable draft;
    draft.kind = SecurableKind::kVolume;
    TARN_TRY(std::string parent, call.RequiredString("catalog_name"));
    TARN_TRY(std::string schema, call.RequiredString("schema_name"));
    TARN_TRY(std::string name, call.RequiredString("name"));
    TARN_TRY(draft.full_name, catalog::FullName({parent, schema, name}));
    draft.comment = call.body.GetString("comment");
    if (call.body.GetString("volume_type") == "EXTERNAL") {
      draft.managed = false;
      TARN_TRY(std::string location, call.RequiredString("storage_location"));
      TARN_TRY(draft.storage_location,
               call.services.catalog->ResolveExternalPath(call.who, location));
    }
    TARN_TRY(Securable made, call.services.catalog->Create(call.who, std::move(draft)));
    return ToJson(made, true);
  });
}

namespace {

std::string PrivilegeText(std::string privilege, char from, char to) {
  for (char& c : privilege) {
    if (c == from) c = to;
  }
  return privilege;
}

Result<json::Value> GrantsJson(const Call& call, SecurableKind kind, const std::string& name) {
  TARN_TRY(auto grants, call.services.catalog->GetGrants(call.who, kind, name));
  json::Array assignments;
  for (const auto& grant : grants) {
    json::Array privileges;
    for (const std::string& p : grant.privileges)
      privileges.emplace_back(PrivilegeText(p, ' ', '_'));
    json::Object a;
    a.Set("principal", grant.principal);
    a.Set("privileges", std::move(privileges));
    assignments.push_back(std::move(a));
  }
  json::Object answer;
  answer.Set("privilege_assignments", std::move(assignments));
  return json::Value(std::move(answer));
}

}  // namespace

void AddPermissions(net::Router& router, const Services& services) {
  const std::string path = "/api/2.1/unity-catalog/permissions/{kind}/{name}";
  AddJson(router, services, "GET", path, [](const Call& call) -> Result<json::Value> {
    TARN_TRY(SecurableKind kind, catalog::ParseKind(call.Param("kind")));
    TARN_TRY(std::string name, NameFrom(call.Param("name")));
    return GrantsJson(call, kind, name);
  });
  AddJson(router, services, "PATCH", path, [](const Call& call) -> Result<json::Value> {
    TARN_TRY(SecurableKind kind, catalog::ParseKind(call.Param("kind")));
    TARN_TRY(std::string name, NameFrom(call.Param("name")));
    const json::Value* changes = call.body.Find("changes");
    if (changes == nullptr || !changes->is_array())
      return Fail("INVALID_PARAMETER_VALUE", "changes must be a list.");
    for (const json::Value& change : changes->as_array()) {
      auto list = [&](const char* key) {
        std::vector<std::string> privileges;
        const json::Value* v = change.Find(key);
        if (v != nullptr && v->is_array()) {
          for (const json::Value& p : v->as_array()) {
            if (p.is_string()) privileges.push_back(PrivilegeText(p.as_string(), '_', ' '));
          }
        }
        return privileges;
      };
      TARN_RETURN_IF_ERROR(call.services.catalog->Grant(
          call.who, kind, name, change.GetString("principal"), list("add"), list("remove")));
    }
    return GrantsJson(call, kind, name);
  });
}

}  // namespace tarn::api
