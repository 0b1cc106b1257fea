#pragma once
/// \file  Sessions of the Statement Execution API: a client opens one, sends its id with each
/// statement, and USE and SET of one statement hold for the next. They live with the door:
/// docs/decisions/0001-sessions-stay-with-the-door.md.
#include <map>
#include <memory>
#include <mutex>

#include "base/clock.h"
#include "compute/statement_service.h"

namespace tarn::api {

/// Thread-safe. A session that nobody used for eight hours ends.
class SqlSessions {
 public:
  static constexpr size_t kMostSessions = 10'000;
  static constexpr std::chrono::hours kIdle{8};

  explicit SqlSessions(const Clock& clock) : clock_(clock) {}

  /// The new session's id. Errors: RESOURCE_EXHAUSTED.
  Result<std::string> Open(const identity::Principal& who, std::string warehouse_id,
                           compute::SessionState state);
  /// What the session remembers now. Another user's session does not exist.
  /// Errors: RESOURCE_DOES_NOT_EXIST; INVALID_PARAMETER_VALUE for another warehouse's.
  Result<compute::SessionState> StateFor(const identity::Principal& who, const std::string& id,
                                         const std::string& warehouse_id);
  /// The session takes over what the statement changes once it has succeeded.
  void Follow(const std::string& id, const compute::SessionState& before,
              std::shared_ptr<compute::StatementHandle> statement);
  /// Takes over what the caller's ended statements changed, before one of them is forgotten.
  void Settle(const identity::Principal& who);
  /// Errors: RESOURCE_DOES_NOT_EXIST.
  Status Close(const identity::Principal& who, const std::string& id);

 private:
  struct Running {
    compute::SessionState before;
    std::shared_ptr<compute::StatementHandle> statement;
  };
  struct Entry {
    int64_t owner_id = 0;
    std::string warehouse_id;
    compute::SessionState state;
    std::vector<Running> running;
    SteadyTime used;
  };
  Result<std::map<std::string, Entry>::iterator> FindLocked(const identity::Principal& who,
                                                            const std::string& id);
  static void SettleLocked(Entry& entry);
  void ExpireLocked();

  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Entry> sessions_;
};

}  // namespace tarn::api
