#include "engine/command/command.h"

namespace tarn::engine {

StreamResult RunUse(const CommandContext& context, const sql::Use& statement) {
  Session& session = context.session;
  if (statement.catalog) {
    TARN_TRY(std::string name, session.Qualify(statement.name, 1));
    TARN_RETURN_IF_ERROR(context.catalog().Resolve(context.who(), catalog::SecurableKind::kCatalog,
                                                   name, catalog::Operation::kUseCatalog));
    session.UseCatalog(name);
    session.UseSchema("default");
    return NoRows();
  }
  TARN_TRY(std::string name, session.Qualify(statement.name, 2));
  TARN_RETURN_IF_ERROR(context.catalog().Get(context.who(), catalog::SecurableKind::kSchema, name));
  std::vector<std::string> parts = SplitName(name);
  session.UseCatalog(parts[0]);
  session.UseSchema(parts[1]);
  return NoRows();
}

// Settings that clients make and that Tarn keeps to already. Anything that would change results is
// refused, not remembered and forgotten.
StreamResult RunSet(const CommandContext& context, const sql::Set& statement) {
  using columnar::TypeKind;
  columnar::BatchBuilder rows(
      {{{"key", TypeKind::kString, false}, {"value", TypeKind::kString, false}}});
  static const std::pair<std::string_view, std::string_view> kFixed[] = {
      {"spark.sql.ansi.enabled", "true"},    {"ansi_mode", "true"},
      {"spark.sql.session.timeZone", "UTC"}, {"timezone", "UTC"},
      {"spark.sql.caseSensitive", "false"},  {"spark.sql.sources.default", "delta"},
  };
  auto lower = [](std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
  };
  for (const auto& [key, value] : kFixed) {
    if (!statement.key.empty() && lower(statement.key) != lower(std::string(key))) continue;
    if (statement.value && lower(*statement.value) != lower(std::string(value))) {
      return Fail("UNSUPPORTED_FEATURE", "Tarn does not support setting " + statement.key + " to " +
                                             *statement.value + " yet; it is " +
                                             std::string(value) + ".");
    }
    rows.String(key).String(value);
    if (!statement.key.empty()) return Rows(std::move(rows));
  }
  if (statement.key.empty()) return Rows(std::move(rows));
  return Fail("CONFIG_NOT_AVAILABLE", "Configuration " + statement.key + " is not available.",
              {{"config", statement.key}});
}

}  // namespace tarn::engine
