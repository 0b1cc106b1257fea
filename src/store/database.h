#pragma once
/// \file  The metadata database: SQLite in WAL mode with full durability, behind typed statements.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"

namespace tarn::store {

/// Whose rows: leads every key and every query.
struct Scope {
  int64_t account_id = 1;
  int64_t workspace_id = 1;
};

using Cell = std::variant<std::nullptr_t, int64_t, std::string>;
using Row = std::vector<Cell>;
std::string TextOf(const Cell& cell);
int64_t IntOf(const Cell& cell);

/// One step of the schema's history. Applied once, in order, each in its own transaction.
struct Migration {
  int version;
  std::string_view sql;
};

/// Inside one transaction. `where` clauses and statements get the scope's two ids as ?1 and ?2;
/// further arguments follow as ?3 and on, so that no statement can forget whose rows it means.
class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual Status Execute(const Scope& scope, std::string_view sql, const Row& arguments) = 0;
  virtual Result<std::vector<Row>> Query(const Scope& scope, std::string_view sql,
                                         const Row& arguments) = 0;
};

/// Thread-safe: one transaction at a time. A Write that returned ok survives power loss.
/// Errors of every call: OUT_OF_SPACE, DATA_FOLDER_CORRUPT, RESOURCE_ALREADY_EXISTS (unique key),
/// IO_ERROR.
class Database {
 public:
  /// Opens or makes the file and brings its schema up to date.
  /// Errors: DATA_FOLDER_TOO_NEW when a later release has migrated it.
  static Result<std::unique_ptr<Database>> Open(const std::string& path,
                                                const std::vector<Migration>& migrations);
  virtual ~Database() = default;
  /// Commits when the function returns ok, else rolls back.
  virtual Status Write(const std::function<Status(Transaction&)>& work) = 0;
  virtual Status Read(const std::function<Status(Transaction&)>& work) = 0;
};

/// Holds a data folder for one process. Released when destroyed.
class FolderLock {
 public:
  /// Errors: DATA_FOLDER_IN_USE naming the other process.
  static Result<std::unique_ptr<FolderLock>> Take(const std::string& folder);
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace tarn::store
