#pragma once
/// \file  Settings of a session that statements look at, by their Spark names.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tarn::engine {

/// What a setting may be.
enum class SettingKind { kFlag, kBytes, kCount };  // a count is a whole number

struct SessionSetting {
  std::string_view name;
  SettingKind kind;
  std::string_view fallback;  ///< its value until it is set
};

inline constexpr std::string_view kVacuumRetentionCheck =
    "spark.databricks.delta.retentionDurationCheck.enabled";
inline constexpr std::string_view kOptimizeMinFileSize =
    "spark.databricks.delta.optimize.minFileSize";
inline constexpr std::string_view kOptimizeMaxFileSize =
    "spark.databricks.delta.optimize.maxFileSize";
inline constexpr std::string_view kZorderCheckStats =
    "spark.databricks.delta.optimize.zorder.checkStatsCollection.enabled";
inline constexpr std::string_view kClusteringMinCubeSize =
    "spark.databricks.delta.optimize.clustering.mergeStrategy.minCubeSize.threshold";
inline constexpr std::string_view kClusteringTargetCubeSize =
    "spark.databricks.delta.optimize.clustering.mergeStrategy.minCubeSize.targetCubeSize";
inline constexpr std::string_view kAutoCompactMinFiles =
    "spark.databricks.delta.autoCompact.minNumFiles";
inline constexpr std::string_view kAutoCompactMaxFileSize =
    "spark.databricks.delta.autoCompact.maxFileSize";

const std::vector<SessionSetting>& SessionSettings();
/// Case-insensitive; null for a setting that may not be set.
const SessionSetting* FindSessionSetting(std::string_view name);
/// Errors: INVALID_CONF_VALUE.TYPE_MISMATCH.
Status CheckSettingValue(const SessionSetting& setting, const std::string& value);

using Settings = std::map<std::string, std::string>;
bool FlagSetting(const Settings& settings, std::string_view name);
/// Of a size or a count.
int64_t NumberSetting(const Settings& settings, std::string_view name);

}  // namespace tarn::engine
