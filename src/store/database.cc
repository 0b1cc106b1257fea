#include "store/database.h"

#include <condition_variable>
#include <deque>
#include <mutex>

#include "base/guarded.h"
#include "store/connection.h"
#include "store/statement.h"

namespace tarn::store {
namespace {

// More would make the first of a group wait noticeably for the others.
constexpr size_t kMaxGroup = 64;

// Set while this thread is inside a transaction of any database.
thread_local bool inside_transaction = false;

class InsideTransaction {
 public:
  InsideTransaction() { inside_transaction = true; }
  ~InsideTransaction() { inside_transaction = false; }
};

Status RefuseNested() {
  if (!inside_transaction) return Ok();
  return Fail("INTERNAL_ERROR", "a transaction of the metadata database inside of another");
}

class OpenTransaction final : public Transaction {
 public:
  OpenTransaction(Connection& connection, const StatementWriter& writer)
      : connection_(connection), writer_(writer) {}

  Status Insert(const Scope& scope, std::string_view table, const Values& row) override {
    TARN_RETURN_IF_ERROR(Step(writer_.Insert(scope, table, row)));
    return Ok();
  }
  Status Put(const Scope& scope, std::string_view table, const Values& row) override {
    TARN_RETURN_IF_ERROR(Step(writer_.Put(scope, table, row)));
    return Ok();
  }
  Result<int64_t> Update(const Scope& scope, std::string_view table, const Values& set,
                         const Values& where) override {
    TARN_RETURN_IF_ERROR(Step(writer_.Update(scope, table, set, where)));
    return connection_.changes();
  }
  Result<int64_t> Delete(const Scope& scope, std::string_view table, const Values& where) override {
    TARN_RETURN_IF_ERROR(Step(writer_.Delete(scope, table, where)));
    return connection_.changes();
  }

 protected:
  Result<std::vector<Row>> SelectRows(const Scope& scope, std::string_view table,
                                      const std::vector<std::string_view>& columns,
                                      const Values& where) override {
    return Step(writer_.Select(scope, table, columns, where));
  }

 private:
  Result<std::vector<Row>> Step(const Result<Statement>& statement) {
    if (!statement.ok()) return statement.error();
    return connection_.Step(statement->sql, statement->arguments);
  }

  Connection& connection_;
  const StatementWriter& writer_;
};

/// One Write that waits for its outcome.
struct Request {
  const Database::Work* work;
  Status status;
  bool done = false;
};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::string path, std::unique_ptr<Connection> connection,
                 std::vector<TableKey> tables)
      : path_(std::move(path)), connection_(std::move(connection)), writer_(std::move(tables)) {}

  Status Write(const Work& work) override {
    TARN_RETURN_IF_ERROR(RefuseNested());
    Request own{&work, Ok()};
    std::unique_lock lock(mutex_);
    waiting_.push_back(&own);
    changed_.wait(lock, [&] { return own.done || !committing_; });
    if (own.done) return own.status;
    // Nobody commits now: this thread does it, for everyone who waits.
    committing_ = true;
    std::vector<Request*> group;
    while (!own.done) {
      group.assign(waiting_.begin(), waiting_.begin() + std::min(waiting_.size(), kMaxGroup));
      waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<ptrdiff_t>(group.size()));
      lock.unlock();
      CommitGroup(group);
      lock.lock();
      for (Request* request : group) request->done = true;
    }
    committing_ = false;
    changed_.notify_all();
    return own.status;
  }

  Status Read(const Work& work) override {
    TARN_RETURN_IF_ERROR(RefuseNested());
    TARN_TRY(std::unique_ptr<Connection> reader, TakeReader());
    InsideTransaction inside;
    TARN_RETURN_IF_ERROR(reader->Run("BEGIN"));
    OpenTransaction transaction(*reader, writer_);
    Status status = work(transaction);
    // Nothing was written; a connection that cannot even end its snapshot is not used again.
    if (reader->Run("ROLLBACK").ok()) readers_.Lock()->push_back(std::move(reader));
    return status;
  }

 private:
  Result<std::unique_ptr<Connection>> TakeReader() {
    {
      auto idle = readers_.Lock();
      if (!idle->empty()) {
        std::unique_ptr<Connection> reader = std::move(idle->back());
        idle->pop_back();
        return reader;
      }
    }
    return Connection::Open(path_, Connection::Use::kReadOnly);
  }

  // One request: whatever it did is undone when it fails, and the group goes on without it.
  Status RunOne(const Work& work) {
    TARN_RETURN_IF_ERROR(connection_->Run("SAVEPOINT request"));
    OpenTransaction transaction(*connection_, writer_);
    Status status = work(transaction);
    if (!connection_->in_transaction()) return status;
    if (!status.ok()) TARN_RETURN_IF_ERROR(connection_->Run("ROLLBACK TO request"));
    TARN_RETURN_IF_ERROR(connection_->Run("RELEASE request"));
    return status;
  }

  void CommitGroup(const std::vector<Request*>& group) {
    InsideTransaction inside;
    Status whole = connection_->Run("BEGIN IMMEDIATE");
    for (Request* request : group) {
      if (!whole.ok()) break;
      request->status = RunOne(*request->work);
      if (connection_->in_transaction()) continue;
      // SQLite gave the whole transaction up, for want of space or memory.
      whole = request->status.ok() ? Fail("IO_ERROR", "metadata database: rolled back")
                                   : request->status;
    }
    if (whole.ok()) whole = connection_->Run("COMMIT");
    if (whole.ok()) return;
    if (connection_->in_transaction()) (void)connection_->Run("ROLLBACK").ok();
    for (Request* request : group)
      if (request->status.ok()) request->status = whole;
  }

  const std::string path_;
  const std::unique_ptr<Connection> connection_;  ///< of the thread that set committing_
  const StatementWriter writer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request*> waiting_;
  bool committing_ = false;
  Guarded<std::vector<std::unique_ptr<Connection>>> readers_;  ///< idle ones
};

}  // namespace

Result<std::unique_ptr<Database>> Database::Open(const std::string& path,
                                                 const std::vector<ModuleSchema>& modules) {
  TARN_TRY(std::unique_ptr<Connection> connection, Connection::Open(path, Connection::Use::kWrite));
  TARN_TRY(std::vector<TableKey> tables, Migrate(*connection, modules));
  return std::unique_ptr<Database>(
      std::make_unique<SqliteDatabase>(path, std::move(connection), std::move(tables)));
}

}  // namespace tarn::store
