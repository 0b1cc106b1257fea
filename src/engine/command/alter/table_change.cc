#include "engine/command/alter/table_change.h"

#include <charconv>

#include "columnar/column_metadata.h"
#include "delta/column_mapping.h"
#include "delta/table_feature.h"
#include "engine/table_protocol.h"

namespace tarn::engine {
namespace {

constexpr const char* kMaxColumnId = "delta.columnMapping.maxColumnId";

bool HasDefault(const columnar::Schema& schema) {
  return std::any_of(schema.fields.begin(), schema.fields.end(),
                     [](const columnar::Field& f) { return columnar::DefaultOf(f).has_value(); });
}

}  // namespace

TableChange::TableChange(const CommandContext& context, const plan::TableBinding& target)
    : context_(context),
      target_(target),
      snapshot_(SnapshotOf(target)),
      txn_(context.engine().snapshots().OpenLog(snapshot_->table_path()), snapshot_),
      schema_(snapshot_->schema()),
      metadata_(snapshot_->metadata()) {}

void TableChange::AddFeatures(const std::vector<std::string>& names) {
  features_.insert(features_.end(), names.begin(), names.end());
}

// New fields of a mapped table get ids and physical names.
Status TableChange::MapColumns() {
  TARN_TRY(delta::ColumnMappingMode mode, delta::ColumnMappingModeOf(metadata_));
  if (mode == delta::ColumnMappingMode::kNone) return Ok();
  bool upgrade = snapshot_->column_mapping_mode() == delta::ColumnMappingMode::kNone;
  int64_t highest = 0;
  auto set = metadata_.configuration.find(kMaxColumnId);
  if (set != metadata_.configuration.end()) {
    const std::string& text = set->second;
    (void)std::from_chars(text.data(), text.data() + text.size(), highest);
  }
  schema_ = delta::AssignColumnMapping(schema_, &highest, upgrade);
  metadata_.configuration[kMaxColumnId] = std::to_string(highest);
  return Ok();
}

Status TableChange::Commit(std::string operation, std::map<std::string, json::Value> parameters) {
  TARN_RETURN_IF_ERROR(MapColumns());
  metadata_.schema_string = schema_.ToJson();
  std::vector<std::string> needed = delta::FeaturesInUse(schema_, metadata_.configuration);
  needed.insert(needed.end(), features_.begin(), features_.end());
  const delta::Protocol& before = snapshot_->protocol();
  std::erase_if(needed, [&](const std::string& name) { return delta::HasFeature(before, name); });
  bool named =
      std::find(features_.begin(), features_.end(), "allowColumnDefaults") != features_.end();
  if (!named && std::find(needed.begin(), needed.end(), "allowColumnDefaults") != needed.end() &&
      HasDefault(schema_)) {
    return Fail("WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED",
                "Failed to execute ALTER TABLE command because it assigned a column DEFAULT value, "
                "but the corresponding table feature was not enabled. Please retry the command "
                "again after executing ALTER TABLE tableName SET "
                "TBLPROPERTIES('delta.feature.allowColumnDefaults' = 'supported').",
                {{"commandType", "ALTER TABLE"}});
  }
  for (const char* feature : {"timestampNtz", "variantType"}) {
    bool asked = std::find(features_.begin(), features_.end(), feature) != features_.end();
    if (asked || std::find(needed.begin(), needed.end(), feature) == needed.end()) continue;
    return Fail(
        "DELTA_FEATURES_REQUIRE_MANUAL_ENABLEMENT",
        "Your table schema requires manually enablement of the following table feature(s): " +
            std::string(feature) +
            ". To do this, run the following command for each of features listed above: "
            "ALTER TABLE table_name SET TBLPROPERTIES ('delta.feature.feature_name' = "
            "'supported')",
        {{"unsupportedFeatures", feature}});
  }
  TARN_TRY(delta::Protocol after, WithVersions(before, reader_version_, writer_version_));
  if (!needed.empty()) after = delta::WithFeatures(after, needed);
  bool raised = !SameProtocol(before, after);
  if (raised) txn_.SetProtocol(after);
  if (raised || !keeps_metadata_) txn_.SetMetadata(metadata_);
  TARN_RETURN_IF_ERROR(txn_.Commit(
      {std::move(operation), std::move(parameters), {}, context_.who().name}, context_.cancel));
  return RecordInCatalog();
}

Status TableChange::RecordInCatalog() {
  TARN_TRY(CatalogResolver::Table table, context_.resolver.Find(target_.name, {}));
  if (!table.record) return Ok();
  const catalog::Securable& record = *table.record;
  catalog::ObjectChange change;
  change.columns = schema_;
  change.partition_columns = metadata_.partition_columns;
  if (metadata_.description) change.comment = *metadata_.description;
  change.properties.emplace();
  for (const auto& [key, value] : metadata_.configuration) {
    change.properties->emplace_back(key, value);
  }
  TARN_RETURN_IF_ERROR(
      context_.catalog().Alter(context_.who(), record.kind, record.full_name, change, record.id));
  return Ok();
}

std::string Dotted(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& part : path) {
    text += (text.empty() ? "" : ".") + columnar::QuoteIfNeeded(part);
  }
  return text;
}

json::Object ColumnJson(columnar::Field field, const std::vector<std::string>& parent) {
  std::vector<std::string> path = parent;
  path.push_back(field.name);
  json::Object object;
  object.Set("name", Dotted(path));
  object.Set("type", field.type.ToJson());
  object.Set("nullable", field.nullable);
  object.Set("metadata", std::move(field.metadata));
  return object;
}

std::string QuotedName(const plan::TableBinding& target) {
  std::string name;
  for (const std::string& part : target.name) {
    name += (name.empty() ? "" : ".") + columnar::QuoteIdentifier(part);
  }
  return name;
}

std::string TableName(const plan::TableBinding& target) {
  std::string name;
  for (const std::string& part : target.name) name += (name.empty() ? "" : ".") + part;
  return name;
}

}  // namespace tarn::engine
