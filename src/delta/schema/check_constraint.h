#pragma once
/// \file  CHECK constraints, which the properties of a table hold.
/// Spec: PROTOCOL.md, "CHECK Constraints".
#include <string>
#include <utility>
#include <vector>

#include "delta/action.h"

namespace tarn::delta {

/// Name, in lower case, and condition of each.
std::vector<std::pair<std::string, std::string>> ChecksOf(const Metadata& metadata);
/// The property that holds a constraint; names differ not by case.
std::string CheckProperty(const std::string& name);

}  // namespace tarn::delta
