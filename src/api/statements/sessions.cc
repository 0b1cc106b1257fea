#include "api/statements/sessions.h"

#include "base/ids.h"

namespace tarn::api {

Result<std::string> SqlSessions::Open(const identity::Principal& who, std::string warehouse_id,
                                      compute::SessionState state) {
  std::lock_guard lock(mutex_);
  ExpireLocked();
  if (sessions_.size() >= kMostSessions) {
    return Fail("RESOURCE_EXHAUSTED",
                "There are too many open sessions. Close some of them and try again.");
  }
  std::string id = NewTimeUuid();
  sessions_[id] = {who.id, std::move(warehouse_id), std::move(state), {}, clock_.Steady()};
  return id;
}

Result<std::map<std::string, SqlSessions::Entry>::iterator> SqlSessions::FindLocked(
    const identity::Principal& who, const std::string& id) {
  auto at = sessions_.find(id);
  if (at == sessions_.end() || at->second.owner_id != who.id) {
    return Fail("RESOURCE_DOES_NOT_EXIST",
                "The session " + id + " does not exist or has ended. Open a new one.");
  }
  at->second.used = clock_.Steady();
  return at;
}

Result<compute::SessionState> SqlSessions::StateFor(const identity::Principal& who,
                                                    const std::string& id,
                                                    const std::string& warehouse_id) {
  std::lock_guard lock(mutex_);
  TARN_TRY(auto at, FindLocked(who, id));
  if (at->second.warehouse_id != warehouse_id) {
    return Fail("INVALID_PARAMETER_VALUE", "The session " + id + " belongs to the warehouse " +
                                               at->second.warehouse_id + ", not to " +
                                               warehouse_id + ".");
  }
  SettleLocked(at->second);
  return at->second.state;
}

void SqlSessions::Follow(const std::string& id, const compute::SessionState& before,
                         std::shared_ptr<compute::StatementHandle> statement) {
  std::lock_guard lock(mutex_);
  auto at = sessions_.find(id);
  if (at == sessions_.end()) return;
  SettleLocked(at->second);
  at->second.running.push_back({before, std::move(statement)});
}

void SqlSessions::Settle(const identity::Principal& who) {
  std::lock_guard lock(mutex_);
  for (auto& [id, entry] : sessions_) {
    if (entry.owner_id == who.id && !entry.running.empty()) SettleLocked(entry);
  }
}

Status SqlSessions::Close(const identity::Principal& who, const std::string& id) {
  std::lock_guard lock(mutex_);
  TARN_TRY(auto at, FindLocked(who, id));
  for (Running& running : at->second.running) running.statement->Cancel();
  sessions_.erase(at);
  return Ok();
}

void SqlSessions::SettleLocked(Entry& entry) {
  using compute::StatementState;
  std::erase_if(entry.running, [&](const Running& running) {
    auto now = running.statement->Look();
    if (now.state == StatementState::kSucceeded)
      entry.state.TakeChanges(running.before, now.session);
    return now.state != StatementState::kPending && now.state != StatementState::kRunning;
  });
}

void SqlSessions::ExpireLocked() {
  SteadyTime now = clock_.Steady();
  std::erase_if(sessions_, [&](const auto& session) { return now - session.second.used >= kIdle; });
}

}  // namespace tarn::api
