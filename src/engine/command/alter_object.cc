#include "engine/command/command.h"

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

StreamResult Run(const CommandContext& context, const plan::CommentOn& command) {
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
