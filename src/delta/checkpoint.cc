#include "delta/checkpoint.h"

#include <charconv>

#include "base/log.h"
#include "delta/table_property.h"

namespace tarn::delta {
namespace {

constexpr int64_t kDefaultInterval = 10;

int64_t IntervalOf(const Metadata& metadata) {
  auto at = metadata.configuration.find("delta.checkpointInterval");
  if (at == metadata.configuration.end()) return kDefaultInterval;
  int64_t interval = 0;
  std::from_chars(at->second.data(), at->second.data() + at->second.size(), interval);
  return interval > 0 ? interval : kDefaultInterval;
}

// How long a removed file has to stay known. Spec: "Add File and Remove File".
int64_t RetentionMs(const Snapshot& snapshot) {
  constexpr int64_t kDefaultMs = int64_t{7} * 24 * 60 * 60 * 1000;
  std::optional<std::string> text = snapshot.Property("delta.deletedFileRetentionDuration");
  return text ? IntervalMs(*text).value_or(kDefaultMs) : kDefaultMs;
}

}  // namespace

Status WriteCheckpoint(const Log& log, const Snapshot& snapshot) {
  std::vector<Action> actions;
  actions.push_back(snapshot.protocol());
  actions.push_back(snapshot.metadata());
  for (const auto& [app_id, txn] : snapshot.transactions()) actions.push_back(txn);
  for (const auto& [name, domain] : snapshot.domains()) actions.push_back(domain);
  int64_t oldest_ms = snapshot.timestamp_ms() - RetentionMs(snapshot);
  for (const auto& [key, remove] : snapshot.tombstones()) {
    if (remove.deletion_timestamp_ms.value_or(0) < oldest_ms) continue;
    RemoveFile tombstone = remove;
    tombstone.data_change = false;
    actions.push_back(std::move(tombstone));
  }
  for (const auto& file : snapshot.files()) {
    AddFile add = *file;
    add.data_change = false;
    actions.push_back(std::move(add));
  }
  std::string path = CheckpointPath(log.table_path(), snapshot.version());
  if (log.store().Head(path).ok()) return Ok();
  TARN_RETURN_IF_ERROR(log.parquet().WriteCheckpoint(path, actions));
  json::Writer hint;
  hint.BeginObject();
  hint.Key("version").Int(snapshot.version());
  hint.Key("size").Int(static_cast<int64_t>(actions.size()));
  hint.EndObject();
  return log.store().Put(LastCheckpointPath(log.table_path()), hint.text());
}

void WriteCheckpointIfDue(const Log& log, Version version) {
  if (version == 0) return;
  // The interval is a property of the table; only versions that the smallest usual one divides are
  // worth the replay that finds it out.
  if (version % kDefaultInterval != 0) return;
  Result<std::shared_ptr<const Snapshot>> snapshot = log.Load(version);
  Status status = Ok();
  if (!snapshot.ok()) {
    status = snapshot.error();
  } else if (version % IntervalOf((*snapshot)->metadata()) == 0) {
    status = WriteCheckpoint(log, **snapshot);
  }
  if (!status.ok()) {
    LogWarn("a checkpoint could not be written; the table is complete without it",
            {{"table", log.table_path()},
             {"version", static_cast<long long>(version)},
             {"error", status.error().ToString()}});
  }
}

}  // namespace tarn::delta
