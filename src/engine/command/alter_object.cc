#include "engine/command/alter/table_change.h"

namespace tarn::engine {
namespace {

// Comments and owners are the catalog's, of whatever kind the object is.
template <typename Command>
StreamResult Alter(const CommandContext& context, const Command& command,
                   const catalog::ObjectChange& change) {
  sql::SourceRange range = command.name_range;
  TARN_TRY(catalog::SecurableKind kind, context.At(range, KindOf(command.object)));
  TARN_TRY(std::string name, context.At(range, catalog::FullName(command.name)));
  TARN_RETURN_IF_ERROR(
      context.At(range, context.catalog().Alter(context.who(), kind, name, change, "")));
  return NoRows();
}

}  // namespace

// A table's comment is its own, and the catalog's record follows.
static StreamResult CommentOnTable(const CommandContext& context, const plan::CommentOn& command) {
  TARN_TRY(plan::TableBinding target,
           context.resolver.ResolveTarget(command.name, plan::TargetUse::kDefine));
  TableChange change(context, target);
  change.metadata().description = command.comment.value_or("");
  json::Object properties;
  properties.Set("comment", command.comment.value_or(""));
  TARN_RETURN_IF_ERROR(change.Commit(
      "SET TBLPROPERTIES", {{"properties", json::Value(std::move(properties)).ToString()}}));
  return NoRows();
}

StreamResult Run(const CommandContext& context, const plan::CommentOn& command) {
  if (command.object == sql::SecurableWord::kTable) {
    return context.At(command.name_range, CommentOnTable(context, command));
  }
  catalog::ObjectChange change;
  change.comment = command.comment.value_or("");
  return Alter(context, command, change);
}

StreamResult Run(const CommandContext& context, const plan::AlterOwner& command) {
  catalog::ObjectChange change;
  change.owner = command.owner;
  return Alter(context, command, change);
}

}  // namespace tarn::engine
