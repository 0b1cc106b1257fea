#include "delta/upkeep/compaction.h"

#include <map>

#include "delta/checkpoint/checkpoint.h"

namespace tarn::delta {
namespace {

// Actions with the same identity replace each other; none: it does not outlive its commit.
std::string IdentityOf(const Action& action) {
  if (const auto* add = std::get_if<AddFile>(&action)) {
    return "file " + FileKey(add->path, add->deletion_vector);
  }
  if (const auto* remove = std::get_if<RemoveFile>(&action)) {
    return "file " + FileKey(remove->path, remove->deletion_vector);
  }
  if (const auto* txn = std::get_if<SetTransaction>(&action)) return "txn " + txn->app_id;
  if (const auto* domain = std::get_if<DomainMetadata>(&action)) return "domain " + domain->domain;
  if (std::holds_alternative<Protocol>(action)) return "protocol";
  if (std::holds_alternative<Metadata>(action)) return "metadata";
  return "";
}

}  // namespace

bool CompactionDue(const Snapshot& snapshot) {
  return snapshot.version() > 0 && snapshot.version() % kCompactedCommits == 0 &&
         CheckpointInterval(snapshot) > kCompactedCommits && !CheckpointDue(snapshot);
}

std::vector<Action> Reconciled(std::vector<std::vector<Action>> commits) {
  std::map<std::string, Action> left;
  for (std::vector<Action>& commit : commits) {
    for (Action& action : commit) {
      std::string identity = IdentityOf(action);
      if (!identity.empty()) left.insert_or_assign(std::move(identity), std::move(action));
    }
  }
  std::vector<Action> actions;
  for (auto& [identity, action] : left) actions.push_back(std::move(action));
  return actions;
}

Status WriteCompaction(const Log& log, Version first, Version last) {
  std::vector<std::vector<Action>> commits;
  for (Version version = first; version <= last; ++version) {
    TARN_TRY(Log::Commit commit, log.ReadCommit(version));
    commits.push_back(std::move(commit.actions));
  }
  std::string text;
  for (const Action& action : Reconciled(std::move(commits))) text += ActionToJson(action) + "\n";
  Status put = log.store().PutIfAbsent(CompactionPath(log.table_path(), first, last), text);
  return !put.ok() && put.error().reason() == "OBJECT_ALREADY_EXISTS" ? Ok() : std::move(put);
}

}  // namespace tarn::delta
