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

StreamResult DescribeTable(const CommandContext& context, const sql::Describe& statement) {
  TARN_TRY(std::string full, context.session.Qualify(statement.name, 3));
  TARN_TRY(catalog::Securable table,
           context.catalog().Get(context.who(), catalog::SecurableKind::kTable, full));
  columnar::BatchBuilder rows(ColumnRows());
  auto add = [&](const std::string& name, const std::string& type,
                 std::optional<std::string> comment = "") {
    rows.String(name).String(type).StringOrNull(comment);
  };
  auto column = [&](const columnar::Field& field) {
    std::string comment = field.comment();
    add(field.name, field.type.ToCatalogString(),
        comment.empty() ? std::nullopt : std::optional(comment));
  };
  for (const columnar::Field& field : table.columns.fields) column(field);
  if (!table.partition_columns.empty()) {
    add("# Partition Information", "");
    add("# col_name", "data_type", "comment");
    for (const std::string& name : table.partition_columns) {
      column(table.columns.fields[static_cast<size_t>(table.columns.FindField(name))]);
    }
  }
  if (statement.extended) {
    std::vector<std::string> parts = SplitName(full);
    add("", "");
    add("# Detailed Table Information", "");
    add("Catalog", parts[0]);
    add("Database", parts[1]);
    add("Table", parts[2]);
    add("Created Time", When(table.created_ms));
    add("Created By", table.created_by);
    add("Type", table.managed ? "MANAGED" : "EXTERNAL");
    if (!table.comment.empty()) add("Comment", table.comment);
    add("Location", table.storage_location);
    add("Provider", "delta");
    add("Owner", table.owner);
  }
  return Rows(std::move(rows));
}

StreamResult DescribeHistory(const CommandContext& context, const sql::Describe& statement) {
  TARN_TRY(std::string full, context.session.Qualify(statement.name, 3));
  TARN_TRY(catalog::Securable table,
           context.catalog().Resolve(context.who(), catalog::SecurableKind::kTable, full,
                                     catalog::Operation::kSelect));
  TARN_TRY(auto history, context.engine().snapshots().OpenLog(table.storage_location)->History(0));
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

StreamResult DescribeDetail(const CommandContext& context, const sql::Describe& statement) {
  CatalogResolver resolver(context.session);
  TARN_TRY(CatalogResolver::Target target,
           resolver.ResolveTarget(statement.name, catalog::Operation::kSelect));
  const delta::Snapshot& snapshot = *target.snapshot;
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
  rows.String("delta").String(snapshot.metadata().id).String(target.table.full_name);
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

StreamResult DescribeObject(const CommandContext& context, catalog::SecurableKind kind,
                            const std::string& full) {
  TARN_TRY(catalog::Securable object, context.catalog().Get(context.who(), kind, full));
  columnar::BatchBuilder rows(
      {{{"info_name", TypeKind::kString, false}, {"info_value", TypeKind::kString, false}}});
  std::vector<std::string> parts = SplitName(full);
  rows.String("Catalog Name").String(parts[0]);
  if (kind == catalog::SecurableKind::kSchema) rows.String("Namespace Name").String(parts[1]);
  rows.String("Comment").String(object.comment);
  rows.String("Owner").String(object.owner);
  return Rows(std::move(rows));
}

StreamResult DescribeFunction(const sql::Describe& statement) {
  std::string name = statement.name.back();
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const plan::FunctionEntry* entry = plan::FindFunction(name);
  if (entry == nullptr)
    return Fail("UNRESOLVED_ROUTINE", "Cannot resolve routine `" + name + "`.",
                {{"routineName", "`" + name + "`"}});
  columnar::BatchBuilder rows({{{"function_desc", TypeKind::kString, false}}});
  rows.String("Function: " + name)
      .String("Group: " + std::string(entry->group))
      .String("Usage: " + std::string(entry->description));
  return Rows(std::move(rows));
}

}  // namespace

StreamResult RunDescribe(const CommandContext& context, const sql::Describe& statement) {
  using sql::DescribeKind;
  switch (statement.what) {
    case DescribeKind::kTable:
      return DescribeTable(context, statement);
    case DescribeKind::kHistory:
      return DescribeHistory(context, statement);
    case DescribeKind::kDetail:
      return DescribeDetail(context, statement);
    case DescribeKind::kFunction:
      return DescribeFunction(statement);
    case DescribeKind::kSchema: {
      TARN_TRY(std::string full, context.session.Qualify(statement.name, 2));
      return DescribeObject(context, catalog::SecurableKind::kSchema, full);
    }
    case DescribeKind::kCatalog: {
      TARN_TRY(std::string full, context.session.Qualify(statement.name, 1));
      return DescribeObject(context, catalog::SecurableKind::kCatalog, full);
    }
    case DescribeKind::kVolume:
      return Fail("UNSUPPORTED_FEATURE", "Tarn does not support DESCRIBE VOLUME yet.");
    case DescribeKind::kQuery: {
      CatalogResolver resolver(context.session);
      plan::Analyzer analyzer(context.session.Context(&resolver, context.request),
                              context.request.text);
      TARN_TRY(plan::PlanRef plan, analyzer.AnalyzeQuery(*statement.query));
      columnar::BatchBuilder rows(ColumnRows());
      for (const columnar::Field& field : plan::SchemaOf(*plan).fields) {
        rows.String(field.name).String(field.type.ToCatalogString()).Null();
      }
      return Rows(std::move(rows));
    }
  }
  return Fail("INTERNAL_ERROR", "a DESCRIBE of an unknown kind");
}

StreamResult RunExplain(const CommandContext& context, const sql::Explain& statement) {
  if (statement.statement->kind != sql::StatementKind::kQuery) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn explains queries only so far.");
  }
  CatalogResolver resolver(context.session);
  plan::Analyzer analyzer(context.session.Context(&resolver, context.request),
                          context.request.text);
  TARN_TRY(plan::PlanRef plan,
           analyzer.AnalyzeQuery(*statement.statement->As<sql::QueryStatement>().query));
  // The engine's plan names columns by number; the plan above it says which tables and names they
  // are.
  std::string text = "== Analyzed Logical Plan ==\n" + plan::PlanToString(*plan) + "\n";
  TARN_TRY(std::string physical, context.engine().Explain(plan));
  text += "== Physical Plan ==\n" + physical;
  columnar::BatchBuilder rows({{{"plan", TypeKind::kString, false}}});
  rows.String(text);
  return Rows(std::move(rows));
}

}  // namespace tarn::engine
