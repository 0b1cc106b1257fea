#include "delta/checkpoint/checkpoint.h"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "base/clock.h"
#include "base/ids.h"
#include "delta/checkpoint/checkpoint_schema.h"
#include "delta/checkpoint/last_checkpoint.h"
#include "delta/table_feature.h"
#include "delta/table_property.h"

namespace tarn::delta {
namespace {

int64_t DurationMs(const Snapshot& snapshot, const char* property, int64_t fallback_ms) {
  std::optional<std::string> text = snapshot.Property(property);
  return text ? IntervalMs(*text).value_or(fallback_ms) : fallback_ms;
}

// A boolean property that is true when absent.
bool EnabledUnlessFalse(const Snapshot& snapshot, const char* property) {
  return !snapshot.Property(property) || snapshot.Enabled(property);
}

CheckpointStats StatsOf(const Snapshot& snapshot) {
  CheckpointStats stats;
  stats.as_json = EnabledUnlessFalse(snapshot, "delta.checkpoint.writeStatsAsJson");
  if (EnabledUnlessFalse(snapshot, "delta.checkpoint.writeStatsAsStruct")) {
    stats.parsed = ParsedStatsType(snapshot.schema(), snapshot.metadata());
    stats.parsed_partition = ParsedPartitionValuesType(snapshot.schema(), snapshot.metadata());
  }
  return stats;
}

std::string PartitionValuesJson(const PartitionValues& values) {
  json::Object object;
  for (const auto& [name, value] : values) {
    object.Set(name, value ? json::Value(*value) : json::Value());
  }
  return json::Value(std::move(object)).ToString();
}

// The actions of a snapshot as lines of JSON; those of files are given out in portions.
class CheckpointLines {
 public:
  CheckpointLines(const Snapshot& snapshot, const CheckpointStats& stats)
      : snapshot_(snapshot),
        stats_(stats),
        tombstone_(snapshot.tombstones().begin()),
        file_(snapshot.files().begin()) {
    constexpr int64_t kWeekMs = int64_t{7} * 24 * 3'600'000;
    int64_t now_ms = snapshot.timestamp_ms();
    oldest_tombstone_ms_ =
        now_ms - DurationMs(snapshot, "delta.deletedFileRetentionDuration", kWeekMs);
    int64_t keep_ms = DurationMs(snapshot, "delta.setTransactionRetentionDuration", -1);
    table_ = {snapshot.protocol(), snapshot.metadata()};
    for (const auto& [app_id, txn] : snapshot.transactions()) {
      bool expired = keep_ms >= 0 && txn.last_updated_ms && *txn.last_updated_ms < now_ms - keep_ms;
      if (!expired) table_.emplace_back(txn);
    }
    for (const auto& [name, domain] : snapshot.domains()) table_.emplace_back(domain);
  }

  const std::vector<Action>& table() const { return table_; }
  /// At most so many.
  int64_t MaxFileActions() const {
    return static_cast<int64_t>(snapshot_.tombstones().size() + snapshot_.files().size());
  }
  int64_t file_actions() const { return file_actions_; }

  // Appends up to `limit` lines; false when none are left.
  bool NextFiles(int64_t limit, std::string* lines) {
    for (int64_t end = file_actions_ + limit; file_actions_ < end;) {
      if (tombstone_ != snapshot_.tombstones().end()) {
        RemoveFile remove = **tombstone_;
        ++tombstone_;
        if (remove.deletion_timestamp_ms.value_or(0) < oldest_tombstone_ms_) continue;
        remove.data_change = false;
        *lines += ActionToJson(remove);
      } else if (file_ != snapshot_.files().end()) {
        AppendAdd(**file_, lines);
        ++file_;
      } else {
        return false;
      }
      *lines += '\n';
      ++file_actions_;
    }
    return true;
  }

 private:
  void AppendAdd(AddFile add, std::string* lines) const {
    add.data_change = false;
    std::string parsed;
    if (!stats_.parsed.is(columnar::TypeKind::kNull) && !add.stats.empty()) {
      parsed += ",\"stats_parsed\":" + add.stats;
    }
    if (!stats_.parsed_partition.is(columnar::TypeKind::kNull)) {
      parsed += ",\"partitionValues_parsed\":" + PartitionValuesJson(add.partition_values);
    }
    if (!stats_.as_json) add.stats.clear();
    std::string line = ActionToJson(add);
    line.insert(line.size() - 2, parsed);
    *lines += line;
  }

  const Snapshot& snapshot_;
  CheckpointStats stats_;
  int64_t oldest_tombstone_ms_ = 0;
  std::vector<Action> table_;
  FileList<RemoveFile>::Iterator tombstone_;
  FileList<AddFile>::Iterator file_;
  int64_t file_actions_ = 0;
};

std::string Lines(const std::vector<Action>& actions) {
  std::string lines;
  for (const Action& action : actions) lines += ActionToJson(action) + "\n";
  return lines;
}

// One Parquet file of `first` and then up to `file_actions` actions of files. Returns its bytes.
Result<int64_t> WriteFile(ParquetIo& parquet, const std::string& path, columnar::Schema schema,
                          std::string first, CheckpointLines* files, int64_t file_actions) {
  constexpr int64_t kAtOnce = 4096;
  ParquetWrite write;
  write.schema = std::move(schema);
  write.next = [&](std::string* lines) -> Result<bool> {
    *lines += std::exchange(first, "");
    int64_t some = std::min(file_actions, kAtOnce);
    file_actions -= some;
    return some > 0 && files->NextFiles(some, lines) && file_actions > 0;
  };
  return parquet.Write(path, write);
}

Status WriteHint(const Log& log, const LastCheckpoint& hint) {
  return log.store().Put(LastCheckpointPath(log.table_path()), hint.ToJson());
}

Status WriteClassic(const Log& log, const Snapshot& snapshot, const CheckpointOptions& options) {
  std::string path = CheckpointPath(log.table_path(), snapshot.version());
  if (log.store().Head(path).ok()) return Ok();
  CheckpointStats stats = StatsOf(snapshot);
  CheckpointLines lines(snapshot, stats);
  auto in_table = static_cast<int64_t>(lines.table().size());
  int64_t parts = std::max<int64_t>(
      1, (lines.MaxFileActions() + options.part_actions - 1) / options.part_actions);
  LastCheckpoint hint;
  hint.size_bytes = 0;
  for (int64_t part = 1; part <= parts; ++part) {
    if (parts > 1) {
      path = CheckpointPartPath(log.table_path(), snapshot.version(), part, parts);
    }
    TARN_TRY(int64_t bytes,
             WriteFile(log.parquet(), path, CheckpointSchema(stats),
                       part == 1 ? Lines(lines.table()) : "", &lines, options.part_actions));
    *hint.size_bytes += bytes;
  }
  hint.version = snapshot.version();
  hint.actions = in_table + lines.file_actions();
  if (parts > 1) hint.parts = parts;
  hint.added_files = static_cast<int64_t>(snapshot.files().size());
  return WriteHint(log, hint);
}

Status WriteV2(const Log& log, const Snapshot& snapshot, const CheckpointOptions& options) {
  CheckpointStats stats = StatsOf(snapshot);
  CheckpointLines lines(snapshot, stats);
  LastCheckpoint::TopLevel top;
  int64_t now_ms = Clock::System().NowMillis();
  int64_t sidecar_bytes = 0;
  for (int64_t left = lines.MaxFileActions(); left > 0; left -= options.sidecar_actions) {
    Sidecar sidecar;
    sidecar.path = NewUuid() + ".parquet";
    TARN_TRY(sidecar.size_bytes,
             WriteFile(log.parquet(), SidecarPath(log.table_path(), sidecar.path),
                       CheckpointSchema(stats, true), "", &lines, options.sidecar_actions));
    sidecar.modification_time_ms = now_ms;
    sidecar_bytes += sidecar.size_bytes;
    top.sidecars.push_back(std::move(sidecar));
  }
  top.table_actions = lines.table();
  top.table_actions.emplace_back(
      CheckpointMetadata{snapshot.version(),
                         {{"sidecarNumActions", std::to_string(lines.file_actions())},
                          {"sidecarSizeInBytes", std::to_string(sidecar_bytes)},
                          {"numOfAddFiles", std::to_string(snapshot.files().size())}}});
  std::string text = Lines(top.table_actions);
  for (const Sidecar& sidecar : top.sidecars) text += ActionToJson(sidecar) + "\n";
  top.name = fmt::format("{:020}.checkpoint.{}.{}", snapshot.version(), NewUuid(),
                         options.parquet_top_level ? "parquet" : "json");
  std::string path = io::JoinPath(LogFolder(log.table_path()), top.name);
  if (options.parquet_top_level) {
    TARN_TRY(top.size_bytes, WriteFile(log.parquet(), path, TopLevelSchema(), text, &lines, 0));
  } else {
    TARN_RETURN_IF_ERROR(log.store().PutIfAbsent(path, text));
    top.size_bytes = static_cast<int64_t>(text.size());
  }
  top.modification_time_ms = now_ms;
  LastCheckpoint hint;
  hint.version = snapshot.version();
  hint.actions =
      static_cast<int64_t>(top.table_actions.size() + top.sidecars.size()) + lines.file_actions();
  hint.size_bytes = top.size_bytes + sidecar_bytes;
  hint.added_files = static_cast<int64_t>(snapshot.files().size());
  hint.v2 = std::move(top);
  return WriteHint(log, hint);
}

}  // namespace

CheckpointOptions CheckpointOptionsOf(const Snapshot& snapshot) {
  CheckpointOptions options;
  std::optional<std::string> text = snapshot.Property("tarn.checkpoint.partSize");
  int64_t actions = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), actions);
  if (actions > 0) options.part_actions = options.sidecar_actions = actions;
  return options;
}

Status WriteCheckpoint(const Log& log, const Snapshot& snapshot, const CheckpointOptions& options) {
  bool v2 = snapshot.Property("delta.checkpointPolicy") == "v2" &&
            NamesFeature(snapshot.protocol(), "v2Checkpoint");
  return v2 ? WriteV2(log, snapshot, options) : WriteClassic(log, snapshot, options);
}

Version CheckpointInterval(const Snapshot& snapshot) {
  constexpr Version kDefault = 10;
  std::optional<std::string> text = snapshot.Property("delta.checkpointInterval");
  if (!text) return kDefault;
  Version interval = 0;
  std::from_chars(text->data(), text->data() + text->size(), interval);
  return interval > 0 ? interval : kDefault;
}

bool CheckpointDue(const Snapshot& snapshot) {
  return snapshot.version() > 0 && snapshot.version() % CheckpointInterval(snapshot) == 0;
}

}  // namespace tarn::delta
