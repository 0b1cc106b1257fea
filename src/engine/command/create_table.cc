#include <algorithm>
#include <charconv>

#include "base/ids.h"
#include "columnar/column_metadata.h"
#include "delta/clustering/clustering.h"
#include "delta/row_tracking.h"
#include "delta/table_feature.h"
#include "engine/command/command.h"
#include "engine/definition/clustering_choice.h"
#include "engine/definition/storable_column.h"
#include "engine/table_properties.h"
#include "engine/table_protocol.h"

namespace tarn::engine {
namespace {

Error UnsupportedProvider(const std::string& provider) {
  return Fail("UNSUPPORTED_FEATURE",
              "Tarn's tables are Delta tables; USING " + provider + " is not supported.");
}

constexpr const char* kMaxColumnId = "delta.columnMapping.maxColumnId";

// What a statement defines: the columns as the log will have them, and what they need.
struct Definition {
  columnar::Schema schema;
  std::map<std::string, std::string> configuration;
  delta::Protocol protocol;
  ColumnPaths clustering = {};
};

bool UsesDefaults(const columnar::Schema& schema) {
  return std::any_of(schema.fields.begin(), schema.fields.end(),
                     [](const columnar::Field& f) { return columnar::DefaultOf(f).has_value(); });
}

Status CheckColumns(const plan::CreateTable& command, const TableProperties& asked) {
  TARN_RETURN_IF_ERROR(CheckStorable(command.schema, MapsColumns(asked.configuration)));
  bool enabled = std::find(asked.features.begin(), asked.features.end(), "allowColumnDefaults") !=
                 asked.features.end();
  if (UsesDefaults(command.schema) && !enabled) {
    return Fail(
        "WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED",
        "Failed to execute CREATE TABLE command because it assigned a column DEFAULT value, "
        "but the corresponding table feature was not enabled. Please retry the command "
        "again after executing ALTER TABLE tableName SET "
        "TBLPROPERTIES('delta.feature.allowColumnDefaults' = 'supported').",
        {{"commandType", "CREATE TABLE"}});
  }
  for (const std::string& name : command.partitioned_by) {
    const columnar::Field& field =
        command.schema.fields[static_cast<size_t>(command.schema.FindField(name))];
    if (!columnar::IsIdentity(field)) continue;
    return Fail("DELTA_IDENTITY_COLUMNS_PARTITION_NOT_SUPPORTED",
                "PARTITIONED BY IDENTITY column " + name + " is not supported.",
                {{"colName", name}});
  }
  return Ok();
}

// The table of LIKE gives what it has, except what only it can have.
void AddLike(const plan::TableBinding& source, TableProperties* asked) {
  std::shared_ptr<const delta::Snapshot> snapshot = SnapshotOf(source);
  for (const auto& [key, value] : snapshot->metadata().configuration) {
    if (CheckMayUnset(key).ok()) asked->configuration.emplace(key, value);
  }
  // Defaults of columns are of no use without it, and it came with them.
  if (delta::HasFeature(snapshot->protocol(), "allowColumnDefaults")) {
    asked->features.emplace_back("allowColumnDefaults");
  }
}

// New columns of a mapped table have ids above all that the table ever gave.
int64_t HighestId(const delta::Snapshot* replaced) {
  int64_t highest = 0;
  if (replaced == nullptr) return highest;
  std::string text = replaced->Property(kMaxColumnId).value_or("0");
  (void)std::from_chars(text.data(), text.data() + text.size(), highest);
  return highest;
}

Result<Definition> Define(const plan::CreateTable& command, const delta::Snapshot* replaced) {
  TARN_TRY(TableProperties asked, CheckTableProperties(command.properties));
  if (command.like) AddLike(*command.like, &asked);
  TARN_RETURN_IF_ERROR(CheckColumns(command, asked));
  Definition table{delta::WithoutColumnMapping(command.schema), asked.configuration, {}};
  if (MapsColumns(asked.configuration)) {
    int64_t highest = HighestId(replaced);
    table.schema = delta::AssignColumnMapping(table.schema, &highest, false);
    table.configuration[kMaxColumnId] = std::to_string(highest);
  }
  TARN_TRY(table.clustering, ChosenColumns(table.schema, command.cluster_by));
  TARN_TRY(delta::Protocol versions,
           WithVersions(delta::Protocol(), asked.min_reader_version, asked.min_writer_version));
  std::vector<std::string> features = delta::FeaturesInUse(table.schema, table.configuration);
  features.insert(features.end(), asked.features.begin(), asked.features.end());
  if (std::find(asked.features.begin(), asked.features.end(), "clustering") !=
      asked.features.end()) {
    return Fail("DELTA_CREATE_TABLE_SET_CLUSTERING_TABLE_FEATURE_NOT_ALLOWED",
                "Cannot enable clustering table feature using TBLPROPERTIES. Please use CREATE OR "
                "REPLACE TABLE CLUSTER BY to create a Delta table with clustering.",
                {{"tableFeature", "clustering"}});
  }
  if (!table.clustering.empty()) features.emplace_back("clustering");
  table.protocol = delta::WithFeatures(versions, features);
  return table;
}

std::optional<std::string> CommentOf(const plan::CreateTable& command) {
  if (command.comment || !command.like) return command.comment;
  return SnapshotOf(*command.like)->metadata().description;
}

delta::Metadata MetadataOf(const plan::CreateTable& command, const Definition& definition,
                           const std::string& name) {
  delta::Metadata metadata;
  metadata.id = NewUuid();
  metadata.name = name;
  metadata.description = CommentOf(command);
  metadata.schema_string = definition.schema.ToJson();
  metadata.partition_columns = command.partitioned_by;
  metadata.configuration = definition.configuration;
  delta::NameMaterializedRowIds(&metadata.configuration);
  metadata.created_time_ms = Clock::System().NowMillis();
  return metadata;
}

std::map<std::string, json::Value> HistoryOf(const plan::CreateTable& command,
                                             const Definition& definition) {
  std::optional<std::string> comment = CommentOf(command);
  json::Array partitions;
  for (const std::string& column : command.partitioned_by) partitions.emplace_back(column);
  json::Object properties;
  for (const auto& [key, value] : definition.configuration) properties.Set(key, value);
  return {{"partitionBy", json::Value(std::move(partitions)).ToString()},
          {"clusterBy", ClusteringText(definition.clustering)},
          {"description", comment ? json::Value(*comment) : json::Value()},
          {"isManaged", command.location ? "false" : "true"},
          {"properties", json::Value(std::move(properties)).ToString()}};
}

// Version 0 of a new table, or the next version of `replaced`.
Result<int64_t> CommitTable(const CommandContext& context, const plan::CreateTable& command,
                            const Definition& definition, const catalog::Securable& table,
                            std::shared_ptr<const delta::Snapshot> replaced) {
  auto log = context.engine().snapshots().OpenLog(table.storage_location);
  delta::Transaction txn =
      replaced ? delta::Transaction(log, replaced) : delta::Transaction::Create(log);
  delta::Protocol protocol = definition.protocol;
  if (replaced) protocol = RaisedProtocol(replaced->protocol(), protocol);
  if (!replaced || !SameProtocol(protocol, replaced->protocol())) txn.SetProtocol(protocol);
  txn.SetMetadata(MetadataOf(command, definition, table.name()));
  bool clustered = replaced && replaced->domains().contains(delta::kClusteringDomain);
  if (!definition.clustering.empty()) {
    txn.SetDomain(ClusteringDomainOf(definition.schema, definition.clustering));
  } else if (clustered) {
    delta::DomainMetadata gone = replaced->domains().at(delta::kClusteringDomain);
    gone.removed = true;
    txn.SetDomain(std::move(gone));
  }
  if (replaced) {
    txn.ReadWholeTable();
    for (const auto& file : replaced->files()) txn.Remove(*file);
  }
  int64_t rows = 0;
  if (command.query) {
    TARN_TRY(auto files,
             context.engine().WriteFiles(command.query,
                                         {table.storage_location, definition.schema,
                                          command.partitioned_by, definition.configuration},
                                         context.cancel));
    rows = RowCount(files);
    for (auto& file : files) txn.Add(std::move(file));
  }
  std::string operation = command.replace      ? "REPLACE TABLE"
                          : command.or_replace ? "CREATE OR REPLACE TABLE"
                                               : "CREATE TABLE";
  if (command.query) operation += " AS SELECT";
  TARN_RETURN_IF_ERROR(txn.Commit(
      {operation, HistoryOf(command, definition), {}, context.who().name}, context.cancel));
  return rows;
}

std::vector<std::pair<std::string, std::string>> RecordedProperties(const Definition& definition) {
  return {definition.configuration.begin(), definition.configuration.end()};
}

StreamResult Answer(const plan::CreateTable& command, int64_t rows) {
  if (!command.query) return NoRows();
  return Counts({{"num_affected_rows", rows}, {"num_inserted_rows", rows}});
}

// A folder that holds a Delta table is taken as it is.
StreamResult Adopt(const CommandContext& context, const plan::CreateTable& command,
                   catalog::Securable draft, const delta::Snapshot& found) {
  if (command.query) {
    return Fail("DELTA_TABLE_ALREADY_EXISTS",
                "There is a Delta table at " + *command.location + ".");
  }
  if (!command.schema.fields.empty() && !(command.schema == found.schema())) {
    return Fail(
        "DELTA_CREATE_TABLE_SCHEME_MISMATCH",
        "The specified schema does not match the existing schema at " + *command.location + ".");
  }
  draft.columns = found.schema();
  draft.partition_columns = found.partition_columns();
  draft.properties = command.properties;
  TARN_RETURN_IF_ERROR(
      context.At(command.name_range, context.catalog().Create(context.who(), draft)));
  return NoRows();
}

// A new table does not take over files that are there already.
Status CheckEmpty(const CommandContext& context, const plan::CreateTable& command,
                  const catalog::Securable& table) {
  if (!command.location) return Ok();
  TARN_TRY(auto listed, context.session.services().store->List(table.storage_location, true));
  if (listed.empty()) return Ok();
  return Fail("DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION",
              "Cannot create the table " + table.full_name + ": its location " + *command.location +
                  " is not empty and not a Delta table.");
}

StreamResult Create(const CommandContext& context, const plan::CreateTable& command,
                    const Definition& definition, const std::string& full_name) {
  catalog::Securable draft;
  draft.kind = catalog::SecurableKind::kTable;
  draft.full_name = full_name;
  draft.comment = CommentOf(command).value_or("");
  if (command.location) {
    TARN_TRY(draft.storage_location,
             context.At(command.name_range,
                        context.catalog().ResolveExternalPath(context.who(), *command.location)));
    auto found = context.engine().snapshots().Latest(draft.storage_location);
    if (found.ok()) return Adopt(context, command, std::move(draft), **found);
    if (found.error().reason() != "DELTA_TABLE_NOT_FOUND") return std::move(found).error();
  }
  if (command.schema.fields.empty()) {
    return Fail("DELTA_CREATE_TABLE_MISSING_TABLE_NAME_OR_LOCATION",
                "A new table needs columns, a query, or the LOCATION of a Delta table.");
  }
  draft.columns = definition.schema;
  draft.partition_columns = command.partitioned_by;
  draft.properties = RecordedProperties(definition);
  // The record comes first: it holds the name against others. If the commit then fails it is
  // taken back, and a crash between the two leaves a record whose table the next DROP or CREATE
  // OR REPLACE removes.
  TARN_TRY(draft, context.At(command.name_range, context.catalog().Create(context.who(), draft)));
  Status empty = CheckEmpty(context, command, draft);
  Result<int64_t> committed =
      empty.ok() ? CommitTable(context, command, definition, draft, nullptr) : empty.error();
  if (!committed.ok()) {
    // Somebody who found the record without its table has made it: the record is theirs now.
    bool made = committed.error().reason() == "DELTA_TABLE_ALREADY_EXISTS";
    if (!made) (void)context.catalog().Drop(context.who(), draft.kind, draft.full_name, false).ok();
    if (made && command.if_not_exists) return NoRows();
    return std::move(committed).error();
  }
  return Answer(command, *committed);
}

// The record is there; its table is replaced by one new version, or made where a crash between the
// record and the first commit left none.
StreamResult Replace(const CommandContext& context, const plan::CreateTable& command,
                     const CatalogResolver::Table& table,
                     std::shared_ptr<const delta::Snapshot> snapshot) {
  const catalog::Securable& record = *table.record;
  TARN_TRY(Definition definition, Define(command, snapshot.get()));
  if (definition.schema.fields.empty()) {
    return Fail(
        "DELTA_SCHEMA_NOT_PROVIDED",
        "Table schema is not provided. Please provide the schema (column definition) of the "
        "table when using REPLACE table and an AS SELECT query is not provided.");
  }
  bool clustered = snapshot && snapshot->domains().contains(delta::kClusteringDomain);
  if (clustered && !command.partitioned_by.empty()) {
    return Fail("DELTA_CLUSTERING_REPLACE_TABLE_WITH_PARTITIONED_TABLE",
                "Replacing a clustered Delta table with a partitioned table is not allowed.");
  }
  Result<int64_t> rows = CommitTable(context, command, definition, record, std::move(snapshot));
  if (!rows.ok() && command.if_not_exists &&
      rows.error().reason() == "DELTA_TABLE_ALREADY_EXISTS") {
    return NoRows();
  }
  if (!rows.ok()) return std::move(rows).error();
  catalog::ObjectChange change;
  change.columns = definition.schema;
  change.partition_columns = command.partitioned_by;
  change.properties = RecordedProperties(definition);
  change.comment = CommentOf(command).value_or("");
  TARN_RETURN_IF_ERROR(
      context.catalog().Alter(context.who(), record.kind, record.full_name, change, record.id));
  return Answer(command, *rows);
}

// What becomes of a name that the catalog has.
StreamResult OfExisting(const CommandContext& context, const plan::CreateTable& command,
                        const std::string& full_name) {
  bool replaces = command.or_replace || command.replace;
  if (!replaces && !command.if_not_exists) {
    return Fail("TABLE_OR_VIEW_ALREADY_EXISTS",
                "Cannot create table or view '" + full_name +
                    "' because it already exists. Choose a different name, drop the existing "
                    "object, or use IF NOT EXISTS.",
                {{"relationName", full_name}});
  }
  TARN_TRY(CatalogResolver::Table found, context.resolver.Find(command.name, {}));
  Result<std::shared_ptr<const delta::Snapshot>> snapshot = context.resolver.Pin(found.location);
  bool missing = !snapshot.ok() && snapshot.error().reason() == "DELTA_TABLE_NOT_FOUND";
  if (!replaces && !missing) return NoRows();
  TARN_TRY(CatalogResolver::Table table,
           context.resolver.Find(command.name, {catalog::Operation::kManage}));
  TARN_RETURN_IF_ERROR(CheckNoPolicy(*table.record));
  if (!snapshot.ok() && !missing) return std::move(snapshot).error();
  return Replace(context, command, table, missing ? nullptr : *snapshot);
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::CreateTable& command) {
  if (command.provider != "delta") {
    return context.At(command.name_range, UnsupportedProvider(command.provider));
  }
  TARN_TRY(std::string full, context.At(command.name_range, catalog::FullName(command.name)));
  if (context.catalog().Get(context.who(), catalog::SecurableKind::kTable, full).ok()) {
    return context.At(command.name_range, OfExisting(context, command, full));
  }
  if (command.replace) {
    return context.At(command.name_range,
                      Fail("TABLE_OR_VIEW_NOT_FOUND",
                           "The table or view " + full +
                               " cannot be found. Use CREATE OR REPLACE TABLE to create the table.",
                           {{"relationName", full}}));
  }
  TARN_TRY(Definition definition, context.At(command.name_range, Define(command, nullptr)));
  return Create(context, command, definition, full);
}

}  // namespace tarn::engine
