#pragma once
/// \file  Reading `_delta_log`: which versions there are, and the snapshot of one of them.
#include <memory>
#include <optional>

#include "delta/log_path.h"
#include "delta/snapshot.h"

namespace tarn::delta {

/// One table's log on a store. Thread-safe; keeps the store and the port alive.
class Log {
 public:
  Log(std::shared_ptr<io::ObjectStore> store, std::shared_ptr<ParquetIo> parquet,
      std::string table_path);

  const std::string& table_path() const { return table_path_; }
  io::ObjectStore& store() const { return *store_; }
  ParquetIo& parquet() const { return *parquet_; }

  /// Reads the newest usable checkpoint and replays commits up to `version` (latest when empty).
  /// Cost: one LIST, one GET per commit after the checkpoint.
  /// Errors: DELTA_TABLE_NOT_FOUND, DELTA_VERSION_NOT_FOUND, DELTA_VERSIONS_NOT_CONTIGUOUS,
  /// DELTA_LOG_CORRUPT, DELTA_UNSUPPORTED_FEATURES_FOR_READ, DELTA_STATE_RECOVER_ERROR, IO_ERROR.
  Result<std::shared_ptr<const Snapshot>> Load(std::optional<Version> version = {}) const;
  /// Brings a snapshot up to date. Cost when nothing is new: one Head. Returns `base` itself then.
  Result<std::shared_ptr<const Snapshot>> Refresh(std::shared_ptr<const Snapshot> base) const;

  /// The newest version whose commit time is at or before `timestamp_ms`.
  /// Errors: DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION, DELTA_TIMESTAMP_GREATER_THAN_COMMIT, as
  /// Load.
  Result<Version> VersionAt(int64_t timestamp_ms) const;

  /// One commit, its file's time and its actions.
  struct Commit {
    Version version;
    int64_t timestamp_ms;
    std::vector<Action> actions;
  };
  /// Commits from the newest to the oldest that is still there, at most `limit` (0: all).
  Result<std::vector<Commit>> History(int limit) const;
  /// Errors: DELTA_VERSION_NOT_FOUND, DELTA_LOG_CORRUPT, IO_ERROR.
  Result<Commit> ReadCommit(Version version) const;

 private:
  struct Listing;
  /// One complete checkpoint of a version.
  struct CheckpointFiles {
    std::vector<std::string> paths;  ///< of its parts, or of its one top-level file
    int64_t modified_ms = 0;
  };
  Result<Listing> List(std::optional<Version> up_to) const;
  Result<std::shared_ptr<const Snapshot>> Replay(const Listing& listing, Version target) const;
  /// `checkpoint` is that of version `start`, or null to begin at version 0.
  Result<std::shared_ptr<const Snapshot>> ReplayFrom(const Listing& listing,
                                                     const CheckpointFiles* checkpoint,
                                                     Version start, Version target) const;
  /// A top-level file, a part or a sidecar; JSON or Parquet by its name. Adds to `rows`.
  Result<std::vector<Action>> ReadCheckpointFile(const std::string& path, int64_t* rows) const;
  /// Compares a checkpoint with what `_last_checkpoint` says of it, where that says something.
  Status CheckSize(Version version, int64_t rows) const;

  std::shared_ptr<io::ObjectStore> store_;
  std::shared_ptr<ParquetIo> parquet_;
  std::string table_path_;
};

}  // namespace tarn::delta
