#include "catalog/securable.h"

#include <algorithm>

namespace tarn::catalog {
namespace {

constexpr std::pair<std::string_view, SecurableKind> kKinds[] = {
    {"METASTORE", SecurableKind::kMetastore},
    {"CATALOG", SecurableKind::kCatalog},
    {"SCHEMA", SecurableKind::kSchema},
    {"TABLE", SecurableKind::kTable},
    {"VOLUME", SecurableKind::kVolume}};

std::string Upper(std::string_view text) {
  std::string out;
  for (char c : text) out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

json::Array PairsJson(const std::vector<std::pair<std::string, std::string>>& pairs) {
  json::Array list;
  for (const auto& [key, value] : pairs) list.emplace_back(json::Array{key, value});
  return list;
}

std::vector<std::pair<std::string, std::string>> Pairs(const json::Value* list) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (list == nullptr || !list->is_array()) return pairs;
  for (const json::Value& pair : list->as_array())
    pairs.emplace_back(pair.as_array()[0].as_string(), pair.as_array()[1].as_string());
  return pairs;
}

}  // namespace

std::string_view KindName(SecurableKind kind) { return kKinds[static_cast<int>(kind)].first; }

std::string KindTitle(SecurableKind kind) {
  std::string name(KindName(kind));
  for (size_t i = 1; i < name.size(); ++i) name[i] = static_cast<char>(std::tolower(name[i]));
  return name;
}

Result<SecurableKind> ParseKind(std::string_view name) {
  std::string upper = Upper(name);
  if (upper == "DATABASE") upper = "SCHEMA";
  for (auto [known, kind] : kKinds) {
    if (known == upper) return kind;
  }
  return Fail("INVALID_PARAMETER_VALUE", "SECURABLETYPE '" + std::string(name) + "' is not known.");
}

Result<std::string> FullName(const std::vector<std::string>& parts) {
  std::string full;
  for (const std::string& part : parts) {
    bool bad = part.empty() || part.size() > 255 ||
               part.find_first_of(std::string("./ \0\x7f", 5)) != std::string::npos ||
               std::any_of(part.begin(), part.end(), [](unsigned char c) { return c < 0x20; });
    if (bad) {
      return Fail("INVALID_PARAMETER_VALUE",
                  "'" + part +
                      "' is not a valid name: it must not be empty, hold a period, a blank, a "
                      "slash or a control character, or exceed 255 bytes.");
    }
    if (!full.empty()) full += '.';
    for (char c : part) full += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return full;
}

const std::vector<std::string>& PrivilegesOf(SecurableKind kind) {
  static const auto build = [](SecurableKind k) {
    std::vector<std::string> all = {"ALL PRIVILEGES", "MANAGE"};
    auto add = [&](std::initializer_list<const char*> more) {
      all.insert(all.end(), more.begin(), more.end());
    };
    switch (k) {
      case SecurableKind::kMetastore:
        all = {"CREATE CATALOG"};
        break;
      case SecurableKind::kCatalog:
        add({"USE CATALOG", "CREATE SCHEMA"});
        [[fallthrough]];
      case SecurableKind::kSchema:
        add({"USE SCHEMA", "CREATE TABLE", "CREATE VOLUME", "BROWSE", "READ VOLUME",
             "WRITE VOLUME"});
        [[fallthrough]];
      case SecurableKind::kTable:
        add({"SELECT", "MODIFY"});
        break;
      case SecurableKind::kVolume:
        add({"READ VOLUME", "WRITE VOLUME"});
        break;
    }
    return all;
  };
  static const std::vector<std::string> lists[] = {
      build(SecurableKind::kMetastore), build(SecurableKind::kCatalog),
      build(SecurableKind::kSchema), build(SecurableKind::kTable), build(SecurableKind::kVolume)};
  return lists[static_cast<int>(kind)];
}

json::Value Securable::ToJson() const {
  json::Object o;
  o.Set("kind", KindName(kind));
  o.Set("full_name", full_name);
  o.Set("id", id);
  o.Set("owner", owner);
  o.Set("comment", comment);
  o.Set("created_by", created_by);
  o.Set("created_ms", created_ms);
  o.Set("updated_ms", updated_ms);
  o.Set("managed", managed);
  o.Set("storage_location", storage_location);
  o.Set("columns", columns.ToJson());
  json::Array partitions;
  for (const std::string& p : partition_columns) partitions.emplace_back(p);
  o.Set("partition_columns", std::move(partitions));
  o.Set("properties", PairsJson(properties));
  if (!policy.empty()) {
    o.Set("row_filter", policy.row_filter);
    o.Set("masks", PairsJson(policy.masks));
  }
  return o;
}

Result<Securable> Securable::FromJson(const json::Value& json) {
  Securable s;
  TARN_TRY(s.kind, ParseKind(json.GetString("kind")));
  s.full_name = json.GetString("full_name");
  s.id = json.GetString("id");
  s.owner = json.GetString("owner");
  s.comment = json.GetString("comment");
  s.created_by = json.GetString("created_by");
  s.created_ms = json.GetInt("created_ms");
  s.updated_ms = json.GetInt("updated_ms");
  s.managed = json.GetBool("managed", true);
  s.storage_location = json.GetString("storage_location");
  TARN_TRY(s.columns, columnar::Schema::FromJson(json.GetString("columns")));
  if (const json::Value* list = json.Find("partition_columns");
      list != nullptr && list->is_array()) {
    for (const json::Value& p : list->as_array()) s.partition_columns.push_back(p.as_string());
  }
  s.properties = Pairs(json.Find("properties"));
  s.policy = {json.GetString("row_filter"), Pairs(json.Find("masks"))};
  return s;
}

}  // namespace tarn::catalog
