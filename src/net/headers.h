#pragma once
/// \file  Header fields of a request or a response.
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tarn::net {

/// An ordered list of fields; names compare without case. Value type.
/// Views that Get returns live until the list next changes.
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  /// The first field of that name, or an empty view.
  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const;
  void Add(std::string name, std::string value);
  /// Replaces every field of that name.
  void Set(std::string_view name, std::string value);
  void Remove(std::string_view name);
  void Reserve(size_t count) { fields_.reserve(count); }

  size_t size() const { return fields_.size(); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<Field> fields_;
};

/// ASCII comparison without case, as field names and most field values want it.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

}  // namespace tarn::net
