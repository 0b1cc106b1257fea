#pragma once
/// \file  One expression of the syntax → its typed form. Internal to this module.
#include "plan/scope.h"

namespace tarn::plan {

struct FunctionEntry;

class Analyzer::ExprResolver {
 public:
  /// `aliases`: earlier columns of the same SELECT, for lateral column aliases; may be null.
  using Aliases = std::vector<std::pair<std::string, ExprRef>>;
  ExprResolver(State& state, const Scope& scope, const Aliases* aliases = nullptr,
               const std::vector<std::pair<std::string, sql::WindowSpec>>* windows = nullptr)
      : state_(state), scope_(scope), aliases_(aliases), windows_(windows) {}

  Result<ExprRef> Resolve(const sql::Expr& expr);
  /// Resolves a text that is not the statement's: of a policy, a constraint, a default. Errors have
  /// no place in the statement.
  static Result<ExprRef> ResolveText(State& state, const Scope& scope, const std::string& text);
  /// Resolves and requires BOOLEAN.
  Result<ExprRef> ResolveCondition(const sql::Expr& expr, std::string_view clause);
  /// `*`, `t.*`, with EXCEPT.
  Result<std::vector<std::pair<std::string, ExprRef>>> ExpandStar(const sql::Star& star);

 private:
  Result<ExprRef> ResolveNode(const sql::Expr& expr);
  Result<ExprRef> ResolveLiteral(const sql::Literal& literal);
  Result<ExprRef> ResolveInterval(const sql::Literal& literal);
  Result<ExprRef> ResolveName(const sql::Name& name);
  Result<ExprRef> ResolveUnary(const sql::Unary& unary);
  Result<ExprRef> ResolveBinary(const sql::Binary& binary);
  /// `syntax`: whose name in the output is at stake; may be null.
  Result<ExprRef> Arithmetic(sql::BinaryOp op, ExprRef left, ExprRef right,
                             const sql::Binary* syntax);
  Result<ExprRef> DatetimeArithmetic(sql::BinaryOp op, ExprRef left, ExprRef right,
                                     const sql::Binary* syntax);
  Result<ExprRef> IntervalArithmetic(sql::BinaryOp op, ExprRef left, ExprRef right);
  Result<ExprRef> NamedArithmetic(const std::string& name, ExprRef left, ExprRef right);
  Result<ExprRef> Shift(sql::BinaryOp op, ExprRef left, ExprRef right);
  Result<ExprRef> Compare(std::string_view function, ExprRef left, ExprRef right);
  Result<ExprRef> ResolveCall(const sql::Call& call);
  Result<std::vector<ExprRef>> ResolveArguments(const sql::Call& call, const std::string& name);
  Result<ExprRef> ResolveAggregateCall(const sql::Call& call, const FunctionEntry& entry,
                                       std::shared_ptr<Expr> node);
  ExprRef AdaptToArguments(std::shared_ptr<Expr> node);
  ExprRef GroupingBits(std::vector<ExprRef> args);
  std::string CallText(const sql::Call& call, const FunctionEntry* entry);
  Result<ExprRef> ResolveWindow(const sql::Call& call, ExprRef function);
  Result<Frame> ResolveFrame(const sql::WindowFrame& written, const std::vector<SortKey>& order);
  Result<ExprRef> ResolveFrameOffset(const sql::FrameBound& bound, sql::FrameUnit unit,
                                     const std::vector<SortKey>& order);
  Result<const sql::WindowSpec*> NamedWindow(const std::string& name) const;
  std::string WindowText(const sql::Call& call, const sql::WindowSpec& spec,
                         const std::string& function) const;
  Result<ExprRef> ContextFunction(const std::string& name, size_t arg_count);
  Result<ExprRef> SpecialFunction(const std::string& name, std::vector<ExprRef> args,
                                  bool* handled);
  Result<ExprRef> ResolveCase(const sql::Case& node);
  Result<ExprRef> ResolveBetween(const sql::Between& between);
  Result<ExprRef> ResolveIn(const sql::In& in);
  Result<ExprRef> ResolveInList(const sql::In& in);
  Result<ExprRef> ResolveInQuery(const sql::In& in);
  Result<ExprRef> ResolveLike(const sql::Like& like);
  Result<ExprRef> ResolveIs(const sql::Is& is);
  Result<ExprRef> ResolveCast(const sql::Cast& cast);
  Result<ExprRef> ResolveParameter(const sql::Parameter& parameter);
  Result<ExprRef> ResolveSubscript(const sql::Subscript& subscript);
  Result<ExprRef> Field(ExprRef base, const std::string& name);
  Result<PlanRef> ResolveSubplan(const sql::Query& query);
  Result<std::vector<SortKey>> ResolveKeys(const std::vector<sql::OrderItem>& items);
  Error BinaryMismatch(std::string_view op, const Expr& a, const Expr& b) const;
  Error WrongType(std::string_view op, const Expr& a, const Expr& b) const;
  Error WrongOperand(std::string_view op, const Expr& a, std::string_view wanted) const;

  State& state_;
  const Scope& scope_;
  const Aliases* aliases_;
  const std::vector<std::pair<std::string, sql::WindowSpec>>* windows_;
};

class Analyzer::QueryResolver {
 public:
  explicit QueryResolver(State& state) : state_(state) {}
  Result<PlanRef> Resolve(const sql::Query& query, const Scope* outer);
  Result<PlanRef> ResolveRelation(const sql::Relation& relation, const Scope* outer, Scope& scope);
  /// The version or timestamp that a table was written with.
  Result<TimeTravel> Travel(const sql::TableRelation& table);

 private:
  struct SelectParts;
  class AggregateRewriter;
  Result<PlanRef> ResolveBody(const sql::QueryBody& body, const Scope* outer,
                              const sql::Query* tail);
  Result<PlanRef> ResolveSelect(const sql::Select& select, const Scope* outer,
                                const sql::Query* tail);
  Status ResolveItems(const sql::Select& select, const Scope& scope, SelectParts& parts);
  Status ResolveGroups(const sql::Select& select, const Scope& scope, SelectParts& parts);
  Status ResolveOrder(const sql::Query& query, const Scope& scope, const sql::Select& select,
                      SelectParts& parts);
  Status Aggregate(const sql::Select& select, SelectParts& parts);
  Error WindowNotAllowed(std::string_view clause, const sql::Expr& expr) const;
  Result<PlanRef> FinishSelect(const sql::Select& select, SelectParts& parts);
  Result<PlanRef> ResolveSetOperation(const sql::SetOperation& op, const Scope* outer);
  Result<PlanRef> ResolveValues(const sql::ValuesRelation& values, const Scope* outer);
  Result<PlanRef> ResolveTable(const sql::TableRelation& table);
  /// The expression of TIMESTAMP AS OF, cast to TIMESTAMP.
  Result<ExprRef> TimeTravelInstant(const sql::Expr& expr);
  /// Row filter and masks above a scan.
  Result<PlanRef> ApplyPolicy(PlanRef scan);
  Result<PlanRef> ResolveFunction(const sql::FunctionRelation& function, const Scope* outer);
  Result<PlanRef> ResolveTableChanges(const sql::FunctionRelation& function,
                                      const std::string& name);
  Result<TimeTravel> ChangeBoundary(const sql::Expr& syntax, const std::string& function,
                                    size_t position);
  /// Reads a bound table, its columns named by it.
  PlanRef ScanOf(TableBinding binding);
  Result<PlanRef> ResolveJoin(const sql::JoinRelation& join, const Scope* outer, Scope& scope);
  Result<PlanRef> SortOutput(PlanRef plan, const sql::Query& query);
  Result<PlanRef> Limit(PlanRef plan, const sql::Query& query);
  PlanRef Renamed(PlanRef plan, const std::vector<std::string>& names,
                  const std::string& qualifier);
  State& state_;
};

}  // namespace tarn::plan
