#pragma once
/// \file  Syntax trees → typed plans, by Spark's rules.
#include <map>

#include "plan/analyzed_statement.h"

namespace tarn::plan {

/// A value for a parameter marker.
struct ParameterValue {
  std::string name;  ///< empty: by position
  columnar::DataType type;
  std::optional<std::string> text;
};

/// What a statement's meaning depends on besides its text.
struct AnalyzerContext {
  RelationResolver* resolver = nullptr;
  std::string current_catalog;
  std::string current_schema;
  std::string current_user;
  std::string time_zone = "UTC";  ///< Java zone id of the session
  bool ansi = true;               ///< spark.sql.ansi.enabled
  /// spark.sql.sources.partitionOverwriteMode is "dynamic": INSERT OVERWRITE replaces only the
  /// partitions that get rows.
  bool dynamic_partition_overwrite = false;
  /// spark.databricks.delta.schema.autoMerge.enabled: writes give tables the columns they lack.
  bool schema_evolution = false;
  bool case_sensitive = false;        ///< spark.sql.caseSensitive
  int64_t statement_time_micros = 0;  ///< what current_timestamp() answers
  std::vector<ParameterValue> parameters;
};

/// Analyzes the parts of one statement. Not thread-safe; use one per statement.
/// Errors carry Spark's class and the place in the text: UNRESOLVED_COLUMN.WITH_SUGGESTION,
/// TABLE_OR_VIEW_NOT_FOUND, AMBIGUOUS_REFERENCE, UNRESOLVED_ROUTINE, DATATYPE_MISMATCH.*,
/// MISSING_AGGREGATION, GROUP_BY_POS_OUT_OF_RANGE, NUM_COLUMNS_MISMATCH, UNBOUND_SQL_PARAMETER, …
class Analyzer {
 public:
  Analyzer(AnalyzerContext context, std::string_view text);
  ~Analyzer();

  Result<PlanRef> AnalyzeQuery(const sql::Query& query);
  /// Any statement: names complete, targets bound, rows typed. What Tarn does not have yet fails
  /// with UNSUPPORTED_FEATURE.
  Result<AnalyzedStatement> Analyze(const sql::Statement& statement);

 private:
  class Scope;
  class ExprResolver;
  class QueryResolver;
  class StatementResolver;
  class ChangeResolver;
  struct State;
  std::unique_ptr<State> state_;
};

/// Analyzes one statement of `text`.
Result<AnalyzedStatement> Analyze(const sql::Statement& statement, std::string_view text,
                                  AnalyzerContext context);

}  // namespace tarn::plan
