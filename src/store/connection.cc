#include "store/connection.h"

#include <limits>

#include <sqlite3.h>

namespace tarn::store {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

Error FromSqlite(sqlite3* db, int code, const std::string& what) {
  std::string message = what + ": " + (db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code));
  int extended = db != nullptr ? sqlite3_extended_errcode(db) : code;
  switch (code & 0xff) {
    case SQLITE_FULL:
      return Fail("OUT_OF_SPACE", message);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Fail("DATA_FOLDER_CORRUPT", message + "; restore the data folder from a copy");
    case SQLITE_CONSTRAINT:
      if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY)
        return Fail("RESOURCE_ALREADY_EXISTS", message);
      return Fail("INTERNAL_ERROR", message);
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
      return Fail("INTERNAL_ERROR", message);
    default:
      return Fail("IO_ERROR", message);
  }
}

Cell ReadCell(sqlite3_stmt* statement, int column) {
  auto bytes = [&](const void* data) {
    auto size = static_cast<size_t>(sqlite3_column_bytes(statement, column));
    return size == 0 ? std::string() : std::string(static_cast<const char*>(data), size);
  };
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT:
      return bytes(sqlite3_column_text(statement, column));
    case SQLITE_BLOB:
      return Blob{bytes(sqlite3_column_blob(statement, column))};
    default:
      return nullptr;
  }
}

int BindCell(sqlite3_stmt* statement, int at, const Cell& cell) {
  // The arguments outlive the step, so that nothing has to be copied.
  struct Visitor {
    sqlite3_stmt* statement;
    int at;
    int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, at); }
    int operator()(int64_t value) const { return sqlite3_bind_int64(statement, at, value); }
    int operator()(double value) const { return sqlite3_bind_double(statement, at, value); }
    int operator()(const std::string& value) const {
      return sqlite3_bind_text64(statement, at, value.data(), value.size(), SQLITE_STATIC,
                                 SQLITE_UTF8);
    }
    int operator()(const Blob& value) const {
      return sqlite3_bind_blob64(statement, at, value.bytes.data(), value.bytes.size(),
                                 SQLITE_STATIC);
    }
  };
  return std::visit(Visitor{statement, at}, cell);
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::Open(const std::string& path, Use use) {
  sqlite3* db = nullptr;
  int flags = SQLITE_OPEN_NOMUTEX | (use == Use::kWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                        : SQLITE_OPEN_READONLY);
  int code = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
  std::unique_ptr<Connection> connection(new Connection(db));
  if (code != SQLITE_OK) return FromSqlite(db, code, "cannot open " + path);
  TARN_RETURN_IF_ERROR(connection->Configure(use, path));
  return connection;
}

Connection::~Connection() {
  for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(db_);
}

Status Connection::Configure(Use use, const std::string& path) {
  sqlite3_busy_timeout(db_, kBusyTimeoutMs);
  // Else a column that is not there, in double quotes, would be a text.
  for (int quirk : {SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL})
    sqlite3_db_config(db_, quirk, 0, nullptr);
  if (use == Use::kReadOnly) return Ok();
  TARN_TRY(std::vector<Row> mode, Step("PRAGMA journal_mode=WAL"));
  TARN_RETURN_IF_ERROR(Run("PRAGMA synchronous=FULL"));
  TARN_RETURN_IF_ERROR(Run("PRAGMA foreign_keys=ON"));
  TARN_TRY(std::vector<Row> level, Step("PRAGMA synchronous"));
  constexpr int64_t kFull = 2;
  if (mode[0][0] != Cell(std::string("wal")) || level[0][0] != Cell(kFull)) {
    return Fail("IO_ERROR", "the file system of " + path +
                                " cannot hold a write-ahead log; choose another data folder");
  }
  return Ok();
}

Status Connection::Run(const std::string& sql) {
  int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return FromSqlite(db_, code, "metadata database");
  return Ok();
}

Result<sqlite3_stmt*> Connection::Prepare(const std::string& sql) {
  auto known = statements_.find(sql);
  if (known != statements_.end()) return known->second;
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  int code = sqlite3_prepare_v3(db_, sql.c_str(), static_cast<int>(sql.size()) + 1,
                                SQLITE_PREPARE_PERSISTENT, &statement, &rest);
  if (code != SQLITE_OK) return FromSqlite(db_, code, sql);
  if (statement == nullptr || *rest != '\0') {
    sqlite3_finalize(statement);
    return Fail("INTERNAL_ERROR", "not exactly one statement: " + sql);
  }
  statements_.emplace(sql, statement);
  return statement;
}

Status Connection::Bind(sqlite3_stmt* statement, const Row& arguments) {
  if (sqlite3_bind_parameter_count(statement) != static_cast<int>(arguments.size())) {
    return Fail("INTERNAL_ERROR", std::to_string(arguments.size()) + " arguments for " +
                                      std::string(sqlite3_sql(statement)));
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    int code = BindCell(statement, static_cast<int>(i) + 1, arguments[i]);
    if (code != SQLITE_OK) return FromSqlite(db_, code, "metadata database");
  }
  return Ok();
}

Result<std::vector<Row>> Connection::Step(const std::string& sql, const Row& arguments) {
  TARN_TRY(sqlite3_stmt * statement, Prepare(sql));
  Status bound = Bind(statement, arguments);
  std::vector<Row> rows;
  int code = SQLITE_DONE;
  while (bound.ok() && (code = sqlite3_step(statement)) == SQLITE_ROW) {
    Row row;
    for (int c = 0; c < sqlite3_column_count(statement); ++c) row.push_back(ReadCell(statement, c));
    rows.push_back(std::move(row));
  }
  // The message must be taken before the reset, and the reset must come before anything else.
  Status status = bound;
  if (bound.ok() && code != SQLITE_DONE) status = FromSqlite(db_, code, "metadata database");
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  if (!status.ok()) return std::move(status).error();
  return rows;
}

int64_t Connection::changes() const { return sqlite3_changes64(db_); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

}  // namespace tarn::store
