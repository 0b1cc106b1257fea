#include <algorithm>

#include "plan/function_registry.h"
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

ExprRef Number(size_t value) { return MakeLiteral(TypeKind::kInteger, std::to_string(value)); }

ExprRef Equals(ExprRef value, size_t number) {
  return MakeCall("=", {std::move(value), Number(number)}, TypeKind::kBoolean, false);
}

ExprRef MakeCase(std::vector<ExprRef> args, columnar::DataType type, bool nullable) {
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::kCase;
  node->args = std::move(args);
  node->type = std::move(type);
  node->nullable = nullable;
  return node;
}

bool Varies(const Expr& e) {
  const FunctionEntry* entry = e.op == ExprOp::kCall ? FindFunction(e.function) : nullptr;
  return entry != nullptr && !entry->deterministic;
}

// Whether running the plan again may give other rows.
bool PlanVaries(const LogicalPlan& plan) {
  auto any = [](const std::vector<ExprRef>& list) {
    return std::any_of(list.begin(), list.end(),
                       [](const ExprRef& e) { return e && AnyExpr(e, Varies); });
  };
  return any(plan.args) || any(plan.exprs) || any(plan.groups) || any(plan.aggregates) ||
         any({plan.condition}) || std::any_of(plan.rows.begin(), plan.rows.end(), any) ||
         std::any_of(plan.children.begin(), plan.children.end(),
                     [](const PlanRef& child) { return PlanVaries(*child); });
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
    if (matched > 0) {
      result_.matched = Acting(MergeMatch::kMatched, true);
      result_.may_match_twice =
          matched == 1 && std::any_of(clauses_.begin(), clauses_.end(), [](const Clause& c) {
            return c.match == MergeMatch::kMatched && !c.condition && c.values.empty();
          });
    }
    if (Count(MergeMatch::kNotMatchedBySource) > 0) {
      result_.unmatched = Acting(MergeMatch::kNotMatchedBySource, true);
    }
    for (MergeMatch match :
         {MergeMatch::kMatched, MergeMatch::kNotMatchedBySource, MergeMatch::kNotMatched}) {
      AddWritten(match);
    }
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
    if (statement_.schema_evolution) {
      return state_.At(NotYet("MERGE WITH SCHEMA EVOLUTION"), table.range);
    }
    result_.target_range = table.range;
    TARN_TRY(result_.target, parent_.BindTarget(table.name, table.range, TargetUse::kReadAndWrite));
    TARN_TRY(PlanRef scan, parent_.ScanTarget(result_.target, table.alias, table.range));
    target_scope_.Add(scan->output);
    TARN_TRY(source_,
             QueryResolver(state_).ResolveRelation(*statement_.source, nullptr, source_scope_));
    if (PlanVaries(*source_)) {
      return state_.At(
          Fail("DELTA_NON_DETERMINISTIC_FUNCTION_NOT_SUPPORTED",
               "Non-deterministic functions are not supported in the source of MERGE yet: write "
               "its rows to a table first.",
               {{"operation", "MERGE source"}}),
          statement_.source->range);
    }
    Scope both(nullptr);
    both.Add(target_scope_.columns());
    both.Add(source_scope_.columns());
    TARN_TRY(on_, ExprResolver(state_, both).ResolveCondition(*statement_.on, "MERGE"));
    sql::SourceRange range = statement_.on->range;
    TARN_RETURN_IF_ERROR(parent_.RequireDeterministic(on_, "MERGE search condition", range));
    result_.predicate = std::string(state_.text.substr(range.begin, range.end - range.begin));
    result_.scan = parent_.WithAddress(*scan);
    return Ok();
  }

  Status AddClause(const sql::MergeClause& syntax) {
    bool insert = syntax.match == MergeMatch::kNotMatched;
    // An inserted row has no target, a row without a match no source.
    Scope scope(nullptr);
    if (!insert) scope.Add(target_scope_.columns());
    if (syntax.match != MergeMatch::kNotMatchedBySource) scope.Add(source_scope_.columns());
    Clause clause{syntax.match, nullptr, {}};
    if (syntax.condition) {
      TARN_TRY(clause.condition,
               ExprResolver(state_, scope).ResolveCondition(*syntax.condition, "MERGE"));
      TARN_RETURN_IF_ERROR(parent_.RequireDeterministic(clause.condition, "MERGE clause condition",
                                                        syntax.condition->range));
    }
    if (syntax.action == MergeAction::kDelete) {
      result_.clauses.push_back(Merge::Effect::kDelete);
      clauses_.push_back(std::move(clause));
      return Ok();
    }
    const columnar::Fields& fields = result_.target.schema.fields;
    for (size_t i = 0; i < fields.size(); ++i) {
      clause.values.push_back(insert ? MakeLiteral(fields[i].type, std::nullopt)
                                     : MakeColumn(result_.scan->output[i]));
    }
    if (syntax.action == MergeAction::kUpdateAll || syntax.action == MergeAction::kInsertAll) {
      TARN_RETURN_IF_ERROR(AssignAll(syntax, &clause.values));
    } else {
      TARN_RETURN_IF_ERROR(parent_.ResolveAssignments(
          syntax.assignments, result_.target, statement_.target->alias, scope, &clause.values));
    }
    result_.clauses.push_back(insert ? Merge::Effect::kInsert : Merge::Effect::kUpdate);
    clauses_.push_back(std::move(clause));
    return Ok();
  }

  Status AssignAll(const sql::MergeClause& syntax, std::vector<ExprRef>* values) {
    const columnar::Fields& fields = result_.target.schema.fields;
    for (size_t i = 0; i < fields.size(); ++i) {
      const Attribute* column = SourceColumn(*source_, fields[i].name);
      if (column == nullptr) {
        return state_.At(MissingInSource(fields[i].name, *source_), syntax.range);
      }
      TARN_TRY((*values)[i],
               parent_.StoredValue(result_.target, i, MakeColumn(*column), syntax.range));
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
    join->children = {result_.scan, source_};
    if (match == MergeMatch::kNotMatched) std::swap(join->children[0], join->children[1]);
    join->output = join->children[0]->output;
    if (match == MergeMatch::kMatched) {
      join->output.insert(join->output.end(), source_->output.begin(), source_->output.end());
    }
    return join;
  }

  // Number of the first clause of the kind whose condition is true, 0 when there is none.
  ExprRef ActingClause(MergeMatch match) const {
    std::vector<ExprRef> args;
    for (size_t i = 0; i < clauses_.size(); ++i) {
      if (clauses_[i].match != match) continue;
      args.push_back(clauses_[i].condition ? clauses_[i].condition
                                           : MakeLiteral(TypeKind::kBoolean, "true"));
      args.push_back(Number(i + 1));
    }
    args.push_back(Number(0));
    return MakeCase(std::move(args), TypeKind::kInteger, false);
  }

  // The rows with the clause that acts on them as the last column; `addresses`: only file, row and
  // clause.
  PlanRef Acting(MergeMatch match, bool addresses) {
    PlanRef rows = RowsOf(match);
    auto project = std::make_shared<LogicalPlan>();
    project->kind = PlanKind::kProject;
    const std::vector<Attribute>& scan = result_.scan->output;
    project->output = addresses ? std::vector<Attribute>{scan.end() - 2, scan.end()} : rows->output;
    for (const Attribute& column : project->output) project->exprs.push_back(MakeColumn(column));
    project->exprs.push_back(ActingClause(match));
    project->output.push_back({state_.NewId(), "clause", TypeKind::kInteger, false, {}});
    project->children = {std::move(rows)};
    return project;
  }

  // Adds what clauses of a kind write.
  void AddWritten(MergeMatch match) {
    std::vector<size_t> writing;
    for (size_t i = 0; i < clauses_.size(); ++i) {
      if (clauses_[i].match == match && !clauses_[i].values.empty()) writing.push_back(i);
    }
    if (writing.empty()) return;
    PlanRef rows = Acting(match, false);
    ExprRef clause = MakeColumn(rows->output.back());
    ExprRef acts;
    for (size_t i : writing) {
      ExprRef one = Equals(clause, i + 1);
      acts = acts ? MakeCall("or", {std::move(acts), std::move(one)}, TypeKind::kBoolean, false)
                  : std::move(one);
    }
    auto project = std::make_shared<LogicalPlan>();
    project->kind = PlanKind::kProject;
    project->children = {RowsWhere(std::move(rows), std::move(acts))};
    const columnar::Fields& fields = result_.target.schema.fields;
    for (size_t column = 0; column < fields.size(); ++column) {
      std::vector<ExprRef> args;
      for (size_t i : writing) {
        args.push_back(Equals(clause, i + 1));
        args.push_back(MakeCast(clauses_[i].values[column], fields[column].type));
      }
      project->exprs.push_back(
          writing.size() == 1 ? args[1] : MakeCase(std::move(args), fields[column].type, true));
      project->output.push_back(
          {state_.NewId(), fields[column].name, fields[column].type, true, {}});
    }
    result_.written =
        result_.written ? RowsOfBoth(std::move(result_.written), project) : PlanRef(project);
  }

  PlanRef RowsOfBoth(PlanRef one, PlanRef other) {
    auto both = std::make_shared<LogicalPlan>();
    both->kind = PlanKind::kSetOp;
    both->set_op = sql::SetOperator::kUnion;
    both->all = true;
    both->output = one->output;
    for (Attribute& column : both->output) column.id = state_.NewId();
    both->children = {std::move(one), std::move(other)};
    return both;
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
