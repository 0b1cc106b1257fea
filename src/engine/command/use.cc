#include "engine/command/command.h"

namespace tarn::engine {

StreamResult Run(const CommandContext& context, const plan::Use& command) {
  Session& session = context.session;
  sql::SourceRange range = command.name_range;
  if (command.schema.empty()) {
    TARN_TRY(std::string name, context.At(range, catalog::FullName({command.catalog})));
    TARN_RETURN_IF_ERROR(
        context.At(range, context.catalog().Resolve(context.who(), catalog::SecurableKind::kCatalog,
                                                    name, catalog::Operation::kUseCatalog)));
    session.UseCatalog(name);
    session.UseSchema("default");
    return NoRows();
  }
  const std::string& catalog = command.catalog.empty() ? session.catalog() : command.catalog;
  TARN_TRY(std::string name, context.At(range, catalog::FullName({catalog, command.schema})));
  TARN_RETURN_IF_ERROR(context.At(
      range, context.catalog().Get(context.who(), catalog::SecurableKind::kSchema, name)));
  std::vector<std::string> parts = SplitName(name);
  session.UseCatalog(parts[0]);
  session.UseSchema(parts[1]);
  return NoRows();
}

}  // namespace tarn::engine
