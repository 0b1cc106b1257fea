#include "app/terminal/server_names.h"

#include "base/encoding.h"

namespace tarn::app {
namespace {

constexpr std::chrono::seconds kKeep{30};
constexpr const char* kCatalogApi = "/api/2.1/unity-catalog/";

}  // namespace

const std::vector<std::string>& ServerNames::Ask(const std::string& path, const std::string& list) {
  auto now = std::chrono::steady_clock::now();
  Kept& kept = kept_[path];
  if (kept.asked != std::chrono::steady_clock::time_point() && now - kept.asked < kKeep)
    return kept.names;
  kept = {now, {}};
  std::string page;
  do {
    std::string token = page.empty() ? ""
                                     : (path.find('?') == path.npos ? "?" : "&") +
                                           ("page_token=" + PercentEncode(page));
    Result<json::Value> answer = client_.Get(kCatalogApi + path + token);
    if (!answer.ok()) break;
    const json::Value* found = answer->Find(list);
    if (found == nullptr || !found->is_array()) break;
    for (const json::Value& item : found->as_array()) kept.names.push_back(item.GetString("name"));
    page = answer->GetString("next_page_token");
  } while (!page.empty());
  return kept.names;
}

std::vector<std::string> ServerNames::Catalogs() { return Ask("catalogs", "catalogs"); }

std::vector<std::string> ServerNames::Schemas(const std::string& catalog) {
  return Ask("schemas?catalog_name=" + PercentEncode(catalog), "schemas");
}

std::vector<std::string> ServerNames::Tables(const std::string& catalog,
                                             const std::string& schema) {
  return Ask(
      "tables?catalog_name=" + PercentEncode(catalog) + "&schema_name=" + PercentEncode(schema),
      "tables");
}

std::vector<std::string> ServerNames::Columns(const std::string& catalog, const std::string& schema,
                                              const std::string& table) {
  return Ask("tables/" + PercentEncode(catalog + "." + schema + "." + table), "columns");
}

}  // namespace tarn::app
