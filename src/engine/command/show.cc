#include "engine/command/command.h"
#include "plan/function_registry.h"

namespace tarn::engine {
namespace {

using columnar::TypeKind;

columnar::Schema Strings(std::initializer_list<const char*> names) {
  columnar::Schema schema;
  for (const char* name : names) schema.fields.push_back({name, TypeKind::kString, false});
  return schema;
}

// The schema a listing is asked for, checked to exist.
Result<std::string> SchemaIn(const CommandContext& context, const sql::Show& statement) {
  std::vector<std::string> name = statement.in;
  if (name.empty()) name = {context.session.schema()};
  TARN_TRY(std::string full, context.session.Qualify(name, 2));
  TARN_RETURN_IF_ERROR(context.catalog().Get(context.who(), catalog::SecurableKind::kSchema, full));
  return full;
}

StreamResult ShowSchemas(const CommandContext& context, const sql::Show& statement) {
  std::string parent = statement.in.empty() ? context.session.catalog() : "";
  if (parent.empty()) {
    TARN_TRY(parent, catalog::FullName(statement.in));
  }
  TARN_RETURN_IF_ERROR(
      context.catalog().Get(context.who(), catalog::SecurableKind::kCatalog, parent));
  columnar::BatchBuilder rows(Strings({"databaseName"}));
  TARN_TRY(auto found,
           context.catalog().List(context.who(), catalog::SecurableKind::kSchema, parent));
  for (const catalog::Securable& s : found) {
    if (MatchesPattern(statement.like, s.name())) rows.String(s.name());
  }
  return Rows(std::move(rows));
}

StreamResult ShowTables(const CommandContext& context, const sql::Show& statement) {
  TARN_TRY(std::string schema, SchemaIn(context, statement));
  columnar::Schema columns = Strings({"database", "tableName"});
  columns.fields.push_back({"isTemporary", TypeKind::kBoolean, false});
  columnar::BatchBuilder rows(columns);
  std::string short_name = SplitName(schema).back();
  TARN_TRY(auto found,
           context.catalog().List(context.who(), catalog::SecurableKind::kTable, schema));
  for (const catalog::Securable& s : found) {
    if (MatchesPattern(statement.like, s.name()))
      rows.String(short_name).String(s.name()).Bool(false);
  }
  return Rows(std::move(rows));
}

StreamResult ShowFunctions(const sql::Show& statement) {
  columnar::BatchBuilder rows(Strings({"function"}));
  for (const plan::FunctionEntry& f : plan::Functions()) {
    bool wanted = statement.scope != "USER" && MatchesPattern(statement.like, std::string(f.name));
    if (wanted) rows.String(f.name);
  }
  return Rows(std::move(rows));
}

StreamResult ShowCreateTable(const CommandContext& context, const catalog::Securable& table) {
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

StreamResult RunShow(const CommandContext& context, const sql::Show& statement) {
  using sql::ShowKind;
  switch (statement.what) {
    case ShowKind::kCatalogs: {
      columnar::BatchBuilder rows(Strings({"catalog"}));
      TARN_TRY(auto found,
               context.catalog().List(context.who(), catalog::SecurableKind::kCatalog, ""));
      for (const catalog::Securable& s : found) {
        if (MatchesPattern(statement.like, s.name())) rows.String(s.name());
      }
      return Rows(std::move(rows));
    }
    case ShowKind::kSchemas:
      return ShowSchemas(context, statement);
    case ShowKind::kTables:
      return ShowTables(context, statement);
    case ShowKind::kVolumes: {
      TARN_TRY(std::string schema, SchemaIn(context, statement));
      columnar::BatchBuilder rows(Strings({"database", "volume_name"}));
      TARN_TRY(auto found,
               context.catalog().List(context.who(), catalog::SecurableKind::kVolume, schema));
      for (const catalog::Securable& s : found) {
        if (MatchesPattern(statement.like, s.name()))
          rows.String(SplitName(schema).back()).String(s.name());
      }
      return Rows(std::move(rows));
    }
    case ShowKind::kFunctions:
      return ShowFunctions(statement);
    default:
      break;
  }
  TARN_TRY(std::string full, context.session.Qualify(statement.in, 3));
  TARN_TRY(catalog::Securable table,
           context.catalog().Get(context.who(), catalog::SecurableKind::kTable, full));
  if (statement.what == ShowKind::kCreateTable) return ShowCreateTable(context, table);
  if (statement.what == ShowKind::kColumns) {
    columnar::BatchBuilder rows(Strings({"col_name"}));
    for (const columnar::Field& field : table.columns.fields) rows.String(field.name);
    return Rows(std::move(rows));
  }
  columnar::BatchBuilder rows(Strings({"key", "value"}));
  for (const auto& [key, value] : table.properties) {
    if (!statement.property || *statement.property == key) rows.String(key).String(value);
  }
  return Rows(std::move(rows));
}

}  // namespace tarn::engine
