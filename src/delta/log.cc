#include "delta/log.h"

#include <algorithm>
#include <map>

#include "base/log.h"

namespace tarn::delta {

/// What the folder holds, by version.
struct Log::Listing {
  std::map<Version, int64_t> commits;  // version → file time
  // version → paths of the checkpoint's parts, complete checkpoints only
  std::map<Version, std::vector<std::string>> checkpoints;
  std::map<Version, int64_t> checkpoint_times;
  std::vector<Version> unsupported_checkpoints;
};

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
    if (name.kind == LogFileName::Kind::kOther || (up_to && name.version > *up_to)) continue;
    switch (name.kind) {
      case LogFileName::Kind::kCommit:
        listing.commits.emplace(name.version, file.modified_ms);
        break;
      case LogFileName::Kind::kCheckpoint:
        listing.checkpoints[name.version] = {file.path};
        listing.checkpoint_times[name.version] = file.modified_ms;
        break;
      case LogFileName::Kind::kCheckpointPart: {
        auto& found = parts[{name.version, name.parts}];
        found.emplace(name.part, file.path);
        if (static_cast<int>(found.size()) != name.parts) break;
        if (listing.checkpoints.contains(name.version)) break;
        for (const auto& [part, path] : found) listing.checkpoints[name.version].push_back(path);
        listing.checkpoint_times[name.version] = file.modified_ms;
        break;
      }
      case LogFileName::Kind::kUnsupportedCheckpoint:
        listing.unsupported_checkpoints.push_back(name.version);
        break;
      case LogFileName::Kind::kOther:
        break;
    }
  }
  if (listing.commits.empty() && listing.checkpoints.empty()) {
    return Fail("DELTA_TABLE_NOT_FOUND", table_path_ + " is not a Delta table",
                {{"tableName", table_path_}});
  }
  return listing;
}

Status Log::ApplyCheckpoint(const Listing& listing, Version version,
                            SnapshotBuilder& builder) const {
  for (const std::string& path : listing.checkpoints.at(version)) {
    TARN_TRY(std::string lines, parquet_->ReadCheckpoint(path));
    TARN_TRY(std::vector<Action> actions, ParseActions(lines, path));
    // A checkpoint's rows have no order among themselves; its removes are tombstones for VACUUM and
    // say nothing about the files that are active.
    std::erase_if(actions, [](const Action& a) { return std::holds_alternative<RemoveFile>(a); });
    TARN_RETURN_IF_ERROR(
        builder.Apply(version, listing.checkpoint_times.at(version), std::move(actions)));
  }
  return Ok();
}

Result<std::shared_ptr<const Snapshot>> Log::Replay(const Listing& listing, Version target) const {
  // Newest first: a checkpoint that cannot be read is passed over as long as commits can make up.
  std::optional<Error> damage;
  std::vector<Version> starts;
  for (auto at = listing.checkpoints.rbegin(); at != listing.checkpoints.rend(); ++at) {
    if (at->first <= target) starts.push_back(at->first);
  }
  starts.push_back(-1);
  for (Version start : starts) {
    SnapshotBuilder builder(table_path_);
    if (start >= 0) {
      if (Status status = ApplyCheckpoint(listing, start, builder); !status.ok()) {
        if (status.error().reason() == "DELTA_UNSUPPORTED_FEATURES_FOR_READ") return status.error();
        LogWarn("a checkpoint cannot be read; trying an older one",
                {{"table", table_path_}, {"error", status.error().ToString()}});
        damage = status.error();
        continue;
      }
    }
    Version next = start + 1;
    for (auto at = listing.commits.lower_bound(next); at != listing.commits.end(); ++at) {
      if (at->first > target) break;
      if (at->first != next) break;
      TARN_TRY(Commit commit, ReadCommit(at->first));
      TARN_RETURN_IF_ERROR(builder.Apply(at->first, at->second, std::move(commit.actions)));
      ++next;
    }
    if (next == target + 1) return builder.Finish();
    if (damage) return *damage;
    return Fail("DELTA_VERSIONS_NOT_CONTIGUOUS",
                "the log of " + table_path_ + " has no commit file for version " +
                    std::to_string(next) + " although version " + std::to_string(target) +
                    " exists",
                {{"version", std::to_string(next)}});
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
    TARN_RETURN_IF_ERROR(builder->Apply(next, info->modified_ms, std::move(commit.actions)));
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
