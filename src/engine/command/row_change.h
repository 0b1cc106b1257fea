#pragma once
/// \file  Rows of a Delta table taken out and put in by one statement: what DELETE, UPDATE and
/// MERGE have in common. Rows are known by their address; rows taken out are listed in deletion
/// vectors where the table has them enabled, else their files are written anew without them.
#include <functional>
#include <map>

#include "delta/deletion_vector.h"
#include "engine/command/command.h"

namespace tarn::engine {

/// One attempt of one statement on the version its target is bound to. Not thread-safe.
class RowChange {
 public:
  /// `context` and `target` are borrowed. `scan` reads the target; its first columns are the
  /// table's.
  RowChange(const CommandContext& context, const plan::TableBinding& target, plan::PlanRef scan);

  /// Runs a plan whose columns are file, row and, optionally, an INT; calls `visit` for each row
  /// with that number, or 0. `again` is whether the address was visited before by this object.
  using Visit = std::function<Status(int32_t number, bool again, bool* take)>;
  Status Find(plan::PlanRef addresses, const Visit& visit);
  /// The same, and takes out every row found.
  Status TakeOut(plan::PlanRef addresses);
  /// Takes out every row there is, looking at them only where the log does not say how many.
  Status TakeOutAll();

  int64_t taken_out() const { return taken_out_; }

  struct Outcome {
    int64_t rows_written = 0;  ///< of `written`, without those copied
    bool committed = false;    ///< there was something to commit
  };
  /// Writes `written` (the table's columns; may be null) and commits. Metrics of the change are
  /// added to the operation's.
  Result<Outcome> Commit(plan::PlanRef written, delta::Operation operation);

 private:
  struct Touched {
    delta::DeletionVector rows;  // found by this statement
    delta::DeletionVector seen;  // visited
  };

  bool UsesDeletionVectors() const;
  /// Rows of the file that were there before the statement, when the log says so.
  std::optional<int64_t> LiveRows(const delta::AddFile& file) const;
  Status Sort(delta::Transaction& txn);
  /// A snapshot of files of which rows are hidden, to read what stays of them.
  Result<std::shared_ptr<const delta::Snapshot>> Remainder() const;
  Result<plan::PlanRef> Kept() const;
  /// Sets how many rows are copied.
  Status CountCopied(const plan::PlanRef& kept);

  const CommandContext& context_;
  const plan::TableBinding& target_;
  plan::PlanRef scan_;
  std::shared_ptr<const delta::Snapshot> snapshot_;
  std::map<size_t, Touched> touched_;  // by position in the snapshot's files
  bool all_ = false;
  int64_t taken_out_ = 0;

  int64_t removed_files_ = 0;
  int64_t vectors_added_ = 0;
  int64_t vectors_updated_ = 0;
  std::vector<delta::AddFile> cut_;  // to be written anew: with inline vectors of what went
  int64_t copied_ = 0;
};

}  // namespace tarn::engine
