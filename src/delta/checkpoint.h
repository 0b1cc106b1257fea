#pragma once
/// \file  Writing classic checkpoints. Spec: PROTOCOL.md, "Checkpoints" and "Last Checkpoint File".
#include "delta/log.h"

namespace tarn::delta {

/// Writes a checkpoint of `version` and the hint that points to it.
Status WriteCheckpoint(const Log& log, const Snapshot& snapshot);

/// Writes a checkpoint when the table's interval (delta.checkpointInterval, 10) divides `version`.
/// A failure is logged and never reaches the commit that asked.
void WriteCheckpointIfDue(const Log& log, Version version);

}  // namespace tarn::delta
