#pragma once
/// \file  Table properties that a statement may set: Delta's own by an allow-list, all others
/// freely.
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace tarn::engine {

/// The properties as a table's metadata has them: Delta's names in Delta's spelling. Errors:
/// DELTA_UNKNOWN_CONFIGURATION for a `delta.` property that Delta does not have,
/// UNSUPPORTED_FEATURE for one that would ask of Tarn what it does not do, INVALID_PARAMETER_VALUE
/// for a value.
Result<std::map<std::string, std::string>> CheckTableProperties(
    const std::vector<std::pair<std::string, std::string>>& properties);

}  // namespace tarn::engine
