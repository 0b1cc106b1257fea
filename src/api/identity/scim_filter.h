#pragma once
/// \file  Filters of SCIM lists (RFC 7644, 3.4.2.2): eq, ne, co, sw, ew, pr; and, or, not,
/// brackets.
#include <memory>

#include "base/json.h"

namespace tarn::api {

/// A filter that was understood. Immutable.
class ScimFilter {
 public:
  /// Errors: INVALID_PARAMETER_VALUE with the place. Nesting over 50 levels is refused.
  static Result<ScimFilter> Parse(std::string_view text);
  /// Text compares without case; of a list one item is enough.
  bool Matches(const json::Value& resource) const;

  struct Node;

 private:
  explicit ScimFilter(std::shared_ptr<const Node> root) : root_(std::move(root)) {}
  std::shared_ptr<const Node> root_;
};

/// The values that "a.b" names in a resource, names compared without case; through lists.
std::vector<const json::Value*> ScimAttribute(const json::Value& resource, std::string_view path);

}  // namespace tarn::api
