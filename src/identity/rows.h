#pragma once
/// \file  The records of this module as rows of the metadata database.
#include "identity/directory.h"
#include "store/database.h"

namespace tarn::identity {

inline constexpr store::Scope kScope;

store::Values RowOf(const User& user);
store::Values RowOf(const ServicePrincipal& service_principal);
/// Writes the group and its members in place of what there was.
Status StoreGroup(store::Transaction& t, const Group& group);
Result<Directory> ReadDirectory(store::Transaction& t);

/// Errors: INVALID_PARAMETER_VALUE.
Status CheckUserName(const std::string& name);
bool IsSystemGroup(const Group& group);
Error NoSuch(std::string_view what, int64_t id);

}  // namespace tarn::identity
