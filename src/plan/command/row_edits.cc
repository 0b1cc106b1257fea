#include "plan/coercion.h"
#include "plan/resolve_statement.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

namespace {

ExprRef ActsAs(const ExprRef& action, size_t number) {
  return MakeCall("=", {action, MakeLiteral(TypeKind::kInteger, std::to_string(number))},
                  TypeKind::kBoolean, false);
}

ExprRef Null(const DataType& type) { return MakeCast(MakeLiteral(DataType(), std::nullopt), type); }

}  // namespace

PlanRef ScanOf(const LogicalPlan& scan, TableBinding table) {
  auto other = std::make_shared<LogicalPlan>(scan);
  other->table = std::move(table);
  return other;
}

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

PlanRef Analyzer::StatementResolver::WithAddress(const LogicalPlan& scan) {
  auto addressed = std::make_shared<LogicalPlan>(scan);
  addressed->with_address = true;
  size_t known = 0;
  for (const char* name : {"file_index", "row_index", "row_id", "row_commit_version"}) {
    addressed->output.push_back({state_.NewId(), name, TypeKind::kLong, ++known > 2, {}});
  }
  return addressed;
}

PlanRef Analyzer::StatementResolver::EditsOf(PlanRef rows, const ExprRef& action,
                                             const LogicalPlan* scan, const TableBinding& target,
                                             const std::vector<RowAction>& actions) {
  auto project = std::make_shared<LogicalPlan>();
  project->kind = PlanKind::kProject;
  auto put = [&](const std::string& name, ExprRef value) {
    project->output.push_back({state_.NewId(), name, value->type, true, {}});
    project->exprs.push_back(std::move(value));
  };
  const columnar::Fields& fields = target.schema.fields;
  for (size_t i = 0; i < kAddressColumns; ++i) {
    size_t at = scan == nullptr ? 0 : scan->output.size() - kAddressColumns + i;
    put("address", scan == nullptr ? Null(TypeKind::kLong) : MakeColumn(scan->output[at]));
  }
  put("action", action);
  for (size_t i = 0; i < fields.size(); ++i) {
    ExprRef value = Null(fields[i].type);
    if (actions.size() == 1 && action->op == ExprOp::kLiteral) {
      value = MakeCast(actions[0].values[i], fields[i].type);
    } else if (!actions.empty()) {
      auto choice = std::make_shared<Expr>();
      choice->op = ExprOp::kCase;
      choice->type = fields[i].type;
      for (const RowAction& act : actions) {
        choice->args.push_back(ActsAs(action, act.number));
        choice->args.push_back(MakeCast(act.values[i], fields[i].type));
      }
      value = std::move(choice);
    }
    put(fields[i].name, std::move(value));
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    put(fields[i].name, scan == nullptr ? Null(fields[i].type)
                                        : MakeCast(MakeColumn(scan->output[i]), fields[i].type));
  }
  project->children = {std::move(rows)};
  return project;
}

Result<std::vector<ExprRef>> Analyzer::StatementResolver::StoredValues(const TableBinding& table,
                                                                       std::vector<ExprRef> values,
                                                                       Storing storing,
                                                                       sql::SourceRange range,
                                                                       bool new_row) {
  if (new_row) {
    Status completed = CompleteRow(table, &values);
    if (!completed.ok()) return state_.At(std::move(completed).error(), range);
  }
  for (size_t i = 0; i < values.size(); ++i) {
    const columnar::Field& field = table.schema.fields[i];
    // Computed from the others.
    if (!values[i]) continue;
    ExprRef value = std::move(values[i]);
    bool read = storing == Storing::kFromFiles && value->type.is_string();
    if (!read && !CanStore(value->type, field.type)) {
      return state_.At(CannotStore(table, field.name, value->type, field.type), range);
    }
    values[i] = MakeCast(std::move(value), field.type);
  }
  Status held = HoldRules(table, &values);
  if (!held.ok()) return state_.At(std::move(held).error(), range);
  return values;
}

Result<PlanRef> Analyzer::StatementResolver::RowsFor(const TableBinding& table, PlanRef source,
                                                     std::vector<ExprRef> values, Storing storing,
                                                     sql::SourceRange range) {
  auto project = std::make_shared<LogicalPlan>();
  project->kind = PlanKind::kProject;
  project->children = {std::move(source)};
  TARN_TRY(project->exprs, StoredValues(table, std::move(values), storing, range));
  for (const columnar::Field& field : table.schema.fields) {
    project->output.push_back({state_.NewId(), field.name, field.type, field.nullable, {}});
  }
  return PlanRef(project);
}

}  // namespace tarn::plan
