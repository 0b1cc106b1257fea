#include "engine/command/alter/table_change.h"

namespace tarn::engine {
namespace {

StreamResult RenameTable(const CommandContext& context, const plan::AlterTable& command) {
  TARN_TRY(std::string from, catalog::FullName(command.target.name));
  std::vector<std::string> to = command.new_name;
  bool same_schema = to[0] == command.target.name[0] && to[1] == command.target.name[1];
  if (!same_schema) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support moving a table to another schema.");
  }
  catalog::ObjectChange change;
  change.new_name = to.back();
  TARN_RETURN_IF_ERROR(
      context.catalog().Alter(context.who(), catalog::SecurableKind::kTable, from, change, ""));
  return NoRows();
}

StreamResult Alter(const CommandContext& context, const plan::AlterTable& command) {
  using sql::AlterTableAction;
  switch (command.action) {
    case AlterTableAction::kRename:
      return RenameTable(context, command);
    case AlterTableAction::kSetProperties:
    case AlterTableAction::kUnsetProperties:
      return AlterProperties(context, command);
    case AlterTableAction::kAddColumns:
    case AlterTableAction::kDropColumns:
    case AlterTableAction::kRenameColumn:
      return AlterColumns(context, command);
    case AlterTableAction::kColumnType:
    case AlterTableAction::kColumnComment:
    case AlterTableAction::kColumnSetNotNull:
    case AlterTableAction::kColumnDropNotNull:
    case AlterTableAction::kColumnSetDefault:
    case AlterTableAction::kColumnDropDefault:
    case AlterTableAction::kColumnPosition:
    case AlterTableAction::kSyncIdentity:
      return AlterColumn(context, command);
    case AlterTableAction::kAddConstraint:
    case AlterTableAction::kDropConstraint:
      return AlterConstraint(context, command);
    case AlterTableAction::kClusterBy:
      return AlterClustering(context, command);
  }
  return Fail("INTERNAL_ERROR", "an unknown change of a table");
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::AlterTable& command) {
  return context.At(command.target_range, Alter(context, command));
}

}  // namespace tarn::engine
