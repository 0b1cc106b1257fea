#include <set>

#include "plan/lower_case.h"
#include "plan/resolve_statement.h"

namespace tarn::plan {
namespace {

using columnar::TypeKind;

// The rows of a query may hold fewer NULLs than its columns will.
columnar::Schema Nullable(columnar::Schema schema) {
  for (columnar::Field& field : schema.fields) field.nullable = true;
  return schema;
}

Status CheckNames(const columnar::Schema& schema) {
  std::set<std::string> seen;
  for (const columnar::Field& field : schema.fields) {
    std::string name = Lower(field.name);
    if (seen.insert(name).second) continue;
    return Fail("COLUMN_ALREADY_EXISTS",
                "The column " + columnar::QuoteIdentifier(name) +
                    " already exists. Choose another name or rename the existing column.",
                {{"columnName", columnar::QuoteIdentifier(name)}});
  }
  return Ok();
}

}  // namespace

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveCreateTable(
    const sql::CreateTable& c) {
  CreateTable create;
  TARN_TRY(create.name, Complete(c.name, 3, c.name_range));
  create.name_range = c.name_range;
  create.or_replace = c.or_replace;
  create.if_not_exists = c.if_not_exists;
  create.provider = c.provider.empty() ? "delta" : Lower(c.provider);
  create.location = c.location;
  create.comment = c.comment;
  create.properties = c.properties;
  for (const auto& [key, value] : c.options) {
    create.properties.emplace_back("option." + key, value);
  }
  if (c.external && !c.location) {
    return state_.At(Fail("INVALID_STATEMENT_OR_CLAUSE",
                          "The statement or clause: CREATE EXTERNAL TABLE must be accompanied by "
                          "LOCATION is not valid.",
                          {{"operation", "CREATE EXTERNAL TABLE must be accompanied by LOCATION"}}),
                     c.range);
  }
  create.replace = c.replace;
  if (c.cluster_by_auto) return state_.At(NotYet("CLUSTER BY AUTO"), c.name_range);
  create.cluster_by = c.cluster_by;
  if (!c.cluster_by.empty() && !c.partitioned_by.empty()) {
    return state_.At(Fail("SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED",
                          "Cannot specify both CLUSTER BY and PARTITIONED BY."),
                     c.range);
  }
  if (!c.like.empty()) TARN_RETURN_IF_ERROR(ResolveLike(c, create));
  if (!c.checks.empty()) {
    return state_.At(Fail("DELTA_ADD_CONSTRAINTS",
                          "Please use ALTER TABLE ADD CONSTRAINT to add CHECK constraints."),
                     c.checks[0].range);
  }
  if (c.as_select) {
    TARN_TRY(create.query, analyzer_.AnalyzeQuery(*c.as_select));
    create.schema = Nullable(SchemaOf(*create.query));
  }
  for (const sql::ColumnDefinition& column : c.columns) {
    TARN_TRY(columnar::Field field, DefinedField(column, "CREATE TABLE"));
    create.schema.fields.push_back(std::move(field));
  }
  Status checked = CheckNames(create.schema);
  if (checked.ok()) checked = CheckGenerated(create.schema);
  if (checked.ok() && c.like.empty()) checked = ResolvePartitions(c, create);
  if (!checked.ok()) return state_.At(std::move(checked).error(), c.name_range);
  return AnalyzedStatement(std::move(create));
}

Status Analyzer::StatementResolver::ResolveLike(const sql::CreateTable& syntax,
                                                CreateTable& create) {
  if (state_.context.resolver == nullptr) {
    return state_.At(Fail("TABLE_OR_VIEW_NOT_FOUND", "There are no tables here."),
                     syntax.like_range);
  }
  TARN_TRY(auto name, Complete(syntax.like, 3, syntax.like_range));
  Result<TableBinding> source = state_.context.resolver->ResolveTable(name, {});
  if (!source.ok()) return state_.At(std::move(source).error(), syntax.like_range);
  create.schema = source->schema;
  create.partitioned_by = source->partition_columns;
  create.like = *std::move(source);
  return Ok();
}

Status Analyzer::StatementResolver::ResolvePartitions(const sql::CreateTable& syntax,
                                                      CreateTable& create) {
  // The columns of a table that is there already are not known here.
  if (create.schema.fields.empty()) {
    create.partitioned_by = syntax.partitioned_by;
    return Ok();
  }
  for (const std::string& name : syntax.partitioned_by) {
    int column = create.schema.FindField(name);
    if (column < 0) {
      return Fail("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
                  "The partition column " + columnar::QuoteIdentifier(name) +
                      " is not a column of the table.",
                  {{"objectName", columnar::QuoteIdentifier(name)}});
    }
    const columnar::Field& field = create.schema.fields[static_cast<size_t>(column)];
    if (field.type.is_nested() || field.type.is(TypeKind::kBinary)) {
      return Fail("INVALID_PARTITION_COLUMN_DATA_TYPE",
                  "Cannot use \"" + field.type.ToSqlString() + "\" for partition column.",
                  {{"type", "\"" + field.type.ToSqlString() + "\""}});
    }
    create.partitioned_by.push_back(field.name);
  }
  if (create.partitioned_by.size() == create.schema.fields.size()) {
    return Fail("ALL_PARTITION_COLUMNS_NOT_ALLOWED",
                "Cannot use all columns for partition columns.");
  }
  return Ok();
}

}  // namespace tarn::plan
