#include "catalog/privilege.h"

#include <algorithm>

namespace tarn::catalog {
namespace {

// In the order of the enumeration, which is the order of the names.
constexpr std::string_view kNames[kPrivilegeCount] = {"ALL PRIVILEGES",
                                                      "BROWSE",
                                                      "CREATE CATALOG",
                                                      "CREATE EXTERNAL LOCATION",
                                                      "CREATE EXTERNAL TABLE",
                                                      "CREATE EXTERNAL VOLUME",
                                                      "CREATE FUNCTION",
                                                      "CREATE MODEL",
                                                      "CREATE SCHEMA",
                                                      "CREATE TABLE",
                                                      "CREATE VOLUME",
                                                      "EXECUTE",
                                                      "MANAGE",
                                                      "MODIFY",
                                                      "READ FILES",
                                                      "READ VOLUME",
                                                      "SELECT",
                                                      "USE CATALOG",
                                                      "USE SCHEMA",
                                                      "WRITE FILES",
                                                      "WRITE VOLUME"};

}  // namespace

std::string_view PrivilegeName(Privilege privilege) { return kNames[static_cast<int>(privilege)]; }

std::string ToRestName(Privilege privilege) {
  std::string name(PrivilegeName(privilege));
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

Result<Privilege> ParsePrivilege(std::string_view name) {
  std::string wanted;
  for (char c : name) {
    wanted += c == '_' ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  if (wanted == "ALL") wanted = "ALL PRIVILEGES";
  for (int i = 0; i < kPrivilegeCount; ++i) {
    if (kNames[i] == wanted) return static_cast<Privilege>(i);
  }
  return Fail("INVALID_PARAMETER_VALUE", "Privilege '" + std::string(name) + "' is not known.");
}

PrivilegeSet::PrivilegeSet(std::initializer_list<Privilege> privileges) {
  for (Privilege p : privileges) Add(p);
}

std::vector<Privilege> PrivilegeSet::ToVector() const {
  std::vector<Privilege> all;
  for (int i = 0; i < kPrivilegeCount; ++i) {
    if (Has(static_cast<Privilege>(i))) all.push_back(static_cast<Privilege>(i));
  }
  return all;
}

PrivilegeSet GrantableOn(SecurableKind kind) {
  using enum Privilege;
  PrivilegeSet set;
  switch (kind) {
    case SecurableKind::kMetastore:
      return {kCreateCatalog, kCreateExternalLocation};
    case SecurableKind::kCatalog:
      set = {kUseCatalog, kCreateSchema, kBrowse};
      set.Add(GrantableOn(SecurableKind::kSchema));
      return set;
    case SecurableKind::kSchema:
      return {kUseSchema, kCreateTable, kCreateVolume, kCreateFunction, kCreateModel,   kSelect,
              kModify,    kExecute,     kReadVolume,   kWriteVolume,    kAllPrivileges, kManage};
    case SecurableKind::kTable:
      return {kSelect, kModify, kAllPrivileges, kManage};
    case SecurableKind::kVolume:
      return {kReadVolume, kWriteVolume, kAllPrivileges, kManage};
    case SecurableKind::kExternalLocation:
      return {kReadFiles,     kWriteFiles, kCreateExternalTable, kCreateExternalVolume, kBrowse,
              kAllPrivileges, kManage};
  }
  return set;
}

PrivilegeSet ApplicableTo(SecurableKind kind) {
  PrivilegeSet set = GrantableOn(kind);
  if (kind != SecurableKind::kMetastore) set.Add(Privilege::kBrowse);
  return set;
}

}  // namespace tarn::catalog
