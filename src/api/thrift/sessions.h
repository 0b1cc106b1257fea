#pragma once
/// \file  Sessions and operations of the Thrift door: who opened them, what they remember, and
/// until when. Handles are 16 random bytes and a secret of 16 more; both must be right, and the
/// caller must be who opened them.
#include <map>
#include <memory>
#include <mutex>

#include "api/thrift/row_set.h"
#include "base/clock.h"
#include "compute/statement_service.h"

namespace tarn::api::thrift {

/// A running or ended operation: a statement, or rows that were ready at once (metadata).
struct Operation {
  std::string guid;
  std::string secret;
  std::string session_guid;
  tarn::cli::TOperationType::type kind = tarn::cli::TOperationType::EXECUTE_STATEMENT;
  bool arrow = false;            ///< ARROW_BASED_SET, else COLUMN_BASED_SET
  bool lz4 = false;              ///< batches are LZ4 frames
  columnar::NativeTypes native;  ///< of Arrow columns

  /// The statement, or nullptr for metadata, whose rows are here.
  std::shared_ptr<compute::StatementHandle> statement;
  compute::SessionState before;  ///< the session when the statement was submitted
  columnar::Schema schema;       ///< of metadata
  std::vector<TextRow> rows;     ///< of metadata

  std::mutex mutex;        ///< fetches of one operation take turns
  int64_t next_chunk = 0;  ///< of the statement's result
  int64_t next_row = 0;    ///< rows handed out
};

struct Session {
  std::string guid;
  std::string secret;
  int64_t owner_id = 0;
  std::string warehouse_id;
  compute::SessionState state;
  SteadyTime used;
};

/// Thread-safe.
class Sessions {
 public:
  static constexpr size_t kMaxSessions = 10'000;
  static constexpr size_t kMaxOperationsPerSession = 1'000;
  static constexpr std::chrono::hours kIdle{8};

  explicit Sessions(const Clock& clock) : clock_(clock) {}

  /// Errors: RESOURCE_EXHAUSTED.
  Result<Session> Open(const identity::Principal& who, std::string warehouse_id,
                       compute::SessionState state);
  /// Errors of all below: INVALID_HANDLE.
  Result<Session> Find(const identity::Principal& who, const tarn::cli::TSessionHandle& handle);
  /// Cancels what still runs.
  Status Close(const identity::Principal& who, const tarn::cli::TSessionHandle& handle);

  /// Also RESOURCE_EXHAUSTED.
  Status Add(const Session& session, std::shared_ptr<Operation> operation);
  Result<std::shared_ptr<Operation>> Find(const identity::Principal& who,
                                          const tarn::cli::TOperationHandle& handle);
  Status CloseOperation(const identity::Principal& who, const tarn::cli::TOperationHandle& handle);

  /// USE and SET of an ended statement take effect for what the session runs next.
  void Remember(const Operation& operation, const compute::SessionState& after);

 private:
  struct Entry {
    Session session;
    std::map<std::string, std::shared_ptr<Operation>> operations;
  };
  using Entries = std::map<std::string, Entry>;
  Result<Entries::iterator> FindLocked(const identity::Principal& who,
                                       const tarn::cli::TSessionHandle& handle);
  void ExpireLocked();

  const Clock& clock_;
  std::mutex mutex_;
  Entries sessions_;
  std::map<std::string, std::string> session_of_;  ///< operation → session
};

}  // namespace tarn::api::thrift
