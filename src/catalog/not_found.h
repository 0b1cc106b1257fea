#pragma once
/// \file  The two answers about a name that every action on objects shares: not there (or hidden),
/// and taken.
#include "catalog/securable.h"

namespace tarn::catalog {

/// One answer for what is missing and for what the caller may not see.
Error NotFound(SecurableKind kind, const std::string& full_name);
Error AlreadyExists(SecurableKind kind, const std::string& full_name);

}  // namespace tarn::catalog
