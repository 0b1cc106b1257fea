#pragma once
/// \file  Typed plans → DuckDB's parsed syntax trees, with every conversion spelled out. No SQL
/// text.
#include <memory>
#include <vector>

#include "engine/duckdb/snapshot_scan.h"
#include "plan/logical_plan.h"

namespace tarn::engine {

/// Finds the planning view of a snapshot; kept by the engine across statements.
class SnapshotSources {
 public:
  virtual ~SnapshotSources() = default;
  virtual Result<std::shared_ptr<const SnapshotSource>> Find(
      std::shared_ptr<const delta::Snapshot> snapshot) = 0;
};

/// Emits one statement. Not thread-safe. Columns are named by attribute id ("c12"), so that no two
/// columns in reach of each other share a name and correlation needs no qualifiers.
class Emitter {
 public:
  explicit Emitter(SnapshotSources& sources) : sources_(sources) {}

  /// Errors: UNSUPPORTED_FEATURE for a function without emission, UNSUPPORTED_DATATYPE.
  Result<duckdb::unique_ptr<duckdb::QueryNode>> Query(const plan::LogicalPlan& plan);
  /// What the emitted tree points into; must live as long as its execution.
  std::vector<std::shared_ptr<const SnapshotScan>> TakeScans() { return std::move(used_); }
  /// Bytes of kept rows that the tree reads.
  int64_t kept_bytes() const { return kept_bytes_; }

 private:
  using ExprPtr = duckdb::unique_ptr<duckdb::ParsedExpression>;
  using RefPtr = duckdb::unique_ptr<duckdb::TableRef>;

  Result<RefPtr> Relation(const plan::LogicalPlan& plan);
  Result<RefPtr> Scan(const plan::LogicalPlan& plan);
  RefPtr Kept(const plan::LogicalPlan& plan);
  Result<RefPtr> FileScan(const plan::LogicalPlan& plan);  // emit_file_scan.cc
  Result<ExprPtr> FileColumn(const plan::FileSource& files, const columnar::Field& field,
                             const std::string& name, bool exists);
  Result<RefPtr> Join(const plan::LogicalPlan& plan);
  Result<RefPtr> Values(const plan::LogicalPlan& plan);
  Result<duckdb::unique_ptr<duckdb::SelectNode>> Select(const plan::LogicalPlan& plan);
  Result<duckdb::unique_ptr<duckdb::SelectNode>> Aggregate(const plan::LogicalPlan& plan);
  Result<duckdb::unique_ptr<duckdb::QueryNode>> SetOperation(const plan::LogicalPlan& plan);
  Status AddOrder(duckdb::QueryNode& node, const std::vector<plan::SortKey>& keys);
  Result<duckdb::unique_ptr<duckdb::SelectStatement>> Statement(const plan::LogicalPlan& plan);

  // emit_expression.cc
  Result<ExprPtr> Expr(const plan::Expr& expr);
  Result<ExprPtr> Literal(const plan::Expr& expr);
  Result<ExprPtr> Cast(const plan::Expr& expr);
  Result<ExprPtr> Subquery(const plan::Expr& expr);
  Result<ExprPtr> Window(const plan::Expr& expr);
  Result<ExprPtr> FrameOffset(const plan::Expr& expr);
  Result<duckdb::vector<ExprPtr>> Exprs(const std::vector<plan::ExprRef>& exprs);
  // emit_function.cc
  Result<ExprPtr> Call(const plan::Expr& expr);
  Result<ExprPtr> Arithmetic(const plan::Expr& expr, duckdb::vector<ExprPtr> args);
  Result<ExprPtr> TryCall(const plan::Expr& expr, duckdb::vector<ExprPtr> args);
  // Each takes the arguments only when it knows the function, and says so.
  Result<ExprPtr> SpecialCall(const plan::Expr& expr, duckdb::vector<ExprPtr>& args, bool* handled);
  // emit_datetime.cc
  Result<ExprPtr> DatetimeCall(const plan::Expr& expr, duckdb::vector<ExprPtr>& args,
                               bool* handled);
  // emit_collection.cc
  Result<ExprPtr> CollectionCall(const plan::Expr& expr, duckdb::vector<ExprPtr>& args,
                                 bool* handled);
  Result<ExprPtr> ArrayItem(const plan::Expr& expr, duckdb::vector<ExprPtr>& args);
  Result<ExprPtr> Sequence(const plan::Expr& expr, duckdb::vector<ExprPtr>& args);
  // emit_aggregate.cc
  Result<ExprPtr> AggregateCall(const plan::Expr& expr);
  Result<ExprPtr> Percentile(const plan::Expr& expr, const char* function,
                             duckdb::vector<ExprPtr> args, const ExprPtr& filter);
  Result<ExprPtr> Regression(const plan::Expr& expr, duckdb::vector<ExprPtr> args,
                             const ExprPtr& filter);

  SnapshotSources& sources_;
  std::vector<std::shared_ptr<const SnapshotScan>> used_;
  int64_t kept_bytes_ = 0;
  int next_alias_ = 0;
};

/// The instant (TIMESTAMP) of a local date and time (TIMESTAMP_NTZ) in a zone (STRING). Of two, the
/// earlier one; in a gap, as much later as the gap is long.
duckdb::unique_ptr<duckdb::ParsedExpression> LocalToUtc(
    const duckdb::unique_ptr<duckdb::ParsedExpression>& local,
    const duckdb::unique_ptr<duckdb::ParsedExpression>& zone);

/// DuckDB's name of a scalar function or aggregate that means the same under other names, or empty.
std::string_view SameMeaning(std::string_view spark_function);

}  // namespace tarn::engine
