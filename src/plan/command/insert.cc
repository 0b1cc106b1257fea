#include <algorithm>

#include "plan/coercion.h"
#include "plan/resolve_statement.h"

namespace tarn::plan {

using columnar::DataType;

Error CannotStore(const TableBinding& table, const std::string& column, const DataType& from,
                  const DataType& to) {
  std::string name = QuotedName(table.name);
  return Fail("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST",
              "Cannot write incompatible data for the table " + name + ": cannot safely cast " +
                  columnar::QuoteIdentifier(column) + " \"" + from.ToSqlString() + "\" to \"" +
                  to.ToSqlString() + "\".",
              {{"tableName", name},
               {"colName", columnar::QuoteIdentifier(column)},
               {"srcType", "\"" + from.ToSqlString() + "\""},
               {"targetType", "\"" + to.ToSqlString() + "\""}});
}

namespace {

Error NoColumn(const TableBinding& table, const std::string& column) {
  std::string proposal;
  for (const columnar::Field& field : table.schema.fields) {
    proposal += (proposal.empty() ? "" : ", ") + columnar::QuoteIdentifier(field.name);
  }
  return Fail("UNRESOLVED_COLUMN.WITH_SUGGESTION",
              "A column, variable, or function parameter with name " +
                  columnar::QuoteIdentifier(column) +
                  " cannot be resolved. Did you mean one of the following? [" + proposal + "].",
              {{"objectName", columnar::QuoteIdentifier(column)}, {"proposal", proposal}});
}

Error Twice(const std::string& column) {
  return Fail("COLUMN_ALREADY_EXISTS",
              "The column " + columnar::QuoteIdentifier(column) +
                  " already exists. Choose another name or rename the existing column.",
              {{"columnName", columnar::QuoteIdentifier(column)}});
}

bool IsPartition(const TableBinding& table, const std::string& column) {
  for (const std::string& name : table.partition_columns) {
    if (SameName(name, column)) return true;
  }
  return false;
}

}  // namespace

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveInsert(const sql::Insert& insert) {
  if (insert.mode == sql::InsertMode::kReplaceWhere) {
    return state_.At(NotYet("INSERT INTO … REPLACE WHERE"), insert.table_range);
  }
  Insert result;
  result.target_range = insert.table_range;
  result.overwrite = insert.mode == sql::InsertMode::kOverwrite;
  TARN_TRY(result.target, BindTarget(insert.table, insert.table_range, TargetUse::kWrite));
  const TableBinding& table = result.target;
  std::vector<ExprRef> fixed(table.schema.fields.size());
  Scope empty(nullptr);
  for (const auto& [name, value] : insert.partition) {
    int column = table.schema.FindField(name);
    if (column < 0 || !IsPartition(table, name)) {
      return state_.At(Fail("NON_PARTITION_COLUMN",
                            "PARTITION clause cannot contain the non-partition column: " +
                                columnar::QuoteIdentifier(name) + ".",
                            {{"columnName", columnar::QuoteIdentifier(name)}}),
                       insert.table_range);
    }
    if (!value) continue;
    auto at = static_cast<size_t>(column);
    if (fixed[at]) return state_.At(Twice(name), insert.table_range);
    TARN_TRY(fixed[at], ExprResolver(state_, empty).Resolve(*value));
    const columnar::Field& field = table.schema.fields[at];
    result.partition.emplace_back(field.name, MakeCast(fixed[at], field.type));
  }
  TARN_TRY(PlanRef source, analyzer_.AnalyzeQuery(*insert.query));
  std::vector<ExprRef> values;
  if (insert.by_name) {
    TARN_TRY(values, ValuesByName(*source, table, std::move(fixed), insert.table_range));
  } else {
    TARN_TRY(values, InsertedValues(insert, table, *source, fixed));
  }
  TARN_TRY(result.rows, RowsFor(table, std::move(source), std::move(values), Storing::kAnsi,
                                insert.table_range));
  return AnalyzedStatement(std::move(result));
}

// By position, or by the list of columns.
Result<std::vector<ExprRef>> Analyzer::StatementResolver::InsertedValues(
    const sql::Insert& insert, const TableBinding& table, const LogicalPlan& source,
    const std::vector<ExprRef>& fixed) {
  std::vector<size_t> targets;
  for (const std::string& name : insert.columns) {
    int column = table.schema.FindField(name);
    if (column < 0) return state_.At(NoColumn(table, name), insert.table_range);
    auto at = static_cast<size_t>(column);
    bool twice = fixed[at] || std::find(targets.begin(), targets.end(), at) != targets.end();
    if (twice) return state_.At(Twice(name), insert.table_range);
    targets.push_back(at);
  }
  if (insert.columns.empty()) {
    for (size_t i = 0; i < table.schema.fields.size(); ++i) {
      if (!fixed[i]) targets.push_back(i);
    }
  }
  if (targets.size() != source.output.size()) {
    bool few = source.output.size() < targets.size();
    std::string name = QuotedName(table.name);
    return state_.At(
        Fail(few ? "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
                 : "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
             "Cannot write to " + name + ": the table needs " + std::to_string(targets.size()) +
                 " columns, the data has " + std::to_string(source.output.size()) + ".",
             {{"tableName", name}}),
        insert.table_range);
  }
  std::vector<ExprRef> values = fixed;
  for (size_t i = 0; i < targets.size(); ++i) values[targets[i]] = MakeColumn(source.output[i]);
  return values;
}

Result<std::vector<ExprRef>> Analyzer::StatementResolver::ValuesByName(const LogicalPlan& source,
                                                                       const TableBinding& table,
                                                                       std::vector<ExprRef> fixed,
                                                                       sql::SourceRange range) {
  std::vector<ExprRef> values = std::move(fixed);
  values.resize(table.schema.fields.size());
  for (const Attribute& column : source.output) {
    int found = table.schema.FindField(column.name);
    if (found >= 0 && !values[static_cast<size_t>(found)]) {
      values[static_cast<size_t>(found)] = MakeColumn(column);
      continue;
    }
    if (found >= 0) return state_.At(Twice(column.name), range);
    std::string name = QuotedName(table.name);
    return state_.At(
        Fail("INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS",
             "Cannot write incompatible data for the table " + name +
                 ": cannot write the extra column " + columnar::QuoteIdentifier(column.name) + ".",
             {{"tableName", name}, {"extraColumns", columnar::QuoteIdentifier(column.name)}}),
        range);
  }
  return values;
}

Result<PlanRef> Analyzer::StatementResolver::RowsFor(const TableBinding& table, PlanRef source,
                                                     std::vector<ExprRef> values, Storing storing,
                                                     sql::SourceRange range) {
  auto project = std::make_shared<LogicalPlan>();
  project->kind = PlanKind::kProject;
  project->children = {std::move(source)};
  for (size_t i = 0; i < values.size(); ++i) {
    const columnar::Field& field = table.schema.fields[i];
    ExprRef value = values[i] ? std::move(values[i]) : MakeLiteral(DataType(), std::nullopt);
    bool read = storing == Storing::kFromFiles && value->type.is_string();
    if (!read && !CanStore(value->type, field.type)) {
      return state_.At(CannotStore(table, field.name, value->type, field.type), range);
    }
    project->exprs.push_back(MakeCast(std::move(value), field.type));
    project->output.push_back({state_.NewId(), field.name, field.type, field.nullable, {}});
  }
  return PlanRef(project);
}

}  // namespace tarn::plan
