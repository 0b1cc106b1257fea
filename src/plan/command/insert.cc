#include <algorithm>

#include "plan/resolve_statement.h"

namespace tarn::plan {

using columnar::DataType;

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
  Insert result;
  result.target_range = insert.table_range;
  bool reads = insert.replace_condition || !insert.replace_using.empty();
  TARN_TRY(result.target, BindTarget(insert.table, insert.table_range,
                                     reads ? TargetUse::kReadAndWrite : TargetUse::kWrite));
  const TableBinding& table = result.target;
  TARN_TRY(std::vector<ExprRef> fixed, FixedPartition(insert, table));
  TARN_RETURN_IF_ERROR(PlaceDefaults(insert, table, fixed));
  TARN_TRY(PlanRef source, analyzer_.AnalyzeQuery(*insert.query));
  bool evolves = insert.schema_evolution || state_.context.schema_evolution;
  if (evolves) {
    TARN_TRY(result.target,
             EvolvedFor(table, NewColumns(insert, table, *source, fixed), insert.table_range));
    fixed.resize(table.schema.fields.size());
  }
  std::vector<ExprRef> values;
  if (insert.by_name) {
    TARN_TRY(values, ValuesByName(*source, table, fixed, insert.table_range));
    for (size_t i = 0; i < values.size(); ++i) {
      if (!values[i]) continue;
      values[i] = FieldsByName(std::move(values[i]), table.schema.fields[i].type, evolves);
    }
  } else {
    TARN_TRY(values, InsertedValues(insert, table, *source, fixed));
  }
  TARN_TRY(result.rows, RowsFor(table, std::move(source), std::move(values), Storing::kAnsi,
                                insert.table_range));
  TARN_RETURN_IF_ERROR(ResolveReplaced(insert, fixed, result));
  return AnalyzedStatement(std::move(result));
}

// Values of PARTITION (a = 1), by column; null for the others.
Result<std::vector<ExprRef>> Analyzer::StatementResolver::FixedPartition(
    const sql::Insert& insert, const TableBinding& table) {
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
    TARN_TRY(ExprRef constant, ExprResolver(state_, empty).Resolve(*value));
    // A constant is read as the column's type, however it was written.
    fixed[at] = MakeCast(std::move(constant), table.schema.fields[at].type);
  }
  return fixed;
}

// What the rows replace.
Status Analyzer::StatementResolver::ResolveReplaced(const sql::Insert& insert,
                                                    const std::vector<ExprRef>& fixed,
                                                    Insert& result) {
  bool some = std::any_of(fixed.begin(), fixed.end(), [](const ExprRef& e) { return e; });
  if (insert.mode == sql::InsertMode::kAppend) return Ok();
  if (insert.mode == sql::InsertMode::kOverwrite && !some) {
    bool dynamic =
        state_.context.dynamic_partition_overwrite && !result.target.partition_columns.empty();
    result.replaces = dynamic ? Insert::Replaces::kPartitions : Insert::Replaces::kTable;
    return Ok();
  }
  if (insert.mode == sql::InsertMode::kOverwrite && state_.context.dynamic_partition_overwrite) {
    result.replaces = Insert::Replaces::kPartitions;
    return Ok();
  }
  result.replaces = Insert::Replaces::kRows;
  TARN_TRY(PlanRef scan, ScanTarget(result.target, insert.alias, insert.table_range));
  result.edits.scan = WithAddress(*scan);
  PlanRef gone;
  if (insert.mode == sql::InsertMode::kReplaceOn || insert.mode == sql::InsertMode::kReplaceUsing) {
    TARN_TRY(gone, RowsMatching(insert, *scan, result));
  } else {
    Scope scope(nullptr);
    scope.Add(scan->output);
    TARN_TRY(ExprRef condition, ReplacedWhere(insert, fixed, scope, result));
    result.edits.reads = condition;
    gone = RowsWhere(result.edits.scan, std::move(condition));
  }
  auto number = [](const char* text) { return MakeLiteral(columnar::TypeKind::kInteger, text); };
  std::vector<ExprRef> values;
  for (const Attribute& column : result.rows->output) values.push_back(MakeColumn(column));
  result.edits.actions = {RowEffect::kDelete, RowEffect::kInsert};
  result.edits.rows = UnionAll(
      {EditsOf(std::move(gone), number("1"), result.edits.scan.get(), result.target, {}),
       EditsOf(result.rows, number("2"), nullptr, result.target, {{2, std::move(values)}})});
  if (insert.mode != sql::InsertMode::kReplaceWhere) return Ok();
  const std::vector<Attribute>& edits = result.edits.rows->output;
  Scope scope(nullptr);
  for (size_t i = 0; i < result.target.schema.fields.size(); ++i) {
    Attribute column = edits[kNewValues + i];
    column.qualifier = scan->output[i].qualifier;
    scope.Add(std::move(column));
  }
  TARN_TRY(result.required,
           ExprResolver(state_, scope).ResolveCondition(*insert.replace_condition, "WHERE"));
  return Ok();
}

// The condition of REPLACE WHERE, or the fixed values of PARTITION as one.
Result<ExprRef> Analyzer::StatementResolver::ReplacedWhere(const sql::Insert& insert,
                                                           const std::vector<ExprRef>& fixed,
                                                           const Scope& scope, Insert& result) {
  if (insert.mode == sql::InsertMode::kReplaceWhere) {
    const sql::Expr& syntax = *insert.replace_condition;
    TARN_TRY(ExprRef condition, ExprResolver(state_, scope).ResolveCondition(syntax, "WHERE"));
    TARN_RETURN_IF_ERROR(RequireDeterministic(condition, "REPLACE WHERE condition", syntax.range));
    result.where =
        std::string(state_.text.substr(syntax.range.begin, syntax.range.end - syntax.range.begin));
    return condition;
  }
  ExprRef condition;
  for (size_t i = 0; i < fixed.size(); ++i) {
    if (!fixed[i]) continue;
    ExprRef same = MakeCall("<=>", {MakeColumn(scope.columns()[i]), fixed[i]},
                            columnar::TypeKind::kBoolean, false);
    result.where += (condition ? " AND " : "") +
                    columnar::QuoteIdentifier(scope.columns()[i].name) + " <=> " +
                    ExprToString(*fixed[i]);
    condition = condition ? MakeCall("and", {std::move(condition), std::move(same)},
                                     columnar::TypeKind::kBoolean, false)
                          : std::move(same);
  }
  return condition;
}

// Rows of the target that REPLACE ON or REPLACE USING finds a new row for.
Result<PlanRef> Analyzer::StatementResolver::RowsMatching(const sql::Insert& insert,
                                                          const LogicalPlan& scan, Insert& result) {
  std::vector<Attribute> rows = result.rows->output;
  for (Attribute& column : rows) {
    column.qualifier.clear();
    if (!insert.query_alias.empty()) column.qualifier = {insert.query_alias};
  }
  ExprRef condition;
  if (insert.mode == sql::InsertMode::kReplaceOn) {
    Scope both(nullptr);
    both.Add(scan.output);
    both.Add(rows);
    const sql::Expr& syntax = *insert.replace_condition;
    TARN_TRY(condition, ExprResolver(state_, both).ResolveCondition(syntax, "REPLACE ON"));
    result.on =
        std::string(state_.text.substr(syntax.range.begin, syntax.range.end - syntax.range.begin));
  }
  for (const std::string& name : insert.replace_using) {
    int column = result.target.schema.FindField(name);
    if (column < 0) return state_.At(NoColumn(result.target, name), insert.table_range);
    auto at = static_cast<size_t>(column);
    const columnar::DataType& type = rows[at].type;
    ExprRef same =
        MakeCall("=", {MakeCast(MakeColumn(scan.output[at]), type), MakeColumn(rows[at])},
                 columnar::TypeKind::kBoolean, true);
    result.using_columns += (condition ? ", " : "") + rows[at].name;
    condition = condition ? MakeCall("and", {std::move(condition), std::move(same)},
                                     columnar::TypeKind::kBoolean, true)
                          : std::move(same);
  }
  auto join = std::make_shared<LogicalPlan>();
  join->kind = PlanKind::kJoin;
  join->join = sql::JoinType::kLeftSemi;
  join->condition = std::move(condition);
  join->children = {result.edits.scan, result.rows};
  join->output = result.edits.scan->output;
  return PlanRef(std::move(join));
}

// What schema evolution has to give the table: all columns by name, those beyond its own by
// position.
std::vector<Attribute> Analyzer::StatementResolver::NewColumns(
    const sql::Insert& insert, const TableBinding& table, const LogicalPlan& source,
    const std::vector<ExprRef>& fixed) const {
  if (insert.by_name) return source.output;
  if (!insert.columns.empty()) return {};
  auto given = static_cast<size_t>(
      std::count_if(fixed.begin(), fixed.end(), [](const ExprRef& e) { return e != nullptr; }));
  size_t known = std::min(source.output.size(), table.schema.fields.size() - given);
  return {source.output.begin() + static_cast<ptrdiff_t>(known), source.output.end()};
}

// By position, or by the list of columns.
Result<std::vector<size_t>> Analyzer::StatementResolver::InsertedColumns(
    const sql::Insert& insert, const TableBinding& table, const std::vector<ExprRef>& fixed) {
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
  return targets;
}

Result<std::vector<ExprRef>> Analyzer::StatementResolver::InsertedValues(
    const sql::Insert& insert, const TableBinding& table, const LogicalPlan& source,
    const std::vector<ExprRef>& fixed) {
  TARN_TRY(std::vector<size_t> targets, InsertedColumns(insert, table, fixed));
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

}  // namespace tarn::plan
