#include "engine/command/alter/table_change.h"
#include "engine/table_properties.h"

namespace tarn::engine {
namespace {

constexpr const char* kMappingMode = "delta.columnMapping.mode";

std::string ModeIn(const std::map<std::string, std::string>& configuration) {
  auto mode = configuration.find(kMappingMode);
  return mode == configuration.end() ? "none" : mode->second;
}

// Files that are there already have the present names.
Status CheckMappingChange(const std::string& before, const std::string& after) {
  if (before == after || (before == "none" && after == "name")) return Ok();
  return Fail(
      "DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE_CHANGE",
      "Changing column mapping mode from '" + before + "' to '" + after + "' is not supported.",
      {{"oldMode", before}, {"newMode", after}});
}

bool TracksRows(const std::map<std::string, std::string>& configuration) {
  auto at = configuration.find("delta.enableRowTracking");
  return at != configuration.end() && at->second == "true";
}

StreamResult Set(const CommandContext& context, const plan::AlterTable& command) {
  TARN_TRY(TableProperties asked, CheckTableProperties(command.properties));
  for (const std::string& feature : asked.features) {
    if (feature == "clustering") {
      return Fail("DELTA_ALTER_TABLE_SET_CLUSTERING_TABLE_FEATURE_NOT_ALLOWED",
                  "Cannot enable clustering table feature using ALTER TABLE SET TBLPROPERTIES. "
                  "Please use CREATE OR REPLACE TABLE CLUSTER BY to create a Delta table with "
                  "clustering.",
                  {{"tableFeature", "clustering"}});
    }
  }
  TableChange change(context, command.target);
  auto& configuration = change.metadata().configuration;
  std::string before = ModeIn(configuration);
  bool tracked = TracksRows(configuration);
  for (const auto& [key, value] : asked.configuration) configuration[key] = value;
  if (!tracked && TracksRows(configuration)) {
    return Fail("UNSUPPORTED_FEATURE",
                "Tarn does not give ids to the rows that a table has already: set "
                "delta.enableRowTracking when the table is made.");
  }
  TARN_RETURN_IF_ERROR(CheckMappingChange(before, ModeIn(configuration)));
  change.AddFeatures(asked.features);
  change.AskVersions(asked.min_reader_version, asked.min_writer_version);
  json::Object shown;
  for (const auto& [key, value] : command.properties) shown.Set(SpelledProperty(key), value);
  TARN_RETURN_IF_ERROR(change.Commit("SET TBLPROPERTIES",
                                     {{"properties", json::Value(std::move(shown)).ToString()}}));
  return NoRows();
}

StreamResult Unset(const CommandContext& context, const plan::AlterTable& command) {
  TableChange change(context, command.target);
  auto& configuration = change.metadata().configuration;
  json::Array keys;
  for (const std::string& key : command.property_keys) {
    std::string name = SpelledProperty(key);
    if (name == kMappingMode) {
      TARN_RETURN_IF_ERROR(CheckMappingChange(ModeIn(configuration), "none"));
    }
    if (name.rfind("delta.constraints.", 0) == 0) {
      return Fail("DELTA_ADD_CONSTRAINTS",
                  "Please use ALTER TABLE DROP CONSTRAINT to drop CHECK constraints.");
    }
    TARN_RETURN_IF_ERROR(CheckMayUnset(name));
    configuration.erase(name);
    keys.emplace_back(std::move(name));
  }
  TARN_RETURN_IF_ERROR(
      change.Commit("UNSET TBLPROPERTIES",
                    {{"properties", json::Value(std::move(keys)).ToString()}, {"ifExists", true}}));
  return NoRows();
}

}  // namespace

StreamResult AlterProperties(const CommandContext& context, const plan::AlterTable& command) {
  return command.action == sql::AlterTableAction::kSetProperties ? Set(context, command)
                                                                 : Unset(context, command);
}

}  // namespace tarn::engine
