#include "delta/transaction.h"

#include <algorithm>

#include "base/ids.h"
#include "base/log.h"
#include "delta/checkpoint.h"
#include "delta/table_feature.h"

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

}  // namespace

Transaction::Transaction(std::shared_ptr<const Log> log, std::shared_ptr<const Snapshot> snapshot)
    : log_(std::move(log)), snapshot_(std::move(snapshot)) {}

Transaction Transaction::Create(std::shared_ptr<const Log> log) {
  return Transaction(std::move(log), nullptr);
}

void Transaction::SetProtocol(Protocol protocol) { actions_.push_back(std::move(protocol)); }
void Transaction::SetMetadata(Metadata metadata) { actions_.push_back(std::move(metadata)); }
void Transaction::Add(AddFile file) { actions_.push_back(std::move(file)); }

void Transaction::Remove(const AddFile& file, bool data_change) {
  RemoveFile remove;
  remove.path = file.path;
  remove.deletion_timestamp_ms = Clock::System().NowMillis();
  remove.data_change = data_change;
  remove.extended_file_metadata = true;
  remove.partition_values = file.partition_values;
  remove.size_bytes = file.size_bytes;
  reads_.files.insert(file.path);
  actions_.push_back(std::move(remove));
}

void Transaction::SetTransactionVersion(std::string app_id, int64_t version) {
  reads_.app_ids.insert(app_id);
  actions_.push_back(SetTransaction{std::move(app_id), version, Clock::System().NowMillis()});
}

IsolationLevel Transaction::Isolation() const {
  if (snapshot_) {
    const auto& properties = snapshot_->metadata().configuration;
    auto at = properties.find("delta.isolationLevel");
    if (at != properties.end() && at->second == "Serializable") {
      return IsolationLevel::kSerializable;
    }
  }
  return IsolationLevel::kWriteSerializable;
}

CommitInfo Transaction::BuildCommitInfo(const Operation& operation, const std::string& txn_id,
                                        int64_t now_ms, bool blind) const {
  CommitInfo info;
  json::Object parameters;
  for (const auto& [key, value] : operation.parameters) parameters.Set(key, value);
  json::Object metrics;
  for (const auto& [key, value] : operation.metrics) metrics.Set(key, value);
  info.fields.Set("timestamp", now_ms);
  if (!operation.user_name.empty()) info.fields.Set("userName", operation.user_name);
  info.fields.Set("operation", operation.name);
  info.fields.Set("operationParameters", std::move(parameters));
  if (snapshot_) info.fields.Set("readVersion", snapshot_->version());
  info.fields.Set("isolationLevel", Isolation() == IsolationLevel::kSerializable
                                        ? "Serializable"
                                        : "WriteSerializable");
  info.fields.Set("isBlindAppend", blind);
  info.fields.Set("operationMetrics", std::move(metrics));
  info.fields.Set("engineInfo", kEngineInfo);
  info.fields.Set("txnId", txn_id);
  return info;
}

Result<bool> Transaction::OurCommitLanded(Version version, const std::string& txn_id) const {
  Result<Log::Commit> commit = log_->ReadCommit(version);
  if (commit.ok()) return TransactionIdOf(commit->actions) == txn_id;
  if (commit.error().reason() == "DELTA_VERSION_NOT_FOUND") return false;
  return commit.error();
}

Result<Version> Transaction::Commit(const Operation& operation, const CancelToken& cancel,
                                    const Clock& clock) {
  bool only_adds = std::all_of(actions_.begin(), actions_.end(), [](const Action& a) {
    return std::holds_alternative<AddFile>(a) || std::holds_alternative<SetTransaction>(a);
  });
  bool blind = snapshot_ && only_adds && !reads_.whole_table && reads_.files.empty();
  if (snapshot_) {
    TARN_RETURN_IF_ERROR(
        CheckWritable(snapshot_->protocol(), snapshot_->metadata(), snapshot_->schema()));
    auto append_only = snapshot_->metadata().configuration.find("delta.appendOnly");
    bool removes = std::any_of(actions_.begin(), actions_.end(), [](const Action& a) {
      const auto* remove = std::get_if<RemoveFile>(&a);
      return remove != nullptr && remove->data_change;
    });
    if (removes && append_only != snapshot_->metadata().configuration.end() &&
        append_only->second == "true") {
      return Fail("DELTA_CANNOT_MODIFY_APPEND_ONLY",
                  "the table only allows appends; unset its property delta.appendOnly first");
    }
  }

  std::string txn_id = NewUuid();
  std::string text =
      ActionToJson(BuildCommitInfo(operation, txn_id, clock.NowMillis(), blind)) + "\n";
  for (const Action& action : actions_) text += ActionToJson(action) + "\n";

  for (Version version = snapshot_ ? snapshot_->version() + 1 : 0;; ++version) {
    TARN_RETURN_IF_ERROR(cancel.Check());
    std::string path = CommitPath(log_->table_path(), version);
    Status put = log_->store().PutIfAbsent(path, text);
    if (!put.ok() && put.error().reason() != "OBJECT_ALREADY_EXISTS") {
      // The store does not say whether the commit is there: ask it, and never write a second time
      // before knowing.
      Result<bool> landed = OurCommitLanded(version, txn_id);
      if (!landed.ok() || !*landed) return std::move(put).error();
      put = Ok();
    }
    if (put.ok()) {
      WriteCheckpointIfDue(*log_, version);
      return version;
    }
    TARN_TRY(Log::Commit winner, log_->ReadCommit(version));
    // A put whose answer was lost and that the store tried again finds its own commit.
    if (TransactionIdOf(winner.actions) == txn_id) return version;
    if (!snapshot_) {
      return Fail("DELTA_TABLE_ALREADY_EXISTS",
                  "a Delta table was made at " + log_->table_path() + " meanwhile");
    }
    TARN_RETURN_IF_ERROR(CheckConflict(reads_, actions_, winner.actions, version, Isolation()));
  }
}

}  // namespace tarn::delta
