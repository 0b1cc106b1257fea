#pragma once
/// \file  Port: what the log needs from a Parquet engine. Implemented in engine, connected in app.
#include <string>
#include <vector>

#include "delta/action.h"

namespace tarn::delta {

/// Thread-safe.
class ParquetIo {
 public:
  virtual ~ParquetIo() = default;
  /// The rows of a checkpoint file as the lines of a commit file would hold them.
  /// Errors: DELTA_CHECKPOINT_CORRUPT, OBJECT_NOT_FOUND, IO_ERROR.
  virtual Result<std::string> ReadCheckpoint(const std::string& path) = 0;
  /// Writes a classic checkpoint (Spec: "V1 Spec") to a path that does not exist yet.
  virtual Status WriteCheckpoint(const std::string& path, const std::vector<Action>& actions) = 0;
};

}  // namespace tarn::delta
