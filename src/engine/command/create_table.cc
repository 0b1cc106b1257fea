#include <algorithm>
#include <filesystem>

#include "base/ids.h"
#include "delta/table_feature.h"
#include "engine/command/command.h"

namespace tarn::engine {
namespace {

Error UnsupportedProvider(const std::string& provider) {
  return Fail("UNSUPPORTED_FEATURE",
              "Tarn's tables are Delta tables; USING " + provider + " is not supported.");
}

Result<columnar::Schema> SchemaOfColumns(const sql::CreateTable& statement) {
  columnar::Schema schema;
  for (const sql::ColumnDefinition& column : statement.columns) {
    if (schema.FindField(column.name) >= 0) {
      return Fail("COLUMN_ALREADY_EXISTS",
                  "The column " + columnar::QuoteIdentifier(column.name) +
                      " already exists. Choose another name or rename the existing column.",
                  {{"columnName", columnar::QuoteIdentifier(column.name)}});
    }
    if (column.name.find_first_of(" ,;{}()\n\t=") != std::string::npos) {
      return Fail("DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES",
                  "Found invalid character(s) among ' ,;{}()\\n\\t=' in the column name " +
                      column.name + ".");
    }
    columnar::Field field{column.name, column.type, column.nullable};
    bool storable = !column.type.is(columnar::TypeKind::kNull) &&
                    !column.type.is(columnar::TypeKind::kVariant) &&
                    !column.type.is(columnar::TypeKind::kCalendarInterval) &&
                    !column.type.is(columnar::TypeKind::kYearMonthInterval) &&
                    !column.type.is(columnar::TypeKind::kDayTimeInterval) &&
                    !column.type.is(columnar::TypeKind::kChar) &&
                    !column.type.is(columnar::TypeKind::kVarchar);
    if (!storable)
      return Fail("UNSUPPORTED_DATATYPE", "Tarn does not store columns of the type \"" +
                                              column.type.ToSqlString() + "\" yet.");
    if (column.comment) field.metadata.Set("comment", *column.comment);
    schema.fields.push_back(std::move(field));
  }
  return schema;
}

Status CheckPartitions(const sql::CreateTable& statement, const columnar::Schema& schema) {
  for (const std::string& name : statement.partitioned_by) {
    int at = schema.FindField(name);
    if (at < 0) {
      return Fail("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "The partition column " +
                                                              columnar::QuoteIdentifier(name) +
                                                              " is not a column of the table.");
    }
    const columnar::DataType& type = schema.fields[static_cast<size_t>(at)].type;
    if (type.is_nested() || type.is(columnar::TypeKind::kBinary)) {
      return Fail("INVALID_PARTITION_COLUMN_DATA_TYPE",
                  "Cannot use \"" + type.ToSqlString() + "\" for partition column.");
    }
  }
  if (!schema.fields.empty() && statement.partitioned_by.size() == schema.fields.size()) {
    return Fail("ALL_PARTITION_COLUMNS_NOT_ALLOWED",
                "Cannot use all columns for partition columns.");
  }
  return Ok();
}

// Partition columns by the schema's spelling.
std::vector<std::string> PartitionNames(const sql::CreateTable& statement,
                                        const columnar::Schema& schema) {
  std::vector<std::string> names;
  for (const std::string& name : statement.partitioned_by) {
    names.push_back(schema.fields[static_cast<size_t>(schema.FindField(name))].name);
  }
  return names;
}

struct Write {
  std::string location;
  columnar::Schema schema;
  std::vector<std::string> partitions;
  plan::PlanRef rows;  ///< null for an empty table
};

delta::Metadata MetadataOf(const sql::CreateTable& statement, const Write& write,
                           const std::string& name) {
  delta::Metadata metadata;
  metadata.id = NewUuid();
  metadata.name = name;
  if (statement.comment) metadata.description = *statement.comment;
  metadata.schema_string = write.schema.ToJson();
  metadata.partition_columns = write.partitions;
  for (const auto& [key, value] : statement.properties) metadata.configuration[key] = value;
  metadata.created_time_ms = Clock::System().NowMillis();
  return metadata;
}

Result<int64_t> CommitTable(const CommandContext& context, const sql::CreateTable& statement,
                            const Write& write, const std::string& name,
                            std::shared_ptr<const delta::Snapshot> replaced) {
  auto log = context.engine().snapshots().OpenLog(write.location);
  delta::Transaction txn =
      replaced ? delta::Transaction(log, replaced) : delta::Transaction::Create(log);
  if (!replaced) txn.SetProtocol(delta::ProtocolFor(write.schema));
  txn.SetMetadata(MetadataOf(statement, write, name));
  if (replaced) {
    txn.ReadWholeTable();
    for (const auto& file : replaced->files()) txn.Remove(*file);
  }
  int64_t rows = 0;
  if (write.rows) {
    TARN_TRY(auto files,
             context.engine().WriteFiles(
                 write.rows, {write.location, write.schema, write.partitions}, context.cancel));
    rows = RowCount(files);
    for (auto& file : files) txn.Add(std::move(file));
  }
  std::string operation = replaced ? "CREATE OR REPLACE TABLE" : "CREATE TABLE";
  if (write.rows) operation += " AS SELECT";
  json::Array partitions;
  for (const std::string& p : write.partitions) partitions.emplace_back(p);
  TARN_RETURN_IF_ERROR(txn.Commit({operation,
                                   {{"partitionBy", json::Value(partitions).ToString()},
                                    {"isManaged", statement.location ? "false" : "true"}},
                                   {},
                                   context.who().name},
                                  context.cancel));
  return rows;
}

}  // namespace

StreamResult RunCreateTable(const CommandContext& context, const sql::CreateTable& statement) {
  if (!statement.provider.empty() && statement.provider != "delta")
    return UnsupportedProvider(statement.provider);
  for (const auto& [key, value] : statement.properties) {
    bool feature = key.rfind("delta.feature.", 0) == 0 || key == "delta.enableDeletionVectors" ||
                   key == "delta.columnMapping.mode" || key == "delta.enableChangeDataFeed" ||
                   key.rfind("delta.constraints.", 0) == 0;
    if (feature && value != "false" && value != "none") {
      return Fail("UNSUPPORTED_FEATURE",
                  "Tarn does not support the table property " + key + " yet.");
    }
  }
  catalog::Catalog& catalog = context.catalog();
  catalog::Securable draft;
  draft.kind = catalog::SecurableKind::kTable;
  TARN_TRY(draft.full_name, context.session.Qualify(statement.name, 3));
  Result<catalog::Securable> existing = catalog.Get(context.who(), draft.kind, draft.full_name);
  if (existing.ok() && statement.if_not_exists) return NoRows();
  if (existing.ok() && !statement.or_replace) {
    return Fail("TABLE_OR_VIEW_ALREADY_EXISTS",
                "Cannot create table or view '" + draft.full_name +
                    "' because it already exists. Choose a different name, drop the existing "
                    "object, or use IF NOT EXISTS.",
                {{"relationName", draft.full_name}});
  }
  Write write;
  CatalogResolver resolver(context.session);
  plan::Analyzer analyzer(context.session.Context(&resolver, context.request),
                          context.request.text);
  if (statement.as_select) {
    if (!statement.columns.empty())
      return Fail("UNSUPPORTED_FEATURE",
                  "CREATE TABLE … AS SELECT takes its columns from the query.");
    TARN_TRY(write.rows, analyzer.AnalyzeQuery(*statement.as_select));
    for (const columnar::Field& field : plan::SchemaOf(*write.rows).fields) {
      if (write.schema.FindField(field.name) >= 0) {
        return Fail("COLUMN_ALREADY_EXISTS", "The column " + columnar::QuoteIdentifier(field.name) +
                                                 " already exists. Choose another name.");
      }
      if (field.name.find_first_of(" ,;{}()\n\t=") != std::string::npos) {
        return Fail("DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES",
                    "Found invalid character(s) among ' ,;{}()\\n\\t=' in the column name " +
                        field.name + "; give the column an alias.");
      }
      if (field.type.is(columnar::TypeKind::kNull))
        return Fail("UNSUPPORTED_DATATYPE",
                    "The column " + field.name + " has the type VOID; cast it.");
      write.schema.fields.push_back({field.name, field.type, true});
    }
  } else {
    TARN_TRY(write.schema, SchemaOfColumns(statement));
  }
  TARN_RETURN_IF_ERROR(CheckPartitions(statement, write.schema));
  write.partitions = PartitionNames(statement, write.schema);

  std::shared_ptr<const delta::Snapshot> snapshot;
  if (existing.ok()) {
    draft = *existing;
    TARN_RETURN_IF_ERROR(
        catalog.Resolve(context.who(), draft.kind, draft.full_name, catalog::Operation::kManage));
    TARN_TRY(snapshot, context.engine().snapshots().Latest(draft.storage_location));
    write.location = draft.storage_location;
  } else {
    draft.comment = statement.comment.value_or("");
    if (statement.location) {
      draft.managed = false;
      TARN_TRY(draft.storage_location,
               resolver.ResolvePath(*statement.location, catalog::Operation::kWriteVolume));
      Result<std::shared_ptr<const delta::Snapshot>> found =
          context.engine().snapshots().Latest(draft.storage_location);
      if (found.ok()) {
        // A folder that holds a Delta table is taken as it is.
        if (write.rows)
          return Fail("DELTA_TABLE_ALREADY_EXISTS",
                      "There is a Delta table at " + *statement.location + ".");
        if (!write.schema.fields.empty() &&
            !(plan::TableBinding{{}, (*found)->schema(), {}}.schema == write.schema)) {
          return Fail("DELTA_CREATE_TABLE_SCHEME_MISMATCH",
                      "The specified schema does not match the existing schema at " +
                          *statement.location + ".");
        }
        draft.columns = (*found)->schema();
        draft.partition_columns = (*found)->partition_columns();
        draft.properties = statement.properties;
        TARN_RETURN_IF_ERROR(catalog.Create(context.who(), draft));
        return NoRows();
      }
      if (found.error().reason() != "DELTA_TABLE_NOT_FOUND") return found.error();
    }
    if (write.schema.fields.empty()) {
      return Fail("DELTA_CREATE_TABLE_MISSING_TABLE_NAME_OR_LOCATION",
                  "A new table needs columns, a query, or the LOCATION of a Delta table.");
    }
    draft.columns = write.schema;
    draft.partition_columns = write.partitions;
    draft.properties = statement.properties;
    // The record comes first: it holds the name against others. If the commit then fails it is
    // taken back, and a crash between the two leaves a record whose table the next DROP or CREATE
    // OR REPLACE removes.
    TARN_TRY(draft, catalog.Create(context.who(), draft));
    write.location = draft.storage_location;
  }
  Result<int64_t> committed = CommitTable(context, statement, write, draft.name(), snapshot);
  if (!committed.ok()) {
    if (!existing.ok()) (void)catalog.Drop(context.who(), draft.kind, draft.full_name, false).ok();
    return std::move(committed).error();
  }
  if (existing.ok()) {
    draft.columns = write.schema;
    draft.partition_columns = write.partitions;
    draft.properties = statement.properties;
    draft.comment = statement.comment.value_or("");
    TARN_RETURN_IF_ERROR(catalog.Update(context.who(), draft, catalog::Operation::kManage));
  }
  if (!statement.as_select) return NoRows();
  return Counts({{"num_affected_rows", *committed}, {"num_inserted_rows", *committed}});
}

}  // namespace tarn::engine
