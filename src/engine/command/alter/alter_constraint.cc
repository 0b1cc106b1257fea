#include "delta/schema/check_constraint.h"
#include "engine/command/alter/table_change.h"

namespace tarn::engine {
namespace {

StreamResult Add(const CommandContext& context, const plan::AlterTable& command) {
  TableChange change(context, command.target);
  std::string property = delta::CheckProperty(command.constraint);
  auto& configuration = change.metadata().configuration;
  auto old = configuration.find(property);
  if (old != configuration.end()) {
    return Fail("DELTA_CONSTRAINT_ALREADY_EXISTS",
                "Constraint '" + command.constraint +
                    "' already exists. Please delete the old constraint first.\nOld constraint:\n" +
                    old->second,
                {{"constraintName", command.constraint}, {"oldConstraint", old->second}});
  }
  TARN_TRY(int64_t broken, CountRows(context, command.violations));
  if (broken > 0) {
    return Fail("DELTA_NEW_CHECK_CONSTRAINT_VIOLATION",
                std::to_string(broken) + " rows in " + TableName(command.target) +
                    " violate the new CHECK constraint (" + *command.text + ")",
                {{"numRows", std::to_string(broken)},
                 {"tableName", TableName(command.target)},
                 {"checkConstraint", *command.text}});
  }
  change.DependsOnRows();
  configuration[property] = *command.text;
  TARN_RETURN_IF_ERROR(
      change.Commit("ADD CONSTRAINT", {{"name", command.constraint}, {"expr", *command.text}}));
  return NoRows();
}

StreamResult Drop(const CommandContext& context, const plan::AlterTable& command) {
  TableChange change(context, command.target);
  std::string property = delta::CheckProperty(command.constraint);
  auto& configuration = change.metadata().configuration;
  auto old = configuration.find(property);
  std::map<std::string, json::Value> history = {{"name", command.constraint}};
  bool existed = old != configuration.end();
  if (!existed && !command.if_exists) {
    std::string table = QuotedName(command.target);
    return Fail("DELTA_CONSTRAINT_DOES_NOT_EXIST",
                "Cannot drop nonexistent constraint " + command.constraint + " from table " +
                    table + ". To avoid throwing an error, provide the parameter IF EXISTS.",
                {{"constraintName", command.constraint}, {"tableName", table}});
  }
  history["existed"] = existed ? "true" : "false";
  if (existed) {
    history["expr"] = old->second;
    configuration.erase(old);
  }
  TARN_RETURN_IF_ERROR(change.Commit("DROP CONSTRAINT", std::move(history)));
  return NoRows();
}

}  // namespace

StreamResult AlterConstraint(const CommandContext& context, const plan::AlterTable& command) {
  return command.action == sql::AlterTableAction::kAddConstraint ? Add(context, command)
                                                                 : Drop(context, command);
}

}  // namespace tarn::engine
