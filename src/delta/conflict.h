#pragma once
/// \file  Whether a commit may follow another that landed first, and what it must change then. Pure
/// functions over actions. Facts: PROTOCOL.md, "Writer Requirements"; the rules are those of
/// delta-spark's conflict checker, finer where a reader's own predicate is known.
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "delta/action.h"

namespace tarn::delta {

enum class IsolationLevel { kSerializable, kWriteSerializable, kSnapshot };

/// What a transaction looked at.
struct TransactionReads {
  bool whole_table = false;  ///< read every file, or every file that may_match
  /// Whether a file, by its partition values and statistics, may hold rows that the transaction
  /// would have read. Empty: any may.
  std::function<bool(const AddFile&)> may_match;
  /// Each row read decides only about itself, as in DELETE, UPDATE and MERGE: rows that another
  /// commit deleted and this one leaves alone do not matter.
  bool row_level = false;
  std::set<std::string> files;    ///< keys of the files it depends on
  std::set<std::string> app_ids;  ///< transaction identifiers it checked
  bool exclusive = false;         ///< no commit at all may come between
};

/// A commit that landed first, and what it followed.
struct Winner {
  Version version = 0;
  const std::vector<Action>& actions;
  const Protocol& protocol_before;
  const Metadata& metadata_before;
};

/// A file of which the winner and we deleted other rows: remove and add of ours have to be made
/// anew on top of the winner's deletion vector, if the rows are disjoint.
struct VectorMerge {
  AddFile winner;                                ///< the file as the winner left it
  std::optional<DeletionVectorDescriptor> base;  ///< of the file both began with
};

/// Errors: DELTA_PROTOCOL_CHANGED, DELTA_METADATA_CHANGED, DELTA_CONCURRENT_TRANSACTION,
/// DELTA_CONCURRENT_WRITE, DELTA_CONCURRENT_APPEND, DELTA_CONCURRENT_DELETE_READ,
/// DELTA_CONCURRENT_DELETE_DELETE. With success, the files whose deletion vectors must be merged.
Result<std::vector<VectorMerge>> CheckConflict(const TransactionReads& reads,
                                               const std::vector<Action>& ours,
                                               const Winner& winner, IsolationLevel isolation);

/// Whether a commit only adds files and says so in its commitInfo.
bool IsBlindAppend(const std::vector<Action>& commit);

}  // namespace tarn::delta
