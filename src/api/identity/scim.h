#pragma once
/// \file  What the SCIM 2.0 routes share (RFC 7643, RFC 7644): answers, lists, patches, errors.
#include <functional>

#include "api/endpoint.h"

namespace tarn::api {

using ScimEndpoint = std::function<Result<net::Response>(const Call&)>;

/// A route whose errors have SCIM's shape {schemas, detail, status, scimType}.
void AddScimRoute(net::Router& router, const Services& services, std::string method,
                  std::string path, ScimEndpoint endpoint);

/// The id in the path. Errors: RESOURCE_DOES_NOT_EXIST for what cannot be one.
Result<int64_t> ScimId(const Call& call, std::string_view what);

/// One resource, with the members that `attributes` and `excludedAttributes` ask for.
net::Response ScimResource(const Call& call, int status, const json::Value& resource);
/// Those that `filter` selects, in the order of `sortBy`, from `startIndex` on and at most `count`.
/// Errors: INVALID_PARAMETER_VALUE.
Result<net::Response> ScimList(const Call& call, const std::vector<json::Value>& resources);

/// One change of a PATCH; a change without a path has been taken apart into its members.
struct ScimChange {
  enum class Kind { kAdd, kRemove, kReplace };
  Kind kind = Kind::kAdd;
  std::string path;  ///< in lower case up to the first bracket
  json::Value value;

  /// Texts "true" and "false" count as well: clients that leave out false send them. Errors: as
  /// Text.
  Result<bool> Bool() const;
  /// Errors: INVALID_PARAMETER_VALUE.
  Result<std::string> Text() const;
};
/// Errors: INVALID_PARAMETER_VALUE.
Result<std::vector<ScimChange>> ScimChanges(const Call& call);
/// For a path that the resource does not have, or that this server does not keep.
Error UnknownScimPath(const ScimChange& change);

/// [{"value": "1"}, …] as ids. Errors: INVALID_PARAMETER_VALUE.
Result<std::set<int64_t>> ScimValues(const json::Value& list);
json::Value ScimSchemas(std::string_view schema);
/// The groups that somebody is in.
json::Value ScimGroups(const identity::Directory& directory, int64_t id);

}  // namespace tarn::api
