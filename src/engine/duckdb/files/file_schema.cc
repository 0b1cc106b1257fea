#include "engine/duckdb/files/file_schema.h"

#include <algorithm>
#include <set>

#include "duckdb/common/file_system.hpp"

#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/files/csv_type.h"
#include "engine/duckdb/files/file_scan.h"

namespace tarn::engine {
namespace {

using columnar::DataType;
using columnar::Field;
using columnar::TypeKind;

// The fields of one record, and how far it reaches; nothing when the text ends before it does.
std::optional<size_t> ReadRecord(std::string_view text, const FileOptions& options, bool at_end,
                                 std::vector<std::string>* fields) {
  char quote = options.quote.empty() ? '\0' : options.quote[0];
  char escape = options.escape.empty() ? quote : options.escape[0];
  fields->assign(1, "");
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quoted) {
      bool escapes = c == escape && i + 1 < text.size() &&
                     (text[i + 1] == quote || (text[i + 1] == escape && escape != quote));
      if (escapes) {
        fields->back() += text[++i];
      } else if (c == quote) {
        quoted = false;
      } else {
        fields->back() += c;
      }
    } else if (quote != '\0' && c == quote && fields->back().empty()) {
      quoted = true;
    } else if (text.substr(i, options.separator.size()) == options.separator) {
      fields->emplace_back();
      i += options.separator.size() - 1;
    } else if (c == '\n' || c == '\r') {
      return i + (c == '\r' && text.substr(i, 2) == "\r\n" ? 2 : 1);
    } else {
      fields->back() += c;
    }
  }
  return at_end ? std::optional(text.size()) : std::nullopt;
}

// The first record that is data or a header.
Result<std::vector<std::string>> FirstRecord(duckdb::ClientContext& context,
                                             const std::string& path, const FileOptions& options) {
  constexpr size_t kMostBytes = 16 << 20;
  auto& files = duckdb::FileSystem::GetFileSystem(context);
  auto handle = files.OpenFile(
      path, duckdb::FileFlags::FILE_FLAGS_READ | duckdb::FileCompressionType::AUTO_DETECT);
  std::string text;
  bool at_end = false;
  for (size_t wanted = 64 << 10; wanted <= kMostBytes; wanted *= 4) {
    while (!at_end && text.size() < wanted) {
      size_t had = text.size();
      text.resize(wanted);
      int64_t got = handle->Read(text.data() + had, wanted - had);
      text.resize(had + static_cast<size_t>(got));
      at_end = got == 0;
    }
    std::string_view rest = text;
    if (rest.substr(0, 3) == "\xef\xbb\xbf") rest.remove_prefix(3);
    int64_t skip = options.skip_rows;
    for (;;) {
      std::vector<std::string> fields;
      std::optional<size_t> length = ReadRecord(rest, options, at_end, &fields);
      if (!length) break;
      if (rest.empty()) return std::vector<std::string>();
      bool blank = fields.size() == 1 && fields[0].empty();
      bool comment = !options.comment.empty() && rest[0] == options.comment[0];
      if (skip-- <= 0 && !blank && !comment) return fields;
      rest.remove_prefix(*length);
    }
    if (at_end) break;
  }
  return Fail("FAILED_READ_FILE", "the first record of " + path + " does not end");
}

// Spark's names: "_c0" where there is none; names that differ in nothing get their position.
std::vector<std::string> ColumnNames(const std::vector<std::string>& record, bool header) {
  std::vector<std::string> names;
  std::multiset<std::string> seen;
  for (const std::string& name : record) seen.insert(duckdb::StringUtil::Lower(name));
  for (size_t i = 0; i < record.size(); ++i) {
    if (!header || record[i].empty()) {
      names.push_back("_c" + std::to_string(i));
    } else {
      bool repeated = seen.count(duckdb::StringUtil::Lower(record[i])) > 1;
      names.push_back(record[i] + (repeated ? std::to_string(i) : ""));
    }
  }
  return names;
}

// The narrowest types that hold all values of all files.
Result<std::vector<DataType>> InferCsvTypes(QueryResources& resources,
                                            const plan::FileSource& files,
                                            const FileOptions& options) {
  std::vector<std::string> names;
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  auto pattern = [](const std::optional<std::string>& format) {
    return duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value(format.value_or("")));
  };
  for (size_t i = 0; i < files.file_columns.size(); ++i) {
    names.push_back("f" + std::to_string(i));
    auto column = [&] { return duckdb::make_uniq<duckdb::ColumnRefExpression>(names.back()); };
    select->select_list.push_back(
        tree::Make("bit_and", tree::Make("tarn_csv_types", tree::ExprPtr(column()),
                                         tree::ExprPtr(pattern(options.date_format)),
                                         tree::ExprPtr(pattern(options.timestamp_format)))));
    select->select_list.push_back(tree::Make(
        "max",
        tree::Make("strlen", tree::Make("ltrim", tree::ExprPtr(column()), tree::Text("+-")))));
  }
  if (names.empty()) return std::vector<DataType>();
  FileOptions lenient = options;
  lenient.mode = ParseMode::kPermissive;
  select->from_table = ReadCsv(files.paths, lenient, names);
  auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
  statement->node = std::move(select);
  TARN_TRY(auto result, RunToEnd(resources, std::move(statement), {}));
  std::vector<DataType> types;
  for (size_t i = 0; i < names.size(); ++i) {
    duckdb::Value mask = result->GetValue(2 * i, 0);
    duckdb::Value digits = result->GetValue(2 * i + 1, 0);
    if (mask.IsNull()) {
      types.push_back(TypeKind::kString);
    } else {
      types.push_back(csv_type::Narrowest(mask.GetValue<int32_t>(), digits.GetValue<int32_t>()));
    }
  }
  return types;
}

Status FindCsvSchema(QueryResources& resources, const FileOptions& options,
                     plan::FileSource& files) {
  resources.connection->BeginTransaction();
  auto record = FirstRecord(*resources.connection->context, files.paths[0], options);
  resources.connection->Rollback();
  if (!record.ok()) return std::move(record).error();
  files.file_columns = ColumnNames(*record, options.header);
  std::vector<DataType> types(files.file_columns.size(), TypeKind::kString);
  if (options.infer_types) {
    TARN_TRY(types, InferCsvTypes(resources, files, options));
  }
  for (size_t i = 0; i < types.size(); ++i) {
    files.schema.fields.push_back({files.file_columns[i], types[i]});
  }
  return Ok();
}

// What DuckDB takes for dates, times and identifiers is text to Spark.
DataType JsonType(const duckdb::LogicalType& type) {
  using duckdb::LogicalTypeId;
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
      return TypeKind::kBoolean;
    case LogicalTypeId::BIGINT:
      return TypeKind::kLong;
    case LogicalTypeId::UBIGINT:
    case LogicalTypeId::HUGEINT:
      return DataType::Decimal(type.id() == LogicalTypeId::UBIGINT ? 20 : 38, 0);
    case LogicalTypeId::DOUBLE:
      return TypeKind::kDouble;
    case LogicalTypeId::LIST:
      return DataType::Array(JsonType(duckdb::ListType::GetChildType(type)), true);
    case LogicalTypeId::STRUCT: {
      columnar::Fields fields;
      for (const auto& [name, member] : duckdb::StructType::GetChildTypes(type)) {
        fields.push_back({name, JsonType(member)});
      }
      std::sort(fields.begin(), fields.end(),
                [](const Field& a, const Field& b) { return a.name < b.name; });
      return DataType::Struct(std::move(fields));
    }
    default:
      return TypeKind::kString;
  }
}

Status FindOwnSchema(QueryResources& resources, const FileOptions& options,
                     plan::FileSource& files) {
  bool json = files.format == "json";
  std::vector<std::string> paths = files.paths;
  if (!json && !options.merge_schema) paths.resize(1);
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->from_table = json ? ReadJson(paths, options, {}) : ReadParquet(paths);
  select->select_list.push_back(duckdb::make_uniq<duckdb::StarExpression>());
  auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
  statement->node = std::move(select);
  try {
    auto prepared = resources.connection->Prepare(std::move(statement));
    if (prepared->HasError()) return FromDuckdb(prepared->GetErrorObject());
    const auto& names = prepared->GetNames();
    const auto& types = prepared->GetTypes();
    for (size_t i = 0; i < names.size(); ++i) {
      files.file_columns.push_back(names[i]);
      files.schema.fields.push_back(
          {names[i], json ? JsonType(types[i]) : FromLogicalType(types[i])});
    }
  } catch (const std::exception& e) {
    return FromException(e);
  }
  if (json) {
    std::sort(files.schema.fields.begin(), files.schema.fields.end(),
              [](const Field& a, const Field& b) { return a.name < b.name; });
  }
  return Ok();
}

}  // namespace

Status FindFileSchema(QueryResources& resources, plan::FileSource& files) {
  TARN_TRY(FileOptions options,
           ParseFileOptions(files.format, files.options, FileStatement::kCopyInto));
  bool given = options.schema.has_value();
  if (given && files.format != "parquet") {
    files.schema = *options.schema;
    for (const Field& field : files.schema.fields) files.file_columns.push_back(field.name);
    return Ok();
  }
  try {
    TARN_RETURN_IF_ERROR(files.format == "csv" ? FindCsvSchema(resources, options, files)
                                               : FindOwnSchema(resources, options, files));
  } catch (const std::exception& e) {
    return FromException(e);
  }
  if (given) files.schema = *options.schema;
  for (const Field& hint : options.schema_hints) {
    int at = files.schema.FindField(hint.name);
    if (at >= 0) {
      files.schema.fields[static_cast<size_t>(at)].type = hint.type;
    } else {
      files.schema.fields.push_back(hint);
    }
  }
  return Ok();
}

}  // namespace tarn::engine
