#pragma once
/// \file  Table properties that a statement may set: Delta's own by an allow-list, all others
/// freely. Some are no properties of the table but ask for a protocol.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace tarn::engine {

struct TableProperties {
  std::map<std::string, std::string> configuration;  ///< Delta's names in Delta's spelling
  std::vector<std::string> features;                 ///< of `delta.feature.<name>` = supported
  std::optional<int> min_reader_version;
  std::optional<int> min_writer_version;
};

/// Errors: DELTA_UNKNOWN_CONFIGURATION for a `delta.` property that Delta does not have,
/// DELTA_UNSUPPORTED_FEATURES_IN_CONFIG for a feature that Tarn does not have,
/// DELTA_UNSUPPORTED_FEATURE_STATUS, DELTA_ADD_CONSTRAINTS, DELTA_CANNOT_MODIFY_TABLE_PROPERTY,
/// DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE, UNSUPPORTED_FEATURE for one that would ask of Tarn what
/// it does not do, INVALID_PARAMETER_VALUE for a value.
Result<TableProperties> CheckTableProperties(
    const std::vector<std::pair<std::string, std::string>>& properties);
/// A property's name in Delta's spelling, or as it is.
std::string SpelledProperty(const std::string& name);

/// Errors: DELTA_CANNOT_MODIFY_TABLE_PROPERTY for one that writers rely on.
Status CheckMayUnset(const std::string& name);

}  // namespace tarn::engine
