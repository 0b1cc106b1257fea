#pragma once
/// \file  The members of a JSON object and the parameters of a query string, read by type. A value
/// of another type is an error of the caller and never the fallback: a request that is not
/// understood is not carried out. Rule: docs/decisions/0007-fields-of-requests.md.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "net/request.h"

namespace tarn::api {

/// Borrows the object it reads; cheap to make. Absent and null are the same: the fallback.
/// Errors of every call: INVALID_PARAMETER_VALUE with the field's name and the type it must have.
class Fields {
 public:
  /// `path` is the object's own place in the request, such as "parameters[0]"; empty at the top.
  explicit Fields(const json::Value& object, std::string path = "")
      : object_(object), path_(std::move(path)) {}
  /// As the constructor, for what came out of a list or an object.
  static Result<Fields> Of(const json::Value& value, std::string path);

  /// The member, or nullptr when it is absent or null.
  const json::Value* Find(std::string_view key) const;
  bool Has(std::string_view key) const { return Find(key) != nullptr; }
  /// Of the members that are not null, in their order.
  std::vector<std::string> Keys() const;

  Result<std::string> RequiredString(std::string_view key) const;
  Result<std::string> OptionalString(std::string_view key, std::string_view fallback = "") const;
  Result<int64_t> OptionalInt(std::string_view key, int64_t fallback = 0) const;
  Result<bool> OptionalBool(std::string_view key, bool fallback = false) const;
  /// The items of a list; nullptr when there is none.
  Result<const json::Array*> RequiredList(std::string_view key) const;
  Result<const json::Array*> OptionalList(std::string_view key) const;
  Result<std::vector<std::string>> OptionalStrings(std::string_view key) const;
  /// The members of an object; of an empty one when there is none.
  Result<Fields> OptionalObject(std::string_view key) const;

  /// Refuses a member that is known but that this server does not honour, with a null as absent.
  /// Errors: UNSUPPORTED_FEATURE naming it.
  Status Refuse(std::string_view key, std::string_view instead) const;

  /// The field's place in the request: "parameters[0].name".
  std::string PathOf(std::string_view key) const;

 private:
  const json::Value& object_;
  std::string path_;
};

/// A whole number of the query string; `fallback` when it is absent or empty. Errors:
/// INVALID_PARAMETER_VALUE for anything that is not a number of at least `least`.
Result<int64_t> QueryInt(const net::Request& request, std::string_view name, int64_t fallback,
                         int64_t least = 0);
/// "true" or "false". Errors: INVALID_PARAMETER_VALUE.
Result<bool> QueryBool(const net::Request& request, std::string_view name, bool fallback);
/// Where the page of a list begins that `page_token` asks for; tokens are what an earlier answer
/// gave as next_page_token. Errors: INVALID_PARAMETER_VALUE for anything else.
Result<size_t> QueryPageStart(const net::Request& request);

}  // namespace tarn::api
