#include <algorithm>

#include "columnar/column_metadata.h"
#include "delta/clustering/clustering.h"
#include "delta/schema/schema_change.h"
#include "engine/command/alter/table_change.h"
#include "engine/definition/storable_column.h"

namespace tarn::engine {
namespace {

using columnar::Field;

std::optional<delta::FieldPosition> PositionOf(const std::optional<sql::ColumnPosition>& position) {
  if (!position) return std::nullopt;
  return delta::FieldPosition{position->after};
}

StreamResult Add(const CommandContext& context, const plan::AlterTable& command) {
  TableChange change(context, command.target);
  json::Array columns;
  for (const plan::AddedColumn& added : command.added) {
    if (!added.field.nullable) {
      return Fail("DELTA_OPERATION_NOT_ALLOWED",
                  "Operation not allowed: `NOT NULL in ALTER TABLE ADD COLUMNS` is not supported "
                  "for Delta tables",
                  {{"operation", "NOT NULL in ALTER TABLE ADD COLUMNS"}});
    }
    if (columnar::DefaultOf(added.field)) {
      return Fail("WRONG_COLUMN_DEFAULTS_FOR_DELTA_ALTER_TABLE_ADD_COLUMN_NOT_SUPPORTED",
                  "Failed to execute the command because DEFAULT values are not supported when "
                  "adding new columns to previously existing Delta tables; please add the column "
                  "without a default value first, then run a second ALTER TABLE ALTER COLUMN SET "
                  "DEFAULT command to apply for future inserted rows instead.");
    }
    if (columnar::GenerationOf(added.field) || columnar::IsIdentity(added.field)) {
      return Fail("DELTA_OPERATION_NOT_ALLOWED",
                  "Operation not allowed: `Generated columns in ALTER TABLE ADD COLUMNS` is not "
                  "supported for Delta tables",
                  {{"operation", "Generated columns in ALTER TABLE ADD COLUMNS"}});
    }
    TARN_RETURN_IF_ERROR(
        CheckStorable({{added.field}}, MapsColumns(change.metadata().configuration)));
    TARN_TRY(change.schema(), delta::WithField(change.schema(), added.parent, added.field,
                                               PositionOf(added.position)));
    json::Object entry;
    entry.Set("column", ColumnJson(added.field, added.parent));
    if (added.position) {
      entry.Set("position", added.position->after.empty()
                                ? "FIRST"
                                : "AFTER " + columnar::QuoteIfNeeded(added.position->after));
    }
    columns.emplace_back(std::move(entry));
  }
  TARN_RETURN_IF_ERROR(
      change.Commit("ADD COLUMNS", {{"columns", json::Value(std::move(columns)).ToString()}}));
  return NoRows();
}

Error NeedsMapping(const char* reason, const char* what) {
  return Fail(reason,
              std::string(what) +
                  " is not supported for your Delta table. Please enable Column Mapping on your "
                  "Delta table with mapping mode 'name'. You can use the following command: ALTER "
                  "TABLE table_name SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
}

bool IsPartition(const delta::Snapshot& snapshot, const std::string& column) {
  const auto& partitions = snapshot.partition_columns();
  return std::find(partitions.begin(), partitions.end(), column) != partitions.end();
}

// What still reads a column stands in the way of its going or changing.
Status CheckDependents(const plan::AlterTable& command, const delta::ColumnPath& path) {
  auto list = [](const std::vector<std::string>& items) {
    std::string text;
    for (const std::string& item : items) text += "\n" + item;
    return text;
  };
  if (!command.dependent_checks.empty()) {
    return Fail("DELTA_CONSTRAINT_DEPENDENT_COLUMN_CHANGE",
                "Cannot alter column " + Dotted(path) +
                    " because this column is referenced by the following check constraint(s):" +
                    list(command.dependent_checks),
                {{"columnName", Dotted(path)}, {"constraints", list(command.dependent_checks)}});
  }
  if (!command.dependent_columns.empty()) {
    return Fail(
        "DELTA_GENERATED_COLUMNS_DEPENDENT_COLUMN_CHANGE",
        "Cannot alter column " + Dotted(path) +
            " because this column is referenced by the following generated column(s):" +
            list(command.dependent_columns),
        {{"columnName", Dotted(path)}, {"generatedColumns", list(command.dependent_columns)}});
  }
  return Ok();
}

Status CheckNotClustered(const delta::Snapshot& snapshot, const delta::ColumnPath& path) {
  std::vector<delta::ColumnPath> clustering = delta::ClusteringColumns(snapshot);
  bool used = std::any_of(clustering.begin(), clustering.end(), [&](const auto& column) {
    return column.size() >= path.size() && std::equal(path.begin(), path.end(), column.begin());
  });
  if (!used) return Ok();
  return Fail("DELTA_UNSUPPORTED_DROP_CLUSTERING_COLUMN",
              "Dropping clustering columns (" + Dotted(path) + ") is not allowed.",
              {{"columnList", Dotted(path)}});
}

StreamResult Drop(const CommandContext& context, const plan::AlterTable& command) {
  TableChange change(context, command.target);
  const delta::Snapshot& snapshot = change.snapshot();
  if (snapshot.column_mapping_mode() == delta::ColumnMappingMode::kNone) {
    return NeedsMapping("DELTA_UNSUPPORTED_DROP_COLUMN", "DROP COLUMN");
  }
  json::Array columns;
  for (const auto& asked : command.columns) {
    Result<delta::ColumnPath> path = delta::SpelledPath(change.schema(), asked);
    if (!path.ok() && command.if_exists) continue;
    if (!path.ok()) return std::move(path).error();
    if (path->size() == 1 && IsPartition(snapshot, path->front())) {
      return Fail("DELTA_UNSUPPORTED_DROP_PARTITION_COLUMN",
                  "Dropping partition columns (" + Dotted(*path) + ") is not allowed.",
                  {{"columnList", Dotted(*path)}});
    }
    TARN_RETURN_IF_ERROR(CheckNotClustered(snapshot, *path));
    TARN_RETURN_IF_ERROR(CheckDependents(command, *path));
    TARN_TRY(change.schema(), delta::WithoutField(change.schema(), *path));
    columns.emplace_back(Dotted(*path));
  }
  if (columns.empty()) return NoRows();
  TARN_RETURN_IF_ERROR(
      change.Commit("DROP COLUMNS", {{"columns", json::Value(std::move(columns)).ToString()}}));
  return NoRows();
}

StreamResult Rename(const CommandContext& context, const plan::AlterTable& command) {
  TableChange change(context, command.target);
  const delta::Snapshot& snapshot = change.snapshot();
  if (snapshot.column_mapping_mode() == delta::ColumnMappingMode::kNone) {
    return NeedsMapping("DELTA_UNSUPPORTED_RENAME_COLUMN", "Column rename");
  }
  TARN_TRY(delta::ColumnPath path, delta::SpelledPath(change.schema(), command.columns[0]));
  TARN_RETURN_IF_ERROR(CheckDependents(command, path));
  const std::string& name = command.new_name[0];
  TARN_TRY(change.schema(), delta::WithFieldRenamed(change.schema(), path, name));
  if (path.size() == 1) {
    auto& partitions = change.metadata().partition_columns;
    std::replace(partitions.begin(), partitions.end(), path[0], name);
  }
  delta::ColumnPath renamed = path;
  renamed.back() = name;
  TARN_RETURN_IF_ERROR(change.Commit(
      "RENAME COLUMN", {{"oldColumnPath", Dotted(path)}, {"newColumnPath", Dotted(renamed)}}));
  return NoRows();
}

}  // namespace

StreamResult AlterColumns(const CommandContext& context, const plan::AlterTable& command) {
  switch (command.action) {
    case sql::AlterTableAction::kAddColumns:
      return Add(context, command);
    case sql::AlterTableAction::kDropColumns:
      return Drop(context, command);
    default:
      return Rename(context, command);
  }
}

}  // namespace tarn::engine
