#include "delta/conflict.h"

#include <algorithm>

namespace tarn::delta {
namespace {

template <typename A>
bool Has(const std::vector<Action>& actions) {
  return std::any_of(actions.begin(), actions.end(),
                     [](const Action& a) { return std::holds_alternative<A>(a); });
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

}  // namespace

bool IsBlindAppend(const std::vector<Action>& commit) {
  for (const Action& action : commit) {
    if (const auto* info = std::get_if<CommitInfo>(&action)) {
      const json::Value* flag = info->fields.Find("isBlindAppend");
      return flag != nullptr && flag->is_bool() && flag->as_bool();
    }
  }
  return false;
}

Status CheckConflict(const TransactionReads& reads, const std::vector<Action>& ours,
                     const std::vector<Action>& winner, Version winner_version,
                     IsolationLevel isolation) {
  if (Has<Protocol>(winner)) {
    return Conflict("DELTA_PROTOCOL_CHANGED", "the table's protocol was changed", winner_version);
  }
  if (Has<Metadata>(winner) && (reads.metadata || Has<Metadata>(ours))) {
    return Conflict("DELTA_METADATA_CHANGED", "the table's schema or properties were changed",
                    winner_version);
  }
  for (const Action& action : winner) {
    const auto* txn = std::get_if<SetTransaction>(&action);
    if (txn != nullptr && reads.app_ids.contains(txn->app_id)) {
      return Conflict("DELTA_CONCURRENT_TRANSACTION",
                      "transaction " + txn->app_id + " was committed", winner_version);
    }
  }

  // A commit that changes no data (compaction) only minds that its inputs are still there.
  if (!ChangesData(ours)) isolation = IsolationLevel::kSnapshot;
  bool appends_conflict = isolation == IsolationLevel::kSerializable ||
                          (isolation == IsolationLevel::kWriteSerializable &&
                           (!IsBlindAppend(winner) || Has<Metadata>(ours)));
  std::set<std::string> our_removes;
  for (const Action& action : ours) {
    if (const auto* remove = std::get_if<RemoveFile>(&action)) our_removes.insert(remove->path);
  }
  for (const Action& action : winner) {
    if (const auto* add = std::get_if<AddFile>(&action)) {
      if (appends_conflict && reads.whole_table && add->data_change) {
        return Conflict("DELTA_CONCURRENT_APPEND",
                        "files were added to a part of the table that was read", winner_version);
      }
    } else if (const auto* remove = std::get_if<RemoveFile>(&action)) {
      if (our_removes.contains(remove->path)) {
        return Conflict("DELTA_CONCURRENT_DELETE_DELETE",
                        "file " + remove->path + " was deleted too", winner_version);
      }
      if (reads.whole_table || reads.files.contains(remove->path)) {
        return Conflict("DELTA_CONCURRENT_DELETE_READ", "file " + remove->path + " was deleted",
                        winner_version);
      }
    }
  }
  return Ok();
}

}  // namespace tarn::delta
