#include <algorithm>
#include <climits>

#include "base/time_format.h"
#include "delta/clustering/clustering.h"
#include "engine/command/command.h"
#include "engine/table_protocol.h"
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

columnar::Schema HistoryRows() {
  DataType map = DataType::Map(TypeKind::kString, TypeKind::kString, true);
  auto texts = [](std::initializer_list<const char*> names) {
    columnar::Fields fields;
    for (const char* name : names) fields.push_back({name, TypeKind::kString});
    return DataType::Struct(std::move(fields));
  };
  return {{{"version", TypeKind::kLong},
           {"timestamp", TypeKind::kTimestamp},
           {"userId", TypeKind::kString},
           {"userName", TypeKind::kString},
           {"operation", TypeKind::kString},
           {"operationParameters", map},
           {"job", texts({"jobId", "jobName", "jobRunId", "runId", "jobOwnerId", "triggerType"})},
           {"notebook", texts({"notebookId"})},
           {"clusterId", TypeKind::kString},
           {"readVersion", TypeKind::kLong},
           {"isolationLevel", TypeKind::kString},
           {"isBlindAppend", TypeKind::kBoolean},
           {"operationMetrics", map},
           {"userMetadata", TypeKind::kString},
           {"engineInfo", TypeKind::kString}}};
}

// Entries of any type as texts.
json::Value Texts(const json::Value& map) {
  if (!map.is_object()) return nullptr;
  json::Object texts;
  for (const auto& [key, value] : map.as_object()) {
    texts.Set(key, value.is_string() || value.is_null() ? value : json::Value(value.ToString()));
  }
  return texts;
}

// What a commit's file says in a field; of another type than it should be: nothing.
json::Value InfoField(const json::Value& info, const columnar::Field& field) {
  const json::Value* value = info.Find(field.name);
  if (value == nullptr) return nullptr;
  switch (field.type.kind()) {
    case TypeKind::kMap:
    case TypeKind::kStruct:
      return Texts(*value);
    case TypeKind::kLong:
      return value->is_int() ? *value : json::Value();
    case TypeKind::kBoolean:
      return value->is_bool() ? *value : json::Value();
    default:
      return value->is_string() ? *value : json::Value();
  }
}

StreamResult DescribeHistory(const CommandContext& context, const plan::Describe& command) {
  TARN_TRY(CatalogResolver::Table table,
           context.At(command.name_range,
                      context.resolver.Find(command.name, {catalog::Operation::kSelect})));
  if (command.limit == 0) return Rows(columnar::BatchBuilder(HistoryRows()));
  int limit = static_cast<int>(std::min<int64_t>(command.limit.value_or(0), INT_MAX));
  TARN_TRY(auto history,
           context.At(command.name_range,
                      context.engine().snapshots().OpenLog(table.location)->History(limit)));
  columnar::BatchBuilder rows(HistoryRows());
  for (const delta::Log::Commit& commit : history) {
    json::Value info = json::Object();
    int64_t time_ms = commit.timestamp_ms;
    for (const delta::Action& action : commit.actions) {
      const auto* found = std::get_if<delta::CommitInfo>(&action);
      if (found == nullptr) continue;
      info = found->fields;
      time_ms = delta::InCommitTimestampOf(*found).value_or(time_ms);
    }
    rows.Int(commit.version).Int(time_ms * 1000);
    for (size_t i = 2; i < rows.schema().fields.size(); ++i) {
      rows.Json(InfoField(info, rows.schema().fields[i]));
    }
  }
  return Rows(std::move(rows));
}

// Of a clustered table, as the table spells them; nothing for a table without the feature.
json::Value ClusteringNames(const delta::Snapshot& snapshot) {
  json::Array names;
  for (const std::vector<std::string>& path : delta::ClusteringColumns(snapshot)) {
    std::string name;
    for (const std::string& part : path) {
      name += (name.empty() ? "" : ".") + columnar::QuoteIfNeeded(part);
    }
    names.emplace_back(std::move(name));
  }
  return names;
}

StreamResult DescribeDetail(const CommandContext& context, const plan::Describe& command) {
  TARN_TRY(CatalogResolver::Table table,
           context.At(command.name_range,
                      context.resolver.Find(command.name, {catalog::Operation::kSelect})));
  TARN_TRY(auto bound, context.At(command.name_range, context.resolver.Pin(table.location)));
  const delta::Snapshot& snapshot = *bound;
  DataType texts = DataType::Array(TypeKind::kString, true);
  columnar::BatchBuilder rows(
      {{{"format", TypeKind::kString},
        {"id", TypeKind::kString},
        {"name", TypeKind::kString},
        {"description", TypeKind::kString},
        {"location", TypeKind::kString},
        {"createdAt", TypeKind::kTimestamp},
        {"lastModified", TypeKind::kTimestamp},
        {"partitionColumns", texts},
        {"clusteringColumns", texts},
        {"numFiles", TypeKind::kLong},
        {"sizeInBytes", TypeKind::kLong},
        {"properties", DataType::Map(TypeKind::kString, TypeKind::kString, true)},
        {"minReaderVersion", TypeKind::kInteger},
        {"minWriterVersion", TypeKind::kInteger},
        {"tableFeatures", texts}}});
  rows.String("delta").String(snapshot.metadata().id);
  rows.StringOrNull(table.record ? std::optional(table.record->full_name) : std::nullopt);
  rows.StringOrNull(snapshot.metadata().description).String(snapshot.table_path());
  rows.Int(snapshot.metadata().created_time_ms.value_or(0) * 1000)
      .Int(snapshot.timestamp_ms() * 1000);
  rows.Strings(snapshot.partition_columns()).Json(ClusteringNames(snapshot));
  rows.Int(static_cast<int64_t>(snapshot.files().size())).Int(snapshot.size_bytes());
  const auto& properties = snapshot.metadata().configuration;
  rows.StringMap({properties.begin(), properties.end()});
  rows.Int(snapshot.protocol().min_reader_version).Int(snapshot.protocol().min_writer_version);
  rows.Strings(FeaturesOf(snapshot.protocol()));
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
