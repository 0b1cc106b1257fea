#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "base/ids.h"
#include "columnar/array_view.h"
#include "delta/table_feature.h"
#include "engine/command/command.h"

namespace tarn::engine {
namespace {

using columnar::TypeKind;

constexpr const char* kNullFolder = "__HIVE_DEFAULT_PARTITION__";

bool SameText(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

std::string List(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return "[" + text + "]";
}

/// One folder of Parquet files.
class Conversion {
 public:
  Conversion(const CommandContext& context, const plan::ConvertToDelta& command, std::string folder)
      : context_(context), command_(command), folder_(std::move(folder)) {}

  Status Run();

 private:
  Status FindFiles();
  Result<delta::PartitionValues> ValuesOf(const std::string& path) const;
  Status NormalizeValues();
  Result<columnar::Schema> FindSchema() const;
  Status AddStatistics(const delta::Protocol& protocol, const delta::Metadata& metadata);

  const CommandContext& context_;
  const plan::ConvertToDelta& command_;
  std::string folder_;
  std::vector<delta::AddFile> files_;
};

bool IsHidden(std::string_view path) {
  while (!path.empty()) {
    size_t slash = path.find('/');
    std::string_view name = path.substr(0, slash);
    path = slash == std::string_view::npos ? "" : path.substr(slash + 1);
    bool partition = name.find('=') != std::string_view::npos;
    if (!partition && (name.starts_with('_') || name.starts_with('.'))) return true;
  }
  return false;
}

Status Conversion::FindFiles() {
  TARN_TRY(auto listed, context_.session.services().store->List(folder_, true));
  for (const io::ObjectInfo& info : listed) {
    std::string path = info.path.substr(folder_.size() + 1);
    if (IsHidden(path)) continue;
    delta::AddFile file;
    TARN_TRY(file.partition_values, ValuesOf(path));
    file.path = std::move(path);
    file.size_bytes = info.size_bytes;
    file.modification_time_ms = info.modified_ms;
    files_.push_back(std::move(file));
  }
  if (!files_.empty()) return Ok();
  return Fail("DELTA_EMPTY_DIRECTORY", "No file found in the directory: " + folder_ + ".",
              {{"directory", folder_}});
}

// The folders a=1/b=x/ on the way to a file. Spec of the names: Hive's.
Result<delta::PartitionValues> Conversion::ValuesOf(const std::string& path) const {
  std::vector<std::string> names;
  std::vector<std::string> values;
  for (size_t begin = 0;;) {
    size_t slash = path.find('/', begin);
    if (slash == std::string::npos) break;
    std::string folder = path.substr(begin, slash - begin);
    begin = slash + 1;
    size_t equal = folder.find('=');
    if (equal == std::string::npos) continue;
    TARN_TRY(std::string name, PercentDecode(folder.substr(0, equal)));
    TARN_TRY(std::string value, PercentDecode(folder.substr(equal + 1)));
    names.push_back(std::move(name));
    values.push_back(std::move(value));
  }
  std::vector<std::string> expected;
  for (const columnar::Field& field : command_.partitioned_by) expected.push_back(field.name);
  if (names.size() != expected.size()) {
    return Fail("DELTA_UNEXPECTED_NUM_PARTITION_COLUMNS_FROM_FILE_NAME",
                "Expecting " + std::to_string(expected.size()) +
                    " partition column(s): " + List(expected) + ", but found " +
                    std::to_string(names.size()) + " partition column(s): " + List(names) +
                    " from parsing the file name: " + io::JoinPath(folder_, path));
  }
  delta::PartitionValues found;
  for (size_t i = 0; i < names.size(); ++i) {
    if (!SameText(names[i], expected[i])) {
      return Fail("DELTA_UNEXPECTED_PARTITION_COLUMN_FROM_FILE_NAME",
                  "Expecting partition column " + expected[i] + ", but found partition column " +
                      names[i] + " from parsing the file name: " + io::JoinPath(folder_, path),
                  {{"expectedCol", expected[i]}, {"parsedCol", names[i]}});
    }
    bool null = values[i] == kNullFolder || values[i].empty();
    found[expected[i]] = null ? std::nullopt : std::optional(std::move(values[i]));
  }
  return found;
}

// Each value in the way the log writes its type; one that is none of the type is refused.
Status Conversion::NormalizeValues() {
  for (const columnar::Field& field : command_.partitioned_by) {
    std::map<std::string, std::string> known;
    for (const delta::AddFile& file : files_) {
      if (auto& value = file.partition_values.at(field.name)) known[*value] = "";
    }
    if (known.empty() || field.type.is_string()) continue;
    auto values = std::make_shared<plan::LogicalPlan>();
    values->kind = plan::PlanKind::kValues;
    values->output = {{.id = -1, .name = "text", .type = TypeKind::kString}};
    for (const auto& [text, same] : known) {
      values->rows.push_back({plan::MakeLiteral(TypeKind::kString, text)});
    }
    auto project = std::make_shared<plan::LogicalPlan>();
    project->kind = plan::PlanKind::kProject;
    project->output = {values->output[0], {.id = -2, .name = "value", .type = TypeKind::kString}};
    plan::ExprRef text = plan::MakeColumn(values->output[0]);
    project->exprs = {text,
                      plan::MakeCast(plan::MakeCast(text, field.type, true), TypeKind::kString)};
    project->children = {std::move(values)};
    TARN_TRY(auto stream, context_.engine().Run(std::move(project), context_.cancel));
    for (;;) {
      TARN_TRY(auto batch, stream->Next());
      if (!batch) break;
      columnar::ArrayView rows(batch->array.get());
      for (int64_t i = 0; i < rows.length(); ++i) {
        std::string written(rows.Member(0).Bytes(i));
        if (rows.Member(1).IsNull(i)) {
          return Fail("DELTA_PARTITION_COLUMN_CAST_FAILED",
                      "Failed to cast value `" + written + "` to `" + field.type.ToSqlString() +
                          "` for partition column `" + field.name + "`",
                      {{"value", written},
                       {"dataType", field.type.ToSqlString()},
                       {"columnName", field.name}});
        }
        known[written] = rows.Member(1).Bytes(i);
      }
    }
    for (delta::AddFile& file : files_) {
      if (auto& value = file.partition_values.at(field.name)) value = known.at(*value);
    }
  }
  return Ok();
}

// The columns of the files, then those of their folders.
Result<columnar::Schema> Conversion::FindSchema() const {
  plan::FileSource source{"parquet", {}, {}, {}};
  for (const delta::AddFile& file : files_) {
    source.paths.push_back(io::JoinPath(folder_, file.path));
  }
  TARN_RETURN_IF_ERROR(context_.engine().InspectFiles(source));
  columnar::Schema schema;
  for (columnar::Field& field : source.schema.fields) {
    bool partition = std::any_of(
        command_.partitioned_by.begin(), command_.partitioned_by.end(),
        [&](const columnar::Field& column) { return SameText(column.name, field.name); });
    if (!partition) schema.fields.push_back(std::move(field));
  }
  for (const columnar::Field& column : command_.partitioned_by) schema.fields.push_back(column);
  return schema;
}

Status Conversion::AddStatistics(const delta::Protocol& protocol, const delta::Metadata& metadata) {
  delta::SnapshotBuilder builder(folder_);
  std::vector<delta::Action> actions = {protocol, metadata};
  for (const delta::AddFile& file : files_) actions.emplace_back(file);
  builder.Apply(0, 0, std::move(actions));
  TARN_TRY(auto snapshot, builder.Finish());
  TARN_TRY(auto statistics, context_.engine().ComputeStatistics(snapshot, context_.cancel));
  for (size_t i = 0; i < files_.size(); ++i) files_[i].stats = std::move(statistics[i]);
  return Ok();
}

Status Conversion::Run() {
  TARN_RETURN_IF_ERROR(FindFiles());
  TARN_RETURN_IF_ERROR(NormalizeValues());
  TARN_TRY(columnar::Schema schema, FindSchema());
  delta::Metadata metadata;
  metadata.id = NewUuid();
  metadata.schema_string = schema.ToJson();
  json::Array partitioned_by;
  for (const columnar::Field& column : command_.partitioned_by) {
    metadata.partition_columns.push_back(column.name);
    partitioned_by.emplace_back(column.name);
  }
  metadata.created_time_ms = Clock::System().NowMillis();
  delta::Protocol protocol = delta::ProtocolFor(schema, {});
  if (!command_.no_statistics) TARN_RETURN_IF_ERROR(AddStatistics(protocol, metadata));
  auto txn = delta::Transaction::Create(context_.engine().snapshots().OpenLog(folder_));
  auto count = static_cast<int64_t>(files_.size());
  txn.SetProtocol(std::move(protocol));
  txn.SetMetadata(std::move(metadata));
  for (delta::AddFile& file : files_) txn.Add(std::move(file));
  TARN_RETURN_IF_ERROR(
      txn.Commit({"CONVERT",
                  {{"numFiles", count},
                   {"partitionedBy", json::Value(std::move(partitioned_by)).ToString()},
                   {"collectStats", !command_.no_statistics},
                   {"sourceFormat", "parquet"}},
                  {{"numConvertedFiles", std::to_string(count)}},
                  context_.who().name},
                 context_.cancel));
  return Ok();
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::ConvertToDelta& command) {
  if (command.name.size() == 3) {
    // Every table of the catalog is a Delta table.
    TARN_RETURN_IF_ERROR(context.At(
        command.name_range, context.resolver.Find(command.name, {catalog::Operation::kModify})));
    return NoRows();
  }
  if (SameText(command.name[0], "delta")) return NoRows();
  if (!SameText(command.name[0], "parquet")) {
    return context.At(
        command.name_range,
        Fail("DELTA_CONVERT_NON_PARQUET_TABLE",
             "CONVERT TO DELTA only supports parquet tables, but you are trying to "
             "convert a " +
                 command.name[0] + " source: " + command.name[0] + ".`" + command.name[1] + "`",
             {{"sourceName", command.name[0]}, {"tableId", command.name[1]}}));
  }
  TARN_TRY(std::string folder,
           context.At(command.name_range, context.resolver.ResolvePath(
                                              command.name[1], catalog::Operation::kWriteVolume)));
  auto there = context.engine().snapshots().Latest(folder);
  if (there.ok()) return NoRows();
  if (there.error().reason() != "DELTA_TABLE_NOT_FOUND") {
    return context.At(command.name_range, std::move(there).error());
  }
  TARN_RETURN_IF_ERROR(
      context.At(command.name_range, Conversion(context, command, std::move(folder)).Run()));
  return NoRows();
}

}  // namespace tarn::engine
