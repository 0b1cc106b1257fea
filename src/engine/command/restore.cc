#include <set>

#include "delta/clustering/clustering.h"
#include "delta/deletion_vector.h"
#include "delta/table_feature.h"
#include "engine/command/command.h"
#include "engine/table_protocol.h"
#include "engine/time_travel.h"

namespace tarn::engine {
namespace {

using delta::Snapshot;
using SnapshotRef = std::shared_ptr<const Snapshot>;

constexpr const char* kHighWaterMark = "delta.identity.highWaterMark";

Error OutOfRange(delta::Version version, const Error& from, const Snapshot& latest) {
  std::string earliest = "0";
  for (const auto& [name, value] : from.params()) {
    if (name == "earliest") earliest = value;
  }
  std::string last = std::to_string(latest.version() - 1);
  return Fail(
      "DELTA_CANNOT_RESTORE_TABLE_VERSION",
      "Cannot restore table to version " + std::to_string(version) + ". Available versions: [" +
          earliest + ", " + last + "].",
      {{"version", std::to_string(version)}, {"startVersion", earliest}, {"endVersion", last}});
}

Result<delta::Version> VersionToRestore(const CommandContext& context, const plan::Restore& command,
                                        const Snapshot& latest) {
  if (command.travel.version) return *command.travel.version;
  TARN_TRY(int64_t instant, InstantOf(context.engine(), command.travel.timestamp));
  auto log = context.engine().snapshots().OpenLog(latest.table_path());
  Result<delta::Version> version = log->VersionAt(instant);
  if (version.ok()) return version;
  if (version.error().reason() == "DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION") {
    return Fail("DELTA_CANNOT_RESTORE_TIMESTAMP_EARLIER",
                "Cannot restore table to a timestamp before the earliest version available.");
  }
  if (version.error().reason() == "DELTA_TIMESTAMP_GREATER_THAN_COMMIT") {
    return Fail("DELTA_CANNOT_RESTORE_TIMESTAMP_GREATER",
                "Cannot restore table to a timestamp after the latest version available.");
  }
  return version;
}

std::set<std::string> KeysOf(const Snapshot& snapshot) {
  std::set<std::string> keys;
  for (const auto& file : snapshot.files()) {
    keys.insert(delta::FileKey(file->path, file->deletion_vector));
  }
  return keys;
}

Status CheckThere(const CommandContext& context, const Snapshot& target,
                  const std::vector<delta::AddFile>& restored) {
  constexpr size_t kMaxNamed = 100;
  std::string missing;
  size_t count = 0;
  io::ObjectStore& store = *context.session.services().store;
  auto look_for = [&](const std::string& path, const std::string& name) {
    if (store.Head(path).ok()) return;
    if (++count <= kMaxNamed) missing += (missing.empty() ? "" : ",") + name;
  };
  for (const delta::AddFile& file : restored) {
    look_for(target.FullPath(file), file.path);
    if (!file.deletion_vector || file.deletion_vector->storage_type == 'i') continue;
    TARN_TRY(std::string vector,
             delta::DeletionVectorPath(*file.deletion_vector, target.table_path()));
    look_for(vector, vector);
  }
  if (count == 0) return Ok();
  return Fail("DELTA_FILE_NOT_FOUND",
              "Not all files from version " + std::to_string(target.version()) +
                  " are available in file system. Missed files (top 100 files): " + missing +
                  ". Please use more recent version or timestamp for restoring.",
              {{"path", missing}});
}

// Ids of identity columns are never given twice: the further mark stays.
columnar::Schema WithHighWaterMarks(columnar::Schema schema, const columnar::Schema& latest) {
  for (columnar::Field& field : schema.fields) {
    int at = latest.FindField(field.name);
    if (at < 0) continue;
    const json::Value* newer = latest.fields[static_cast<size_t>(at)].metadata.Find(kHighWaterMark);
    const json::Value* older = field.metadata.Find(kHighWaterMark);
    if (newer == nullptr || !newer->is_int()) continue;
    const json::Value* step = field.metadata.Find("delta.identity.step");
    bool rises = step == nullptr || !step->is_int() || step->as_int() > 0;
    bool further = older == nullptr || !older->is_int() ||
                   (rises ? newer->as_int() > older->as_int() : newer->as_int() < older->as_int());
    if (further) field.metadata.Set(kHighWaterMark, *newer);
  }
  return schema;
}

// Clustering goes back with the table; the other domains, row ids above all, stay as they are.
void RestoreClustering(const Snapshot& latest, const Snapshot& target, delta::Transaction& txn) {
  auto now = latest.domains().find(delta::kClusteringDomain);
  auto then = target.domains().find(delta::kClusteringDomain);
  bool is = now != latest.domains().end();
  if (then != target.domains().end()) {
    if (!is || now->second.configuration != then->second.configuration) txn.SetDomain(then->second);
  } else if (is) {
    txn.SetDomain({delta::kClusteringDomain, now->second.configuration, true});
  }
}

struct Difference {
  std::vector<delta::AddFile> restored;
  std::vector<delta::AddFile> removed;
  int64_t restored_bytes = 0;
  int64_t removed_bytes = 0;
};

Difference Compare(const Snapshot& latest, const Snapshot& target) {
  Difference difference;
  std::set<std::string> now = KeysOf(latest);
  std::set<std::string> then = KeysOf(target);
  for (const auto& file : target.files()) {
    if (now.contains(delta::FileKey(file->path, file->deletion_vector))) continue;
    difference.restored.push_back(*file);
    difference.restored.back().data_change = true;
    difference.restored_bytes += file->size_bytes;
  }
  for (const auto& file : latest.files()) {
    if (then.contains(delta::FileKey(file->path, file->deletion_vector))) continue;
    difference.removed.push_back(*file);
    difference.removed_bytes += file->size_bytes;
  }
  return difference;
}

Status Commit(const CommandContext& context, const plan::Restore& command, SnapshotRef latest,
              const Snapshot& target, const Difference& difference,
              const std::vector<std::pair<std::string, int64_t>>& metrics) {
  delta::Metadata metadata = target.metadata();
  metadata.schema_string = WithHighWaterMarks(target.schema(), latest->schema()).ToJson();
  delta::Protocol protocol = RaisedProtocol(latest->protocol(), target.protocol());
  TARN_RETURN_IF_ERROR(delta::CheckWritable(protocol, metadata, target.schema()));
  delta::Transaction txn(context.engine().snapshots().OpenLog(latest->table_path()), latest);
  txn.reads().exclusive = true;
  txn.SetProtocol(protocol);
  txn.SetMetadata(std::move(metadata));
  for (const delta::AddFile& file : difference.restored) txn.Add(file);
  for (const delta::AddFile& file : difference.removed) txn.Remove(file);
  RestoreClustering(*latest, target, txn);
  delta::Operation operation{"RESTORE", {}, {}, context.who().name};
  operation.parameters = {{"version", nullptr}, {"timestamp", nullptr}};
  if (command.travel.version) operation.parameters["version"] = *command.travel.version;
  if (command.travel.timestamp) {
    operation.parameters["timestamp"] = plan::ExprToString(*command.travel.timestamp);
  }
  // "table_size_after_restore" is tableSizeAfterRestore in the history.
  for (const auto& [name, value] : metrics) {
    std::string key;
    for (size_t i = 0; i < name.size(); ++i) {
      key += name[i] == '_' ? static_cast<char>(std::toupper(static_cast<unsigned char>(name[++i])))
                            : name[i];
    }
    operation.metrics[key] = std::to_string(value);
  }
  TARN_RETURN_IF_ERROR(txn.Commit(operation, context.cancel));
  return Ok();
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::Restore& command) {
  TARN_TRY(CatalogResolver::Table table,
           context.At(command.name_range,
                      context.resolver.Find(command.name, {catalog::Operation::kModify})));
  TARN_TRY(SnapshotRef latest,
           context.At(command.name_range, context.resolver.Pin(table.location)));
  TARN_TRY(delta::Version version,
           context.At(command.name_range, VersionToRestore(context, command, *latest)));
  Result<SnapshotRef> target = context.engine().snapshots().At(table.location, version);
  bool unknown = !target.ok() && target.error().reason() == "DELTA_VERSION_NOT_FOUND";
  if (unknown || version >= latest->version()) {
    Error from = target.ok() ? Fail("DELTA_VERSION_NOT_FOUND", "") : target.error();
    return context.At(command.name_range, OutOfRange(version, from, *latest));
  }
  if (!target.ok()) return context.At(command.name_range, std::move(target).error());
  Difference difference = Compare(*latest, **target);
  TARN_RETURN_IF_ERROR(
      context.At(command.name_range, CheckThere(context, **target, difference.restored)));
  std::vector<std::pair<std::string, int64_t>> metrics = {
      {"table_size_after_restore", (*target)->size_bytes()},
      {"num_of_files_after_restore", static_cast<int64_t>((*target)->files().size())},
      {"num_removed_files", static_cast<int64_t>(difference.removed.size())},
      {"num_restored_files", static_cast<int64_t>(difference.restored.size())},
      {"removed_files_size", difference.removed_bytes},
      {"restored_files_size", difference.restored_bytes}};
  TARN_RETURN_IF_ERROR(Commit(context, command, latest, **target, difference, metrics));
  bool same = latest->schema() == (*target)->schema() &&
              latest->partition_columns() == (*target)->partition_columns();
  if (table.record && !same) {
    TARN_RETURN_IF_ERROR(context.FollowSchema(*table.record, **target));
  }
  return Counts(metrics);
}

}  // namespace tarn::engine
