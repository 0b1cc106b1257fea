#include "engine/command/show_partitions.h"
#include "plan/function_registry.h"

namespace tarn::engine {
namespace {

using columnar::TypeKind;

columnar::Schema Strings(std::initializer_list<const char*> names) {
  columnar::Schema schema;
  for (const char* name : names) schema.fields.push_back({name, TypeKind::kString, false});
  return schema;
}

// The container or object of a SHOW, checked to be visible.
Result<catalog::Securable> ObjectIn(const CommandContext& context, const plan::Show& command,
                                    catalog::SecurableKind kind) {
  TARN_TRY(std::string full, context.At(command.in_range, catalog::FullName(command.in)));
  return context.At(command.in_range, context.catalog().Get(context.who(), kind, full));
}

StreamResult ShowCatalogs(const CommandContext& context, const plan::Show& command) {
  columnar::BatchBuilder rows(Strings({"catalog"}));
  TARN_TRY(auto found, context.catalog().List(context.who(), catalog::SecurableKind::kCatalog, ""));
  for (const catalog::Securable& s : found) {
    if (MatchesPattern(command.like, s.name())) rows.String(s.name());
  }
  return Rows(std::move(rows));
}

StreamResult ShowSchemas(const CommandContext& context, const plan::Show& command) {
  TARN_TRY(catalog::Securable parent, ObjectIn(context, command, catalog::SecurableKind::kCatalog));
  columnar::BatchBuilder rows(Strings({"databaseName"}));
  TARN_TRY(auto found, context.catalog().List(context.who(), catalog::SecurableKind::kSchema,
                                              parent.full_name));
  for (const catalog::Securable& s : found) {
    if (MatchesPattern(command.like, s.name())) rows.String(s.name());
  }
  return Rows(std::move(rows));
}

StreamResult ShowTables(const CommandContext& context, const plan::Show& command) {
  TARN_TRY(catalog::Securable schema, ObjectIn(context, command, catalog::SecurableKind::kSchema));
  columnar::Schema columns = Strings({"database", "tableName"});
  columns.fields.push_back({"isTemporary", TypeKind::kBoolean, false});
  columnar::BatchBuilder rows(columns);
  TARN_TRY(auto found,
           context.catalog().List(context.who(), catalog::SecurableKind::kTable, schema.full_name));
  for (const catalog::Securable& s : found) {
    if (MatchesPattern(command.like, s.name()))
      rows.String(schema.name()).String(s.name()).Bool(false);
  }
  return Rows(std::move(rows));
}

StreamResult ShowVolumes(const CommandContext& context, const plan::Show& command) {
  TARN_TRY(catalog::Securable schema, ObjectIn(context, command, catalog::SecurableKind::kSchema));
  columnar::BatchBuilder rows(Strings({"database", "volume_name"}));
  TARN_TRY(auto found, context.catalog().List(context.who(), catalog::SecurableKind::kVolume,
                                              schema.full_name));
  for (const catalog::Securable& s : found) {
    if (MatchesPattern(command.like, s.name())) rows.String(schema.name()).String(s.name());
  }
  return Rows(std::move(rows));
}

StreamResult ShowColumns(const CommandContext& context, const plan::Show& command) {
  TARN_TRY(CatalogResolver::Table table,
           context.At(command.in_range, context.resolver.Find(command.in, {})));
  TARN_TRY(auto snapshot, context.At(command.in_range, context.resolver.Pin(table.location)));
  columnar::BatchBuilder rows(Strings({"col_name"}));
  for (const columnar::Field& field : snapshot->schema().fields) rows.String(field.name);
  return Rows(std::move(rows));
}

StreamResult ShowFunctions(const plan::Show& command) {
  columnar::BatchBuilder rows(Strings({"function"}));
  for (const plan::FunctionEntry& f : plan::Functions()) {
    bool wanted = command.scope != "USER" && MatchesPattern(command.like, std::string(f.name));
    if (wanted) rows.String(f.name);
  }
  return Rows(std::move(rows));
}

StreamResult ShowCreateTable(const catalog::Securable& table) {
  std::string text = "CREATE TABLE " + table.full_name + " (\n";
  for (size_t i = 0; i < table.columns.fields.size(); ++i) {
    const columnar::Field& field = table.columns.fields[i];
    text += "  " + columnar::QuoteIfNeeded(field.name) + " " + field.type.ToSqlString();
    if (!field.nullable) text += " NOT NULL";
    if (std::string comment = field.comment(); !comment.empty())
      text += " COMMENT '" + comment + "'";
    text += i + 1 < table.columns.fields.size() ? ",\n" : ")\n";
  }
  text += "USING delta\n";
  if (!table.partition_columns.empty()) {
    text += "PARTITIONED BY (";
    for (size_t i = 0; i < table.partition_columns.size(); ++i)
      text += (i > 0 ? ", " : "") + table.partition_columns[i];
    text += ")\n";
  }
  if (!table.managed) text += "LOCATION '" + table.storage_location + "'\n";
  if (!table.comment.empty()) text += "COMMENT '" + table.comment + "'\n";
  columnar::BatchBuilder rows(Strings({"createtab_stmt"}));
  rows.String(text);
  return Rows(std::move(rows));
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::Show& command) {
  using sql::ShowKind;
  switch (command.what) {
    case ShowKind::kCatalogs:
      return ShowCatalogs(context, command);
    case ShowKind::kSchemas:
      return ShowSchemas(context, command);
    case ShowKind::kTables:
      return ShowTables(context, command);
    case ShowKind::kVolumes:
      return ShowVolumes(context, command);
    case ShowKind::kFunctions:
      return ShowFunctions(command);
    case ShowKind::kColumns:
      return ShowColumns(context, command);
    case ShowKind::kPartitions:
      return ShowPartitions(context, command);
    case ShowKind::kCreateTable:
    case ShowKind::kTableProperties:
      break;
  }
  TARN_TRY(catalog::Securable table, ObjectIn(context, command, catalog::SecurableKind::kTable));
  if (command.what == ShowKind::kCreateTable) return ShowCreateTable(table);
  columnar::BatchBuilder rows(Strings({"key", "value"}));
  for (const auto& [key, value] : table.properties) {
    if (!command.property || *command.property == key) rows.String(key).String(value);
  }
  return Rows(std::move(rows));
}

}  // namespace tarn::engine
