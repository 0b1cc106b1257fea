#pragma once
/// \file  Statements as the Statement Execution API sees them: started, waited for, polled, fetched
/// by chunk, cancelled, forgotten.
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/executor.h"
#include "compute/result_spool.h"
#include "compute/statement_runner.h"
#include "compute/warehouse_service.h"

namespace tarn::compute {

enum class StatementState { kPending, kRunning, kSucceeded, kFailed, kCanceled, kClosed };
std::string_view StateName(StatementState state);

using columnar::ResultFormat;

struct Chunk {
  int64_t row_offset = 0;
  int64_t row_count = 0;
  std::string
      bytes;  ///< JSON_ARRAY: rows without the outer brackets; ARROW: an IPC stream; CSV: lines
};

class StatementService;

/// One statement. Thread-safe.
class StatementHandle {
 public:
  struct Snapshot {
    StatementState state = StatementState::kPending;
    std::optional<Error> error;  ///< its message is what the user sees
    columnar::Schema schema;
    std::vector<std::pair<int64_t, int64_t>> chunks;  ///< row offset, row count
    std::vector<int64_t> chunk_bytes;
    int64_t row_count = 0;
    int64_t byte_count = 0;
    bool truncated = false;
    SessionState session;  ///< after the statement; known when it SUCCEEDED
  };

  const std::string& id() const { return id_; }
  int64_t owner_id() const { return owner_id_; }
  ResultFormat format() const { return format_; }
  bool external_links() const { return external_links_; }
  const std::string& link_secret() const { return link_secret_; }
  Snapshot Look() const;
  /// Waits until the statement has ended, at most until the deadline.
  Snapshot Wait(Deadline deadline) const;
  /// Errors: RESOURCE_DOES_NOT_EXIST for a chunk there is not; BAD_REQUEST before SUCCEEDED.
  Status CheckChunk(int64_t index) const;
  /// Errors: also those of ResultSpool.
  Result<Chunk> GetChunk(int64_t index) const;
  void Cancel();
  void Close();

 private:
  friend class StatementService;
  explicit StatementHandle(const std::string& result_folder) : results_(result_folder) {}
  void Run(StatementService& service, const identity::Principal& who, const StatementSpec& spec);
  Status RunOn(StatementService& service, const identity::Principal& who,
               const StatementSpec& spec);
  Status Collect(ResultSource& rows);
  void End(StatementState state, std::optional<Error> error);
  Status CheckChunkLocked(int64_t index) const;
  bool HasEnded() const;
  /// What its result holds in memory; nothing before it has ended.
  int64_t IdleMemoryBytes() const;
  Status FreeMemory();

  std::string id_;
  int64_t owner_id_ = 0;
  std::string link_secret_;
  ResultFormat format_ = ResultFormat::kJsonArray;
  bool external_links_ = false;
  CancelSource cancel_;
  SteadyTime created_;
  mutable std::mutex mutex_;
  mutable std::condition_variable ended_;
  Snapshot snapshot_;
  ResultSpool results_;
};

struct StatementServiceOptions {
  /// Large results go to files without names here; empty keeps them in memory.
  std::string result_folder;
  /// Counted from a statement's start; one that runs longer is kept until it has ended.
  std::chrono::seconds kept{3600};
  /// Most statements that are kept; the oldest that have ended go first.
  size_t max_statements = 10'000;
  /// What the results of ended statements may hold in memory together; the oldest go to files.
  int64_t idle_memory_bytes = int64_t{256} << 20;
};

/// Thread-safe. A thread of its own forgets old statements; one that is too old is not found even
/// before that.
class StatementService {
 public:
  /// The references outlive the service.
  StatementService(WarehouseService& warehouses, StatementRunner& runner, Executor& executor,
                   const Clock& clock, StatementServiceOptions options);
  /// Cancels what runs and waits for its end.
  ~StatementService();
  std::shared_ptr<StatementHandle> Submit(const identity::Principal& who, StatementSpec spec);
  /// Another user's statement does not exist. Errors: RESOURCE_DOES_NOT_EXIST.
  Result<std::shared_ptr<StatementHandle>> Find(const identity::Principal& who,
                                                const std::string& id) const;
  /// For an external link, whose signature by link_secret() the caller verifies.
  Result<std::shared_ptr<StatementHandle>> FindLinked(const std::string& id) const;
  void CancelAll();
  /// Statements that are remembered.
  size_t size() const;

 private:
  friend class StatementHandle;
  using Statements = std::map<std::string, std::shared_ptr<StatementHandle>>;
  void Tidy();
  Statements TakeOld();
  void FreeIdleMemory();
  bool IsTooOld(const StatementHandle& handle) const;
  void Ended(const StatementHandle& handle);

  WarehouseService& warehouses_;
  StatementRunner& runner_;
  Executor& executor_;
  const Clock& clock_;
  const StatementServiceOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool closing_ = false;
  int64_t running_ = 0;     ///< tasks of the executor
  int64_t idle_bytes_ = 0;  ///< as last counted, and what has come since
  bool must_free_ = false;  ///< they are too many
  Statements statements_;   ///< by id, which is in the order of their starts
  std::thread tidier_;
};

}  // namespace tarn::compute
