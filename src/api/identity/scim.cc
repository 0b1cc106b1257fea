#include "api/identity/scim.h"

#include <algorithm>
#include <charconv>

#include "api/identity/scim_filter.h"

namespace tarn::api {
namespace {

constexpr const char* kContentType = "application/scim+json";

net::Response Answer(int status, const json::Value& body) {
  net::Response response = net::Response::Json(status, body.ToString());
  response.headers.Set("content-type", kContentType);
  return response;
}

net::Response ScimError(const Error& error) {
  json::Object body;
  body.Set("schemas", ScimSchemas("urn:ietf:params:scim:api:messages:2.0:Error"));
  body.Set("detail", error.message());
  body.Set("status", std::to_string(error.http_status()));
  if (error.reason() == "RESOURCE_ALREADY_EXISTS") body.Set("scimType", "uniqueness");
  if (error.reason() == "INVALID_PARAMETER_VALUE") body.Set("scimType", "invalidValue");
  return Answer(error.http_status(), body);
}

std::string LowerUpToBracket(std::string path) {
  for (char& c : path) {
    if (c == '[') break;
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return path;
}

std::vector<std::string> SplitNames(const std::string& list) {
  std::vector<std::string> names;
  std::string name;
  for (char c : list + ",") {
    if (c == ',') {
      // "name.givenName" asks for the whole "name".
      if (!name.empty()) names.push_back(LowerUpToBracket(name.substr(0, name.find('.'))));
      name.clear();
    } else if (c != ' ') {
      name += c;
    }
  }
  return names;
}

json::Value Project(const Call& call, const json::Value& resource) {
  std::vector<std::string> wanted = SplitNames(call.Query("attributes"));
  std::vector<std::string> unwanted = SplitNames(call.Query("excludedAttributes"));
  if (wanted.empty() && unwanted.empty()) return resource;
  auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  json::Object kept;
  for (const auto& [key, value] : resource.as_object()) {
    std::string name = LowerUpToBracket(key);
    bool always = name == "id" || name == "schemas";
    if (always || ((wanted.empty() || has(wanted, name)) && !has(unwanted, name)))
      kept.Set(key, value);
  }
  return kept;
}

Result<std::vector<json::Value>> Select(const Call& call,
                                        const std::vector<json::Value>& resources) {
  std::vector<json::Value> selected = resources;
  if (std::string text = call.Query("filter"); !text.empty()) {
    TARN_TRY(ScimFilter filter, ScimFilter::Parse(text));
    std::erase_if(selected, [&](const json::Value& one) { return !filter.Matches(one); });
  }
  std::string order = call.Query("sortOrder");
  if (!order.empty() && order != "ascending" && order != "descending") {
    return Fail("INVALID_PARAMETER_VALUE",
                "sortOrder must be 'ascending' or 'descending', not '" + order + "'.");
  }
  if (std::string by = call.Query("sortBy"); !by.empty()) {
    auto key = [&](const json::Value& one) {
      auto values = ScimAttribute(one, by);
      return values.empty() ? std::string() : values[0]->ToString();
    };
    std::stable_sort(selected.begin(), selected.end(), [&](const auto& a, const auto& b) {
      return order == "descending" ? key(b) < key(a) : key(a) < key(b);
    });
  }
  return selected;
}

}  // namespace

void AddScimRoute(net::Router& router, const Services& services, std::string method,
                  std::string path, ScimEndpoint endpoint) {
  AddRaw(router, services, std::move(method), std::move(path), {},
         [endpoint = std::move(endpoint)](const Call& call) {
           Result<net::Response> response = endpoint(call);
           return response.ok() ? std::move(*response) : ScimError(response.error());
         });
}

Result<int64_t> ScimId(const Call& call, std::string_view what) {
  std::string text = call.Param("id");
  int64_t id = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error == std::errc() && end == text.data() + text.size()) return id;
  return Fail("RESOURCE_DOES_NOT_EXIST", std::string(what) + " with id " + text + " not found.");
}

net::Response ScimResource(const Call& call, int status, const json::Value& resource) {
  return Answer(status, Project(call, resource));
}

Result<net::Response> ScimList(const Call& call, const std::vector<json::Value>& resources) {
  constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
  TARN_TRY(int64_t start_index, call.QueryInt("startIndex", 1, kLowest));
  TARN_TRY(int64_t count, call.QueryInt("count", std::numeric_limits<int64_t>::max(), kLowest));
  TARN_TRY(std::vector<json::Value> selected, Select(call, resources));
  // RFC 7644, 3.4.2.4: less than one is the first, a negative count is none.
  start_index = std::max<int64_t>(start_index, 1);
  json::Array page;
  for (auto i = static_cast<size_t>(start_index - 1);
       i < selected.size() && static_cast<int64_t>(page.size()) < count; ++i) {
    page.push_back(Project(call, selected[i]));
  }
  json::Object answer;
  answer.Set("schemas", ScimSchemas("urn:ietf:params:scim:api:messages:2.0:ListResponse"));
  answer.Set("totalResults", static_cast<int64_t>(selected.size()));
  answer.Set("startIndex", start_index);
  answer.Set("itemsPerPage", static_cast<int64_t>(page.size()));
  answer.Set("Resources", std::move(page));
  return Answer(200, answer);
}

Result<bool> ScimChange::Bool() const {
  if (value.is_bool()) return value.as_bool();
  std::string text = value.is_string() ? LowerUpToBracket(value.as_string()) : "";
  if (text == "true" || text == "false") return text == "true";
  return Fail("INVALID_PARAMETER_VALUE", "The value of '" + path + "' must be true or false.");
}

Result<std::string> ScimChange::Text() const {
  if (value.is_string()) return value.as_string();
  if (value.is_null() && kind == Kind::kRemove) return std::string();
  return Fail("INVALID_PARAMETER_VALUE", "The value of '" + path + "' must be a string.");
}

Result<std::vector<ScimChange>> ScimChanges(const Call& call) {
  TARN_TRY(const json::Array* operations, call.fields().RequiredList("Operations"));
  std::vector<ScimChange> changes;
  for (size_t i = 0; i < operations->size(); ++i) {
    TARN_TRY(Fields fields, Fields::Of((*operations)[i], "Operations[" + std::to_string(i) + "]"));
    TARN_TRY(std::string op, fields.RequiredString("op"));
    TARN_TRY(std::string path, fields.OptionalString("path"));
    op = LowerUpToBracket(op);
    if (op != "add" && op != "remove" && op != "replace") {
      return Fail("INVALID_PARAMETER_VALUE",
                  fields.PathOf("op") + " must be add, remove or replace, not '" + op + "'.");
    }
    ScimChange change;
    change.kind = op == "add"      ? ScimChange::Kind::kAdd
                  : op == "remove" ? ScimChange::Kind::kRemove
                                   : ScimChange::Kind::kReplace;
    const json::Value* value = fields.Find("value");
    if (value != nullptr) change.value = *value;
    change.path = LowerUpToBracket(path);
    if (!path.empty()) {
      changes.push_back(std::move(change));
      continue;
    }
    if (value == nullptr || !value->is_object() || change.kind == ScimChange::Kind::kRemove) {
      return Fail("INVALID_PARAMETER_VALUE",
                  fields.PathOf("value") + " must be an object when there is no path.");
    }
    for (const auto& [key, member] : value->as_object())
      changes.push_back({change.kind, LowerUpToBracket(key), member});
  }
  return changes;
}

Error UnknownScimPath(const ScimChange& change) {
  return Fail("INVALID_PARAMETER_VALUE",
              "This server does not keep '" + change.path + "' of this resource.");
}

Result<std::set<int64_t>> ScimValues(const json::Value& list) {
  Error wrong = Fail("INVALID_PARAMETER_VALUE",
                     "Members must be a list of objects with the id of a user, service principal "
                     "or group as 'value'.");
  json::Array one = {list};
  const json::Array& items = list.is_array() ? list.as_array() : one;
  std::set<int64_t> ids;
  for (const json::Value& item : items) {
    std::string text = item.is_object() ? item.GetString("value") : "";
    int64_t id = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return wrong;
    ids.insert(id);
  }
  return ids;
}

json::Value ScimSchemas(std::string_view schema) { return json::Array{json::Value(schema)}; }

json::Value ScimGroups(const identity::Directory& directory, int64_t id) {
  json::Array groups;
  for (const identity::Membership& membership : directory.MembershipsOf(id)) {
    json::Object group;
    group.Set("display", membership.name);
    group.Set("value", std::to_string(membership.group_id));
    group.Set("type", membership.direct ? "direct" : "indirect");
    group.Set("$ref", "Groups/" + std::to_string(membership.group_id));
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace tarn::api
