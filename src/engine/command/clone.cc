#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/ids.h"
#include "delta/clustering/clustering.h"
#include "delta/deletion_vector.h"
#include "delta/file_stats.h"
#include "delta/row_tracking.h"
#include "delta/table_feature.h"
#include "engine/command/command.h"
#include "engine/table_properties.h"
#include "engine/table_protocol.h"

namespace tarn::engine {
namespace {

using delta::AddFile;
using delta::Snapshot;
using SnapshotRef = std::shared_ptr<const Snapshot>;

constexpr int64_t kCopyBytes = 8 << 20;

std::string Dotted(const std::vector<std::string>& name) {
  std::string text;
  for (const std::string& part : name) text += (text.empty() ? "" : ".") + part;
  return text;
}

// Where the clone is, and what was there before.
struct Target {
  std::string folder;
  std::string name;
  std::optional<catalog::Securable> record;
  SnapshotRef replaced;
};

/// One clone of one version.
class Cloning {
 public:
  Cloning(const CommandContext& context, const plan::CloneTable& command, Target target)
      : context_(context),
        command_(command),
        target_(std::move(target)),
        source_(SnapshotOf(command.source)),
        store_(*context.session.services().store) {}

  /// Writes and commits; the counts of the statement's result.
  Result<std::vector<std::pair<std::string, int64_t>>> Run();

 private:
  Result<delta::Metadata> Metadata() const;
  Result<std::vector<AddFile>> ShallowFiles() const;
  Result<std::vector<AddFile>> DeepFiles();
  Status Copy(const std::string& from, const std::string& to) const;
  std::map<std::string, AddFile> Present() const;
  void SetDomains(delta::Transaction& txn) const;

  const CommandContext& context_;
  const plan::CloneTable& command_;
  Target target_;
  SnapshotRef source_;
  io::ObjectStore& store_;
  std::set<std::string> copied_;  // paths of files whose bytes were copied
};

Result<delta::Metadata> Cloning::Metadata() const {
  delta::Metadata metadata = source_->metadata();
  metadata.id = NewUuid();
  metadata.name = target_.name;
  metadata.created_time_ms = Clock::System().NowMillis();
  auto& properties = metadata.configuration;
  // What was true of the source's own versions and rows.
  for (const char* own :
       {"delta.inCommitTimestampEnablementVersion", "delta.inCommitTimestampEnablementTimestamp",
        "delta.rowTracking.materializedRowIdColumnName",
        "delta.rowTracking.materializedRowCommitVersionColumnName"}) {
    properties.erase(own);
  }
  if (source_->Enabled("delta.enableRowTracking")) {
    properties["delta.rowTracking.materializedRowIdColumnName"] = "_row-id-col-" + NewUuid();
    properties["delta.rowTracking.materializedRowCommitVersionColumnName"] =
        "_row-commit-version-col-" + NewUuid();
  }
  TARN_TRY(TableProperties asked, CheckTableProperties(command_.properties));
  if (!asked.features.empty() || asked.min_reader_version || asked.min_writer_version) {
    return Fail("UNSUPPORTED_FEATURE",
                "Tarn does not support features and versions among the properties of CLONE yet.");
  }
  for (auto& [key, value] : asked.configuration) properties[key] = value;
  return metadata;
}

// The same files, by their whole paths.
Result<std::vector<AddFile>> Cloning::ShallowFiles() const {
  std::vector<AddFile> files;
  for (const auto& file : source_->files()) {
    AddFile clone = *file;
    clone.path = "file:" + source_->FullPath(*file);
    if (clone.deletion_vector && clone.deletion_vector->storage_type == 'u') {
      TARN_TRY(std::string vector,
               delta::DeletionVectorPath(*file->deletion_vector, source_->table_path()));
      clone.deletion_vector->path_or_inline_dv = "file:" + PercentEncode(vector, "/=");
      clone.deletion_vector->storage_type = 'p';
    }
    files.push_back(std::move(clone));
  }
  return files;
}

// Files of the table that is replaced, by their path.
std::map<std::string, AddFile> Cloning::Present() const {
  std::map<std::string, AddFile> present;
  if (!target_.replaced) return present;
  for (const auto& file : target_.replaced->files()) present.emplace(file.path(), *file);
  return present;
}

Status Cloning::Copy(const std::string& from, const std::string& to) const {
  TARN_TRY(io::ObjectInfo info, store_.Head(from));
  TARN_TRY(auto writer, store_.OpenWriter(to));
  for (int64_t at = 0; at < info.size_bytes; at += kCopyBytes) {
    TARN_RETURN_IF_ERROR(context_.cancel.Check());
    TARN_TRY(std::string bytes, store_.GetRange(from, {at, kCopyBytes}));
    TARN_RETURN_IF_ERROR(writer->Write(bytes));
  }
  Status closed = writer->CloseIfAbsent();
  // Names of data files are never given twice: it is a copy that an earlier attempt made.
  if (!closed.ok() && closed.error().reason() == "OBJECT_ALREADY_EXISTS") {
    TARN_TRY(io::ObjectInfo there, store_.Head(to));
    if (there.size_bytes == info.size_bytes) return Ok();
  }
  return closed;
}

// Copies of the files under the same names; those that an earlier clone copied stay.
Result<std::vector<AddFile>> Cloning::DeepFiles() {
  std::map<std::string, AddFile> present = Present();
  delta::DeletionVectorWriter vectors(store_, target_.folder);
  std::vector<AddFile> files;
  for (const auto& file : source_->files()) {
    std::string from = source_->FullPath(*file);
    AddFile clone = *file;
    bool below = io::IsWithin(from, source_->table_path());
    clone.path =
        below ? from.substr(source_->table_path().size() + 1) : from.substr(from.rfind('/') + 1);
    auto known = present.find(clone.path);
    if (known == present.end() || known->second.size_bytes != file->size_bytes) {
      TARN_RETURN_IF_ERROR(Copy(from, io::JoinPath(target_.folder, clone.path)));
      copied_.insert(clone.path);
    }
    if (file->deletion_vector) {
      TARN_TRY(delta::DeletionVector rows,
               delta::ReadDeletionVector(store_, source_->table_path(), *file->deletion_vector));
      TARN_TRY(clone.deletion_vector, vectors.Append(rows));
    }
    files.push_back(std::move(clone));
  }
  TARN_RETURN_IF_ERROR(vectors.Finish());
  return files;
}

// Clustering goes with the files. Ids of rows are given anew, by the commit.
void Cloning::SetDomains(delta::Transaction& txn) const {
  auto clustering = source_->domains().find(delta::kClusteringDomain);
  if (clustering != source_->domains().end()) {
    txn.SetDomain(clustering->second);
    return;
  }
  if (!target_.replaced) return;
  auto before = target_.replaced->domains().find(delta::kClusteringDomain);
  if (before != target_.replaced->domains().end()) {
    txn.SetDomain({delta::kClusteringDomain, before->second.configuration, true});
  }
}

Result<std::vector<std::pair<std::string, int64_t>>> Cloning::Run() {
  TARN_TRY(delta::Metadata metadata, Metadata());
  delta::Protocol protocol = RaisedProtocol(
      source_->protocol(), delta::ProtocolFor(source_->schema(), metadata.configuration));
  if (target_.replaced) protocol = RaisedProtocol(target_.replaced->protocol(), protocol);
  TARN_RETURN_IF_ERROR(delta::CheckWritable(protocol, metadata, source_->schema()));
  bool numbers_rows = delta::RowTrackingSupported(protocol);
  for (const auto& file : source_->files()) {
    if (!numbers_rows || delta::FileStats::Parse(file->stats).num_records) continue;
    return Fail("DELTA_CLONE_WITH_ROW_TRACKING_WITHOUT_STATS",
                "Cannot clone a table without statistics and with row tracking enabled. Collect "
                "them on the source table first: ANALYZE TABLE … COMPUTE DELTA STATISTICS.");
  }
  auto made = command_.deep ? DeepFiles() : ShallowFiles();
  if (!made.ok()) return std::move(made).error();
  auto log = context_.engine().snapshots().OpenLog(target_.folder);
  delta::Transaction txn = target_.replaced ? delta::Transaction(log, target_.replaced)
                                            : delta::Transaction::Create(log);
  if (!target_.replaced || !SameProtocol(protocol, target_.replaced->protocol())) {
    txn.SetProtocol(protocol);
  }
  txn.SetMetadata(std::move(metadata));
  SetDomains(txn);
  std::map<std::string, int64_t> counts;
  std::set<std::string> kept;
  std::map<std::string, AddFile> present = Present();
  for (AddFile& file : *made) {
    std::string key = delta::FileKey(file.path, file.deletion_vector);
    auto known = present.find(file.path);
    bool same = known != present.end() && !copied_.contains(file.path) && !file.deletion_vector &&
                !known->second.deletion_vector;
    if (same) {
      kept.insert(key);
      continue;
    }
    bool copies = !command_.deep || copied_.contains(file.path);
    if (command_.deep && copies) {
      ++counts["num_copied_files"];
      counts["copied_files_size"] += file.size_bytes;
    }
    file.base_row_id.reset();
    file.default_row_commit_version.reset();
    file.data_change = true;
    txn.Add(std::move(file));
  }
  if (target_.replaced) {
    txn.reads().exclusive = true;
    for (const auto& file : target_.replaced->files()) {
      if (kept.contains(delta::FileKey(file->path, file->deletion_vector))) continue;
      txn.Remove(*file);
      ++counts["num_removed_files"];
      counts["removed_files_size"] += file->size_bytes;
    }
  }
  counts["source_table_size"] = source_->size_bytes();
  counts["source_num_of_files"] = static_cast<int64_t>(source_->files().size());
  auto text = [&](const char* name) { return std::to_string(counts[name]); };
  TARN_RETURN_IF_ERROR(
      txn.Commit({"CLONE",
                  {{"source", Dotted(command_.source.name)}, {"sourceVersion", source_->version()}},
                  {{"sourceTableSize", text("source_table_size")},
                   {"sourceNumOfFiles", text("source_num_of_files")},
                   {"numRemovedFiles", text("num_removed_files")},
                   {"numCopiedFiles", text("num_copied_files")},
                   {"removedFilesSize", text("removed_files_size")},
                   {"copiedFilesSize", text("copied_files_size")}},
                  context_.who().name},
                 context_.cancel));
  std::vector<std::pair<std::string, int64_t>> result;
  for (const char* name : {"source_table_size", "source_num_of_files", "num_removed_files",
                           "num_copied_files", "removed_files_size", "copied_files_size"}) {
    result.emplace_back(name, counts[name]);
  }
  return result;
}

catalog::Securable Draft(const plan::CloneTable& command, const std::string& full_name) {
  catalog::Securable draft;
  draft.kind = catalog::SecurableKind::kTable;
  draft.full_name = full_name;
  auto source = SnapshotOf(command.source);
  draft.columns = source->schema();
  draft.partition_columns = source->partition_columns();
  draft.comment = source->metadata().description.value_or("");
  draft.properties = command.properties;
  return draft;
}

Status CheckFree(const CommandContext& context, const std::string& folder) {
  TARN_TRY(auto listed, context.session.services().store->List(folder, true));
  if (listed.empty()) return Ok();
  return Fail("DELTA_UNSUPPORTED_NON_EMPTY_CLONE",
              "The clone destination " + folder +
                  " is not empty. Choose another place, or clone "
                  "with CREATE OR REPLACE TABLE.");
}

StreamResult CloneNew(const CommandContext& context, const plan::CloneTable& command,
                      const std::string& full_name) {
  catalog::Securable draft = Draft(command, full_name);
  if (command.location) {
    TARN_TRY(draft.storage_location,
             context.At(command.name_range,
                        context.catalog().ResolveExternalPath(context.who(), *command.location)));
  }
  // The record comes first, as with CREATE TABLE: it holds the name against others.
  TARN_TRY(draft, context.At(command.name_range, context.catalog().Create(context.who(), draft)));
  Status free = command.location ? CheckFree(context, draft.storage_location) : Status(Ok());
  Result<std::vector<std::pair<std::string, int64_t>>> cloned =
      std::vector<std::pair<std::string, int64_t>>();
  if (free.ok()) {
    cloned =
        Cloning(context, command, {draft.storage_location, draft.name(), draft, nullptr}).Run();
  } else {
    cloned = std::move(free).error();
  }
  if (!cloned.ok()) {
    (void)context.catalog().Drop(context.who(), draft.kind, draft.full_name, false).ok();
    return context.At(command.name_range, std::move(cloned).error());
  }
  return Counts(*cloned);
}

StreamResult CloneOver(const CommandContext& context, const plan::CloneTable& command) {
  TARN_TRY(CatalogResolver::Table table,
           context.At(command.name_range,
                      context.resolver.Find(command.name, {catalog::Operation::kManage})));
  TARN_RETURN_IF_ERROR(context.At(command.name_range, CheckNoPolicy(*table.record)));
  TARN_TRY(auto replaced, context.resolver.Pin(table.location));
  if (replaced->table_path() == SnapshotOf(command.source)->table_path()) {
    return context.At(command.name_range,
                      Fail("UNSUPPORTED_FEATURE",
                           "Tarn does not support replacing a table by a clone of itself; use "
                           "RESTORE TABLE to go back to an older version."));
  }
  Target target{table.location, table.record->name(), table.record, replaced};
  TARN_TRY(auto counts,
           context.At(command.name_range, Cloning(context, command, std::move(target)).Run()));
  auto source = SnapshotOf(command.source);
  TARN_RETURN_IF_ERROR(context.FollowSchema(*table.record, *source));
  return Counts(counts);
}

StreamResult CloneToPath(const CommandContext& context, const plan::CloneTable& command) {
  TARN_TRY(std::string folder,
           context.At(command.name_range, context.resolver.ResolvePath(
                                              command.name[1], catalog::Operation::kWriteVolume)));
  TARN_RETURN_IF_ERROR(context.At(command.name_range, CheckFree(context, folder)));
  TARN_TRY(auto counts, context.At(command.name_range,
                                   Cloning(context, command, {folder, "", {}, nullptr}).Run()));
  return Counts(counts);
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::CloneTable& command) {
  if (command.name.size() == 2) return CloneToPath(context, command);
  TARN_TRY(std::string full, context.At(command.name_range, catalog::FullName(command.name)));
  if (!context.catalog().Get(context.who(), catalog::SecurableKind::kTable, full).ok()) {
    return CloneNew(context, command, full);
  }
  if (command.if_not_exists) return NoRows();
  if (command.or_replace) return CloneOver(context, command);
  return context.At(
      command.name_range,
      Fail("TABLE_OR_VIEW_ALREADY_EXISTS",
           "Cannot create table or view '" + full +
               "' because it already exists. Choose a different name, drop the existing object, "
               "or use IF NOT EXISTS.",
           {{"relationName", full}}));
}

}  // namespace tarn::engine
