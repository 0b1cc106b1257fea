#pragma once
/// \file  What the operations of the Unity Catalog API share: how objects read on the wire, pages
/// of lists, names in paths, and the API's own error codes.
#include <optional>

#include "api/endpoint.h"

namespace tarn::api::uc {

inline const std::string kBase = "/api/2.1/unity-catalog";

/// AddJson, with errors under the codes of this API: what SQL calls TABLE_OR_VIEW_NOT_FOUND is
/// TABLE_DOES_NOT_EXIST here.
void AddOperation(net::Router& router, const Services& services, std::string method,
                  std::string path, JsonEndpoint endpoint);

/// Which optional parts of an object are shown.
struct Shown {
  bool columns = true;
  bool properties = true;
};
json::Value ObjectJson(const catalog::Securable& object, Shown shown = {});
/// "catalog.schema" from a path or query; `parts` names. Errors: INVALID_PARAMETER_VALUE.
Result<std::string> FullNameOf(const std::string& text, size_t parts);
/// The parts of a full name.
std::vector<std::string> Parts(const std::string& full_name);

/// One page of a list ordered by name. A token is the name the last page ended with, so that what
/// was made or dropped between two pages moves nothing. Errors: INVALID_PARAMETER_VALUE for a size
/// or token that is none.
class Page {
 public:
  static Result<Page> Of(const Call& call, int64_t largest = 1000);
  size_t size() const { return size_; }
  /// Whether the name belongs after the last page.
  bool IsAfter(const std::string& name) const { return !after_ || name > *after_; }
  static std::string Token(const std::string& last_name);

 private:
  size_t size_ = 0;
  std::optional<std::string> after_;
};
/// {member: […], "next_page_token": …}; `show` makes the JSON of one object.
Result<json::Value> ListPage(const Call& call, const std::vector<catalog::Securable>& all,
                             const std::string& member,
                             const std::function<json::Value(const catalog::Securable&)>& show);

/// A member with the difference between absent and empty. Errors: those of Fields.
Result<std::optional<std::string>> OptionalText(const Fields& fields, std::string_view key);
/// `properties` in the order given.
Result<std::optional<std::vector<std::pair<std::string, std::string>>>> OptionalProperties(
    const Fields& fields);
/// Refuses by name what this release does not have. Errors: UNSUPPORTED_FEATURE.
Status RefuseMembers(const Fields& fields, const std::vector<std::string>& members);
/// comment, owner, properties and new_name of a PATCH.
Result<catalog::ObjectChange> ChangeOf(const Call& call);

void AddCatalogs(net::Router& router, const Services& services);
void AddSchemas(net::Router& router, const Services& services);
void AddTables(net::Router& router, const Services& services);
void AddVolumes(net::Router& router, const Services& services);
/// GET, PATCH and DELETE of one object of a kind below `path`.
void AddObject(net::Router& router, const Services& services, catalog::SecurableKind kind,
               const std::string& path);

}  // namespace tarn::api::uc
