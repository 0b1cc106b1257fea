#include "delta/transaction.h"

#include <algorithm>

#include "base/ids.h"
#include "base/log.h"
#include "delta/row_tracking.h"
#include "delta/table_feature.h"
#include "delta/upkeep/upkeep.h"

namespace tarn::delta {
namespace {

constexpr std::string_view kEngineInfo = "Tarn/0.1.0";

std::string TransactionIdOf(const std::vector<Action>& commit) {
  for (const Action& action : commit) {
    if (const auto* info = std::get_if<CommitInfo>(&action)) {
      const json::Value* id = info->fields.Find("txnId");
      return id != nullptr && id->is_string() ? id->as_string() : "";
    }
  }
  return "";
}

// Whether no row of the commit can have another id than before: rows in files without an id of
// their own are new ones, unless they stand for rows of removed files.
bool PreservesRowIds(const std::vector<Action>& actions) {
  bool removes = false;
  bool fresh = false;
  for (const Action& action : actions) {
    removes = removes || std::holds_alternative<RemoveFile>(action);
    const auto* add = std::get_if<AddFile>(&action);
    fresh = fresh || (add != nullptr && !add->base_row_id);
  }
  return !removes || !fresh;
}

// Files may move and none of their rows change; nothing else is done.
bool LeavesDataAlone(const std::vector<Action>& actions) {
  return std::all_of(actions.begin(), actions.end(), [](const Action& action) {
    if (const auto* add = std::get_if<AddFile>(&action)) return !add->data_change;
    if (const auto* remove = std::get_if<RemoveFile>(&action)) return !remove->data_change;
    return false;
  });
}

}  // namespace

Transaction::Transaction(std::shared_ptr<const Log> log, std::shared_ptr<const Snapshot> snapshot)
    : log_(std::move(log)), snapshot_(std::move(snapshot)) {}

Transaction Transaction::Create(std::shared_ptr<const Log> log) {
  return Transaction(std::move(log), nullptr);
}

void Transaction::SetProtocol(Protocol protocol) { actions_.push_back(std::move(protocol)); }

const Metadata& Transaction::metadata() const {
  for (const Action& action : actions_) {
    if (const auto* set = std::get_if<Metadata>(&action)) return *set;
  }
  return snapshot_->metadata();
}

void Transaction::SetMetadata(Metadata metadata) {
  std::erase_if(actions_, [](const Action& a) { return std::holds_alternative<Metadata>(a); });
  actions_.push_back(std::move(metadata));
}

void Transaction::Add(AddFile file) { actions_.push_back(std::move(file)); }

void Transaction::Remove(const AddFile& file, bool data_change) {
  RemoveFile remove;
  remove.path = file.path;
  remove.deletion_timestamp_ms = Clock::System().NowMillis();
  remove.data_change = data_change;
  remove.extended_file_metadata = true;
  remove.partition_values = file.partition_values;
  remove.size_bytes = file.size_bytes;
  remove.tags = file.tags;
  remove.deletion_vector = file.deletion_vector;
  remove.base_row_id = file.base_row_id;
  remove.default_row_commit_version = file.default_row_commit_version;
  ReadFile(file);
  actions_.push_back(std::move(remove));
}

void Transaction::SetDeletionVector(const AddFile& file, DeletionVectorDescriptor vector,
                                    std::string stats) {
  Remove(file);
  AddFile changed = file;
  changed.deletion_vector = std::move(vector);
  changed.stats = std::move(stats);
  changed.data_change = true;
  Add(std::move(changed));
}

void Transaction::AddCdc(AddCdcFile file) { actions_.push_back(std::move(file)); }
void Transaction::SetDomain(DomainMetadata domain) { actions_.push_back(std::move(domain)); }

void Transaction::SetTransactionVersion(std::string app_id, int64_t version) {
  reads_.app_ids.insert(app_id);
  actions_.push_back(SetTransaction{std::move(app_id), version, Clock::System().NowMillis()});
}

struct Transaction::Base {
  Version version = -1;
  int64_t timestamp_ms = 0;
  Protocol protocol;
  Metadata metadata;
  int64_t row_id_mark = -1;
};

bool Transaction::IsBlind() const {
  bool only_adds = std::none_of(actions_.begin(), actions_.end(), [](const Action& a) {
    return std::holds_alternative<RemoveFile>(a) || std::holds_alternative<AddCdcFile>(a);
  });
  return only_adds && !reads_.whole_table && reads_.files.empty();
}

IsolationLevel Transaction::Isolation() const {
  return snapshot_ && snapshot_->Property("delta.isolationLevel") == "Serializable"
             ? IsolationLevel::kSerializable
             : IsolationLevel::kWriteSerializable;
}

Status Transaction::CheckActions() const {
  std::set<std::string> added;
  std::set<std::string> removed;
  bool removes_data = false;
  for (const Action& action : actions_) {
    std::string key;
    bool fresh = true;
    if (const auto* add = std::get_if<AddFile>(&action)) {
      key = FileKey(add->path, add->deletion_vector);
      fresh = added.insert(key).second;
    } else if (const auto* remove = std::get_if<RemoveFile>(&action)) {
      key = FileKey(remove->path, remove->deletion_vector);
      fresh = removed.insert(key).second;
      removes_data = removes_data || remove->data_change;
    }
    if (!fresh || (added.contains(key) && removed.contains(key))) {
      return Fail("DELTA_DUPLICATE_ACTIONS_FOUND",
                  "File operation for path " + key + " was specified several times.");
    }
  }
  TARN_RETURN_IF_ERROR(CheckNewMetadata());
  if (!snapshot_) return Ok();
  TARN_RETURN_IF_ERROR(
      CheckWritable(snapshot_->protocol(), snapshot_->metadata(), snapshot_->schema()));
  if (removes_data && snapshot_->Enabled("delta.appendOnly")) {
    return Fail("DELTA_CANNOT_MODIFY_APPEND_ONLY",
                "the table only allows appends; unset its property delta.appendOnly first");
  }
  return Ok();
}

// What the commit makes of the table must be writable too.
Status Transaction::CheckNewMetadata() const {
  const Protocol* protocol = snapshot_ ? &snapshot_->protocol() : nullptr;
  const Metadata* metadata = nullptr;
  for (const Action& action : actions_) {
    if (const auto* changed = std::get_if<Protocol>(&action)) protocol = changed;
    if (const auto* changed = std::get_if<Metadata>(&action)) metadata = changed;
  }
  if (protocol == nullptr || metadata == nullptr) return Ok();
  TARN_TRY(columnar::Schema schema, columnar::Schema::FromJson(metadata->schema_string));
  return CheckWritable(*protocol, *metadata, schema);
}

json::Object Transaction::CommitInfoFields(const Operation& operation, const std::string& txn_id,
                                           int64_t now_ms) const {
  json::Object parameters;
  for (const auto& [key, value] : operation.parameters) parameters.Set(key, value);
  json::Object metrics;
  for (const auto& [key, value] : operation.metrics) metrics.Set(key, value);
  json::Object fields;
  fields.Set("timestamp", now_ms);
  if (!operation.user_name.empty()) fields.Set("userName", operation.user_name);
  fields.Set("operation", operation.name);
  fields.Set("operationParameters", std::move(parameters));
  if (snapshot_) fields.Set("readVersion", snapshot_->version());
  fields.Set("isolationLevel", LeavesDataAlone(actions_) ? "SnapshotIsolation"
                               : Isolation() == IsolationLevel::kSerializable
                                   ? "Serializable"
                                   : "WriteSerializable");
  fields.Set("isBlindAppend", IsBlind());
  fields.Set("operationMetrics", std::move(metrics));
  fields.Set("engineInfo", kEngineInfo);
  fields.Set("txnId", txn_id);
  return fields;
}

Result<std::string> Transaction::Text(const Base& base, const Operation& operation,
                                      const std::string& txn_id, int64_t now_ms) const {
  std::vector<Action> actions = actions_;
  const Protocol* protocol = &base.protocol;
  Metadata* metadata = nullptr;
  for (Action& action : actions) {
    if (const auto* changed = std::get_if<Protocol>(&action)) protocol = changed;
    if (auto* changed = std::get_if<Metadata>(&action)) metadata = changed;
  }
  json::Object fields = CommitInfoFields(operation, txn_id, now_ms);
  if (RowTrackingSupported(*protocol)) {
    json::Object tags;
    tags.Set("delta.rowTracking.preserved",
             keeps_row_ids_ || PreservesRowIds(actions) ? "true" : "false");
    fields.Set("tags", std::move(tags));
    TARN_RETURN_IF_ERROR(AssignRowIds(base.row_id_mark, base.version + 1, &actions));
    // AssignRowIds may have moved them.
    metadata = nullptr;
    for (Action& action : actions) {
      if (auto* changed = std::get_if<Metadata>(&action)) metadata = changed;
    }
  }
  CommitInfo info{std::move(fields)};
  auto enabled = [](const Metadata& m) {
    auto at = m.configuration.find("delta.enableInCommitTimestamps");
    return at != m.configuration.end() && at->second == "true";
  };
  if (enabled(metadata != nullptr ? *metadata : base.metadata)) {
    int64_t time = std::max(now_ms, base.timestamp_ms + 1);
    json::Object first;
    first.Set("inCommitTimestamp", time);
    for (auto& [key, value] : info.fields) first.Set(key, std::move(value));
    info.fields = std::move(first);
    bool enabling = metadata != nullptr && !enabled(base.metadata) && base.version >= 0;
    if (enabling) {
      metadata->configuration["delta.inCommitTimestampEnablementVersion"] =
          std::to_string(base.version + 1);
      metadata->configuration["delta.inCommitTimestampEnablementTimestamp"] = std::to_string(time);
    }
  }
  std::string text = ActionToJson(info) + "\n";
  for (const Action& action : actions) text += ActionToJson(action) + "\n";
  return text;
}

Result<bool> Transaction::OurCommitLanded(Version version, const std::string& txn_id) const {
  Result<Log::Commit> commit = log_->ReadCommit(version);
  if (commit.ok()) return TransactionIdOf(commit->actions) == txn_id;
  if (commit.error().reason() == "DELTA_VERSION_NOT_FOUND") return false;
  return commit.error();
}

Status Transaction::Merge(const VectorMerge& merge, DeletionVectorWriter& writer,
                          Version winner_version) {
  io::ObjectStore& store = log_->store();
  const std::string& table = log_->table_path();
  DeletionVector base;
  if (merge.base) {
    TARN_TRY(base, ReadDeletionVector(store, table, *merge.base));
  }
  TARN_TRY(DeletionVector theirs, ReadDeletionVector(store, table, *merge.winner.deletion_vector));
  for (Action& action : actions_) {
    if (auto* remove = std::get_if<RemoveFile>(&action);
        remove && remove->path == merge.winner.path) {
      remove->deletion_vector = merge.winner.deletion_vector;
    }
    auto* add = std::get_if<AddFile>(&action);
    if (add == nullptr || add->path != merge.winner.path) continue;
    TARN_TRY(DeletionVector ours, ReadDeletionVector(store, table, *add->deletion_vector));
    if (ours.Minus(base).Intersects(theirs.Minus(base))) {
      return Fail("DELTA_CONCURRENT_DELETE_DELETE",
                  "rows of file " + add->path +
                      " were deleted or updated too by the commit of "
                      "version " +
                      std::to_string(winner_version) +
                      ", which landed first; run the statement again",
                  {{"version", std::to_string(winner_version)}});
    }
    ours.Union(theirs);
    TARN_TRY(add->deletion_vector, writer.Append(ours));
  }
  return Ok();
}

Status Transaction::Follow(const Log::Commit& winner, Base* base) {
  TARN_TRY(
      std::vector<VectorMerge> merges,
      CheckConflict(reads_, actions_,
                    {winner.version, winner.actions, base->protocol, base->metadata}, Isolation()));
  DeletionVectorWriter writer(log_->store(), log_->table_path());
  for (const VectorMerge& merge : merges) {
    TARN_RETURN_IF_ERROR(Merge(merge, writer, winner.version));
  }
  TARN_RETURN_IF_ERROR(writer.Finish());
  base->version = winner.version;
  for (const Action& action : winner.actions) {
    if (const auto* protocol = std::get_if<Protocol>(&action)) base->protocol = *protocol;
    if (const auto* metadata = std::get_if<Metadata>(&action)) base->metadata = *metadata;
    if (const auto* info = std::get_if<CommitInfo>(&action)) {
      base->timestamp_ms = std::max(base->timestamp_ms + 1, InCommitTimestampOf(*info).value_or(0));
    }
  }
  if (auto mark = RowIdHighWaterMarkOf(winner.actions)) base->row_id_mark = *mark;
  return Ok();
}

Result<Version> Transaction::Commit(const Operation& operation, const CancelToken& cancel,
                                    const Clock& clock) {
  TARN_RETURN_IF_ERROR(CheckActions());
  Base base;
  if (snapshot_) {
    base = {snapshot_->version(), snapshot_->timestamp_ms(), snapshot_->protocol(),
            snapshot_->metadata(), RowIdHighWaterMark(snapshot_->domains())};
  }
  std::string txn_id = NewUuid();
  for (;;) {
    TARN_RETURN_IF_ERROR(cancel.Check());
    Version version = base.version + 1;
    TARN_TRY(std::string text, Text(base, operation, txn_id, clock.NowMillis()));
    Status put = log_->store().PutIfAbsent(CommitPath(log_->table_path(), version), text);
    if (!put.ok() && put.error().reason() != "OBJECT_ALREADY_EXISTS") {
      // The store does not say whether the commit is there: ask it, and never write a second time
      // before knowing.
      Result<bool> landed = OurCommitLanded(version, txn_id);
      if (!landed.ok() || !*landed) return std::move(put).error();
      put = Ok();
    }
    if (put.ok()) {
      AfterCommit(log_, snapshot_, version);
      return version;
    }
    TARN_TRY(Log::Commit winner, log_->ReadCommit(version));
    // A put whose answer was lost and that the store tried again finds its own commit.
    if (TransactionIdOf(winner.actions) == txn_id) return version;
    if (!snapshot_) {
      return Fail("DELTA_TABLE_ALREADY_EXISTS",
                  "a Delta table was made at " + log_->table_path() + " meanwhile");
    }
    TARN_RETURN_IF_ERROR(Follow(winner, &base));
  }
}

}  // namespace tarn::delta
