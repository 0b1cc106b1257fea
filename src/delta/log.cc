#include "delta/log.h"

#include <algorithm>
#include <map>

#include "base/log.h"

namespace tarn::delta {

/// What the folder holds, by version.
struct Log::Listing {
  std::map<Version, int64_t> commits;  // version → file time
  std::map<Version, std::vector<CheckpointFiles>> checkpoints;
  std::map<Version, Error> incomplete_checkpoints;

  /// Why versions up to `target` cannot be reached from `start`.
  Error GapError(const std::string& table_path, Version start, Version next, Version target) const;
};

Error Log::Listing::GapError(const std::string& table_path, Version start, Version next,
                             Version target) const {
  auto incomplete = incomplete_checkpoints.upper_bound(target);
  if (incomplete != incomplete_checkpoints.begin() && std::prev(incomplete)->first > start)
    return std::prev(incomplete)->second;
  return Fail("DELTA_VERSIONS_NOT_CONTIGUOUS",
              "the log of " + table_path + " has no commit file for version " +
                  std::to_string(next) + " although version " + std::to_string(target) + " exists",
              {{"version", std::to_string(next)}});
}

Log::Log(std::shared_ptr<io::ObjectStore> store, std::shared_ptr<ParquetIo> parquet,
         std::string table_path)
    : store_(std::move(store)), parquet_(std::move(parquet)), table_path_(std::move(table_path)) {}

Result<Log::Listing> Log::List(std::optional<Version> up_to) const {
  std::string folder = LogFolder(table_path_);
  TARN_TRY(std::vector<io::ObjectInfo> files, store_->List(folder, false));
  Listing listing;
  std::map<std::pair<Version, int>, std::map<int, std::string>> parts;
  for (const io::ObjectInfo& file : files) {
    LogFileName name = ParseLogFileName(std::string_view(file.path).substr(folder.size() + 1));
    if (up_to && name.version > *up_to) continue;
    switch (name.kind) {
      case LogFileName::Kind::kCommit:
        listing.commits.emplace(name.version, file.modified_ms);
        break;
      case LogFileName::Kind::kCheckpoint:
      case LogFileName::Kind::kV2Checkpoint:
        listing.checkpoints[name.version].push_back({{file.path}, file.modified_ms});
        break;
      case LogFileName::Kind::kCheckpointPart: {
        auto& found = parts[{name.version, name.parts}];
        found.emplace(name.part, file.path);
        if (static_cast<int>(found.size()) != name.parts) break;
        CheckpointFiles& checkpoint = listing.checkpoints[name.version].emplace_back();
        for (const auto& [part, path] : found) checkpoint.paths.push_back(path);
        checkpoint.modified_ms = file.modified_ms;
        break;
      }
      case LogFileName::Kind::kCompaction:
      case LogFileName::Kind::kChecksum:
      case LogFileName::Kind::kOther:
        break;
    }
  }
  for (const auto& [key, found] : parts) {
    auto [version, count] = key;
    if (listing.checkpoints.contains(version)) continue;
    listing.incomplete_checkpoints.insert_or_assign(
        version,
        Fail("DELTA_CHECKPOINT_CORRUPT",
             "the checkpoint of version " + std::to_string(version) + " in " + folder + " has " +
                 std::to_string(found.size()) + " of " + std::to_string(count) + " parts"));
  }
  if (listing.commits.empty() && listing.checkpoints.empty()) {
    // The remains of a table are no free place for a new one.
    if (!listing.incomplete_checkpoints.empty()) {
      return listing.incomplete_checkpoints.rbegin()->second;
    }
    return Fail("DELTA_TABLE_NOT_FOUND", table_path_ + " is not a Delta table",
                {{"tableName", table_path_}});
  }
  return listing;
}

Result<std::vector<Action>> Log::ReadCheckpointFile(const std::string& path, int64_t* rows) const {
  std::string lines;
  if (path.ends_with(".json")) {
    TARN_TRY(lines, store_->Get(path));
  } else {
    TARN_TRY(lines, parquet_->ReadCheckpoint(path));
  }
  *rows += std::count(lines.begin(), lines.end(), '\n');
  return ParseActions(lines, path);
}

Result<std::shared_ptr<const Snapshot>> Log::ReplayFrom(const Listing& listing,
                                                        const CheckpointFiles* checkpoint,
                                                        Version start, Version target) const {
  SnapshotBuilder builder(table_path_);
  if (checkpoint != nullptr) {
    int64_t rows = 0;
    std::vector<std::string> paths = checkpoint->paths;
    for (size_t i = 0; i < paths.size(); ++i) {
      TARN_TRY(std::vector<Action> actions, ReadCheckpointFile(paths[i], &rows));
      for (const Action& action : actions) {
        const auto* sidecar = std::get_if<Sidecar>(&action);
        if (sidecar != nullptr) paths.push_back(SidecarPath(table_path_, sidecar->path));
      }
      builder.Apply(start, checkpoint->modified_ms, std::move(actions));
    }
    bool has_sidecars = paths.size() > checkpoint->paths.size();
    if (!has_sidecars) TARN_RETURN_IF_ERROR(CheckSize(start, rows));
    // A checkpoint holds no commitInfo, which is where an in-commit timestamp is.
    if (start == target && listing.commits.contains(start)) {
      Result<Commit> commit = ReadCommit(start);
      if (commit.ok()) {
        std::erase_if(commit->actions,
                      [](const Action& a) { return !std::holds_alternative<CommitInfo>(a); });
        builder.Apply(start, listing.commits.at(start), std::move(commit->actions));
      }
    }
  }
  for (Version version = start + 1; version <= target; ++version) {
    TARN_TRY(Commit commit, ReadCommit(version));
    builder.Apply(version, listing.commits.at(version), std::move(commit.actions));
  }
  return builder.Finish();
}

Status Log::CheckSize(Version version, int64_t rows) const {
  Result<std::string> text = store_->Get(LastCheckpointPath(table_path_));
  if (!text.ok()) return Ok();
  Result<json::Value> hint = json::Parse(*text);
  if (!hint.ok() || !hint->is_object() || hint->GetInt("version", -1) != version) return Ok();
  if (hint->Find("v2Checkpoint") != nullptr) return Ok();  // counts sidecars' actions too
  int64_t promised = hint->GetInt("size", rows);
  if (promised == rows) return Ok();
  return Fail("DELTA_CHECKPOINT_CORRUPT", "checkpoint " + CheckpointPath(table_path_, version) +
                                              " has " + std::to_string(rows) +
                                              " actions, but _last_checkpoint promises " +
                                              std::to_string(promised));
}

Result<std::shared_ptr<const Snapshot>> Log::Replay(const Listing& listing, Version target) const {
  // Newest first: a checkpoint that cannot be read is passed over as long as another one, or
  // commits, can make up for it.
  std::optional<Error> damage;
  std::vector<std::pair<Version, const CheckpointFiles*>> starts;
  for (auto at = listing.checkpoints.rbegin(); at != listing.checkpoints.rend(); ++at) {
    if (at->first > target) continue;
    for (const CheckpointFiles& checkpoint : at->second) {
      starts.emplace_back(at->first, &checkpoint);
    }
  }
  starts.emplace_back(-1, nullptr);
  for (const auto& [start, checkpoint] : starts) {
    // Asked of the listing first: a gap is named whatever else is wrong with the commits around it.
    Version next = start + 1;
    while (next <= target && listing.commits.contains(next)) ++next;
    if (next <= target) {
      if (damage) return *damage;
      return listing.GapError(table_path_, start, next, target);
    }
    auto snapshot = ReplayFrom(listing, checkpoint, start, target);
    if (snapshot.ok() || checkpoint == nullptr) return snapshot;
    std::string_view reason = snapshot.error().reason();
    if (reason != "DELTA_CHECKPOINT_CORRUPT" && reason != "DELTA_LOG_CORRUPT" &&
        reason != "DELTA_STATE_RECOVER_ERROR" && reason != "OBJECT_NOT_FOUND") {
      return snapshot;
    }
    LogWarn("a checkpoint cannot be used; trying an older one",
            {{"table", table_path_}, {"error", snapshot.error().ToString()}});
    damage = snapshot.error();
  }
  return Fail("INTERNAL_ERROR", "no start for the replay of " + table_path_);
}

Result<std::shared_ptr<const Snapshot>> Log::Load(std::optional<Version> version) const {
  TARN_TRY(Listing listing, List(std::nullopt));
  Version latest = -1;
  if (!listing.commits.empty()) latest = listing.commits.rbegin()->first;
  if (!listing.checkpoints.empty()) latest = std::max(latest, listing.checkpoints.rbegin()->first);
  if (!version) return Replay(listing, latest);

  // A version is within reach when commits lead to it without a gap from version 0 or a checkpoint.
  Version earliest = listing.commits.empty() ? latest : listing.commits.begin()->first;
  if (earliest > 0 && !listing.checkpoints.empty()) {
    earliest = std::max(earliest, listing.checkpoints.begin()->first);
  }
  if (*version < earliest || *version > latest) {
    return Fail("DELTA_VERSION_NOT_FOUND",
                "cannot travel to version " + std::to_string(*version) + " of " + table_path_ +
                    "; versions " + std::to_string(earliest) + " to " + std::to_string(latest) +
                    " are available",
                {{"userVersion", std::to_string(*version)},
                 {"earliest", std::to_string(earliest)},
                 {"latest", std::to_string(latest)}});
  }
  return Replay(listing, *version);
}

Result<std::shared_ptr<const Snapshot>> Log::Refresh(std::shared_ptr<const Snapshot> base) const {
  std::optional<SnapshotBuilder> builder;
  for (Version next = base->version() + 1;; ++next) {
    Result<io::ObjectInfo> info = store_->Head(CommitPath(table_path_, next));
    if (!info.ok()) {
      if (info.error().reason() != "OBJECT_NOT_FOUND") return info.error();
      break;
    }
    TARN_TRY(Commit commit, ReadCommit(next));
    if (!builder) builder.emplace(*base);
    builder->Apply(next, info->modified_ms, std::move(commit.actions));
  }
  if (builder) return builder->Finish();
  // A table dropped and made again at the same place, or a log cleaned up, may hide newer versions.
  Result<io::ObjectInfo> same = store_->Head(CommitPath(table_path_, base->version()));
  if (same.ok()) return base;
  if (same.error().reason() != "OBJECT_NOT_FOUND") return same.error();
  return Load();
}

Result<Log::Commit> Log::ReadCommit(Version version) const {
  std::string path = CommitPath(table_path_, version);
  Result<std::string> text = store_->Get(path);
  if (!text.ok()) {
    if (text.error().reason() != "OBJECT_NOT_FOUND") return text.error();
    return Fail("DELTA_VERSION_NOT_FOUND",
                "version " + std::to_string(version) + " of " + table_path_ + " is not there");
  }
  Commit commit{version, 0, {}};
  TARN_TRY(commit.actions, ParseActions(*text, path));
  return commit;
}

Result<std::vector<Log::Commit>> Log::History(int limit) const {
  TARN_TRY(Listing listing, List(std::nullopt));
  // Times only ever rise: a commit not later than the one before it counts as one millisecond
  // later.
  int64_t previous = INT64_MIN;
  for (auto& [version, time] : listing.commits) {
    if (previous != INT64_MIN) time = std::max(time, previous + 1);
    previous = time;
  }
  std::vector<Commit> history;
  for (auto at = listing.commits.rbegin(); at != listing.commits.rend(); ++at) {
    if (limit > 0 && static_cast<int>(history.size()) == limit) break;
    TARN_TRY(Commit commit, ReadCommit(at->first));
    commit.timestamp_ms = at->second;
    history.push_back(std::move(commit));
  }
  return history;
}

Result<Version> Log::VersionAt(int64_t timestamp_ms) const {
  TARN_TRY(Listing listing, List(std::nullopt));
  std::optional<Version> found;
  int64_t previous = INT64_MIN;
  for (auto& [version, time] : listing.commits) {
    if (previous != INT64_MIN) time = std::max(time, previous + 1);
    previous = time;
    if (time <= timestamp_ms) found = version;
  }
  if (!found) {
    return Fail("DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION",
                "the timestamp is before the earliest version of " + table_path_);
  }
  if (*found == listing.commits.rbegin()->first && timestamp_ms > previous) {
    return Fail("DELTA_TIMESTAMP_GREATER_THAN_COMMIT",
                "the timestamp is after the latest commit of " + table_path_);
  }
  return *found;
}

}  // namespace tarn::delta
