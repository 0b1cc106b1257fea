#include "engine/command/command.h"

namespace tarn::engine {
namespace {

// Comments and owners are the catalog's, of whatever kind the object is.
template <typename Command, typename Change>
StreamResult ChangeRecord(const CommandContext& context, const Command& command, Change change) {
  sql::SourceRange range = command.name_range;
  TARN_TRY(catalog::SecurableKind kind, context.At(range, KindOf(command.object)));
  TARN_TRY(std::string name, context.At(range, catalog::FullName(command.name)));
  TARN_TRY(catalog::Securable object,
           context.At(range, context.catalog().Get(context.who(), kind, name)));
  change(object);
  TARN_RETURN_IF_ERROR(context.At(
      range, context.catalog().Update(context.who(), object, catalog::Operation::kManage)));
  return NoRows();
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::CommentOn& command) {
  return ChangeRecord(context, command, [&](catalog::Securable& object) {
    object.comment = command.comment.value_or("");
  });
}

StreamResult Run(const CommandContext& context, const plan::AlterOwner& command) {
  return ChangeRecord(context, command,
                      [&](catalog::Securable& object) { object.owner = command.owner; });
}

}  // namespace tarn::engine
