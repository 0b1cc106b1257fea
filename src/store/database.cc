#include "store/database.h"

#include <fcntl.h>
#include <map>
#include <mutex>
#include <sys/file.h>
#include <unistd.h>

#include <sqlite3.h>

namespace tarn::store {
namespace {

Error FromSqlite(sqlite3* db, int code, std::string_view what) {
  std::string message =
      std::string(what) + ": " + (db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code));
  switch (code & 0xff) {
    case SQLITE_FULL:
      return Fail("OUT_OF_SPACE", message);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Fail("DATA_FOLDER_CORRUPT", message + "; restore the data folder from a copy");
    case SQLITE_CONSTRAINT:
      return Fail("RESOURCE_ALREADY_EXISTS", message);
    default:
      return Fail("IO_ERROR", message);
  }
}

class SqliteDatabase final : public Database, private Transaction {
 public:
  ~SqliteDatabase() override {
    for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }

  Status Open(const std::string& path) {
    int code =
        sqlite3_open_v2(path.c_str(), &db_,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK) return FromSqlite(db_, code, "cannot open " + path);
    sqlite3_busy_timeout(db_, 10'000);
    for (const char* pragma :
         {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"}) {
      TARN_RETURN_IF_ERROR(Run(pragma));
    }
    return Ok();
  }

  Status Migrate(const std::vector<Migration>& migrations) {
    TARN_TRY(std::vector<Row> rows, Query({}, "PRAGMA user_version", {}));
    int64_t have = IntOf(rows[0][0]);
    int64_t latest = migrations.empty() ? 0 : migrations.back().version;
    if (have > latest) {
      return Fail("DATA_FOLDER_TOO_NEW", "the data folder was written by a later release (schema " +
                                             std::to_string(have) + ", this release knows " +
                                             std::to_string(latest) +
                                             "); start that release instead");
    }
    for (const Migration& migration : migrations) {
      if (migration.version <= have) continue;
      std::string sql = "BEGIN IMMEDIATE;" + std::string(migration.sql) +
                        ";PRAGMA user_version=" + std::to_string(migration.version) + ";COMMIT;";
      TARN_RETURN_IF_ERROR(Run(sql.c_str()));
    }
    return Ok();
  }

  Status Write(const std::function<Status(Transaction&)>& work) override {
    std::lock_guard lock(mutex_);
    TARN_RETURN_IF_ERROR(Run("BEGIN IMMEDIATE"));
    Status status = work(*this);
    if (status.ok()) status = Run("COMMIT");
    if (!status.ok()) (void)Run("ROLLBACK").ok();
    return status;
  }

  Status Read(const std::function<Status(Transaction&)>& work) override {
    std::lock_guard lock(mutex_);
    TARN_RETURN_IF_ERROR(Run("BEGIN"));
    Status status = work(*this);
    (void)Run("COMMIT").ok();
    return status;
  }

  Status Execute(const Scope& scope, std::string_view sql, const Row& arguments) override {
    return Query(scope, sql, arguments).ok() ? Ok() : Status(*last_error_);
  }

  Result<std::vector<Row>> Query(const Scope& scope, std::string_view sql,
                                 const Row& arguments) override {
    Result<std::vector<Row>> rows = Step(scope, sql, arguments);
    if (!rows.ok()) last_error_ = rows.error();
    return rows;
  }

 private:
  Status Run(const char* sql) {
    int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return FromSqlite(db_, code, "metadata database");
    return Ok();
  }

  Result<sqlite3_stmt*> Prepare(std::string_view sql) {
    auto known = statements_.find(sql);
    if (known != statements_.end()) return known->second;
    sqlite3_stmt* statement = nullptr;
    int code =
        sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code != SQLITE_OK) return FromSqlite(db_, code, sql);
    statements_.emplace(std::string(sql), statement);
    return statement;
  }

  Result<std::vector<Row>> Step(const Scope& scope, std::string_view sql, const Row& arguments) {
    TARN_TRY(sqlite3_stmt * statement, Prepare(sql));
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (sqlite3_bind_parameter_count(statement) >= 1)
      sqlite3_bind_int64(statement, 1, scope.account_id);
    if (sqlite3_bind_parameter_count(statement) >= 2)
      sqlite3_bind_int64(statement, 2, scope.workspace_id);
    for (size_t i = 0; i < arguments.size(); ++i) {
      int at = static_cast<int>(i) + 3;
      if (const auto* number = std::get_if<int64_t>(&arguments[i])) {
        sqlite3_bind_int64(statement, at, *number);
      } else if (const auto* text = std::get_if<std::string>(&arguments[i])) {
        sqlite3_bind_text(statement, at, text->data(), static_cast<int>(text->size()),
                          SQLITE_TRANSIENT);
      } else {
        sqlite3_bind_null(statement, at);
      }
    }
    std::vector<Row> rows;
    for (;;) {
      int code = sqlite3_step(statement);
      if (code == SQLITE_DONE) break;
      if (code != SQLITE_ROW) {
        Error error = FromSqlite(db_, code, "metadata database");
        sqlite3_reset(statement);
        return error;
      }
      Row row;
      for (int c = 0; c < sqlite3_column_count(statement); ++c) {
        switch (sqlite3_column_type(statement, c)) {
          case SQLITE_INTEGER:
            row.emplace_back(static_cast<int64_t>(sqlite3_column_int64(statement, c)));
            break;
          case SQLITE_NULL:
            row.emplace_back(nullptr);
            break;
          default:
            row.emplace_back(
                std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, c)),
                            static_cast<size_t>(sqlite3_column_bytes(statement, c))));
        }
      }
      rows.push_back(std::move(row));
    }
    sqlite3_reset(statement);
    return rows;
  }

  sqlite3* db_ = nullptr;
  std::mutex mutex_;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
  std::optional<Error> last_error_;
};

}  // namespace

std::string TextOf(const Cell& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  return text != nullptr ? *text : "";
}

int64_t IntOf(const Cell& cell) {
  const auto* number = std::get_if<int64_t>(&cell);
  return number != nullptr ? *number : 0;
}

Result<std::unique_ptr<Database>> Database::Open(const std::string& path,
                                                 const std::vector<Migration>& migrations) {
  auto database = std::make_unique<SqliteDatabase>();
  TARN_RETURN_IF_ERROR(database->Open(path));
  TARN_RETURN_IF_ERROR(database->Migrate(migrations));
  return std::unique_ptr<Database>(std::move(database));
}

Result<std::unique_ptr<FolderLock>> FolderLock::Take(const std::string& folder) {
  std::string path = folder + "/LOCK";
  int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Fail("IO_ERROR", "cannot open " + path);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    char pid[32] = {};
    ssize_t got = ::read(fd, pid, sizeof(pid) - 1);
    ::close(fd);
    return Fail("DATA_FOLDER_IN_USE",
                "the data folder " + folder + " is in use by process " +
                    std::string(pid, got > 0 ? static_cast<size_t>(got) : 0) +
                    "; stop it (bin/tarn down) or choose another with --data-dir");
  }
  std::string pid = std::to_string(::getpid());
  if (::ftruncate(fd, 0) != 0 || ::write(fd, pid.data(), pid.size()) < 0) {
    ::close(fd);
    return Fail("IO_ERROR", "cannot write " + path);
  }
  return std::unique_ptr<FolderLock>(new FolderLock(fd));
}

FolderLock::~FolderLock() { ::close(fd_); }

}  // namespace tarn::store
