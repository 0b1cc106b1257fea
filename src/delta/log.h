#pragma once
/// \file  Reading `_delta_log`: which versions there are, and the snapshot of one of them.
#include <memory>
#include <optional>

#include "delta/log_path.h"
#include "delta/parquet_io.h"
#include "delta/snapshot.h"

namespace tarn::delta {

struct Checksum;
class Upkeep;

/// A file of a log's folder.
struct LogFile {
  LogFileName name;
  std::string path;
  int64_t modified_ms = 0;
};

/// One table's log on a store. Thread-safe; keeps the store and the port alive.
class Log {
 public:
  /// `upkeep` sees to checkpoints and the like after commits; without it they follow at once.
  Log(std::shared_ptr<io::ObjectStore> store, std::shared_ptr<ParquetIo> parquet,
      std::string table_path, std::shared_ptr<Upkeep> upkeep = nullptr);

  const std::string& table_path() const { return table_path_; }
  io::ObjectStore& store() const { return *store_; }
  ParquetIo& parquet() const { return *parquet_; }
  Upkeep* upkeep() const { return upkeep_.get(); }

  /// Reads the newest usable checkpoint and replays commits up to `version` (latest when empty).
  /// The result is held against the version's checksum, where there is one.
  /// Cost: one LIST, one GET per commit or compaction after the checkpoint, one of the checksum.
  /// Errors: DELTA_TXN_LOG_FAILED_INTEGRITY, DELTA_TABLE_NOT_FOUND, DELTA_VERSION_NOT_FOUND,
  /// DELTA_VERSIONS_NOT_CONTIGUOUS, DELTA_LOG_CORRUPT, DELTA_UNSUPPORTED_FEATURES_FOR_READ,
  /// DELTA_STATE_RECOVER_ERROR, IO_ERROR.
  Result<std::shared_ptr<const Snapshot>> Load(std::optional<Version> version = {}) const;
  /// Brings a snapshot up to date, or up to a version not older than its own. Cost when nothing is
  /// new: one Head. Returns `base` itself then.
  Result<std::shared_ptr<const Snapshot>> Refresh(std::shared_ptr<const Snapshot> base,
                                                  std::optional<Version> up_to = {}) const;

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
  /// All files of the log, in the order of their names. Errors: those of ObjectStore::List.
  Result<std::vector<LogFile>> Files() const;

 private:
  struct Listing;
  /// One complete checkpoint of a version.
  struct CheckpointFiles {
    std::vector<std::string> paths;  ///< of its parts, or of its one top-level file
    int64_t modified_ms = 0;
  };
  Result<Listing> List(std::optional<Version> from) const;
  Result<std::shared_ptr<const Snapshot>> LoadByHint() const;
  Result<std::shared_ptr<const Snapshot>> Replay(const Listing& listing, Version target) const;
  /// `checkpoint` is that of version `start`, or null to begin at version 0; `checksum` that of the
  /// target, or null.
  Result<std::shared_ptr<const Snapshot>> ReplayFrom(const Listing& listing,
                                                     const CheckpointFiles* checkpoint,
                                                     Version start, Version target,
                                                     const Checksum* checksum) const;
  /// Applies a checkpoint with all its parts and sidecars.
  Status ReadCheckpoint(const CheckpointFiles& checkpoint, Version version,
                        const Checksum* checksum, SnapshotBuilder* builder) const;
  /// Applies a compaction that stands for some of the commits from `version` on but not for that of
  /// `target`. Returns its last version, or nothing when there is none that can be read.
  std::optional<Version> ReadCompaction(const Listing& listing, Version version, Version target,
                                        SnapshotBuilder* builder) const;
  std::optional<Checksum> ReadChecksum(Version version) const;
  /// Compares a checkpoint with what `_last_checkpoint` says of it, where that says something.
  Status CheckSize(Version version, int64_t rows) const;

  std::shared_ptr<io::ObjectStore> store_;
  std::shared_ptr<ParquetIo> parquet_;
  std::string table_path_;
  std::shared_ptr<Upkeep> upkeep_;
};

}  // namespace tarn::delta
