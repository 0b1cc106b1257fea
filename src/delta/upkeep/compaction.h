#pragma once
/// \file  Log compactions: the outcome of some consecutive commits in one file. Spec: PROTOCOL.md,
/// "Log Compaction Files".
#include "delta/log.h"

namespace tarn::delta {

/// Commits of one compaction that Tarn writes.
inline constexpr Version kCompactedCommits = 10;

/// Whether the commits up to the snapshot's version are worth one: only where checkpoints are
/// further apart.
bool CompactionDue(const Snapshot& snapshot);

/// Writes the compaction of the commits `first` to `last`; one that is there stays.
/// Errors: those of Log::ReadCommit and ObjectStore::PutIfAbsent.
Status WriteCompaction(const Log& log, Version first, Version last);

/// The actions that are left of commits applied in order. Provenance and change files are not.
std::vector<Action> Reconciled(std::vector<std::vector<Action>> commits);

}  // namespace tarn::delta
