#include "api/unity_catalog/operations.h"

#include <algorithm>
#include <tuple>

#include "base/encoding.h"

namespace tarn::api::uc {
namespace {

using catalog::SecurableKind;

// This API tells of objects in its own words, whatever the statement for the same would say.
Error InOwnWords(const Error& error) {
  for (auto [reason, own, title, param] :
       {std::tuple{"CATALOG_NOT_FOUND", "CATALOG_NOT_FOUND", "Catalog", "catalogName"},
        std::tuple{"SCHEMA_NOT_FOUND", "SCHEMA_NOT_FOUND", "Schema", "schemaName"},
        std::tuple{"TABLE_OR_VIEW_NOT_FOUND", "TABLE_DOES_NOT_EXIST", "Table", "relationName"}}) {
    auto name = error.params().find(param);
    if (error.reason() != reason || name == error.params().end()) continue;
    std::string plain;
    for (char c : name->second) {
      if (c != '`') plain += c;
    }
    return Fail(own, std::string(title) + " '" + plain + "' does not exist.");
  }
  return error;
}

}  // namespace

void AddOperation(net::Router& router, const Services& services, std::string method,
                  std::string path, JsonEndpoint endpoint) {
  AddJson(router, services, std::move(method), std::move(path),
          [endpoint = std::move(endpoint)](const Call& call) -> Result<json::Value> {
            Result<json::Value> answer = endpoint(call);
            if (!answer.ok()) return InOwnWords(answer.error());
            return answer;
          });
}

std::vector<std::string> Parts(const std::string& full_name) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (begin <= full_name.size()) {
    size_t dot = std::min(full_name.find('.', begin), full_name.size());
    parts.push_back(full_name.substr(begin, dot - begin));
    begin = dot + 1;
  }
  return parts;
}

Result<std::string> FullNameOf(const std::string& text, size_t parts) {
  std::vector<std::string> found = Parts(text);
  if (found.size() != parts) {
    return Fail("INVALID_PARAMETER_VALUE", "'" + text + "' is not a name of " +
                                               std::to_string(parts) +
                                               (parts == 1 ? " part." : " parts."));
  }
  return catalog::FullName(found);
}

Result<Page> Page::Of(const Call& call, int64_t largest) {
  Page page;
  TARN_TRY(int64_t wanted, QueryInt(call.request, "max_results", 0));
  // 0 asks for the server's own size.
  page.size_ = static_cast<size_t>(wanted == 0 ? largest : std::min(wanted, largest));
  if (std::string token = call.Query("page_token"); !token.empty()) {
    Result<std::string> name = HexDecode(token);
    if (!name.ok()) return Fail("INVALID_PARAMETER_VALUE", "page_token is not one of this list.");
    page.after_ = *name;
  }
  return page;
}

std::string Page::Token(const std::string& last_name) { return HexEncode(last_name); }

Result<json::Value> ListPage(const Call& call, const std::vector<catalog::Securable>& all,
                             const std::string& member,
                             const std::function<json::Value(const catalog::Securable&)>& show) {
  TARN_TRY(Page page, Page::Of(call));
  json::Array items;
  std::string last;
  bool more = false;
  for (const catalog::Securable& object : all) {
    if (!page.IsAfter(object.full_name)) continue;
    more = items.size() == page.size();
    if (more) break;
    items.push_back(show(object));
    last = object.full_name;
  }
  json::Object answer;
  answer.Set(member, std::move(items));
  if (more) answer.Set("next_page_token", Page::Token(last));
  return json::Value(std::move(answer));
}

Result<std::optional<std::string>> OptionalText(const Fields& fields, std::string_view key) {
  if (!fields.Has(key)) return std::optional<std::string>();
  TARN_TRY(std::string text, fields.OptionalString(key));
  return std::optional<std::string>(std::move(text));
}

Result<std::optional<std::vector<std::pair<std::string, std::string>>>> OptionalProperties(
    const Fields& fields) {
  std::optional<std::vector<std::pair<std::string, std::string>>> properties;
  if (!fields.Has("properties")) return properties;
  TARN_TRY(Fields map, fields.OptionalObject("properties"));
  properties.emplace();
  for (const std::string& key : map.Keys()) {
    TARN_TRY(std::string value, map.RequiredString(key));
    properties->emplace_back(key, std::move(value));
  }
  return properties;
}

Status RefuseMembers(const Fields& fields, const std::vector<std::string>& members) {
  for (const std::string& member : members)
    TARN_RETURN_IF_ERROR(fields.Refuse(member, "Leave it out."));
  return Ok();
}

Result<catalog::ObjectChange> ChangeOf(const Call& call) {
  catalog::ObjectChange change;
  TARN_TRY(change.comment, OptionalText(call.fields(), "comment"));
  TARN_TRY(change.owner, OptionalText(call.fields(), "owner"));
  TARN_TRY(change.new_name, OptionalText(call.fields(), "new_name"));
  TARN_TRY(change.properties, OptionalProperties(call.fields()));
  return change;
}

void AddObject(net::Router& router, const Services& services, SecurableKind kind,
               const std::string& path) {
  size_t parts = kind == SecurableKind::kCatalog ? 1 : kind == SecurableKind::kSchema ? 2 : 3;
  AddOperation(router, services, "GET", path + "/{name}",
               [kind, parts](const Call& call) -> Result<json::Value> {
                 TARN_TRY(std::string name, FullNameOf(call.Param("name"), parts));
                 TARN_TRY(auto found, call.services.catalog->Get(call.who, kind, name));
                 return ObjectJson(found);
               });
  AddOperation(router, services, "PATCH", path + "/{name}",
               [kind, parts](const Call& call) -> Result<json::Value> {
                 TARN_TRY(std::string name, FullNameOf(call.Param("name"), parts));
                 TARN_RETURN_IF_ERROR(RefuseMembers(
                     call.fields(),
                     {"isolation_mode", "enable_predictive_optimization", "options", "storage_root",
                      "managed_encryption_settings", "custom_max_retention_hours"}));
                 TARN_TRY(catalog::ObjectChange change, ChangeOf(call));
                 TARN_TRY(auto changed,
                          call.services.catalog->Alter(call.who, kind, name, change, ""));
                 return ObjectJson(changed);
               });
  AddOperation(router, services, "DELETE", path + "/{name}",
               [kind, parts](const Call& call) -> Result<json::Value> {
                 TARN_TRY(std::string name, FullNameOf(call.Param("name"), parts));
                 TARN_TRY(bool force, QueryBool(call.request, "force", false));
                 TARN_RETURN_IF_ERROR(call.services.catalog->Drop(call.who, kind, name, force));
                 return json::Value(json::Object());
               });
}

}  // namespace tarn::api::uc

namespace tarn::api {

void AddUnityCatalog(net::Router& router, const Services& services) {
  uc::AddCatalogs(router, services);
  uc::AddSchemas(router, services);
  uc::AddTables(router, services);
  uc::AddVolumes(router, services);
}

}  // namespace tarn::api
