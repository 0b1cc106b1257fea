#pragma once
/// \file  Rows of a Delta table taken out and put in by one statement: what all statements that
/// change rows have in common. Rows are known by their address; rows taken out are listed in
/// deletion vectors where the table has them enabled, else their files are written anew without
/// them.
#include <functional>
#include <map>

#include "delta/deletion_vector.h"
#include "engine/command/idempotent_write.h"

namespace tarn::engine {

/// One attempt of one statement on the version its target is bound to. Not thread-safe.
class RowChange {
 public:
  /// All are borrowed.
  RowChange(const CommandContext& context, const plan::TableBinding& target,
            const plan::RowEdits& edits);

  /// Computes the rows of a relation below the edits' rows once for all its uses there, unless it
  /// is a table as it stands.
  Status KeepSource(const plan::PlanRef& source);
  const plan::PlanRef& source() const { return source_; }
  /// Whether the session's number says that this was done before; nothing is left to do then.
  Result<bool> DoneBefore();
  /// Finds the rows and what becomes of each. Errors:
  /// DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE, those of the plan.
  Status Find();
  /// Takes out every row there is, looking at them only where the log does not say how many.
  Status TakeOutAll();

  /// RowEdits::rows, as found.
  const plan::PlanRef& rows() const { return rows_; }
  /// Identity columns that new rows are given values of.
  void GivesIdentities(std::vector<size_t> columns) { identities_ = std::move(columns); }

  int64_t updated() const { return updated_; }
  int64_t deleted() const { return deleted_; }
  int64_t inserted() const { return inserted_; }
  /// Rows of the target on which an action acted, by its number.
  int64_t acted(size_t action) const { return acted_[action]; }

  /// What the change did to files. Times in milliseconds.
  struct Outcome {
    int64_t removed_files = 0;
    int64_t removed_bytes = 0;
    int64_t added_files = 0;
    int64_t added_bytes = 0;
    int64_t change_files = 0;
    int64_t copied_rows = 0;
    int64_t vectors_added = 0;
    int64_t vectors_updated = 0;
    int64_t vectors_removed = 0;
    int64_t vectors_bytes = 0;  ///< of the files that got one
    int64_t source_ms = 0;
    int64_t scan_ms = 0;
    int64_t rewrite_ms = 0;
    bool changed = false;  ///< there is something to commit
  };
  /// Writes the new rows, deletion vectors and changed rows, and puts their actions into `txn`.
  Result<Outcome> Stage(delta::Transaction& txn);
  /// Stages and commits, where there is something to commit.
  using MetricsOf = std::function<std::map<std::string, std::string>(const Outcome&)>;
  Status Commit(delta::Operation operation, const MetricsOf& metrics);
  /// Those that DELETE and UPDATE have in common.
  static std::map<std::string, std::string> Metrics(const Outcome& outcome);

 private:
  struct Touched {
    delta::DeletionVector rows;  // to be taken out
    delta::DeletionVector seen;  // visited
  };

  /// Whether no row of the target is looked at.
  bool OnlyInserts() const;
  /// Whether rows as they were or will be are of interest besides their addresses.
  bool NeedsRows() const;
  Status Visit(int64_t file, int64_t row, int32_t action);
  bool UsesDeletionVectors() const;
  /// Rows of the file that were there before the statement, when the log says so.
  std::optional<int64_t> LiveRows(const delta::AddFile& file) const;
  /// Each touched file goes, gets another deletion vector, or is to be written anew.
  Status Sort(delta::Transaction& txn, Outcome& outcome);
  /// A snapshot of files of which rows are hidden, to read what stays of them.
  Result<std::shared_ptr<const delta::Snapshot>> Remainder() const;
  /// What stays of the files that are written anew.
  Result<plan::PlanRef> Kept(WriteTarget* target) const;
  /// How many rows are copied.
  Result<int64_t> CountCopied(const plan::PlanRef& kept) const;
  /// The rows that actions put in, with row ids where the table has them; null when there are none.
  plan::PlanRef Written(bool row_ids) const;
  Status WriteRows(delta::Transaction& txn, Outcome& outcome);

  const CommandContext& context_;
  const plan::TableBinding& target_;
  const plan::RowEdits& edits_;
  std::shared_ptr<const delta::Snapshot> snapshot_;
  plan::PlanRef rows_;                 // the edits' rows, kept where they are needed again
  std::map<size_t, Touched> touched_;  // by position in the snapshot's files
  bool all_ = false;
  std::vector<size_t> identities_;
  bool repeated_ = false;  // rows stand in rows_ several times
  int64_t updated_ = 0;
  int64_t deleted_ = 0;
  int64_t inserted_ = 0;
  std::vector<int64_t> acted_;  // by number of the action
  IdempotentWrite write_;
  plan::PlanRef source_;
  int64_t source_ms_ = 0;
  int64_t scan_ms_ = 0;
  std::vector<delta::AddFile> cut_;  // to be written anew: with inline vectors of what went
};

}  // namespace tarn::engine
