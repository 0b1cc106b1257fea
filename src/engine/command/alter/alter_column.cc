#include "columnar/array_view.h"
#include "columnar/column_metadata.h"
#include "delta/schema/schema_change.h"
#include "delta/schema/type_widening.h"
#include "engine/command/alter/table_change.h"

namespace tarn::engine {
namespace {

using columnar::Field;

Status SetNotNull(const CommandContext& context, const plan::AlterTable& command,
                  const delta::ColumnPath& path, TableChange& change) {
  TARN_TRY(int64_t broken, CountRows(context, command.violations));
  change.DependsOnRows();
  if (broken == 0) return Ok();
  return Fail("DELTA_NEW_NOT_NULL_VIOLATION",
              std::to_string(broken) + " rows in " + TableName(command.target) +
                  " violate the new NOT NULL constraint on " + Dotted(path),
              {{"numRows", std::to_string(broken)},
               {"tableName", TableName(command.target)},
               {"colName", Dotted(path)}});
}

// NULLs that a field of a struct may not have, its struct has to be able to have.
Status CheckNullableParents(const columnar::Schema& schema, const delta::ColumnPath& path) {
  delta::ColumnPath parent = path;
  for (parent.pop_back(); !parent.empty(); parent.pop_back()) {
    TARN_TRY(Field field, delta::FieldAt(schema, parent));
    if (!field.type.is(columnar::TypeKind::kStruct)) {
      return Fail("DELTA_NESTED_NOT_NULL_CONSTRAINT",
                  "The column " + Dotted(path) +
                      " is inside of an array or map, where Delta does not hold NOT NULL.");
    }
  }
  return Ok();
}

Error CannotChange(const plan::AlterTable& command, const delta::ColumnPath& path,
                   const columnar::DataType& from, const columnar::DataType& to) {
  if (!to.is_string() && !delta::IsWidening(from, to)) {
    std::string column = columnar::QuoteIdentifier(path.back());
    return Fail("NOT_SUPPORTED_CHANGE_COLUMN",
                "ALTER TABLE ALTER/CHANGE COLUMN is not supported for changing " +
                    TableName(command.target) + "'s column " + column + " with type \"" +
                    from.ToSqlString() + "\" to " + column + " with type \"" + to.ToSqlString() +
                    "\".",
                {{"originName", column},
                 {"originType", from.ToSqlString()},
                 {"newType", to.ToSqlString()}});
  }
  return Fail("DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP",
              "ALTER TABLE CHANGE COLUMN is not supported for changing column " + Dotted(path) +
                  " from " + from.ToSqlString() + " to " + to.ToSqlString(),
              {{"fieldPath", Dotted(path)},
               {"oldField", from.ToSqlString()},
               {"newField", to.ToSqlString()}});
}

// A constraint or generated column would see values of another type.
Status CheckTypeDependents(const plan::AlterTable& command, const delta::ColumnPath& path,
                           const columnar::DataType& from) {
  bool checks = !command.dependent_checks.empty();
  if (!checks && command.dependent_columns.empty()) return Ok();
  std::string readers;
  for (const std::string& reader : checks ? command.dependent_checks : command.dependent_columns) {
    readers += "\n" + reader;
  }
  return Fail(
      checks ? "DELTA_CONSTRAINT_DATA_TYPE_MISMATCH" : "DELTA_GENERATED_COLUMNS_DATA_TYPE_MISMATCH",
      "Column " + Dotted(path) + " has data type " + from.ToSqlString() +
          " and cannot be altered to data type " + command.type.ToSqlString() +
          " because this column is referenced by the following " +
          (checks ? "check constraint(s):" : "generated column(s):") + readers,
      {{"columnName", Dotted(path)},
       {"columnType", from.ToSqlString()},
       {"dataType", command.type.ToSqlString()}});
}

Status ChangeType(const plan::AlterTable& command, const delta::ColumnPath& path,
                  TableChange& change) {
  TARN_TRY(Field field, delta::FieldAt(change.schema(), path));
  if (field.type.SameTypeIgnoringNullability(command.type)) return Ok();
  bool enabled = change.snapshot().Enabled("delta.enableTypeWidening");
  if (!enabled || !delta::IsWidening(field.type, command.type)) {
    return CannotChange(command, path, field.type, command.type);
  }
  TARN_RETURN_IF_ERROR(CheckTypeDependents(command, path, field.type));
  TARN_TRY(change.schema(), delta::WithTypeWidened(change.schema(), path, command.type));
  return Ok();
}

// The mark goes to the furthest value there is, if that is further.
Status SyncIdentity(const CommandContext& context, const plan::AlterTable& command, Field& field,
                    TableChange& change) {
  TARN_TRY(std::optional<columnar::Identity> identity, columnar::IdentityOf(field));
  TARN_TRY(auto stream, context.engine().Run(command.furthest, context.cancel));
  TARN_TRY(auto batch, stream->Next());
  change.DependsOnRows();
  if (!batch) return Ok();
  columnar::ArrayView value = columnar::ArrayView(batch->array.get()).Member(0);
  if (value.IsNull(0)) return Ok();
  int64_t mark = value.Fixed<int64_t>(0);
  int64_t beyond = (mark - identity->start) % identity->step;
  // A value between two steps: the next one that would be given.
  if (beyond != 0 && (beyond > 0) == (identity->step > 0)) mark += identity->step;
  mark -= beyond;
  int64_t known = identity->high_water_mark.value_or(identity->start - identity->step);
  if ((mark > known) != (identity->step > 0) || mark == known) return Ok();
  identity->high_water_mark = mark;
  columnar::SetIdentity(field, *identity);
  return Ok();
}

}  // namespace

StreamResult AlterColumn(const CommandContext& context, const plan::AlterTable& command) {
  using sql::AlterTableAction;
  TableChange change(context, command.target);
  TARN_TRY(delta::ColumnPath path, delta::SpelledPath(change.schema(), command.columns[0]));
  TARN_TRY(Field field, delta::FieldAt(change.schema(), path));
  std::map<std::string, json::Value> parameters;
  bool identity = path.size() == 1 && columnar::IsIdentity(field);
  if (identity && (command.action == AlterTableAction::kColumnSetDefault ||
                   command.action == AlterTableAction::kColumnType)) {
    return Fail("DELTA_IDENTITY_COLUMNS_ALTER_COLUMN_NOT_SUPPORTED",
                "ALTER TABLE ALTER COLUMN is not supported for IDENTITY columns.");
  }
  switch (command.action) {
    case AlterTableAction::kColumnComment:
      field.metadata.Set("comment", *command.text);
      break;
    case AlterTableAction::kColumnSetNotNull:
      TARN_RETURN_IF_ERROR(CheckNullableParents(change.schema(), path));
      TARN_RETURN_IF_ERROR(SetNotNull(context, command, path, change));
      field.nullable = false;
      break;
    case AlterTableAction::kColumnDropNotNull:
      field.nullable = true;
      break;
    case AlterTableAction::kColumnType: {
      TARN_RETURN_IF_ERROR(ChangeType(command, path, change));
      field.type = command.type;
      break;
    }
    case AlterTableAction::kSyncIdentity:
      TARN_RETURN_IF_ERROR(SyncIdentity(context, command, field, change));
      break;
    case AlterTableAction::kColumnSetDefault:
      columnar::SetDefault(field, *command.text);
      break;
    case AlterTableAction::kColumnDropDefault:
      columnar::DropDefault(field);
      break;
    case AlterTableAction::kColumnPosition: {
      TARN_TRY(change.schema(),
               delta::WithFieldMoved(change.schema(), path, {command.position->after}));
      parameters["position"] = command.position->after.empty()
                                   ? "FIRST"
                                   : "AFTER " + columnar::QuoteIfNeeded(command.position->after);
      break;
    }
    default:
      return Fail("UNSUPPORTED_FEATURE", "Tarn does not support this change of a column yet.");
  }
  delta::ColumnPath parent(path.begin(), path.end() - 1);
  parameters["column"] = json::Value(ColumnJson(field, parent)).ToString();
  bool in_schema = command.action == AlterTableAction::kColumnPosition ||
                   command.action == AlterTableAction::kColumnType;
  if (!in_schema) {
    TARN_TRY(change.schema(), delta::WithFieldChanged(change.schema(), path, field));
  }
  TARN_RETURN_IF_ERROR(change.Commit("CHANGE COLUMN", std::move(parameters)));
  return NoRows();
}

}  // namespace tarn::engine
