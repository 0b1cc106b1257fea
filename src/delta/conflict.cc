#include "delta/conflict.h"

#include <algorithm>
#include <map>

#include "columnar/column_metadata.h"
#include "delta/row_tracking.h"

namespace tarn::delta {
namespace {

template <typename A>
const A* Find(const std::vector<Action>& actions) {
  for (const Action& action : actions) {
    if (const auto* found = std::get_if<A>(&action)) return found;
  }
  return nullptr;
}

bool ChangesData(const std::vector<Action>& actions) {
  return std::any_of(actions.begin(), actions.end(), [](const Action& a) {
    if (const auto* add = std::get_if<AddFile>(&a)) return add->data_change;
    if (const auto* remove = std::get_if<RemoveFile>(&a)) return remove->data_change;
    return false;
  });
}

Error Conflict(std::string_view reason, const std::string& what, Version winner_version) {
  return Fail(reason,
              what + " by the commit of version " + std::to_string(winner_version) +
                  ", which landed first; run the statement again",
              {{"version", std::to_string(winner_version)}});
}

using Names = std::vector<std::string>;

// Features that leave what another commit wrote valid.
bool MayBeAddedBeside(const std::string& feature) {
  static const std::set<std::string_view> safe = {
      "appendOnly",      "changeDataFeed",       "columnMapping",     "timestampNtz",
      "deletionVectors", "rowTracking",          "domainMetadata",    "v2Checkpoint",
      "typeWidening",    "typeWidening-preview", "inCommitTimestamp", "vacuumProtocolCheck"};
  return safe.contains(feature);
}

bool OnlySafeFeaturesAdded(const std::optional<Names>& before, const std::optional<Names>& after) {
  Names old = before.value_or(Names());
  Names now = after.value_or(Names());
  bool removed = std::any_of(old.begin(), old.end(), [&](const std::string& name) {
    return std::find(now.begin(), now.end(), name) == now.end();
  });
  return !removed && std::all_of(now.begin(), now.end(), [&](const std::string& name) {
    return MayBeAddedBeside(name) || std::find(old.begin(), old.end(), name) != old.end();
  });
}

Status CheckProtocol(const std::vector<Action>& ours, const Winner& winner) {
  const auto* changed = Find<Protocol>(winner.actions);
  if (changed == nullptr) return Ok();
  const Protocol& before = winner.protocol_before;
  bool table_features = before.writer_features && changed->writer_features;
  if (Find<Protocol>(ours) == nullptr && table_features &&
      OnlySafeFeaturesAdded(before.writer_features, changed->writer_features) &&
      OnlySafeFeaturesAdded(before.reader_features, changed->reader_features)) {
    return Ok();
  }
  return Conflict("DELTA_PROTOCOL_CHANGED", "the table's protocol was changed", winner.version);
}

// Properties that ask nothing of files already written.
bool MayChangeBeside(const std::string& property) {
  static const std::set<std::string_view> safe = {
      "delta.enableDeletionVectors",
      "delta.enableInCommitTimestamps",
      "delta.inCommitTimestampEnablementVersion",
      "delta.inCommitTimestampEnablementTimestamp",
      "delta.checkpointPolicy",
      "delta.checkpointInterval",
  };
  return safe.contains(property);
}

// How far the values of identity columns were given matters to those who give some, and they write
// metadata themselves.
bool SameSchema(const Metadata& before, const Metadata& after) {
  if (before.schema_string == after.schema_string) return true;
  auto without_marks = [](const Metadata& metadata) {
    Result<columnar::Schema> schema = columnar::Schema::FromJson(metadata.schema_string);
    if (schema.ok()) {
      for (columnar::Field& field : schema->fields) columnar::DropIdentityMark(field);
    }
    return schema;
  };
  Result<columnar::Schema> one = without_marks(before);
  Result<columnar::Schema> other = without_marks(after);
  return one.ok() && other.ok() && *one == *other;
}

bool OnlySafePropertiesChanged(const Metadata& before, const Metadata& after) {
  if (before.id != after.id || !SameSchema(before, after) ||
      before.partition_columns != after.partition_columns) {
    return false;
  }
  auto same = [](const auto& one, const auto& other) {
    return std::all_of(one.begin(), one.end(), [&](const auto& entry) {
      auto at = other.find(entry.first);
      return MayChangeBeside(entry.first) || (at != other.end() && at->second == entry.second);
    });
  };
  return same(before.configuration, after.configuration) &&
         same(after.configuration, before.configuration);
}

Status CheckMetadata(const std::vector<Action>& ours, const Winner& winner) {
  const auto* changed = Find<Metadata>(winner.actions);
  if (changed == nullptr) return Ok();
  if (Find<Metadata>(ours) == nullptr &&
      OnlySafePropertiesChanged(winner.metadata_before, *changed)) {
    return Ok();
  }
  return Conflict("DELTA_METADATA_CHANGED", "the table's schema or properties were changed",
                  winner.version);
}

Status CheckIdentifiers(const TransactionReads& reads, const std::vector<Action>& ours,
                        const Winner& winner) {
  std::set<std::string> our_domains;
  for (const Action& action : ours) {
    if (const auto* domain = std::get_if<DomainMetadata>(&action)) {
      our_domains.insert(domain->domain);
    }
  }
  for (const Action& action : winner.actions) {
    const auto* txn = std::get_if<SetTransaction>(&action);
    if (txn != nullptr && reads.app_ids.contains(txn->app_id)) {
      return Conflict("DELTA_CONCURRENT_TRANSACTION",
                      "transaction " + txn->app_id + " was committed", winner.version);
    }
    // Row ids are given anew above the winner's mark, so its domain does not exclude ours.
    const auto* domain = std::get_if<DomainMetadata>(&action);
    if (domain != nullptr && domain->domain != kRowTrackingDomain &&
        our_domains.contains(domain->domain)) {
      return Conflict("DELTA_CONCURRENT_WRITE", "domain " + domain->domain + " was changed",
                      winner.version);
    }
  }
  return Ok();
}

// Files of a commit, by path: what was removed and what was added.
struct FileChange {
  const RemoveFile* removed = nullptr;
  const AddFile* added = nullptr;

  /// The same file with another deletion vector.
  bool only_vector() const { return removed != nullptr && added != nullptr; }
};

std::map<std::string, FileChange> ChangesByPath(const std::vector<Action>& actions) {
  std::map<std::string, FileChange> changes;
  for (const Action& action : actions) {
    if (const auto* add = std::get_if<AddFile>(&action)) changes[add->path].added = add;
    if (const auto* remove = std::get_if<RemoveFile>(&action)) {
      changes[remove->path].removed = remove;
    }
  }
  return changes;
}

// Whether the winner's change of one file is one that ours can stand beside row by row.
bool RowLevel(const TransactionReads& reads, const FileChange& change, IsolationLevel isolation) {
  return reads.row_level && change.only_vector() && isolation != IsolationLevel::kSerializable;
}

Status CheckAdded(const TransactionReads& reads, const FileChange& change, Version winner_version) {
  if (!reads.whole_table || !change.added->data_change) return Ok();
  if (reads.may_match && !reads.may_match(*change.added)) return Ok();
  return Conflict("DELTA_CONCURRENT_APPEND",
                  "files were added to a part of the table that was read", winner_version);
}

Status CheckRemoved(const TransactionReads& reads, const RemoveFile& removed,
                    Version winner_version) {
  bool read = reads.files.contains(FileKey(removed.path, removed.deletion_vector));
  if (!read && reads.whole_table) {
    AddFile gone;
    gone.path = removed.path;
    gone.partition_values = removed.partition_values;
    read = !removed.extended_file_metadata || !reads.may_match || reads.may_match(gone);
  }
  if (!read) return Ok();
  return Conflict("DELTA_CONCURRENT_DELETE_READ", "file " + removed.path + " was deleted",
                  winner_version);
}

}  // namespace

bool IsBlindAppend(const std::vector<Action>& commit) {
  const auto* info = Find<CommitInfo>(commit);
  if (info == nullptr) return false;
  const json::Value* flag = info->fields.Find("isBlindAppend");
  return flag != nullptr && flag->is_bool() && flag->as_bool();
}

Result<std::vector<VectorMerge>> CheckConflict(const TransactionReads& reads,
                                               const std::vector<Action>& ours,
                                               const Winner& winner, IsolationLevel isolation) {
  if (reads.exclusive)
    return Conflict("DELTA_CONCURRENT_WRITE", "the table was changed", winner.version);
  TARN_RETURN_IF_ERROR(CheckProtocol(ours, winner));
  TARN_RETURN_IF_ERROR(CheckMetadata(ours, winner));
  TARN_RETURN_IF_ERROR(CheckIdentifiers(reads, ours, winner));

  // A commit that changes no data (compaction) only minds that its inputs are still there.
  if (!ChangesData(ours)) isolation = IsolationLevel::kSnapshot;
  bool appends_matter = isolation == IsolationLevel::kSerializable ||
                        (isolation == IsolationLevel::kWriteSerializable &&
                         (!IsBlindAppend(winner.actions) || Find<Metadata>(ours) != nullptr));
  std::map<std::string, FileChange> our_changes = ChangesByPath(ours);
  std::vector<VectorMerge> merges;
  for (const auto& [path, change] : ChangesByPath(winner.actions)) {
    auto mine = our_changes.find(path);
    bool both =
        change.removed != nullptr && mine != our_changes.end() && mine->second.removed != nullptr;
    bool row_level = RowLevel(reads, change, isolation);
    if (both && row_level && mine->second.only_vector() &&
        mine->second.removed->deletion_vector == change.removed->deletion_vector) {
      merges.push_back({*change.added, change.removed->deletion_vector});
      continue;
    }
    if (both) {
      return Conflict("DELTA_CONCURRENT_DELETE_DELETE", "file " + path + " was deleted too",
                      winner.version);
    }
    if (row_level) continue;
    if (change.added != nullptr && appends_matter) {
      TARN_RETURN_IF_ERROR(CheckAdded(reads, change, winner.version));
    }
    if (change.removed != nullptr) {
      TARN_RETURN_IF_ERROR(CheckRemoved(reads, *change.removed, winner.version));
    }
  }
  return merges;
}

}  // namespace tarn::delta
