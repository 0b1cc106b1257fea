#pragma once
/// \file  Writing checkpoints: classic ones in one or several parts, and V2 with sidecars.
/// Spec: PROTOCOL.md, "Checkpoints".
#include "delta/log.h"

namespace tarn::delta {

struct CheckpointOptions {
  /// Actions of one file of a classic checkpoint; with more there are several parts.
  int64_t part_actions = 1'000'000;
  /// Actions of one sidecar of a V2 checkpoint.
  int64_t sidecar_actions = 50'000;
  /// Of a V2 checkpoint; else its top level is JSON.
  bool parquet_top_level = false;
};

/// The table's own: `tarn.checkpoint.partSize` sets both numbers of actions.
CheckpointOptions CheckpointOptionsOf(const Snapshot& snapshot);

/// Writes a checkpoint of the snapshot's version, of the kind its `delta.checkpointPolicy` asks
/// for, and the hint that points to it. A classic one that is there already stays as it is.
/// Errors: those of ParquetIo::Write and ObjectStore::Put.
Status WriteCheckpoint(const Log& log, const Snapshot& snapshot,
                       const CheckpointOptions& options = {});

/// Versions from one checkpoint to the next: `delta.checkpointInterval`, 10.
Version CheckpointInterval(const Snapshot& snapshot);
/// Whether the interval asks for one at the snapshot's version.
bool CheckpointDue(const Snapshot& snapshot);

}  // namespace tarn::delta
