#include "api/fields.h"

#include <charconv>

namespace tarn::api {
namespace {

const json::Value& EmptyObject() {
  static const json::Value kEmpty{json::Object()};
  return kEmpty;
}

std::string_view TypeOf(const json::Value& value) {
  if (value.is_bool()) return "a boolean";
  if (value.is_number()) return "a number";
  if (value.is_string()) return "a string";
  if (value.is_array()) return "a list";
  return value.is_object() ? "an object" : "null";
}

Error WrongType(const std::string& path, std::string_view wanted, const json::Value& got) {
  return Fail("INVALID_PARAMETER_VALUE", "Field " + path + " must be " + std::string(wanted) +
                                             ", not " + std::string(TypeOf(got)) + ".");
}

Error Missing(const std::string& path) {
  return Fail("INVALID_PARAMETER_VALUE", "Missing required field: " + path);
}

bool ParseWhole(std::string_view text, int64_t& out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

Result<Fields> Fields::Of(const json::Value& value, std::string path) {
  if (!value.is_object()) return WrongType(path, "an object", value);
  return Fields(value, std::move(path));
}

std::string Fields::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const json::Value* Fields::Find(std::string_view key) const {
  const json::Value* found = object_.Find(key);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::vector<std::string> Fields::Keys() const {
  std::vector<std::string> keys;
  if (!object_.is_object()) return keys;
  for (const auto& [key, value] : object_.as_object()) {
    if (!value.is_null()) keys.push_back(key);
  }
  return keys;
}

Result<std::string> Fields::RequiredString(std::string_view key) const {
  if (!Has(key)) return Missing(PathOf(key));
  return OptionalString(key);
}

Result<std::string> Fields::OptionalString(std::string_view key, std::string_view fallback) const {
  const json::Value* value = Find(key);
  if (value == nullptr) return std::string(fallback);
  if (!value->is_string()) return WrongType(PathOf(key), "a string", *value);
  return value->as_string();
}

Result<int64_t> Fields::OptionalInt(std::string_view key, int64_t fallback) const {
  const json::Value* value = Find(key);
  if (value == nullptr) return fallback;
  if (value->is_double()) {
    return Fail("INVALID_PARAMETER_VALUE", "Field " + PathOf(key) +
                                               " must be a whole number of 64 bits; got " +
                                               value->ToString() + ".");
  }
  if (!value->is_int()) return WrongType(PathOf(key), "a whole number", *value);
  return value->as_int();
}

Result<bool> Fields::OptionalBool(std::string_view key, bool fallback) const {
  const json::Value* value = Find(key);
  if (value == nullptr) return fallback;
  if (!value->is_bool()) return WrongType(PathOf(key), "true or false", *value);
  return value->as_bool();
}

Result<const json::Array*> Fields::OptionalList(std::string_view key) const {
  const json::Value* value = Find(key);
  if (value == nullptr) return static_cast<const json::Array*>(nullptr);
  if (!value->is_array()) return WrongType(PathOf(key), "a list", *value);
  return &value->as_array();
}

Result<const json::Array*> Fields::RequiredList(std::string_view key) const {
  if (!Has(key)) return Missing(PathOf(key));
  return OptionalList(key);
}

Result<std::vector<std::string>> Fields::OptionalStrings(std::string_view key) const {
  TARN_TRY(const json::Array* list, OptionalList(key));
  std::vector<std::string> out;
  if (list == nullptr) return out;
  for (size_t i = 0; i < list->size(); ++i) {
    const json::Value& item = (*list)[i];
    if (!item.is_string())
      return WrongType(PathOf(key) + "[" + std::to_string(i) + "]", "a string", item);
    out.push_back(item.as_string());
  }
  return out;
}

Result<Fields> Fields::OptionalObject(std::string_view key) const {
  const json::Value* value = Find(key);
  return Of(value == nullptr ? EmptyObject() : *value, PathOf(key));
}

Status Fields::Refuse(std::string_view key, std::string_view instead) const {
  if (!Has(key)) return Ok();
  return Fail("UNSUPPORTED_FEATURE",
              "Field " + PathOf(key) + " is not supported. " + std::string(instead));
}

Result<int64_t> QueryInt(const net::Request& request, std::string_view name, int64_t fallback,
                         int64_t least) {
  std::string_view text = request.Query(name);
  if (text.empty()) return fallback;
  int64_t value = 0;
  if (!ParseWhole(text, value)) {
    return Fail("INVALID_PARAMETER_VALUE", "Query parameter " + std::string(name) +
                                               " must be a whole number; got '" +
                                               std::string(text) + "'.");
  }
  if (value < least) {
    return Fail("INVALID_PARAMETER_VALUE", "Query parameter " + std::string(name) +
                                               " must be at least " + std::to_string(least) +
                                               "; got '" + std::string(text) + "'.");
  }
  return value;
}

Result<bool> QueryBool(const net::Request& request, std::string_view name, bool fallback) {
  std::string_view text = request.Query(name);
  if (text.empty()) return fallback;
  if (text == "true" || text == "false") return text == "true";
  return Fail("INVALID_PARAMETER_VALUE", "Query parameter " + std::string(name) +
                                             " must be true or false; got '" + std::string(text) +
                                             "'.");
}

Result<size_t> QueryPageStart(const net::Request& request) {
  std::string_view text = request.Query("page_token");
  int64_t start = 0;
  if (text.empty()) return size_t{0};
  if (!ParseWhole(text, start) || start < 0) {
    return Fail("INVALID_PARAMETER_VALUE",
                "'" + std::string(text) +
                    "' is no page_token of this list. Send the next_page_token of the answer "
                    "before, or none to begin again.");
  }
  return static_cast<size_t>(start);
}

}  // namespace tarn::api
