#include <algorithm>

#include "columnar/column_metadata.h"
#include "plan/resolve_statement.h"

namespace tarn::plan {

using columnar::TypeKind;
using sql::MergeAction;
using sql::MergeMatch;

namespace {

// The source's column of that name, or null.
const Attribute* SourceColumn(const LogicalPlan& source, const std::string& name) {
  auto at = std::find_if(source.output.begin(), source.output.end(),
                         [&](const Attribute& column) { return SameName(column.name, name); });
  return at == source.output.end() ? nullptr : &*at;
}

Error MissingInSource(const std::string& column, const LogicalPlan& source) {
  std::string names;
  for (const Attribute& a : source.output) names += (names.empty() ? "" : ", ") + a.name;
  return Fail("DELTA_MERGE_UNRESOLVED_EXPRESSION",
              "Cannot resolve " + columnar::QuoteIdentifier(column) +
                  " in UPDATE or INSERT clause given columns " + names + ".",
              {{"sqlExpr", column}, {"cols", names}});
}

}  // namespace

/// One MERGE: its clauses, then the plans that find and write rows.
class Analyzer::StatementResolver::MergeResolver {
 public:
  MergeResolver(StatementResolver& parent, const sql::Merge& statement)
      : parent_(parent), state_(parent.state_), statement_(statement) {}

  Result<AnalyzedStatement> Resolve() {
    TARN_RETURN_IF_ERROR(BindSides());
    for (const sql::MergeClause& clause : statement_.clauses) {
      TARN_RETURN_IF_ERROR(AddClause(clause));
    }
    size_t matched = Count(MergeMatch::kMatched);
    result_.edits.may_match_twice =
        matched == 1 && std::any_of(clauses_.begin(), clauses_.end(), [](const Clause& c) {
          return c.match == MergeMatch::kMatched && !c.condition && c.values.empty();
        });
    std::vector<PlanRef> parts;
    for (MergeMatch match :
         {MergeMatch::kMatched, MergeMatch::kNotMatchedBySource, MergeMatch::kNotMatched}) {
      if (Count(match) > 0) parts.push_back(Edits(match));
    }
    result_.edits.rows = UnionAll(std::move(parts));
    result_.source = source_;
    // A row of the target without a match matters only to clauses that ask for such rows.
    if (Count(MergeMatch::kNotMatchedBySource) == 0) result_.edits.reads = OfTarget(on_);
    return AnalyzedStatement(std::move(result_));
  }

 private:
  struct Clause {
    MergeMatch match;
    ExprRef condition;            // null: always
    std::vector<ExprRef> values;  // one per column of the target; empty: DELETE
  };

  Status BindSides() {
    const sql::TableRelation& table = *statement_.target;
    result_.target_range = table.range;
    TARN_TRY(result_.target, parent_.BindTarget(table.name, table.range, TargetUse::kReadAndWrite));
    TARN_TRY(source_,
             QueryResolver(state_).ResolveRelation(*statement_.source, nullptr, source_scope_));
    if (evolves()) {
      TARN_TRY(result_.target, parent_.EvolvedFor(result_.target, NewColumns(), table.range));
    }
    TARN_TRY(PlanRef scan, parent_.ScanTarget(result_.target, table.alias, table.range));
    target_scope_.Add(scan->output);
    Scope both(nullptr);
    both.Add(target_scope_.columns());
    both.Add(source_scope_.columns());
    TARN_TRY(on_, ExprResolver(state_, both).ResolveCondition(*statement_.on, "MERGE"));
    sql::SourceRange range = statement_.on->range;
    TARN_RETURN_IF_ERROR(parent_.RequireDeterministic(on_, "MERGE search condition", range));
    result_.predicate = std::string(state_.text.substr(range.begin, range.end - range.begin));
    result_.edits.scan = parent_.WithAddress(*scan);
    return Ok();
  }

  // The part of a condition that is about the target alone, or null.
  ExprRef OfTarget(const ExprRef& condition) const {
    if (condition->op == ExprOp::kCall && condition->function == "and") {
      ExprRef one = OfTarget(condition->args[0]);
      ExprRef other = OfTarget(condition->args[1]);
      if (!one || !other) return one ? one : other;
      return MakeCall("and", {std::move(one), std::move(other)}, TypeKind::kBoolean, true);
    }
    return NamesOnly(*condition, result_.edits.scan->output) ? condition : nullptr;
  }

  static bool NamesOnly(const Expr& expr, const std::vector<Attribute>& columns) {
    if (expr.plan || expr.filter || !expr.partition_by.empty()) return false;
    if (expr.op == ExprOp::kColumn) {
      return std::any_of(columns.begin(), columns.end(),
                         [&](const Attribute& column) { return column.id == expr.id; });
    }
    return std::all_of(expr.args.begin(), expr.args.end(),
                       [&](const ExprRef& arg) { return NamesOnly(*arg, columns); });
  }

  bool evolves() const { return statement_.schema_evolution || state_.context.schema_evolution; }

  // Columns of the source that a clause with * takes, or that an assignment names.
  std::vector<Attribute> NewColumns() const {
    std::vector<Attribute> columns;
    for (const Attribute& column : source_->output) {
      bool wanted = std::any_of(
          statement_.clauses.begin(), statement_.clauses.end(),
          [&](const sql::MergeClause& clause) {
            bool all = clause.action == MergeAction::kUpdateAll ||
                       clause.action == MergeAction::kInsertAll;
            return all || std::any_of(clause.assignments.begin(), clause.assignments.end(),
                                      [&](const auto& assignment) {
                                        return SameName(assignment.first.back(), column.name);
                                      });
          });
      if (wanted) columns.push_back(column);
    }
    return columns;
  }

  Status AddClause(const sql::MergeClause& syntax) {
    bool insert = syntax.match == MergeMatch::kNotMatched;
    // An inserted row has no target, a row without a match no source.
    Scope scope(nullptr);
    if (!insert) scope.Add(target_scope_.columns());
    if (syntax.match != MergeMatch::kNotMatchedBySource) scope.Add(source_scope_.columns());
    Clause clause{syntax.match, nullptr, {}};
    result_.clauses.push_back({syntax.match, std::nullopt});
    if (syntax.condition) {
      sql::SourceRange range = syntax.condition->range;
      result_.clauses.back().predicate =
          std::string(state_.text.substr(range.begin, range.end - range.begin));
      TARN_TRY(clause.condition,
               ExprResolver(state_, scope).ResolveCondition(*syntax.condition, "MERGE"));
      TARN_RETURN_IF_ERROR(parent_.RequireDeterministic(clause.condition, "MERGE clause condition",
                                                        syntax.condition->range));
    }
    if (syntax.action == MergeAction::kDelete) {
      result_.edits.actions.push_back(RowEffect::kDelete);
      clauses_.push_back(std::move(clause));
      return Ok();
    }
    const columnar::Fields& fields = result_.target.schema.fields;
    for (size_t i = 0; i < fields.size(); ++i) {
      clause.values.push_back(insert ? nullptr : MakeColumn(result_.edits.scan->output[i]));
    }
    if (syntax.action == MergeAction::kUpdateAll || syntax.action == MergeAction::kInsertAll) {
      TARN_RETURN_IF_ERROR(AssignAll(syntax, &clause.values));
    } else {
      TARN_RETURN_IF_ERROR(parent_.ResolveAssignments(syntax.assignments, result_.target,
                                                      statement_.target->alias, scope, !insert,
                                                      &clause.values));
    }
    TARN_TRY(clause.values, parent_.StoredValues(result_.target, std::move(clause.values),
                                                 Storing::kAnsi, syntax.range, insert));
    result_.edits.actions.push_back(insert ? RowEffect::kInsert : RowEffect::kUpdate);
    clauses_.push_back(std::move(clause));
    return Ok();
  }

  Status AssignAll(const sql::MergeClause& syntax, std::vector<ExprRef>* values) {
    const columnar::Fields& fields = result_.target.schema.fields;
    for (size_t i = 0; i < fields.size(); ++i) {
      const Attribute* column = SourceColumn(*source_, fields[i].name);
      bool generated = columnar::GenerationOf(fields[i]).has_value();
      if (column == nullptr && generated) (*values)[i] = nullptr;
      // What the source lacks stays as it is, or NULL in new rows; what the table gives it gives.
      bool given = generated || columnar::IsIdentity(fields[i]);
      if (column == nullptr && (evolves() || given)) continue;
      if (column == nullptr) {
        return state_.At(MissingInSource(fields[i].name, *source_), syntax.range);
      }
      // Fields that the source lacks stay as they are too.
      (*values)[i] = FieldsByName(MakeColumn(*column), fields[i].type, evolves(), (*values)[i]);
    }
    return Ok();
  }

  size_t Count(MergeMatch match) const {
    return static_cast<size_t>(std::count_if(clauses_.begin(), clauses_.end(),
                                             [&](const Clause& c) { return c.match == match; }));
  }

  // The rows that clauses of a kind look at.
  PlanRef RowsOf(MergeMatch match) const {
    auto join = std::make_shared<LogicalPlan>();
    join->kind = PlanKind::kJoin;
    join->condition = on_;
    join->join = match == MergeMatch::kMatched ? sql::JoinType::kInner : sql::JoinType::kLeftAnti;
    join->children = {result_.edits.scan, source_};
    if (match == MergeMatch::kNotMatched) std::swap(join->children[0], join->children[1]);
    join->output = join->children[0]->output;
    if (match == MergeMatch::kMatched) {
      join->output.insert(join->output.end(), source_->output.begin(), source_->output.end());
    }
    return join;
  }

  // Number of the first clause of the kind whose condition is true, 0 when there is none.
  ExprRef ActingClause(MergeMatch match) const {
    auto number = [](size_t value) {
      return MakeLiteral(TypeKind::kInteger, std::to_string(value));
    };
    auto choice = std::make_shared<Expr>();
    choice->op = ExprOp::kCase;
    choice->type = TypeKind::kInteger;
    choice->nullable = false;
    for (size_t i = 0; i < clauses_.size(); ++i) {
      if (clauses_[i].match != match) continue;
      choice->args.push_back(clauses_[i].condition ? clauses_[i].condition
                                                   : MakeLiteral(TypeKind::kBoolean, "true"));
      choice->args.push_back(number(i + 1));
    }
    choice->args.push_back(number(0));
    return choice;
  }

  // What clauses of a kind do. Of pairs that match, those on which none acts count too: a row of
  // the target may be in one pair only.
  PlanRef Edits(MergeMatch match) {
    auto acting = std::make_shared<LogicalPlan>();
    acting->kind = PlanKind::kProject;
    PlanRef rows = RowsOf(match);
    acting->output = rows->output;
    for (const Attribute& column : acting->output) acting->exprs.push_back(MakeColumn(column));
    acting->exprs.push_back(ActingClause(match));
    acting->output.push_back({state_.NewId(), "clause", TypeKind::kInteger, false, {}});
    acting->children = {std::move(rows)};
    ExprRef clause = MakeColumn(acting->output.back());
    std::vector<RowAction> actions;
    for (size_t i = 0; i < clauses_.size(); ++i) {
      if (clauses_[i].match != match || clauses_[i].values.empty()) continue;
      actions.push_back({i + 1, clauses_[i].values});
    }
    rows = acting;
    if (match != MergeMatch::kMatched) {
      rows = RowsWhere(
          std::move(rows),
          MakeCall(">", {clause, MakeLiteral(TypeKind::kInteger, "0")}, TypeKind::kBoolean, false));
    }
    return parent_.EditsOf(std::move(rows), clause,
                           match == MergeMatch::kNotMatched ? nullptr : result_.edits.scan.get(),
                           result_.target, actions);
  }

  StatementResolver& parent_;
  State& state_;
  const sql::Merge& statement_;
  Merge result_;
  PlanRef source_;
  ExprRef on_;
  Scope target_scope_{nullptr};
  Scope source_scope_{nullptr};
  std::vector<Clause> clauses_;
};

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveMerge(const sql::Merge& statement) {
  return MergeResolver(*this, statement).Resolve();
}

}  // namespace tarn::plan
