#pragma once
/// \file  One statement → its analyzed form. The statements with rules of their own are in
/// command/<statement>.cc, the others in analyze_statement.cc. Internal to this module.
#include "plan/resolve_expression.h"
#include "sql/ast/maintenance.h"

namespace tarn::plan {

Error NotYet(std::string_view what);
/// INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST.
Error CannotStore(const TableBinding& table, const std::string& column,
                  const columnar::DataType& from, const columnar::DataType& to);
/// A struct with its fields in the places that `to` has for their names; anything else as it is.
/// With `fill` it may lack some, which are those of the struct `base`, or NULL.
ExprRef FieldsByName(ExprRef value, const columnar::DataType& to, bool fill = false,
                     const ExprRef& base = nullptr);
/// `a`.`b`.`c`
std::string QuotedName(const std::vector<std::string>& parts);

class Analyzer::StatementResolver {
 public:
  StatementResolver(Analyzer& analyzer, State& state) : analyzer_(analyzer), state_(state) {}
  Result<AnalyzedStatement> Resolve(const sql::Statement& statement);

 private:
  Result<AnalyzedStatement> ResolveDefinition(const sql::Statement& statement);
  Result<AnalyzedStatement> ResolveSession(const sql::Statement& statement);
  Result<AnalyzedStatement> ResolveExplain(const sql::Explain& explain);
  Result<AnalyzedStatement> ResolveCreateTable(const sql::CreateTable& create);
  Status ResolveLike(const sql::CreateTable& syntax, CreateTable& create);
  Status ResolvePartitions(const sql::CreateTable& syntax, CreateTable& create);
  Result<AnalyzedStatement> ResolveStatement(const sql::Statement& statement);

  // command/alter_table.cc
  Result<AnalyzedStatement> ResolveAlterTable(const sql::AlterTable& alter);
  Result<AnalyzedStatement> ResolveCommentOn(const sql::CommentOn& comment);
  Status ResolveAlterColumn(const sql::AlterTable& alter, AlterTable& result);
  Status ResolveNewCheck(const sql::AlterTable& alter, AlterTable& result);
  Status FindDependents(AlterTable& result);
  Status ResolveSyncIdentity(const sql::AlterTable& alter, AlterTable& result);

  // command/column_definition.cc
  /// A column's name, type and metadata. Errors: those of CheckDefault.
  Result<columnar::Field> DefinedField(const sql::ColumnDefinition& column,
                                       std::string_view statement);
  /// Errors: INVALID_DEFAULT_VALUE with its conditions.
  Status CheckDefault(const sql::Expr& value, const columnar::DataType& type,
                      const std::string& column, std::string_view statement);
  /// The generated columns of a new table. Errors: DELTA_INVALID_GENERATED_COLUMN_REFERENCES,
  /// DELTA_GENERATED_COLUMNS_EXPR_TYPE_MISMATCH, DELTA_…_IN_GENERATED_COLUMN.
  Status CheckGenerated(const columnar::Schema& schema);
  std::string_view TextAt(sql::SourceRange range) const {
    return state_.text.substr(range.begin, range.end - range.begin);
  }

  // command/column_rules.cc: what columns and constraints ask of rows.
  /// DEFAULT where a value of a column is expected, in the query's rows or SELECT list.
  Status PlaceDefaults(const sql::Insert& insert, const TableBinding& table,
                       const std::vector<ExprRef>& fixed);
  Status PlaceDefault(const sql::Expr& value, const TableBinding& table, size_t column);
  /// Fills in what new rows leave out: the next values of identity columns, defaults, NULL;
  /// generated columns stay empty. Errors: DELTA_IDENTITY_COLUMNS_EXPLICIT_INSERT_NOT_SUPPORTED.
  Status CompleteRow(const TableBinding& table, std::vector<ExprRef>* values);
  Result<ExprRef> DefaultValue(const TableBinding& table, size_t column);
  /// Computes the generated columns of a row that has no value for them, and checks the others,
  /// CHECK constraints and invariants: `values` are the row's, cast to its columns.
  Status HoldRules(const TableBinding& table, std::vector<ExprRef>* values);

  Result<AnalyzedStatement> ResolveInsert(const sql::Insert& insert);
  Result<std::vector<size_t>> InsertedColumns(const sql::Insert& insert, const TableBinding& table,
                                              const std::vector<ExprRef>& fixed);
  std::vector<Attribute> NewColumns(const sql::Insert& insert, const TableBinding& table,
                                    const LogicalPlan& source,
                                    const std::vector<ExprRef>& fixed) const;
  Result<std::vector<ExprRef>> FixedPartition(const sql::Insert& insert, const TableBinding& table);
  Status ResolveReplaced(const sql::Insert& insert, const std::vector<ExprRef>& fixed,
                         Insert& result);
  Result<ExprRef> ReplacedWhere(const sql::Insert& insert, const std::vector<ExprRef>& fixed,
                                const Scope& scope, Insert& result);
  Result<PlanRef> RowsMatching(const sql::Insert& insert, const LogicalPlan& scan, Insert& result);
  Result<std::vector<ExprRef>> InsertedValues(const sql::Insert& insert, const TableBinding& table,
                                              const LogicalPlan& source,
                                              const std::vector<ExprRef>& fixed);
  Result<AnalyzedStatement> ResolveDelete(const sql::Delete& statement);
  Result<AnalyzedStatement> ResolveUpdate(const sql::Update& statement);
  Result<AnalyzedStatement> ResolveMerge(const sql::Merge& statement);
  Result<AnalyzedStatement> ResolveTruncate(const sql::Truncate& statement);
  Result<AnalyzedStatement> ResolveCopyInto(const sql::CopyInto& copy);
  Result<PlanRef> CopyProjection(const sql::CopyInto& copy, PlanRef files);
  Result<AnalyzedStatement> ResolveMaintenance(const sql::Statement& statement);
  Result<AnalyzedStatement> ResolveOptimize(const sql::Optimize& optimize);
  Result<AnalyzedStatement> ResolveClone(const sql::CloneTable& clone);
  Result<AnalyzedStatement> ResolveAnalyze(const sql::AnalyzeTable& analyze);
  /// A condition that a file's partition values decide. Errors:
  /// DELTA_NON_PARTITION_COLUMN_REFERENCE, DELTA_UNSUPPORTED_SUBQUERY_IN_PARTITION_PREDICATES.
  Result<ExprRef> PartitionCondition(const sql::Expr& condition, const TableBinding& table,
                                     const LogicalPlan& scan);
  Result<AnalyzedStatement> ResolveShow(const sql::Show& show);
  Result<AnalyzedStatement> ResolveDescribe(const sql::Describe& describe);

  /// The target with the columns, and the fields of structs, that it lacks of `columns`. Errors:
  /// DELTA_MERGE_ADD_VOID_COLUMN, those of RelationResolver::Evolve.
  Result<TableBinding> EvolvedFor(const TableBinding& target, const std::vector<Attribute>& columns,
                                  sql::SourceRange range);
  /// The target of a statement that changes rows. Errors: the resolver's, with the name's place.
  Result<TableBinding> BindTarget(const sql::NameParts& name, sql::SourceRange range,
                                  TargetUse use);
  /// Reads a bound target, its columns named by the table or by `alias`.
  Result<PlanRef> ScanTarget(const TableBinding& target, const std::string& alias,
                             sql::SourceRange range);

  /// The same scan with the columns of each row's address.
  PlanRef WithAddress(const LogicalPlan& scan);
  /// An action on rows, and what they hold then: nothing when they go.
  struct RowAction {
    size_t number;
    std::vector<ExprRef> values;
  };
  /// RowEdits::rows of `rows`; `action` gives the number of the action on each. `scan` reads the
  /// target below `rows`; null when they are new ones.
  PlanRef EditsOf(PlanRef rows, const ExprRef& action, const LogicalPlan* scan,
                  const TableBinding& target, const std::vector<RowAction>& actions);

  using Assignments = std::vector<std::pair<sql::NameParts, sql::ExprPtr>>;
  /// SET column = value, …: what of `values`, one per column of the target, the assignments change;
  /// cast by the store assignment rules. A field of a struct column keeps its siblings. `alias` is
  /// the target's. Of an `update`, generated columns that no assignment names get no value. Errors:
  /// DELTA_CONFLICT_SET_COLUMN, UNRESOLVED_COLUMN.WITHOUT_SUGGESTION, FIELD_NOT_FOUND,
  /// DELTA_UNSUPPORTED_FIELD_UPDATE_NON_STRUCT, DELTA_IDENTITY_COLUMNS_UPDATE_NOT_SUPPORTED.
  Status ResolveAssignments(const Assignments& assignments, const TableBinding& target,
                            const std::string& alias, const Scope& scope, bool update,
                            std::vector<ExprRef>* values);
  class AssignmentResolver;
  class MergeResolver;
  /// Errors: DELTA_NON_DETERMINISTIC_FUNCTION_NOT_SUPPORTED, when asking `expr` twice may give two
  /// answers.
  Status RequireDeterministic(const ExprRef& expr, std::string_view operation,
                              sql::SourceRange range) const;

  /// How values get into columns.
  enum class Storing {
    kAnsi,       ///< by the store assignment rules
    kFromFiles,  ///< the same, and text is read as the column's type
  };
  /// Column by column of `table`, what of `source` has its name: the value, or null. Errors:
  /// INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS for one that no column takes.
  Result<std::vector<ExprRef>> ValuesByName(const LogicalPlan& source, const TableBinding& table,
                                            std::vector<ExprRef> fixed, sql::SourceRange range);
  /// What a row of `table` holds when a statement gives it `values`, null where it gives none: the
  /// one way into a table for the rows of all statements. A new row gets the next values of
  /// identity columns and defaults; generated columns are computed, or checked where they are
  /// given; rows that break a CHECK constraint or an invariant stop the statement. Errors:
  /// INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST, those of CompleteRow, and of the rules' texts.
  Result<std::vector<ExprRef>> StoredValues(const TableBinding& table, std::vector<ExprRef> values,
                                            Storing storing, sql::SourceRange range,
                                            bool new_row = true);
  /// The rows of `source` as StoredValues makes them.
  Result<PlanRef> RowsFor(const TableBinding& table, PlanRef source, std::vector<ExprRef> values,
                          Storing storing, sql::SourceRange range);

  Result<std::vector<std::string>> Complete(const sql::NameParts& parts, size_t count,
                                            sql::SourceRange range);
  Result<std::vector<std::string>> CompleteFor(sql::SecurableWord object,
                                               const sql::NameParts& parts, sql::SourceRange range);

  Analyzer& analyzer_;
  State& state_;
  std::vector<size_t> identities_;  ///< columns that CompleteRow gave values of
};

}  // namespace tarn::plan
