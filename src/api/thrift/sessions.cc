#include "api/thrift/sessions.h"

#include "base/encoding.h"
#include "base/ids.h"

namespace tarn::api::thrift {
namespace {

constexpr size_t kHandleBytes = 16;

Error NoSession() {
  return Fail("INVALID_HANDLE", "The session is closed or has expired. Open a new connection.");
}
Error NoOperation() { return Fail("INVALID_HANDLE", "The operation is closed or does not exist."); }

void Stop(Operation& operation) {
  if (operation.statement) operation.statement->Close();
}

}  // namespace

Result<Session> Sessions::Open(const identity::Principal& who, std::string warehouse_id,
                               compute::SessionState state) {
  std::lock_guard lock(mutex_);
  ExpireLocked();
  if (sessions_.size() >= kMaxSessions) {
    return Fail("RESOURCE_EXHAUSTED",
                "There are too many open sessions. Close some and try again.");
  }
  Session session;
  session.guid = RandomBytes(kHandleBytes);
  session.secret = RandomBytes(kHandleBytes);
  session.owner_id = who.id;
  session.warehouse_id = std::move(warehouse_id);
  session.state = std::move(state);
  session.used = clock_.Steady();
  sessions_[session.guid].session = session;
  return session;
}

Result<Sessions::Entries::iterator> Sessions::FindLocked(const identity::Principal& who,
                                                         const tarn::cli::TSessionHandle& handle) {
  auto at = sessions_.find(handle.sessionId.guid);
  if (at == sessions_.end() || at->second.session.owner_id != who.id ||
      !ConstantTimeEquals(at->second.session.secret, handle.sessionId.secret)) {
    return NoSession();
  }
  at->second.session.used = clock_.Steady();
  return at;
}

Result<Session> Sessions::Find(const identity::Principal& who,
                               const tarn::cli::TSessionHandle& handle) {
  std::lock_guard lock(mutex_);
  TARN_TRY(auto at, FindLocked(who, handle));
  return at->second.session;
}

Status Sessions::Close(const identity::Principal& who, const tarn::cli::TSessionHandle& handle) {
  std::lock_guard lock(mutex_);
  TARN_TRY(auto at, FindLocked(who, handle));
  for (auto& [guid, operation] : at->second.operations) {
    Stop(*operation);
    session_of_.erase(guid);
  }
  sessions_.erase(at);
  return Ok();
}

Status Sessions::Add(const Session& session, std::shared_ptr<Operation> operation) {
  std::lock_guard lock(mutex_);
  auto at = sessions_.find(session.guid);
  if (at == sessions_.end()) return NoSession();
  if (at->second.operations.size() >= kMaxOperationsPerSession) {
    return Fail("RESOURCE_EXHAUSTED",
                "The session has too many open operations. Close cursors and try again.");
  }
  if (operation->guid.empty()) operation->guid = RandomBytes(kHandleBytes);
  operation->secret = RandomBytes(kHandleBytes);
  operation->session_guid = session.guid;
  session_of_[operation->guid] = session.guid;
  std::string guid = operation->guid;
  at->second.operations[guid] = std::move(operation);
  return Ok();
}

Result<std::shared_ptr<Operation>> Sessions::Find(const identity::Principal& who,
                                                  const tarn::cli::TOperationHandle& handle) {
  std::lock_guard lock(mutex_);
  auto session_guid = session_of_.find(handle.operationId.guid);
  if (session_guid == session_of_.end()) return NoOperation();
  Entry& entry = sessions_[session_guid->second];
  std::shared_ptr<Operation>& operation = entry.operations[handle.operationId.guid];
  if (entry.session.owner_id != who.id ||
      !ConstantTimeEquals(operation->secret, handle.operationId.secret)) {
    return NoOperation();
  }
  entry.session.used = clock_.Steady();
  return operation;
}

Status Sessions::CloseOperation(const identity::Principal& who,
                                const tarn::cli::TOperationHandle& handle) {
  TARN_TRY(std::shared_ptr<Operation> operation, Find(who, handle));
  Stop(*operation);
  std::lock_guard lock(mutex_);
  session_of_.erase(operation->guid);
  auto session = sessions_.find(operation->session_guid);
  if (session != sessions_.end()) session->second.operations.erase(operation->guid);
  return Ok();
}

void Sessions::Remember(const Operation& operation, const compute::SessionState& after) {
  std::lock_guard lock(mutex_);
  auto at = sessions_.find(operation.session_guid);
  if (at != sessions_.end()) at->second.session.state.TakeChanges(operation.before, after);
}

void Sessions::ExpireLocked() {
  SteadyTime now = clock_.Steady();
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    if (now - at->second.session.used < kIdle) {
      ++at;
      continue;
    }
    for (auto& [guid, operation] : at->second.operations) {
      Stop(*operation);
      session_of_.erase(guid);
    }
    at = sessions_.erase(at);
  }
}

}  // namespace tarn::api::thrift
