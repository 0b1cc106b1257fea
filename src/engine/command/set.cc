#include <algorithm>

#include "engine/command/command.h"
#include "engine/session_settings.h"

namespace tarn::engine {
namespace {

using columnar::TypeKind;

// Settings that clients make and that Tarn keeps to already. Anything that would change results is
// refused, not remembered and forgotten.
constexpr std::pair<std::string_view, std::string_view> kFixed[] = {
    {"spark.sql.ansi.enabled", "true"},    {"ansi_mode", "true"},
    {"spark.sql.session.timeZone", "UTC"}, {"timezone", "UTC"},
    {"spark.sql.caseSensitive", "false"},  {"spark.sql.sources.default", "delta"},
};

bool SameText(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

Result<std::pair<std::string_view, std::string_view>> Setting(const CommandContext& context,
                                                              const std::string& key,
                                                              sql::SourceRange range) {
  for (const auto& setting : kFixed) {
    if (SameText(setting.first, key)) return setting;
  }
  return context.At(range, Fail("CONFIG_NOT_AVAILABLE",
                                "Configuration " + key + " is not available.", {{"config", key}}));
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::SetConf& command) {
  columnar::BatchBuilder rows(
      {{{"key", TypeKind::kString, false}, {"value", TypeKind::kString, false}}});
  if (command.key.empty()) {
    for (const auto& [key, value] : kFixed) rows.String(key).String(value);
    for (const auto& [key, value] : context.session.settings()) rows.String(key).String(value);
    return Rows(std::move(rows));
  }
  if (const SessionSetting* setting = FindSessionSetting(command.key)) {
    std::string name(setting->name);
    Settings& settings = context.session.settings();
    if (command.value) {
      TARN_RETURN_IF_ERROR(
          context.At(command.key_range, CheckSettingValue(*setting, *command.value)));
      settings[name] = *command.value;
    }
    auto set = settings.find(name);
    rows.String(name).String(set != settings.end() ? set->second : std::string(setting->fallback));
    return Rows(std::move(rows));
  }
  TARN_TRY(auto setting, Setting(context, command.key, command.key_range));
  const auto& [key, value] = setting;
  if (command.value && !SameText(*command.value, value)) {
    return context.At(command.key_range,
                      Fail("UNSUPPORTED_FEATURE", "Tarn does not support setting " + command.key +
                                                      " to " + *command.value + " yet; it is " +
                                                      std::string(value) + "."));
  }
  rows.String(key).String(value);
  return Rows(std::move(rows));
}

StreamResult Run(const CommandContext& context, const plan::ResetConf& command) {
  if (const SessionSetting* setting = FindSessionSetting(command.key)) {
    context.session.settings().erase(std::string(setting->name));
    return NoRows();
  }
  if (!command.key.empty()) {
    // It is at its default, as no other value can be set.
    TARN_RETURN_IF_ERROR(Setting(context, command.key, command.key_range));
    return NoRows();
  }
  context.session.settings().clear();
  return NoRows();
}

}  // namespace tarn::engine
