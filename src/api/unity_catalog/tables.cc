#include <algorithm>

#include "api/unity_catalog/operations.h"

namespace tarn::api::uc {

using catalog::Securable;
using catalog::SecurableKind;

namespace {

constexpr int64_t kMaxSummaries = 10'000;

// A column's type_json is its field as Spark writes it, or its type alone.
Result<json::Value> FieldJson(const Fields& column) {
  TARN_TRY(std::string name, column.RequiredString("name"));
  TARN_TRY(std::string type_json, column.RequiredString("type_json"));
  TARN_TRY(auto comment, OptionalText(column, "comment"));
  TARN_TRY(bool nullable, column.OptionalBool("nullable", true));
  TARN_TRY(json::Value parsed, json::Parse(type_json));
  const json::Value* inner = parsed.Find("name") != nullptr ? parsed.Find("type") : nullptr;
  json::Object metadata;
  if (const json::Value* given = inner != nullptr ? parsed.Find("metadata") : nullptr;
      given != nullptr && given->is_object()) {
    metadata = given->as_object();
  }
  if (comment) metadata.Set("comment", *comment);
  json::Object field;
  field.Set("name", std::move(name));
  field.Set("type", inner != nullptr ? *inner : parsed);
  field.Set("nullable", nullable);
  field.Set("metadata", std::move(metadata));
  return json::Value(std::move(field));
}

Status ReadColumns(const Call& call, Securable& draft) {
  TARN_TRY(const json::Array* columns, call.OptionalList("columns"));
  if (columns == nullptr) return Ok();
  json::Array fields;
  std::vector<std::pair<int64_t, std::string>> partitions;
  for (size_t i = 0; i < columns->size(); ++i) {
    TARN_TRY(Fields column, Fields::Of((*columns)[i], "columns[" + std::to_string(i) + "]"));
    TARN_TRY(json::Value field, FieldJson(column));
    TARN_TRY(int64_t index, column.OptionalInt("partition_index", -1));
    if (index >= 0) partitions.emplace_back(index, field.GetString("name"));
    fields.push_back(std::move(field));
  }
  json::Object schema;
  schema.Set("type", "struct");
  schema.Set("fields", std::move(fields));
  TARN_TRY(draft.columns, columnar::Schema::FromJson(json::Value(std::move(schema)).ToString()));
  std::sort(partitions.begin(), partitions.end());
  for (auto& [index, name] : partitions) draft.partition_columns.push_back(std::move(name));
  return Ok();
}

// As in the real system, only external Delta tables are made here; a managed one is made by SQL.
Result<json::Value> CreateTable(const Call& call) {
  Securable draft;
  draft.kind = SecurableKind::kTable;
  TARN_TRY(std::string parent, call.RequiredString("catalog_name"));
  TARN_TRY(std::string schema, call.RequiredString("schema_name"));
  TARN_TRY(std::string name, call.RequiredString("name"));
  TARN_TRY(draft.full_name, catalog::FullName({parent, schema, name}));
  TARN_TRY(std::string type, call.RequiredString("table_type"));
  TARN_TRY(std::string format, call.RequiredString("data_source_format"));
  if (type != "EXTERNAL" || format != "DELTA") {
    return Fail("UNSUPPORTED_FEATURE",
                "Only tables of table_type EXTERNAL and data_source_format DELTA can be made here; "
                "use CREATE TABLE for others.");
  }
  TARN_TRY(draft.storage_location, call.RequiredString("storage_location"));
  if (draft.storage_location.empty())
    return Fail("INVALID_PARAMETER_VALUE", "storage_location must not be empty.");
  TARN_RETURN_IF_ERROR(RefuseMembers(call.fields(), {"view_definition", "view_dependencies"}));
  TARN_RETURN_IF_ERROR(ReadColumns(call, draft));
  TARN_TRY(auto comment, OptionalText(call.fields(), "comment"));
  draft.comment = comment.value_or("");
  TARN_TRY(auto properties, OptionalProperties(call.fields()));
  if (properties) draft.properties = std::move(*properties);
  TARN_TRY(Securable made, call.services.catalog->Create(call.who, std::move(draft)));
  return ObjectJson(made);
}

// SQL's LIKE without an escape: '%' is any text, '_' any character.
bool IsLike(std::string_view text, std::string_view pattern) {
  size_t t = 0;
  size_t p = 0;
  size_t any = pattern.npos;  // behind the last '%'
  size_t resume = 0;          // where its text ends so far
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      any = ++p;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '_' || pattern[p] == text[t])) {
      ++t;
      ++p;
    } else if (any != pattern.npos) {
      t = ++resume;
      p = any;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('%', p) == pattern.npos;
}

bool Matches(const std::string& pattern, const std::string& name) {
  return pattern.empty() || IsLike(name, pattern);
}

Result<json::Value> ListSummaries(const Call& call) {
  TARN_TRY(std::string parent, FullNameOf(call.Query("catalog_name"), 1));
  catalog::CatalogService& catalog = *call.services.catalog;
  TARN_RETURN_IF_ERROR(catalog.Get(call.who, SecurableKind::kCatalog, parent));
  TARN_TRY(Page page, Page::Of(call, kMaxSummaries));
  std::string schema_pattern = call.Query("schema_name_pattern");
  std::string table_pattern = call.Query("table_name_pattern");
  std::vector<Securable> tables;
  for (const Securable& schema : catalog.ListVisible(call.who, SecurableKind::kSchema, parent)) {
    if (!Matches(schema_pattern, schema.name())) continue;
    for (Securable& t : catalog.ListVisible(call.who, SecurableKind::kTable, schema.full_name)) {
      if (Matches(table_pattern, t.name()) && page.IsAfter(t.full_name))
        tables.push_back(std::move(t));
    }
  }
  // Not the order of schemas and of tables in them: "a-b.t" sorts before "a.t".
  std::sort(tables.begin(), tables.end(),
            [](const Securable& a, const Securable& b) { return a.full_name < b.full_name; });
  json::Array items;
  for (size_t i = 0; i < std::min(tables.size(), page.size()); ++i) {
    json::Object item;
    item.Set("full_name", tables[i].full_name);
    item.Set("table_type", tables[i].managed ? "MANAGED" : "EXTERNAL");
    items.push_back(std::move(item));
  }
  json::Object answer;
  answer.Set("tables", std::move(items));
  if (tables.size() > page.size())
    answer.Set("next_page_token", Page::Token(tables[page.size() - 1].full_name));
  return json::Value(std::move(answer));
}

Result<json::Value> TableExists(const Call& call) {
  TARN_TRY(std::string name, FullNameOf(call.Param("name"), 3));
  std::string schema = name.substr(0, name.rfind('.'));
  TARN_RETURN_IF_ERROR(call.services.catalog->Get(call.who, SecurableKind::kSchema, schema));
  json::Object answer;
  answer.Set("table_exists",
             call.services.catalog->Get(call.who, SecurableKind::kTable, name).ok());
  return json::Value(std::move(answer));
}

}  // namespace

void AddTables(net::Router& router, const Services& services) {
  const std::string path = kBase + "/tables";
  AddObject(router, services, SecurableKind::kTable, path);
  AddOperation(router, services, "GET", path, [](const Call& call) -> Result<json::Value> {
    TARN_TRY(std::string parent,
             catalog::FullName({call.Query("catalog_name"), call.Query("schema_name")}));
    TARN_RETURN_IF_ERROR(call.services.catalog->Get(call.who, SecurableKind::kSchema, parent));
    TARN_TRY(bool no_columns, QueryBool(call.request, "omit_columns", false));
    TARN_TRY(bool no_properties, QueryBool(call.request, "omit_properties", false));
    Shown shown{!no_columns, !no_properties};
    return ListPage(call,
                    call.services.catalog->ListVisible(call.who, SecurableKind::kTable, parent),
                    "tables", [shown](const Securable& s) { return ObjectJson(s, shown); });
  });
  AddOperation(router, services, "POST", path, &CreateTable);
  AddOperation(router, services, "GET", path + "/{name}/exists", &TableExists);
  AddOperation(router, services, "GET", kBase + "/table-summaries", &ListSummaries);
}

}  // namespace tarn::api::uc
