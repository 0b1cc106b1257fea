#include "engine/command/command.h"

namespace tarn::engine {

StreamResult Run(const CommandContext& context, const plan::Drop& command) {
  TARN_TRY(catalog::SecurableKind kind, context.At(command.name_range, KindOf(command.object)));
  TARN_TRY(std::string name, context.At(command.name_range, catalog::FullName(command.name)));
  auto dropped = context.catalog().Drop(context.who(), kind, name, command.cascade);
  if (!dropped.ok()) {
    if (command.if_exists && dropped.error().code() == Code::kNotFound) return NoRows();
    return context.At(command.name_range, std::move(dropped).error());
  }
  for (const catalog::Securable& object : *dropped)
    context.engine().snapshots().Forget(object.storage_location);
  return NoRows();
}

}  // namespace tarn::engine
