#pragma once
/// \file  Passwords as what is stored of them: scrypt (RFC 7914) with a salt of its own each.
#include <string>
#include <string_view>

#include "base/result.h"

namespace tarn::identity {

/// "$scrypt$ln=14,r=8,p=5$<salt>$<key>" in base64. Takes about a tenth of a second and 16 MiB, on
/// purpose. Errors: INTERNAL_ERROR.
Result<std::string> HashPassword(std::string_view password);
/// Whether the password is the one. Costs the same for a right and for a wrong one. Errors:
/// DATA_FOLDER_CORRUPT for a text that HashPassword did not make.
Result<bool> VerifyPassword(std::string_view hash, std::string_view password);
/// A hash that no password has: for taking the same time when there is nobody to compare with.
std::string_view HashOfNobody();

}  // namespace tarn::identity
