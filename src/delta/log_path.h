#pragma once
/// \file  Names of the files in `_delta_log`. Spec: PROTOCOL.md, "Delta Log Entries" and
/// "Checkpoints".
#include <optional>
#include <string>

#include "delta/action.h"

namespace tarn::delta {

std::string LogFolder(const std::string& table_path);
std::string CommitPath(const std::string& table_path, Version version);
std::string CheckpointPath(const std::string& table_path, Version version);
/// Of one of the parts of a multi-part checkpoint, counted from 1.
std::string CheckpointPartPath(const std::string& table_path, Version version, int64_t part,
                               int64_t parts);
std::string ChecksumPath(const std::string& table_path, Version version);
std::string CompactionPath(const std::string& table_path, Version first, Version last);
std::string LastCheckpointPath(const std::string& table_path);
/// Of a sidecar as a checkpoint names it: a file name, or an absolute path.
std::string SidecarPath(const std::string& table_path, const std::string& name);

/// What the name of a log file says.
struct LogFileName {
  enum class Kind {
    kCommit,
    kCheckpoint,      ///< classic name, V1 or V2
    kCheckpointPart,  ///< of a multi-part checkpoint
    kV2Checkpoint,    ///< named by a UUID, JSON or Parquet
    kCompaction,      ///< `version` to `end_version` in one file
    kChecksum,
    kOther,
  };
  Kind kind = Kind::kOther;
  Version version = -1;
  int part = 0;   ///< 1-based, of a multi-part checkpoint
  int parts = 0;  ///< number of parts
  Version end_version = -1;
};
LogFileName ParseLogFileName(std::string_view name);

}  // namespace tarn::delta
