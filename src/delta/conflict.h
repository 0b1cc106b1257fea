#pragma once
/// \file  Whether a commit may follow another that landed first. Pure functions over actions.
/// Facts: PROTOCOL.md, "Writer Requirements"; the rules are those of delta-spark's conflict
/// checker.
#include <set>
#include <string>
#include <vector>

#include "delta/action.h"

namespace tarn::delta {

enum class IsolationLevel { kSerializable, kWriteSerializable, kSnapshot };

/// What a transaction looked at and what it wants to write.
struct TransactionReads {
  bool whole_table = false;       ///< read every file (or could have read any)
  std::set<std::string> files;    ///< paths of the files it depends on
  bool metadata = true;           ///< depends on schema and properties, as every writer does
  std::set<std::string> app_ids;  ///< transaction identifiers it checked
};

/// Errors: DELTA_PROTOCOL_CHANGED, DELTA_METADATA_CHANGED, DELTA_CONCURRENT_TRANSACTION,
/// DELTA_CONCURRENT_APPEND, DELTA_CONCURRENT_DELETE_READ, DELTA_CONCURRENT_DELETE_DELETE.
Status CheckConflict(const TransactionReads& reads, const std::vector<Action>& ours,
                     const std::vector<Action>& winner, Version winner_version,
                     IsolationLevel isolation);

/// Whether a commit only adds files and says so in its commitInfo.
bool IsBlindAppend(const std::vector<Action>& commit);

}  // namespace tarn::delta
