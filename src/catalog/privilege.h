#pragma once
/// \file  Unity Catalog's privileges, and which kind of object each may be granted on.
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "catalog/securable.h"

namespace tarn::catalog {

/// Stored by name; the numbers are of this process only.
enum class Privilege {
  kAllPrivileges,
  kBrowse,
  kCreateCatalog,
  kCreateExternalLocation,
  kCreateExternalTable,
  kCreateExternalVolume,
  kCreateFunction,
  kCreateModel,
  kCreateSchema,
  kCreateTable,
  kCreateVolume,
  kExecute,
  kManage,
  kModify,
  kReadFiles,
  kReadVolume,
  kSelect,
  kUseCatalog,
  kUseSchema,
  kWriteFiles,
  kWriteVolume,
};
inline constexpr int kPrivilegeCount = 21;

/// SQL's spelling: "USE CATALOG". REST writes '_' for the blank: see ToRestName.
std::string_view PrivilegeName(Privilege privilege);
std::string ToRestName(Privilege privilege);
/// Either spelling, any case; USAGE and the like of the legacy model are refused.
/// Errors: INVALID_PARAMETER_VALUE.
Result<Privilege> ParsePrivilege(std::string_view name);

/// A set of privileges. Value.
class PrivilegeSet {
 public:
  PrivilegeSet() = default;
  PrivilegeSet(std::initializer_list<Privilege> privileges);
  bool Has(Privilege p) const { return (bits_ >> static_cast<int>(p)) & 1; }
  void Add(Privilege p) { bits_ |= uint32_t{1} << static_cast<int>(p); }
  void Remove(Privilege p) { bits_ &= ~(uint32_t{1} << static_cast<int>(p)); }
  void Add(PrivilegeSet other) { bits_ |= other.bits_; }
  bool empty() const { return bits_ == 0; }
  /// In order of their names.
  std::vector<Privilege> ToVector() const;
  bool operator==(const PrivilegeSet&) const = default;

 private:
  uint32_t bits_ = 0;
};

/// What may be granted on an object of this kind.
PrivilegeSet GrantableOn(SecurableKind kind);
/// What has a meaning for an object of this kind when granted on it or above it.
PrivilegeSet ApplicableTo(SecurableKind kind);

}  // namespace tarn::catalog
