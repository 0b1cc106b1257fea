#include <algorithm>

#include "duckdb/parser/parsed_expression_iterator.hpp"

#include "engine/duckdb/emitter.h"
#include "engine/duckdb/files/file_scan.h"

namespace tarn::engine {

using namespace duckdb;  // NOLINT: this file builds DuckDB's trees
using columnar::TypeKind;
using plan::LogicalPlan;

namespace {

constexpr plan::ExprId kFileColumnId = 0;

int FindColumn(const std::vector<std::string>& names, const std::string& wanted) {
  auto exact = std::find(names.begin(), names.end(), wanted);
  if (exact != names.end()) return static_cast<int>(exact - names.begin());
  for (size_t i = 0; i < names.size(); ++i) {
    if (StringUtil::CIEquals(names[i], wanted)) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

// A column of the files as the plan's type; NULL where the files have none.
Result<Emitter::ExprPtr> Emitter::FileColumn(const plan::FileSource& files,
                                             const columnar::Field& field, const std::string& name,
                                             bool exists) {
  TARN_TRY(LogicalType type, ToLogicalType(field.type));
  if (!exists) return ExprPtr(make_uniq<ConstantExpression>(Value(type)));
  ExprPtr column = make_uniq<ColumnRefExpression>(name, "file_rows");
  if (files.format == "parquet") return tree::CastTo(type, std::move(column));
  bool text = files.format == "csv" || JsonReadType(field.type, type) != type;
  if (!text || field.type.is_string()) return column;
  TARN_TRY(FileOptions options,
           ParseFileOptions(files.format, files.options, FileStatement::kCopyInto));
  // The conversion is the analyzer's own, of a column that stands for the file's.
  plan::ExprRef value =
      plan::MakeColumn({.id = kFileColumnId, .name = name, .type = TypeKind::kString});
  const std::optional<std::string>& format =
      field.type.is(TypeKind::kDate) ? options.date_format : options.timestamp_format;
  bool instant = field.type.is(TypeKind::kTimestamp) || field.type.is(TypeKind::kTimestampNtz);
  plan::ExprRef converted;
  if (format && (instant || field.type.is(TypeKind::kDate))) {
    const char* function = field.type.is(TypeKind::kDate)        ? "to_date_by_pattern"
                           : field.type.is(TypeKind::kTimestamp) ? "to_timestamp_by_pattern"
                                                                 : "to_timestamp_ntz_by_pattern";
    converted = plan::MakeCall(function, {value, plan::MakeLiteral(TypeKind::kString, *format)},
                               field.type, true);
  } else {
    converted = plan::MakeCast(value, field.type);
  }
  TARN_TRY(ExprPtr emitted, Expr(*converted));
  auto rename = [&](ExprPtr& at, auto& self) -> void {
    if (at->GetExpressionClass() == ExpressionClass::COLUMN_REF) {
      at = column->Copy();
      return;
    }
    ParsedExpressionIterator::EnumerateChildren(*at, [&](ExprPtr& child) { self(child, self); });
  };
  rename(emitted, rename);
  return options.mode == ParseMode::kFailFast ? std::move(emitted) : tree::Try(std::move(emitted));
}

Result<Emitter::RefPtr> Emitter::FileScan(const LogicalPlan& plan) {
  const plan::FileSource& files = plan.files;
  TARN_TRY(FileOptions options,
           ParseFileOptions(files.format, files.options, FileStatement::kCopyInto));
  duckdb::unique_ptr<TableFunctionRef> reader;
  std::vector<std::string> names;  // of the reader's columns
  if (files.format == "csv") {
    for (size_t i = 0; i < files.file_columns.size(); ++i) names.push_back("f" + std::to_string(i));
    reader = ReadCsv(files.paths, options, names);
  } else if (files.format == "json") {
    FileColumns columns;
    for (const columnar::Field& field : files.schema.fields) {
      TARN_TRY(LogicalType type, ToLogicalType(field.type));
      columns.emplace_back(field.name, JsonReadType(field.type, type));
      names.push_back(field.name);
    }
    reader = ReadJson(files.paths, options, columns);
  } else {
    names = files.file_columns;
    reader = ReadParquet(files.paths);
  }
  auto select = make_uniq<SelectNode>();
  for (size_t i = 0; i < plan.output.size(); ++i) {
    const columnar::Field& field = files.schema.fields[i];
    // Columns of CSV have their names from the schema, in its order.
    int at = files.format == "csv" ? static_cast<int>(i) : FindColumn(names, field.name);
    bool exists = at >= 0 && static_cast<size_t>(at) < names.size();
    std::string name = exists ? names[static_cast<size_t>(at)] : "";
    TARN_TRY(ExprPtr value, FileColumn(files, field, name, exists));
    if (options.mode == ParseMode::kDropMalformed && exists && !field.type.is_string()) {
      ExprPtr fits = tree::Or(tree::IsNull(make_uniq<ColumnRefExpression>(name, "file_rows")),
                              tree::IsNotNull(value->Copy()));
      select->where_clause = select->where_clause
                                 ? tree::And(std::move(select->where_clause), std::move(fits))
                                 : std::move(fits);
    }
    value->SetAlias("c" + std::to_string(plan.output[i].id));
    select->select_list.push_back(std::move(value));
  }
  if (select->select_list.empty())
    select->select_list.push_back(make_uniq<ConstantExpression>(Value::INTEGER(1)));
  select->from_table = std::move(reader);
  auto statement = make_uniq<SelectStatement>();
  statement->node = std::move(select);
  return RefPtr(make_uniq<SubqueryRef>(std::move(statement), "t" + std::to_string(next_alias_++)));
}

}  // namespace tarn::engine
