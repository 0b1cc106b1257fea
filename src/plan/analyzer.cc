#include "plan/analyzer.h"

#include "plan/coercion.h"
#include "plan/output_name.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

namespace {

Error CannotStore(const std::string& table, const std::string& column, const DataType& from,
                  const DataType& to) {
  return Fail("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST",
              "Cannot write incompatible data for the table " + table + ": cannot safely cast " +
                  columnar::QuoteIdentifier(column) + " \"" + from.ToSqlString() + "\" to \"" +
                  to.ToSqlString() + "\".",
              {{"tableName", table},
               {"colName", columnar::QuoteIdentifier(column)},
               {"srcType", "\"" + from.ToSqlString() + "\""},
               {"targetType", "\"" + to.ToSqlString() + "\""}});
}

std::string TableName(const TableBinding& table) {
  std::string out;
  for (const std::string& part : table.name) {
    out += (out.empty() ? "" : ".") + columnar::QuoteIdentifier(part);
  }
  return out;
}

}  // namespace

Analyzer::Analyzer(AnalyzerContext context, std::string_view text)
    : state_(std::make_unique<State>()) {
  state_->context = std::move(context);
  state_->text = text;
}
Analyzer::~Analyzer() = default;

Result<PlanRef> Analyzer::AnalyzeQuery(const sql::Query& query) {
  return QueryResolver(*state_).Resolve(query, nullptr);
}

Result<PlanRef> Analyzer::AnalyzeInsertSource(const sql::Insert& insert,
                                              const TableBinding& table) {
  TARN_TRY(PlanRef source, AnalyzeQuery(*insert.query));
  if (insert.by_name) return MatchByName(std::move(source), table);
  // Which table column each source column goes to.
  std::vector<int> targets;
  std::vector<ExprRef> fixed(table.schema.fields.size());
  Scope empty(nullptr);
  for (const auto& [name, value] : insert.partition) {
    int column = table.schema.FindField(name);
    if (column < 0) {
      return state_->At(Fail("NON_PARTITION_COLUMN", "There is no partition column " +
                                                         columnar::QuoteIdentifier(name) + "."),
                        insert.table_range);
    }
    if (value) {
      TARN_TRY(fixed[static_cast<size_t>(column)], ExprResolver(*state_, empty).Resolve(*value));
    }
  }
  if (insert.columns.empty()) {
    for (size_t i = 0; i < table.schema.fields.size(); ++i) {
      if (!fixed[i]) targets.push_back(static_cast<int>(i));
    }
  } else {
    for (const std::string& name : insert.columns) {
      int column = table.schema.FindField(name);
      if (column < 0) {
        return state_->At(Fail("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                               "The table " + TableName(table) + " has no column " +
                                   columnar::QuoteIdentifier(name) + ".",
                               {{"objectName", columnar::QuoteIdentifier(name)}}),
                          insert.table_range);
      }
      targets.push_back(column);
    }
  }
  if (targets.size() != source->output.size()) {
    bool few = source->output.size() < targets.size();
    return state_->At(Fail(few ? "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
                               : "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
                           "Cannot write to " + TableName(table) + ": the table needs " +
                               std::to_string(targets.size()) + " columns, the data has " +
                               std::to_string(source->output.size()) + ".",
                           {{"tableName", TableName(table)}}),
                      insert.table_range);
  }
  auto project = std::make_shared<LogicalPlan>();
  project->kind = PlanKind::kProject;
  project->children = {source};
  for (size_t i = 0; i < table.schema.fields.size(); ++i) {
    const columnar::Field& field = table.schema.fields[i];
    ExprRef value = fixed[i] ? fixed[i] : MakeLiteral(DataType(), std::nullopt);
    for (size_t s = 0; s < targets.size(); ++s) {
      if (targets[s] == static_cast<int>(i)) value = MakeColumn(source->output[s]);
    }
    if (!CanStore(value->type, field.type)) {
      return state_->At(CannotStore(TableName(table), field.name, value->type, field.type),
                        insert.table_range);
    }
    project->exprs.push_back(MakeCast(std::move(value), field.type));
    project->output.push_back({state_->NewId(), field.name, field.type, field.nullable, {}});
  }
  return PlanRef(project);
}

Result<PlanRef> Analyzer::MatchByName(PlanRef source, const TableBinding& table) {
  auto project = std::make_shared<LogicalPlan>();
  project->kind = PlanKind::kProject;
  project->children = {source};
  std::vector<bool> used(source->output.size());
  for (const columnar::Field& field : table.schema.fields) {
    ExprRef value = MakeLiteral(DataType(), std::nullopt);
    for (size_t i = 0; i < source->output.size(); ++i) {
      if (!SameName(source->output[i].name, field.name)) continue;
      if (used[i]) continue;
      used[i] = true;
      value = MakeColumn(source->output[i]);
    }
    if (!CanStore(value->type, field.type) && !value->type.is_string()) {
      return CannotStore(TableName(table), field.name, value->type, field.type);
    }
    project->exprs.push_back(MakeCast(std::move(value), field.type));
    project->output.push_back({state_->NewId(), field.name, field.type, field.nullable, {}});
  }
  for (size_t i = 0; i < used.size(); ++i) {
    if (used[i]) continue;
    return Fail("INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS",
                "Cannot write incompatible data for the table " + TableName(table) +
                    ": cannot write the extra column " +
                    columnar::QuoteIdentifier(source->output[i].name) + ".",
                {{"tableName", TableName(table)},
                 {"extraColumns", columnar::QuoteIdentifier(source->output[i].name)}});
  }
  return PlanRef(project);
}

Result<PlanRef> Analyzer::AnalyzeRowsOf(const sql::TableRelation& relation,
                                        const TableBinding& table, const sql::Expr* condition,
                                        bool inverted) {
  if (!table.policy.empty()) {
    return state_->At(Fail("UNSUPPORTED_FEATURE",
                           "Tarn does not change rows of tables with row filters or masks yet."),
                      relation.range);
  }
  auto scan = std::make_shared<LogicalPlan>();
  scan->kind = PlanKind::kScan;
  scan->table = table;
  for (const columnar::Field& field : table.schema.fields) {
    scan->output.push_back(
        {state_->NewId(), field.name, field.type, field.nullable,
         relation.alias.empty() ? table.name : std::vector<std::string>{relation.alias}});
  }
  if (condition == nullptr) return PlanRef(scan);
  Scope scope(nullptr);
  scope.Add(scan->output);
  TARN_TRY(ExprRef test, ExprResolver(*state_, scope).ResolveCondition(*condition, "WHERE"));
  if (inverted) {
    ExprRef is_true =
        MakeCall("<=>", {test, MakeLiteral(TypeKind::kBoolean, "true")}, TypeKind::kBoolean, false);
    test = MakeCall("not", {std::move(is_true)}, TypeKind::kBoolean, false);
  }
  auto filter = std::make_shared<LogicalPlan>();
  filter->kind = PlanKind::kFilter;
  filter->children = {scan};
  filter->output = scan->output;
  filter->condition = std::move(test);
  return PlanRef(filter);
}

Result<PlanRef> Analyzer::AnalyzeCopySource(const sql::CopyInto& copy, FileSource files) {
  auto scan = std::make_shared<LogicalPlan>();
  scan->kind = PlanKind::kFileScan;
  for (const columnar::Field& field : files.schema.fields) {
    scan->output.push_back({state_->NewId(), field.name, field.type, true, {}});
  }
  scan->files = std::move(files);
  if (copy.projection.empty()) return PlanRef(scan);
  Scope scope(nullptr);
  scope.Add(scan->output);
  auto project = std::make_shared<LogicalPlan>();
  project->kind = PlanKind::kProject;
  project->children = {scan};
  for (const sql::SelectItem& item : copy.projection) {
    ExprResolver resolver(*state_, scope);
    std::vector<std::pair<std::string, ExprRef>> found;
    if (item.expr->kind == sql::ExprKind::kStar) {
      TARN_TRY(found, resolver.ExpandStar(item.expr->As<sql::Star>()));
    } else {
      TARN_TRY(ExprRef expr, resolver.Resolve(*item.expr));
      found.emplace_back(
          item.alias.empty() ? ItemName(*item.expr, state_->names, state_->text) : item.alias,
          expr);
    }
    for (auto& [name, expr] : found) {
      project->output.push_back({state_->NewId(), name, expr->type, expr->nullable, {}});
      project->exprs.push_back(std::move(expr));
    }
  }
  return PlanRef(project);
}

columnar::Schema SchemaOf(const LogicalPlan& plan) {
  columnar::Schema schema;
  for (const Attribute& a : plan.output) schema.fields.push_back({a.name, a.type, a.nullable});
  return schema;
}

}  // namespace tarn::plan
