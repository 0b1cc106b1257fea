#include "base/time_format.h"
#include "engine/command/command.h"
#include "plan/function_registry.h"

namespace tarn::engine {
namespace {

using columnar::DataType;
using columnar::TypeKind;

columnar::Schema ColumnRows() {
  return {{{"col_name", TypeKind::kString, false},
           {"data_type", TypeKind::kString, false},
           {"comment", TypeKind::kString}}};
}

std::string When(int64_t ms) { return FormatRfc3339(UnixMicros(std::chrono::milliseconds(ms))); }

std::optional<std::string> CommentOf(const columnar::Field& field) {
  std::string comment = field.comment();
  return comment.empty() ? std::nullopt : std::optional(comment);
}

columnar::Schema InfoRows() {
  return {{{"info_name", TypeKind::kString, false}, {"info_value", TypeKind::kString, false}}};
}

// Columns are what the table's newest version says: other engines may have changed it.
StreamResult DescribeColumn(const CommandContext& context, const plan::Describe& command,
                            const columnar::Schema& schema) {
  if (command.column.size() > 1) {
    return context.At(command.column_range,
                      Fail("UNSUPPORTED_FEATURE",
                           "Tarn does not support DESCRIBE of a field inside a column yet."));
  }
  int at = schema.FindField(command.column[0]);
  if (at < 0) {
    std::string proposal;
    for (const columnar::Field& field : schema.fields) {
      proposal += (proposal.empty() ? "" : ", ") + columnar::QuoteIdentifier(field.name);
    }
    std::string name = columnar::QuoteIdentifier(command.column[0]);
    return context.At(
        command.column_range,
        Fail("UNRESOLVED_COLUMN.WITH_SUGGESTION",
             "A column, variable, or function parameter with name " + name +
                 " cannot be resolved. Did you mean one of the following? [" + proposal + "].",
             {{"objectName", name}, {"proposal", proposal}}));
  }
  const columnar::Field& field = schema.fields[static_cast<size_t>(at)];
  columnar::BatchBuilder rows(InfoRows());
  rows.String("col_name").String(field.name);
  rows.String("data_type").String(field.type.ToCatalogString());
  rows.String("comment").String(CommentOf(field).value_or("NULL"));
  return Rows(std::move(rows));
}

StreamResult DescribeTable(const CommandContext& context, const plan::Describe& command) {
  TARN_TRY(CatalogResolver::Table table,
           context.At(command.name_range, context.resolver.Find(command.name, {})));
  TARN_TRY(auto snapshot, context.At(command.name_range, context.resolver.Pin(table.location)));
  const columnar::Schema& schema = snapshot->schema();
  if (!command.column.empty()) return DescribeColumn(context, command, schema);
  columnar::BatchBuilder rows(ColumnRows());
  auto add = [&](const std::string& name, const std::string& type,
                 std::optional<std::string> comment = "") {
    rows.String(name).String(type).StringOrNull(comment);
  };
  auto column = [&](const columnar::Field& field) {
    add(field.name, field.type.ToCatalogString(), CommentOf(field));
  };
  for (const columnar::Field& field : schema.fields) column(field);
  if (!snapshot->partition_columns().empty()) {
    add("# Partition Information", "");
    add("# col_name", "data_type", "comment");
    for (const std::string& name : snapshot->partition_columns()) {
      column(schema.fields[static_cast<size_t>(schema.FindField(name))]);
    }
  }
  if (!command.extended) return Rows(std::move(rows));
  add("", "");
  add("# Detailed Table Information", "");
  if (table.record) {
    const catalog::Securable& record = *table.record;
    add("Catalog", table.name[0]);
    add("Database", table.name[1]);
    add("Table", table.name[2]);
    add("Created Time", When(record.created_ms));
    add("Created By", record.created_by);
    add("Type", record.managed ? "MANAGED" : "EXTERNAL");
    if (!record.comment.empty()) add("Comment", record.comment);
  }
  add("Location", table.location);
  add("Provider", "delta");
  if (table.record) add("Owner", table.record->owner);
  return Rows(std::move(rows));
}

StreamResult DescribeHistory(const CommandContext& context, const plan::Describe& command) {
  TARN_TRY(CatalogResolver::Table table,
           context.At(command.name_range,
                      context.resolver.Find(command.name, {catalog::Operation::kSelect})));
  TARN_TRY(auto history, context.engine().snapshots().OpenLog(table.location)->History(0));
  DataType map = DataType::Map(TypeKind::kString, TypeKind::kString, true);
  columnar::BatchBuilder rows({{{"version", TypeKind::kLong},
                                {"timestamp", TypeKind::kTimestamp},
                                {"userName", TypeKind::kString},
                                {"operation", TypeKind::kString},
                                {"operationParameters", map},
                                {"readVersion", TypeKind::kLong},
                                {"isolationLevel", TypeKind::kString},
                                {"isBlindAppend", TypeKind::kBoolean},
                                {"operationMetrics", map},
                                {"engineInfo", TypeKind::kString}}});
  for (const delta::Log::Commit& commit : history) {
    json::Value info = json::Object();
    for (const delta::Action& action : commit.actions) {
      if (const auto* found = std::get_if<delta::CommitInfo>(&action)) info = found->fields;
    }
    auto text = [&](const char* key) -> std::optional<std::string> {
      const json::Value* v = info.Find(key);
      return v != nullptr && v->is_string() ? std::optional(v->as_string()) : std::nullopt;
    };
    auto entries = [&](const char* key) {
      std::vector<std::pair<std::string, std::string>> list;
      const json::Value* v = info.Find(key);
      if (v == nullptr || !v->is_object()) return list;
      for (const auto& [k, value] : v->as_object()) {
        list.emplace_back(k, value.is_string() ? value.as_string() : value.ToString());
      }
      return list;
    };
    rows.Int(commit.version).Int(commit.timestamp_ms * 1000);
    rows.StringOrNull(text("userName"))
        .StringOrNull(text("operation"))
        .StringMap(entries("operationParameters"));
    const json::Value* read = info.Find("readVersion");
    read != nullptr && read->is_int() ? rows.Int(read->as_int()) : rows.Null();
    rows.StringOrNull(text("isolationLevel"));
    const json::Value* blind = info.Find("isBlindAppend");
    blind != nullptr && blind->is_bool() ? rows.Bool(blind->as_bool()) : rows.Null();
    rows.StringMap(entries("operationMetrics")).StringOrNull(text("engineInfo"));
  }
  return Rows(std::move(rows));
}

StreamResult DescribeDetail(const CommandContext& context, const plan::Describe& command) {
  TARN_TRY(CatalogResolver::Table table,
           context.At(command.name_range,
                      context.resolver.Find(command.name, {catalog::Operation::kSelect})));
  TARN_TRY(auto bound, context.At(command.name_range, context.resolver.Pin(table.location)));
  const delta::Snapshot& snapshot = *bound;
  columnar::BatchBuilder rows(
      {{{"format", TypeKind::kString},
        {"id", TypeKind::kString},
        {"name", TypeKind::kString},
        {"description", TypeKind::kString},
        {"location", TypeKind::kString},
        {"createdAt", TypeKind::kTimestamp},
        {"lastModified", TypeKind::kTimestamp},
        {"partitionColumns", DataType::Array(TypeKind::kString, true)},
        {"numFiles", TypeKind::kLong},
        {"sizeInBytes", TypeKind::kLong},
        {"properties", DataType::Map(TypeKind::kString, TypeKind::kString, true)},
        {"minReaderVersion", TypeKind::kInteger},
        {"minWriterVersion", TypeKind::kInteger}}});
  rows.String("delta").String(snapshot.metadata().id);
  rows.StringOrNull(table.record ? std::optional(table.record->full_name) : std::nullopt);
  rows.StringOrNull(snapshot.metadata().description).String(snapshot.table_path());
  rows.Int(snapshot.metadata().created_time_ms.value_or(0) * 1000)
      .Int(snapshot.timestamp_ms() * 1000);
  rows.Strings(snapshot.partition_columns())
      .Int(static_cast<int64_t>(snapshot.files().size()))
      .Int(snapshot.size_bytes());
  const auto& properties = snapshot.metadata().configuration;
  rows.StringMap({properties.begin(), properties.end()});
  rows.Int(snapshot.protocol().min_reader_version).Int(snapshot.protocol().min_writer_version);
  return Rows(std::move(rows));
}

std::string PropertiesText(const std::vector<std::pair<std::string, std::string>>& properties) {
  std::string out;
  for (const auto& [key, value] : properties) {
    out += (out.empty() ? "" : ", ") + ("(" + key + "," + value + ")");
  }
  return out.empty() ? out : "(" + out + ")";
}

StreamResult DescribeObject(const CommandContext& context, catalog::SecurableKind kind,
                            const plan::Describe& command) {
  TARN_TRY(std::string full, context.At(command.name_range, catalog::FullName(command.name)));
  TARN_TRY(catalog::Securable object,
           context.At(command.name_range, context.catalog().Get(context.who(), kind, full)));
  columnar::BatchBuilder rows(InfoRows());
  std::vector<std::string> parts = SplitName(full);
  rows.String("Catalog Name").String(parts[0]);
  if (kind == catalog::SecurableKind::kSchema) rows.String("Namespace Name").String(parts[1]);
  rows.String("Comment").String(object.comment);
  rows.String("Owner").String(object.owner);
  if (!command.extended) return Rows(std::move(rows));
  if (kind == catalog::SecurableKind::kSchema) {
    rows.String("Properties").String(PropertiesText(object.properties));
  } else {
    rows.String("Created By").String(object.created_by);
    rows.String("Created At").String(When(object.created_ms));
    rows.String("Updated At").String(When(object.updated_ms));
  }
  return Rows(std::move(rows));
}

StreamResult DescribeFunction(const CommandContext& context, const plan::Describe& command) {
  std::string name = command.name.back();
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const plan::FunctionEntry* entry = plan::FindFunction(name);
  if (entry == nullptr) {
    return context.At(command.name_range,
                      Fail("UNRESOLVED_ROUTINE", "Cannot resolve routine `" + name + "`.",
                           {{"routineName", "`" + name + "`"}}));
  }
  columnar::BatchBuilder rows({{{"function_desc", TypeKind::kString, false}}});
  rows.String("Function: " + name)
      .String("Group: " + std::string(entry->group))
      .String("Usage: " + std::string(entry->description));
  return Rows(std::move(rows));
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::Describe& command) {
  using sql::DescribeKind;
  switch (command.what) {
    case DescribeKind::kTable:
      return DescribeTable(context, command);
    case DescribeKind::kHistory:
      return DescribeHistory(context, command);
    case DescribeKind::kDetail:
      return DescribeDetail(context, command);
    case DescribeKind::kFunction:
      return DescribeFunction(context, command);
    case DescribeKind::kSchema:
      return DescribeObject(context, catalog::SecurableKind::kSchema, command);
    case DescribeKind::kCatalog:
      return DescribeObject(context, catalog::SecurableKind::kCatalog, command);
    case DescribeKind::kVolume:
      return context.At(command.name_range,
                        Fail("UNSUPPORTED_FEATURE", "Tarn does not support DESCRIBE VOLUME yet."));
    case DescribeKind::kQuery: {
      columnar::BatchBuilder rows(ColumnRows());
      for (const columnar::Field& field : plan::SchemaOf(*command.query).fields) {
        rows.String(field.name).String(field.type.ToCatalogString()).Null();
      }
      return Rows(std::move(rows));
    }
  }
  return Fail("INTERNAL_ERROR", "a DESCRIBE of an unknown kind");
}

}  // namespace tarn::engine
