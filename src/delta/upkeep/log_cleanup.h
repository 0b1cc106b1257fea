#pragma once
/// \file  Deleting what a log keeps longer than it has to. Spec: PROTOCOL.md, "Metadata Cleanup".
#include "base/clock.h"
#include "delta/log.h"

namespace tarn::delta {

/// Deletes log files of versions before the newest checkpoint that is older than
/// `delta.logRetentionDuration` (30 days, counted in whole days), and sidecars that no checkpoint
/// names any more; not when `delta.enableExpiredLogCleanup` is false. Every version younger than
/// the retention stays within reach. Errors: those of the store; what was deleted by then is gone.
Status CleanLog(const Log& log, const Snapshot& snapshot, const Clock& clock = Clock::System());

}  // namespace tarn::delta
