#include "engine/duckdb/data_writer.h"

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "duckdb/catalog/catalog_entry/copy_function_catalog_entry.hpp"

#include "base/ids.h"
#include "delta/column_mapping.h"
#include "engine/definition/storable_column.h"
#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/file_statistics.h"
#include "engine/duckdb/layout/row_curve.h"
#include "engine/duckdb/tree.h"
#include "engine/duckdb/types.h"

namespace tarn::engine {
namespace {

using columnar::Field;
using columnar::TypeKind;
using duckdb::Value;
using tree::ExprPtr;

constexpr uint64_t kRowsPerGroup = 122'880;
constexpr int64_t kDefaultFileBytes = 256 << 20;

struct Codec {
  const char* property;  // value of delta.parquet.compression.codec
  const char* duckdb;
  const char* file_name;
};
constexpr Codec kCodecs[] = {
    {"zstd", "zstd", ".zstd"},    {"snappy", "snappy", ".snappy"},     {"gzip", "gzip", ".gz"},
    {"lz4", "lz4", ".lz4hadoop"}, {"lz4_raw", "lz4_raw", ".lz4raw"},   {"brotli", "brotli", ".br"},
    {"none", "uncompressed", ""}, {"uncompressed", "uncompressed", ""}};

Result<const Codec*> CodecOf(const WriteTarget& target) {
  auto set = target.properties.find("delta.parquet.compression.codec");
  if (set == target.properties.end()) return &kCodecs[0];
  std::string known;
  for (const Codec& codec : kCodecs) {
    if (duckdb::StringUtil::CIEquals(codec.property, set->second)) return &codec;
    known += (known.empty() ? "" : ", ") + std::string(codec.property);
  }
  return Fail("CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION",
              "The codec " + set->second + " is not available. Available codecs are " + known + ".",
              {{"codecName", set->second}, {"availableCodecs", known}});
}

// Bytes per file, when the rows have to be divided at all. Known ahead is only what is read.
std::optional<int64_t> FileBytes(const WriteTarget& target, const QueryResources& resources) {
  if (target.file_size_bytes) return target.file_size_bytes;
  auto set = target.properties.find("delta.targetFileSize");
  if (set != target.properties.end()) {
    std::string bytes = duckdb::StringUtil::Lower(set->second);
    int64_t count = 0;
    auto [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), count);
    std::string_view unit(end, static_cast<size_t>(bytes.data() + bytes.size() - end));
    if (error == std::errc() && count > 0) {
      for (std::string_view scale : {"k", "m", "g", "t"}) {
        if (unit.empty()) break;
        count *= 1024;
        if (unit == scale || unit == std::string(scale) + "b") unit = {};
      }
      return count;
    }
  }
  int64_t read = 0;
  for (const auto& scan : resources.scans) read += scan->source().total_bytes();
  read += resources.kept_bytes;
  return read > kDefaultFileBytes ? std::optional(kDefaultFileBytes) : std::nullopt;
}

bool IsPartition(const WriteTarget& target, const std::string& column) {
  return std::find(target.partition_columns.begin(), target.partition_columns.end(), column) !=
         target.partition_columns.end();
}

ExprPtr Column(size_t i) {
  return duckdb::make_uniq<duckdb::ColumnRefExpression>("c" + std::to_string(i), "rows_to_write");
}

// Wraps `kept` in a check for every part of the column that must not be NULL.
ExprPtr Checked(ExprPtr kept, const Field& field, const ExprPtr& value, const ExprPtr& parent,
                const std::string& path) {
  if (!field.nullable) {
    ExprPtr broken = tree::IsNull(value->Copy());
    // A member of a struct that is NULL is not asked.
    if (parent) broken = tree::And(tree::IsNotNull(parent->Copy()), std::move(broken));
    kept =
        tree::Make("tarn_not_null", std::move(kept), std::move(broken), tree::Text(path.c_str()));
  }
  if (!field.type.is(TypeKind::kStruct)) return kept;
  for (const Field& member : field.type.fields()) {
    ExprPtr part = tree::Make("struct_extract", value->Copy(), tree::Text(member.name.c_str()));
    kept = Checked(std::move(kept), member, part, value, path + "." + member.name);
  }
  return kept;
}

ExprPtr PartitionKey(const Field& field, ExprPtr value) {
  bool as_text = field.type.is(TypeKind::kBoolean) || field.type.is_integral() ||
                 field.type.is(TypeKind::kDecimal);
  if (as_text) value = tree::CastTo(duckdb::LogicalType::VARCHAR, std::move(value));
  return tree::Make("tarn_partition_key", std::move(value));
}

// `value` with the physical names of the fields inside of it.
Result<ExprPtr> Renamed(ExprPtr value, const Field& logical, const Field& physical) {
  if (!logical.type.is_nested()) return value;
  TARN_TRY(duckdb::LogicalType before, ToLogicalType(logical.type));
  TARN_TRY(duckdb::LogicalType after, ToLogicalType(physical.type));
  if (before == after) return value;
  return tree::Make("tarn_renamed", std::move(value),
                    ExprPtr(duckdb::make_uniq<duckdb::ConstantExpression>(Value(after))));
}

// DuckDB's form of the fields' ids: one number, or one under this name beside those of the parts.
constexpr const char* kOwnId = "__duckdb_field_id";

void AddFieldIds(const columnar::Fields& fields, duckdb::child_list_t<Value>* ids);

void AddPartIds(const columnar::DataType& type, duckdb::child_list_t<Value>* ids) {
  auto part = [&](const char* name, const columnar::DataType& inner) {
    duckdb::child_list_t<Value> below;
    AddPartIds(inner, &below);
    if (!below.empty()) ids->emplace_back(name, Value::STRUCT(std::move(below)));
  };
  if (type.is(TypeKind::kStruct)) AddFieldIds(type.fields(), ids);
  if (type.is(TypeKind::kArray)) part("element", type.element());
  if (type.is(TypeKind::kMap)) {
    part("key", type.key());
    part("value", type.value());
  }
}

void AddFieldIds(const columnar::Fields& fields, duckdb::child_list_t<Value>* ids) {
  for (const Field& field : fields) {
    duckdb::child_list_t<Value> below;
    AddPartIds(field.type, &below);
    std::optional<int32_t> id = delta::ColumnMappingId(field);
    if (below.empty()) {
      if (id) ids->emplace_back(field.name, Value::INTEGER(*id));
      continue;
    }
    if (id) below.insert(below.begin(), {kOwnId, Value::INTEGER(*id)});
    ids->emplace_back(field.name, Value::STRUCT(std::move(below)));
  }
}

// The query with the columns the files hold, under their names there, then the partition columns as
// keys.
Result<duckdb::unique_ptr<duckdb::QueryNode>> FileRows(duckdb::unique_ptr<duckdb::QueryNode> rows,
                                                       const WriteTarget& target,
                                                       const WriteTarget& files,
                                                       const CurveBounds* bounds) {
  auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
  statement->node = std::move(rows);
  auto from = duckdb::make_uniq<duckdb::SubqueryRef>(std::move(statement), "rows_to_write");
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  duckdb::vector<ExprPtr> keys;
  for (size_t i = 0; i < target.schema.fields.size(); ++i) {
    from->column_name_alias.push_back("c" + std::to_string(i));
    const Field& field = target.schema.fields[i];
    ExprPtr value = Checked(Column(i), field, Column(i), nullptr, field.name);
    const Field& physical = files.schema.fields[i];
    if (IsPartition(target, field.name)) {
      keys.push_back(PartitionKey(field, std::move(value)));
      keys.back()->SetAlias(physical.name);
    } else {
      TARN_TRY(value, Renamed(std::move(value), field, physical));
      value->SetAlias(physical.name);
      select->select_list.push_back(std::move(value));
    }
  }
  for (size_t i = 0; i < target.more_columns.size(); ++i) {
    size_t at = target.schema.fields.size() + i;
    from->column_name_alias.push_back("c" + std::to_string(at));
    select->select_list.push_back(Column(at));
    select->select_list.back()->SetAlias(target.more_columns[i].name);
  }
  for (ExprPtr& key : keys) select->select_list.push_back(std::move(key));
  select->from_table = std::move(from);
  if (target.curve) AddCurveOrder(*target.curve, target, *bounds, *select);
  return duckdb::unique_ptr<duckdb::QueryNode>(std::move(select));
}

// With `{uuid}` in the place of what makes it another name each time.
std::string FilePattern(const WriteTarget& target, const Codec& codec) {
  return target.change_data ? std::string("cdc-00000-{uuid}.c000") + codec.file_name
                            : std::string("part-00000-{uuid}-c000") + codec.file_name;
}

std::string FileName(const WriteTarget& target, const Codec& codec) {
  std::string name = FilePattern(target, codec) + ".parquet";
  constexpr std::string_view kPlace = "{uuid}";
  return name.replace(name.find(kPlace), kPlace.size(), NewUuid());
}

// Where files go before they are put into folders of partitions.
std::string FolderOf(const WriteTarget& target) {
  return target.table_path + (target.change_data ? "/_change_data" : "");
}

// `rows` are FileRows of `target`, which is a physical one.
duckdb::unique_ptr<duckdb::CopyStatement> CopyToFiles(duckdb::unique_ptr<duckdb::QueryNode> rows,
                                                      const WriteTarget& target, const Codec& codec,
                                                      std::optional<int64_t> file_bytes) {
  auto copy = duckdb::make_uniq<duckdb::CopyStatement>();
  copy->info->is_from = false;
  copy->info->format = kParquetInOrder;
  copy->info->is_format_auto_detected = false;
  copy->info->select_statement = std::move(rows);
  auto option = [&](const char* name, Value value) {
    copy->info->options[name] = {std::move(value)};
  };
  option("compression", Value(codec.duckdb));
  option("row_group_size", Value::UBIGINT(kRowsPerGroup));
  option("return_stats", Value::BOOLEAN(true));
  if (MapsColumns(target.properties)) {
    columnar::Fields held;
    for (const Field& field : target.schema.fields) {
      if (!IsPartition(target, field.name)) held.push_back(field);
    }
    duckdb::child_list_t<Value> ids;
    AddFieldIds(held, &ids);
    option("field_ids", Value::STRUCT(std::move(ids)));
  }
  if (target.partition_columns.empty() && !file_bytes) {
    copy->info->file_path = FolderOf(target) + "/" + FileName(target, codec);
    option("use_tmp_file", Value::BOOLEAN(false));
    option("write_empty_file", Value::BOOLEAN(false));
    return copy;
  }
  copy->info->file_path = FolderOf(target);
  option("append", Value::BOOLEAN(true));
  option("filename_pattern", Value(FilePattern(target, codec)));
  if (target.partition_columns.empty()) {
    option("file_size_bytes", Value::BIGINT(*file_bytes));
    option("write_empty_file", Value::BOOLEAN(false));
    return copy;
  }
  duckdb::vector<Value> columns;
  for (const std::string& column : target.partition_columns) columns.emplace_back(column);
  copy->info->options["partition_by"] = std::move(columns);
  // Keys name no folders: the files are put into theirs afterwards.
  option("hive_file_pattern", Value::BOOLEAN(false));
  return copy;
}

// Hive's folder names: what a file system or a pattern could take for something else is escaped.
std::string Escaped(const std::string& name) {
  std::string text;
  for (char c : name) {
    auto byte = static_cast<unsigned char>(c);
    bool special = byte < 0x20 || byte == 0x7f ||
                   std::string_view("\"#%'*/:=?\\{[]^").find(c) != std::string_view::npos;
    if (!special) {
      text += c;
      continue;
    }
    char escaped[4];
    std::snprintf(escaped, sizeof(escaped), "%%%02X", byte);
    text += escaped;
  }
  return text;
}

// Empty when a name gets too long for a file system: then a file stays in the table's folder, as
// only the log says what its values are.
// Mapped columns have no names to show: their folders only spread files.
std::string PartitionFolder(const WriteTarget& target, const delta::PartitionValues& values) {
  constexpr size_t kLongestName = 255;
  std::string folder = target.change_data ? "_change_data/" : "";
  if (MapsColumns(target.properties)) return folder + NewUuid().substr(0, 2) + "/";
  for (const std::string& column : target.partition_columns) {
    const std::optional<std::string>& value = values.at(column);
    std::string name =
        Escaped(column) + "=" + (value ? Escaped(*value) : "__HIVE_DEFAULT_PARTITION__");
    if (name.size() > kLongestName) return target.change_data ? "_change_data/" : "";
    folder += name + "/";
  }
  return folder;
}

Status FlushFolder(const std::string& path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Fail("IO_ERROR", "cannot open " + path + " to flush it");
  int failed = ::fsync(fd);
  ::close(fd);
  if (failed != 0) return Fail("IO_ERROR", "cannot flush " + path);
  return Ok();
}

// Moves a partition's file into its folder; returns its path below the table's.
Result<std::string> PutIntoFolder(const WriteTarget& target, const Codec& codec,
                                  const std::string& written, const std::string& folder) {
  std::string path = folder + FileName(target, codec);
  std::error_code failed;
  std::filesystem::create_directories(target.table_path + "/" + folder, failed);
  if (!failed) std::filesystem::rename(written, target.table_path + "/" + path, failed);
  if (failed) {
    return Fail("IO_ERROR", "cannot put a data file at " + path + ": " + failed.message());
  }
  // The new folders have to outlive a crash as much as the file.
  for (size_t at = folder.find('/'); at + 1 < folder.size(); at = folder.find('/', at + 1)) {
    TARN_RETURN_IF_ERROR(FlushFolder(target.table_path + "/" + folder.substr(0, at)));
  }
  TARN_RETURN_IF_ERROR(FlushFolder(target.table_path));
  return path;
}

delta::PartitionValues ValuesOf(const Value& keys) {
  delta::PartitionValues values;
  for (const Value& entry : duckdb::MapValue::GetChildren(keys)) {
    const auto& pair = duckdb::StructValue::GetChildren(entry);
    std::string key = pair[1].ToString();
    values[pair[0].ToString()] = key[0] == 'v' ? std::optional(key.substr(1)) : std::nullopt;
  }
  return values;
}

}  // namespace

Status FlushFile(const std::string& path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Fail("IO_ERROR", "cannot open " + path + " to flush it");
  int failed = ::fsync(fd);
  ::close(fd);
  if (failed != 0) return Fail("IO_ERROR", "cannot flush " + path);
  return FlushFolder(path.substr(0, path.rfind('/')));
}

Result<std::vector<delta::AddFile>> WriteDataFiles(QueryResources& resources,
                                                   duckdb::unique_ptr<duckdb::QueryNode> rows,
                                                   const WriteTarget& target, CancelToken cancel) {
  TARN_TRY(const Codec* codec, CodecOf(target));
  std::error_code made;
  std::filesystem::create_directories(FolderOf(target), made);
  if (made)
    return Fail("IO_ERROR", "cannot make the folder " + FolderOf(target) + ": " + made.message());
  if (target.change_data) TARN_RETURN_IF_ERROR(FlushFolder(target.table_path));
  CurveBounds bounds;
  if (target.curve) {
    TARN_TRY(bounds, SampleBounds(resources, *rows, target, cancel));
  }
  const WriteTarget physical = target.Physical();
  TARN_TRY(auto file_rows, FileRows(std::move(rows), target, physical, &bounds));
  TARN_TRY(auto result, RunToEnd(resources,
                                 CopyToFiles(std::move(file_rows), physical, *codec,
                                             FileBytes(target, resources)),
                                 cancel));
  const StatisticsColumns columns = StatisticsColumns::Of(target);
  std::vector<delta::AddFile> files;
  for (duckdb::idx_t row = 0; row < result->RowCount(); ++row) {
    std::string path = result->GetValue(0, row).ToString();
    int64_t count = result->GetValue(1, row).GetValue<int64_t>();
    if (count == 0) continue;
    delta::AddFile file;
    file.path = path.substr(target.table_path.size() + 1);
    if (!target.partition_columns.empty()) {
      file.partition_values = ValuesOf(result->GetValue(5, row));
      std::string folder = PartitionFolder(physical, file.partition_values);
      if (!folder.empty()) {
        TARN_TRY(file.path, PutIntoFolder(target, *codec, path, folder));
        path = target.table_path + "/" + file.path;
      }
    }
    TARN_TRY(file.stats, StatisticsJson(physical, columns, result->GetValue(4, row), count));
    struct stat info;
    if (::stat(path.c_str(), &info) != 0)
      return Fail("IO_ERROR", "a file just written is gone: " + path);
    file.size_bytes = info.st_size;
    file.modification_time_ms =
        int64_t{info.st_mtim.tv_sec} * 1000 + info.st_mtim.tv_nsec / 1'000'000;
    TARN_RETURN_IF_ERROR(FlushFile(path));
    files.push_back(std::move(file));
  }
  return files;
}

WriteTarget WriteTarget::Physical() const {
  WriteTarget files = *this;
  if (!MapsColumns(properties)) return files;
  files.schema = delta::PhysicalSchema(schema);
  for (std::string& column : files.partition_columns) {
    int at = schema.FindField(column, true);
    column = files.schema.fields[static_cast<size_t>(at)].name;
  }
  return files;
}

WriteTarget WriteTarget::Of(const delta::Snapshot& snapshot) {
  return {snapshot.table_path(), snapshot.schema(), snapshot.partition_columns(),
          snapshot.metadata().configuration};
}

void RegisterParquetInOrder(duckdb::DatabaseInstance& db) {
  duckdb::Connection connection(db);
  connection.BeginTransaction();
  duckdb::CopyFunction function = duckdb::Catalog::GetSystemCatalog(db)
                                      .GetEntry<duckdb::CopyFunctionCatalogEntry>(
                                          *connection.context, DEFAULT_SCHEMA, "parquet")
                                      .function;
  connection.Commit();
  function.name = kParquetInOrder;
  // Rows that are divided into files go through one thread, in the order they come in.
  function.execution_mode = [](bool, bool supports_batches) {
    return supports_batches ? duckdb::CopyFunctionExecutionMode::BATCH_COPY_TO_FILE
                            : duckdb::CopyFunctionExecutionMode::REGULAR_COPY_TO_FILE;
  };
  duckdb::ExtensionLoader(db, "tarn").RegisterFunction(function);
}

}  // namespace tarn::engine
