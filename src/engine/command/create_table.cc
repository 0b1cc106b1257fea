#include <algorithm>
#include <filesystem>

#include "base/ids.h"
#include "delta/row_tracking.h"
#include "delta/table_feature.h"
#include "engine/command/command.h"
#include "engine/table_properties.h"
#include "engine/table_protocol.h"

namespace tarn::engine {
namespace {

using columnar::TypeKind;

bool IsStorable(const columnar::DataType& type) {
  switch (type.kind()) {
    case TypeKind::kNull:
    case TypeKind::kVariant:
    case TypeKind::kCalendarInterval:
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return false;
    default:
      return true;
  }
}

Error UnsupportedProvider(const std::string& provider) {
  return Fail("UNSUPPORTED_FEATURE",
              "Tarn's tables are Delta tables; USING " + provider + " is not supported.");
}

// NOT NULL can be held of columns and of fields of structs, not of what lies in arrays and maps.
bool HasNotNull(const columnar::DataType& type, bool in_collection) {
  if (type.is(TypeKind::kArray)) return HasNotNull(type.element(), true);
  if (type.is(TypeKind::kMap))
    return HasNotNull(type.key(), true) || HasNotNull(type.value(), true);
  if (!type.is(TypeKind::kStruct)) return false;
  return std::any_of(type.fields().begin(), type.fields().end(), [&](const columnar::Field& f) {
    return (in_collection && !f.nullable) || HasNotNull(f.type, in_collection);
  });
}

// What the table format and Tarn can store.
Status CheckStorable(const columnar::Schema& schema) {
  for (const columnar::Field& field : schema.fields) {
    if (field.name.find_first_of(" ,;{}()\n\t=") != std::string::npos) {
      return Fail("DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES",
                  "Found invalid character(s) among ' ,;{}()\\n\\t=' in the column name " +
                      field.name + "; give the column another name or an alias.");
    }
    if (!IsStorable(field.type)) {
      return Fail("UNSUPPORTED_DATATYPE", "Tarn does not store columns of the type \"" +
                                              field.type.ToSqlString() + "\" yet: cast " +
                                              columnar::QuoteIdentifier(field.name) + ".");
    }
    if (HasNotNull(field.type, false)) {
      return Fail(
          "DELTA_NESTED_NOT_NULL_CONSTRAINT",
          "The column " + field.name +
              " has a NOT NULL field inside of an array or map, which Delta does not hold.");
    }
  }
  return Ok();
}

using Properties = std::map<std::string, std::string>;

delta::Metadata MetadataOf(const plan::CreateTable& command, const Properties& properties,
                           const std::string& name) {
  delta::Metadata metadata;
  metadata.id = NewUuid();
  metadata.name = name;
  if (command.comment) metadata.description = *command.comment;
  metadata.schema_string = command.schema.ToJson();
  metadata.partition_columns = command.partitioned_by;
  metadata.configuration = properties;
  delta::NameMaterializedRowIds(&metadata.configuration);
  metadata.created_time_ms = Clock::System().NowMillis();
  return metadata;
}

// Version 0 of a new table, or the next version of `replaced`.
Result<int64_t> CommitTable(const CommandContext& context, const plan::CreateTable& command,
                            const Properties& properties, const catalog::Securable& table,
                            std::shared_ptr<const delta::Snapshot> replaced) {
  auto log = context.engine().snapshots().OpenLog(table.storage_location);
  delta::Transaction txn =
      replaced ? delta::Transaction(log, replaced) : delta::Transaction::Create(log);
  delta::Protocol protocol = delta::ProtocolFor(command.schema, properties);
  if (replaced) protocol = RaisedProtocol(replaced->protocol(), protocol);
  if (!replaced || !SameProtocol(protocol, replaced->protocol())) txn.SetProtocol(protocol);
  txn.SetMetadata(MetadataOf(command, properties, table.name()));
  if (replaced) {
    txn.ReadWholeTable();
    for (const auto& file : replaced->files()) txn.Remove(*file);
  }
  int64_t rows = 0;
  if (command.query) {
    TARN_TRY(auto files, context.engine().WriteFiles(command.query,
                                                     {table.storage_location, command.schema,
                                                      command.partitioned_by, properties},
                                                     context.cancel));
    rows = RowCount(files);
    for (auto& file : files) txn.Add(std::move(file));
  }
  std::string operation = replaced ? "CREATE OR REPLACE TABLE" : "CREATE TABLE";
  if (command.query) operation += " AS SELECT";
  json::Array partitions;
  for (const std::string& p : command.partitioned_by) partitions.emplace_back(p);
  TARN_RETURN_IF_ERROR(txn.Commit({operation,
                                   {{"partitionBy", json::Value(partitions).ToString()},
                                    {"isManaged", command.location ? "false" : "true"}},
                                   {},
                                   context.who().name},
                                  context.cancel));
  return rows;
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
                    const Properties& properties, const std::string& full_name) {
  catalog::Securable draft;
  draft.kind = catalog::SecurableKind::kTable;
  draft.full_name = full_name;
  draft.comment = command.comment.value_or("");
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
  draft.columns = command.schema;
  draft.partition_columns = command.partitioned_by;
  draft.properties = command.properties;
  // The record comes first: it holds the name against others. If the commit then fails it is
  // taken back, and a crash between the two leaves a record whose table the next DROP or CREATE
  // OR REPLACE removes.
  TARN_TRY(draft, context.At(command.name_range, context.catalog().Create(context.who(), draft)));
  Status empty = CheckEmpty(context, command, draft);
  Result<int64_t> committed =
      empty.ok() ? CommitTable(context, command, properties, draft, nullptr) : empty.error();
  if (!committed.ok()) {
    (void)context.catalog().Drop(context.who(), draft.kind, draft.full_name, false).ok();
    return std::move(committed).error();
  }
  return Answer(command, *committed);
}

StreamResult Replace(const CommandContext& context, const plan::CreateTable& command,
                     const Properties& properties) {
  TARN_TRY(CatalogResolver::Table table,
           context.At(command.name_range,
                      context.resolver.Find(command.name, {catalog::Operation::kManage})));
  const catalog::Securable& record = *table.record;
  TARN_RETURN_IF_ERROR(context.At(command.name_range, CheckNoPolicy(record)));
  TARN_TRY(auto snapshot, context.resolver.Pin(table.location));
  TARN_TRY(int64_t rows, CommitTable(context, command, properties, record, std::move(snapshot)));
  catalog::ObjectChange change;
  change.columns = command.schema;
  change.partition_columns = command.partitioned_by;
  change.properties = command.properties;
  change.comment = command.comment.value_or("");
  TARN_RETURN_IF_ERROR(
      context.catalog().Alter(context.who(), record.kind, record.full_name, change, record.id));
  return Answer(command, rows);
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::CreateTable& command) {
  if (command.provider != "delta") {
    return context.At(command.name_range, UnsupportedProvider(command.provider));
  }
  TARN_TRY(Properties properties,
           context.At(command.name_range, CheckTableProperties(command.properties)));
  TARN_RETURN_IF_ERROR(context.At(command.name_range, CheckStorable(command.schema)));
  TARN_TRY(std::string full, context.At(command.name_range, catalog::FullName(command.name)));
  if (!context.catalog().Get(context.who(), catalog::SecurableKind::kTable, full).ok()) {
    return Create(context, command, properties, full);
  }
  if (command.if_not_exists) return NoRows();
  if (command.or_replace) return Replace(context, command, properties);
  return context.At(
      command.name_range,
      Fail("TABLE_OR_VIEW_ALREADY_EXISTS",
           "Cannot create table or view '" + full +
               "' because it already exists. Choose a different name, drop the existing object, "
               "or use IF NOT EXISTS.",
           {{"relationName", full}}));
}

}  // namespace tarn::engine
