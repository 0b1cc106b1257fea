#include "delta/log.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "base/log.h"
#include "delta/checkpoint/checkpoint_reader.h"
#include "delta/checkpoint/last_checkpoint.h"
#include "delta/table_feature.h"
#include "delta/upkeep/checksum.h"

namespace tarn::delta {

/// What the folder holds, by version.
struct Log::Listing {
  std::map<Version, int64_t> commits;  // version → file time
  std::map<Version, std::vector<CheckpointFiles>> checkpoints;
  std::map<Version, Error> incomplete_checkpoints;
  std::map<Version, Version> compactions;  // first → last version, the longest
  std::set<Version> checksums;

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
         std::string table_path, std::shared_ptr<Upkeep> upkeep)
    : store_(std::move(store)),
      parquet_(std::move(parquet)),
      table_path_(std::move(table_path)),
      upkeep_(std::move(upkeep)) {}

Result<std::vector<LogFile>> Log::Files() const {
  std::string folder = LogFolder(table_path_);
  TARN_TRY(std::vector<io::ObjectInfo> found, store_->List(folder, false));
  std::vector<LogFile> files;
  for (const io::ObjectInfo& file : found) {
    std::string_view name = std::string_view(file.path).substr(folder.size() + 1);
    files.push_back({ParseLogFileName(name), file.path, file.modified_ms});
  }
  return files;
}

Result<Log::Listing> Log::List(std::optional<Version> from) const {
  std::string folder = LogFolder(table_path_);
  // Names of log files begin with their versions.
  std::string after = from ? io::JoinPath(folder, fmt::format("{:020}", *from)) : "";
  TARN_TRY(std::vector<io::ObjectInfo> files, store_->List(folder, false, after));
  Listing listing;
  std::map<std::pair<Version, int>, std::map<int, std::string>> parts;
  for (const io::ObjectInfo& file : files) {
    LogFileName name = ParseLogFileName(std::string_view(file.path).substr(folder.size() + 1));
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
      case LogFileName::Kind::kCompaction: {
        Version& last = listing.compactions[name.version];
        last = std::max(last, name.end_version);
        break;
      }
      case LogFileName::Kind::kChecksum:
        listing.checksums.insert(name.version);
        break;
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

Status Log::ReadCheckpoint(const CheckpointFiles& checkpoint, Version version,
                           const Checksum* checksum, SnapshotBuilder* builder) const {
  std::vector<Action> actions;
  std::vector<std::string> files;
  // A checksum that holds all but the files saves looking for it between them; of V2 checkpoints
  // the sidecars have to be found anyway.
  bool known = checksum != nullptr && checksum->HoldsTable() &&
               !NamesFeature(*checksum->protocol, "v2Checkpoint");
  if (known) actions = checksum->TableActions();
  for (const std::string& path : checkpoint.paths) {
    std::vector<Action> some;
    if (known) {
      files.push_back(path);
    } else if (path.ends_with(".json")) {
      TARN_TRY(std::string lines, store_->Get(path));
      TARN_TRY(some, ParseActions(lines, path));
    } else {
      TARN_TRY(some, ReadTableActions(*parquet_, path));
      files.push_back(path);
    }
    std::move(some.begin(), some.end(), std::back_inserter(actions));
  }
  FileColumnsUsed used;
  const Protocol* protocol = nullptr;
  const Metadata* metadata = nullptr;
  bool has_sidecars = false;
  for (const Action& action : actions) {
    if (const auto* found = std::get_if<Protocol>(&action)) protocol = found;
    if (const auto* found = std::get_if<Metadata>(&action)) metadata = found;
    if (const auto* sidecar = std::get_if<Sidecar>(&action)) {
      files.push_back(SidecarPath(table_path_, sidecar->path));
      has_sidecars = true;
    }
  }
  if (protocol != nullptr && metadata != nullptr) used = FileColumnsUsed::By(*protocol, *metadata);
  auto rows = static_cast<int64_t>(actions.size());
  CheckpointFileActions found;
  for (const std::string& path : files) {
    TARN_RETURN_IF_ERROR(ReadFileActions(store_, parquet_, path, used, &found));
  }
  builder->Apply(version, checkpoint.modified_ms, std::move(actions));
  for (auto& block : found.added) {
    rows += static_cast<int64_t>(block->rows());
    builder->ApplyBlock(std::move(block));
  }
  for (auto& block : found.removed) {
    rows += static_cast<int64_t>(block->rows());
    builder->ApplyRemovedBlock(std::move(block));
  }
  // The checksum says how many files there are.
  return has_sidecars || known ? Ok() : CheckSize(version, rows);
}

std::optional<Checksum> Log::ReadChecksum(Version version) const {
  std::string path = ChecksumPath(table_path_, version);
  Result<std::string> text = store_->Get(path);
  if (!text.ok()) return std::nullopt;
  Result<Checksum> checksum = Checksum::Parse(*text, path);
  if (checksum.ok()) return *std::move(checksum);
  LogWarn("a version checksum cannot be read; the version is not checked",
          {{"table", table_path_}, {"error", checksum.error().ToString()}});
  return std::nullopt;
}

namespace {

// Whether the order of the actions does not matter, as the protocol asks of a compaction.
bool IsReconciled(const std::vector<Action>& actions) {
  std::set<std::string> keys;
  int tables = 0;
  for (const Action& action : actions) {
    if (const auto* add = std::get_if<AddFile>(&action)) {
      if (!keys.insert(FileKey(add->path, add->deletion_vector)).second) return false;
    } else if (const auto* remove = std::get_if<RemoveFile>(&action)) {
      if (!keys.insert(FileKey(remove->path, remove->deletion_vector)).second) return false;
    } else if (std::holds_alternative<Metadata>(action)) {
      if (++tables > 1) return false;
    }
  }
  return true;
}

}  // namespace

std::optional<Version> Log::ReadCompaction(const Listing& listing, Version version, Version target,
                                           SnapshotBuilder* builder) const {
  auto found = listing.compactions.find(version);
  // The target's own commit says when it was made.
  if (found == listing.compactions.end() || found->second >= target) return std::nullopt;
  std::string path = CompactionPath(table_path_, version, found->second);
  Result<std::string> text = store_->Get(path);
  if (!text.ok()) return std::nullopt;
  Result<std::vector<Action>> actions = ParseActions(*text, path);
  if (!actions.ok()) {
    LogWarn("a log compaction cannot be read; its commits are read instead",
            {{"table", table_path_}, {"error", actions.error().ToString()}});
    return std::nullopt;
  }
  if (!IsReconciled(*actions)) {
    LogWarn("a log compaction names a file twice; its commits are read instead",
            {{"table", table_path_}, {"compaction", path}});
    return std::nullopt;
  }
  for (Version at = version; at < found->second; ++at) {
    builder->Apply(at, listing.commits.at(at), {});
  }
  builder->Apply(found->second, listing.commits.at(found->second), *std::move(actions));
  return found->second;
}

Result<std::shared_ptr<const Snapshot>> Log::ReplayFrom(const Listing& listing,
                                                        const CheckpointFiles* checkpoint,
                                                        Version start, Version target,
                                                        const Checksum* checksum) const {
  SnapshotBuilder builder(table_path_);
  if (checkpoint != nullptr) {
    TARN_RETURN_IF_ERROR(ReadCheckpoint(*checkpoint, start, checksum, &builder));
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
    if (auto last = ReadCompaction(listing, version, target, &builder)) {
      version = *last;
      continue;
    }
    TARN_TRY(Commit commit, ReadCommit(version));
    builder.Apply(version, listing.commits.at(version), std::move(commit.actions));
  }
  TARN_TRY(std::shared_ptr<const Snapshot> snapshot, builder.Finish());
  if (checksum != nullptr) TARN_RETURN_IF_ERROR(checksum->Validate(*snapshot));
  return snapshot;
}

Status Log::CheckSize(Version version, int64_t rows) const {
  Result<std::string> text = store_->Get(LastCheckpointPath(table_path_));
  if (!text.ok()) return Ok();
  std::optional<LastCheckpoint> hint = LastCheckpoint::Parse(*text);
  // Of V2 checkpoints it counts the actions of sidecars too.
  if (!hint || hint->version != version || hint->v2) return Ok();
  int64_t promised = hint->actions;
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
  std::optional<Checksum> checksum;
  if (listing.checksums.contains(target)) checksum = ReadChecksum(target);
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
    auto snapshot = ReplayFrom(listing, checkpoint, start, target, checksum ? &*checksum : nullptr);
    if (snapshot.ok() || checkpoint == nullptr) return snapshot;
    std::string_view reason = snapshot.error().reason();
    if (reason != "DELTA_CHECKPOINT_CORRUPT" && reason != "DELTA_LOG_CORRUPT" &&
        reason != "DELTA_STATE_RECOVER_ERROR" && reason != "OBJECT_NOT_FOUND" &&
        reason != "DELTA_TXN_LOG_FAILED_INTEGRITY") {
      return snapshot;
    }
    LogWarn("a checkpoint cannot be used; trying an older one",
            {{"table", table_path_}, {"error", snapshot.error().ToString()}});
    damage = snapshot.error();
  }
  return Fail("INTERNAL_ERROR", "no start for the replay of " + table_path_);
}

// From what lies behind the checkpoint that the hint names. Whatever is in the way of that is
// looked into by a load without it.
Result<std::shared_ptr<const Snapshot>> Log::LoadByHint() const {
  TARN_TRY(std::string text, store_->Get(LastCheckpointPath(table_path_)));
  std::optional<LastCheckpoint> hint = LastCheckpoint::Parse(text);
  if (!hint || hint->version < 0) return Fail("OBJECT_NOT_FOUND", "no hint");
  TARN_TRY(Listing listing, List(hint->version));
  if (listing.checkpoints.empty()) return Fail("OBJECT_NOT_FOUND", "no checkpoint");
  Version latest = listing.checkpoints.rbegin()->first;
  if (!listing.commits.empty()) latest = std::max(latest, listing.commits.rbegin()->first);
  return Replay(listing, latest);
}

Result<std::shared_ptr<const Snapshot>> Log::Load(std::optional<Version> version) const {
  if (!version) {
    Result<std::shared_ptr<const Snapshot>> snapshot = LoadByHint();
    if (snapshot.ok()) return snapshot;
  }
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

Result<std::shared_ptr<const Snapshot>> Log::Refresh(std::shared_ptr<const Snapshot> base,
                                                     std::optional<Version> up_to) const {
  std::optional<SnapshotBuilder> builder;
  for (Version next = base->version() + 1; !up_to || next <= *up_to; ++next) {
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
  if (up_to && *up_to == base->version()) return base;
  // A table dropped and made again at the same place, or a log cleaned up, may hide newer versions.
  Result<io::ObjectInfo> same = store_->Head(CommitPath(table_path_, base->version()));
  if (same.ok()) return base;
  if (same.error().reason() != "OBJECT_NOT_FOUND") return same.error();
  return Load(up_to);
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
