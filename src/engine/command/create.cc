#include "engine/command/command.h"

namespace tarn::engine {
namespace {

StreamResult CreateObject(const CommandContext& context, catalog::Securable draft,
                          sql::SourceRange range, bool if_not_exists) {
  Result<catalog::Securable> created = context.catalog().Create(context.who(), std::move(draft));
  if (created.ok()) return NoRows();
  if (if_not_exists && created.error().code() == Code::kAlreadyExists) return NoRows();
  return context.At(range, std::move(created).error());
}

Error NoManagedLocation(const CommandContext& context, sql::SourceRange range) {
  return context.At(range,
                    Fail("UNSUPPORTED_FEATURE", "Tarn does not support MANAGED LOCATION yet."));
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::CreateCatalog& command) {
  if (command.location) return NoManagedLocation(context, command.name_range);
  catalog::Securable draft;
  draft.kind = catalog::SecurableKind::kCatalog;
  TARN_TRY(draft.full_name, context.At(command.name_range, catalog::FullName({command.name})));
  draft.comment = command.comment.value_or("");
  return CreateObject(context, std::move(draft), command.name_range, command.if_not_exists);
}

StreamResult Run(const CommandContext& context, const plan::CreateSchema& command) {
  if (command.location) return NoManagedLocation(context, command.name_range);
  catalog::Securable draft;
  draft.kind = catalog::SecurableKind::kSchema;
  TARN_TRY(draft.full_name, context.At(command.name_range, catalog::FullName(command.name)));
  draft.comment = command.comment.value_or("");
  draft.properties = command.properties;
  return CreateObject(context, std::move(draft), command.name_range, command.if_not_exists);
}

StreamResult Run(const CommandContext& context, const plan::CreateVolume& command) {
  catalog::Securable draft;
  draft.kind = catalog::SecurableKind::kVolume;
  TARN_TRY(draft.full_name, context.At(command.name_range, catalog::FullName(command.name)));
  draft.comment = command.comment.value_or("");
  if (command.external) {
    if (!command.location) {
      return context.At(command.name_range,
                        Fail("INVALID_PARAMETER_VALUE", "An external volume needs a LOCATION."));
    }
    draft.storage_location = *command.location;
  } else if (command.location) {
    return context.At(command.name_range,
                      Fail("INVALID_PARAMETER_VALUE", "Only an EXTERNAL volume has a LOCATION."));
  }
  return CreateObject(context, std::move(draft), command.name_range, command.if_not_exists);
}

}  // namespace tarn::engine
