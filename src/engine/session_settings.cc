#include "engine/session_settings.h"

#include <algorithm>

#include "delta/table_property.h"

namespace tarn::engine {
namespace {

bool SameText(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

std::string ValueOf(const Settings& settings, std::string_view name) {
  auto set = settings.find(std::string(name));
  return set != settings.end() ? set->second : std::string(FindSessionSetting(name)->fallback);
}

}  // namespace

const std::vector<SessionSetting>& SessionSettings() {
  static const std::vector<SessionSetting> settings = {
      {kVacuumRetentionCheck, SettingKind::kFlag, "true"},
      {kOptimizeMinFileSize, SettingKind::kBytes, "1073741824"},
      {kOptimizeMaxFileSize, SettingKind::kBytes, "1073741824"},
      {kZorderCheckStats, SettingKind::kFlag, "true"},
      {kClusteringMinCubeSize, SettingKind::kBytes, "107374182400"},
      {kClusteringTargetCubeSize, SettingKind::kBytes, "161061273600"},
      {kAutoCompactMinFiles, SettingKind::kCount, "50"},
      {kAutoCompactMaxFileSize, SettingKind::kBytes, "134217728"},
  };
  return settings;
}

const SessionSetting* FindSessionSetting(std::string_view name) {
  for (const SessionSetting& setting : SessionSettings()) {
    if (SameText(setting.name, name)) return &setting;
  }
  return nullptr;
}

Status CheckSettingValue(const SessionSetting& setting, const std::string& value) {
  bool fits = setting.kind == SettingKind::kFlag
                  ? SameText(value, "true") || SameText(value, "false")
                  : delta::SizeBytes(value).has_value();
  if (fits) return Ok();
  std::string type = setting.kind == SettingKind::kFlag ? "boolean" : "bigint";
  return Fail("INVALID_CONF_VALUE.TYPE_MISMATCH",
              "The value '" + value + "' in the config \"" + std::string(setting.name) +
                  "\" is invalid. The value should be " + type + ".",
              {{"confName", std::string(setting.name)}, {"confValue", value}, {"confType", type}});
}

bool FlagSetting(const Settings& settings, std::string_view name) {
  return SameText(ValueOf(settings, name), "true");
}

int64_t NumberSetting(const Settings& settings, std::string_view name) {
  return delta::SizeBytes(ValueOf(settings, name)).value_or(0);
}

}  // namespace tarn::engine
