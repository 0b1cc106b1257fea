#pragma once
/// \file  One optimistic commit: actions, conflict rules, put-if-absent.
/// Spec: PROTOCOL.md, "Writer Requirements"; "Commit Provenance Information".
#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/clock.h"
#include "delta/conflict.h"
#include "delta/deletion_vector.h"
#include "delta/log.h"

namespace tarn::delta {

/// What DESCRIBE HISTORY will show of a commit.
struct Operation {
  std::string name;                               ///< "WRITE", "DELETE", "CREATE TABLE"…
  std::map<std::string, json::Value> parameters;  ///< lists and maps as JSON text
  std::map<std::string, std::string> metrics;
  std::string user_name;
};

/// Collects changes against one snapshot and commits them as one new version.
/// Not thread-safe. Nothing is visible before Commit succeeds; data files of a transaction that is
/// dropped, or whose outcome is unknown, are left for VACUUM.
class Transaction {
 public:
  /// For a table that exists.
  Transaction(std::shared_ptr<const Log> log, std::shared_ptr<const Snapshot> snapshot);
  /// For a table that does not: the first commit must be version 0.
  static Transaction Create(std::shared_ptr<const Log> log);

  const Snapshot* snapshot() const { return snapshot_.get(); }  ///< nullptr for a new table

  /// What the commit will leave: set here, or the snapshot's.
  const Metadata& metadata() const;
  void SetProtocol(Protocol protocol);
  /// In place of one set before.
  void SetMetadata(Metadata metadata);
  void Add(AddFile file);
  /// Removes an active file of the snapshot.
  void Remove(const AddFile& file, bool data_change = true);
  /// Replaces the deletion vector of an active file; `stats` are those of the file with it.
  void SetDeletionVector(const AddFile& file, DeletionVectorDescriptor vector, std::string stats);
  void AddCdc(AddCdcFile file);
  void SetDomain(DomainMetadata domain);
  void SetTransactionVersion(std::string app_id, int64_t version);
  /// Says that rows of removed files that were written anew have their row ids with them.
  void KeepsRowIds() { keeps_row_ids_ = true; }

  /// What the change was computed from; drives the conflict rules.
  TransactionReads& reads() { return reads_; }
  void ReadFile(const AddFile& file) {
    reads_.files.insert(FileKey(file.path, file.deletion_vector));
  }
  void ReadWholeTable() { reads_.whole_table = true; }

  /// Commits at the first free version after the snapshot's. Blind appends and other changes that
  /// the winners do not touch are tried again at the next version without bound but the token's;
  /// row ids, in-commit timestamps and deletion vectors of the same file are made anew for it.
  /// Returns the version. Errors: those of CheckConflict; DELTA_TABLE_ALREADY_EXISTS for a new
  /// table; DELTA_UNSUPPORTED_FEATURES_FOR_WRITE; DELTA_DUPLICATE_ACTIONS_FOUND;
  /// DELTA_CANNOT_MODIFY_APPEND_ONLY; OUT_OF_SPACE; IO_ERROR when the outcome stays unknown;
  /// CANCELLED (nothing was committed).
  Result<Version> Commit(const Operation& operation, const CancelToken& cancel = {},
                         const Clock& clock = Clock::System());

 private:
  /// What the next attempt is made on: the table as the newest commit known left it.
  struct Base;

  Status CheckActions() const;
  Status CheckNewMetadata() const;
  bool IsBlind() const;
  IsolationLevel Isolation() const;
  /// The text of one attempt: the actions as `base` asks for them.
  Result<std::string> Text(const Base& base, const Operation& operation, const std::string& txn_id,
                           int64_t now_ms) const;
  json::Object CommitInfoFields(const Operation& operation, const std::string& txn_id,
                                int64_t now_ms) const;
  /// Takes the commit that won a version into account.
  Status Follow(const Log::Commit& winner, Base* base);
  /// Unites our deletion vector of a file with the winner's.
  Status Merge(const VectorMerge& merge, DeletionVectorWriter& writer, Version winner_version);
  /// Decides what an ambiguous answer to the put of `version` meant.
  Result<bool> OurCommitLanded(Version version, const std::string& txn_id) const;

  std::shared_ptr<const Log> log_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<Action> actions_;
  TransactionReads reads_;
  bool keeps_row_ids_ = false;
};

}  // namespace tarn::delta
