#pragma once
/// \file  One connection to the SQLite file with its prepared statements. Private to this module:
/// it takes any SQL.
#include <map>
#include <memory>
#include <string>

#include "store/cell.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tarn::store {

/// Not thread-safe: one user at a time. Errors of every call: those of Database.
class Connection {
 public:
  enum class Use { kWrite, kReadOnly };
  /// Errors: also IO_ERROR when write-ahead logging or full durability cannot be had there.
  static Result<std::unique_ptr<Connection>> Open(const std::string& path, Use use);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Runs statements that have no arguments and whose rows nobody wants.
  Status Run(const std::string& sql);
  /// Prepares `sql` once, binds every argument (there must be exactly as many as the statement has)
  /// and returns all rows.
  Result<std::vector<Row>> Step(const std::string& sql, const Row& arguments = {});
  /// Rows that the last statement inserted, changed or deleted.
  int64_t changes() const;
  /// False after an error that made SQLite roll the transaction back by itself.
  bool in_transaction() const;

 private:
  explicit Connection(sqlite3* db) : db_(db) {}
  Status Configure(Use use, const std::string& path);
  Result<sqlite3_stmt*> Prepare(const std::string& sql);
  Status Bind(sqlite3_stmt* statement, const Row& arguments);

  sqlite3* db_;
  std::map<std::string, sqlite3_stmt*> statements_;
};

}  // namespace tarn::store
