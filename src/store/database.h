#pragma once
/// \file  The metadata database: SQLite in WAL mode with full durability. One writer with group
/// commit, several readers.
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/query.h"

namespace tarn::store {

/// One step in the history of one module's tables. Applied once, in the order of the list, each in
/// its own transaction. Portable SQL: BIGINT and TEXT columns, no database's own words.
/// Every table begins with the columns account_id and workspace_id, which also lead its primary key
/// and its unique indexes; Open checks that.
struct Migration {
  std::string_view component;  ///< the module, for example "identity"
  int version;                 ///< 1, 2, 3… within the component
  std::vector<std::string_view> statements;
};

/// Reads inside one consistent snapshot. Belongs to the function it was passed to.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual Result<std::vector<Row>> Query(const Scope& scope, const Select& select) = 0;
};

/// Reads and writes inside one transaction. Belongs to the function it was passed to.
class Transaction : public Reader {
 public:
  /// Errors: RESOURCE_ALREADY_EXISTS when a unique key is taken.
  virtual Status Insert(const Scope& scope, std::string_view table, const Values& values) = 0;
  /// Inserts, or replaces the row with the same primary key.
  virtual Status Upsert(const Scope& scope, std::string_view table, const Values& values) = 0;
  /// Returns the number of rows changed.
  virtual Result<int64_t> Update(const Scope& scope, std::string_view table, const Values& set,
                                 const Conditions& where) = 0;
  /// Returns the number of rows deleted. Empty `where` deletes every row of the scope.
  virtual Result<int64_t> Delete(const Scope& scope, std::string_view table,
                                 const Conditions& where) = 0;
};

/// Thread-safe. Errors of every call, besides those of the function passed in: OUT_OF_SPACE,
/// DATA_FOLDER_CORRUPT, RESOURCE_ALREADY_EXISTS (unique key), TEMPORARILY_UNAVAILABLE (another
/// process holds the file), IO_ERROR.
class Database {
 public:
  struct Options {
    int readers = 4;                         ///< connections, opened when first needed
    std::chrono::milliseconds busy{10'000};  ///< how long to wait for another process's lock
    int64_t max_pages = 0;                   ///< size limit in pages of 4 KiB; 0: none
  };
  /// Opens or makes the file and brings its tables up to date.
  /// Errors: DATA_FOLDER_TOO_NEW when a later release has written it.
  static Result<std::unique_ptr<Database>> Open(const std::string& path,
                                                const std::vector<Migration>& migrations,
                                                const Options& options);
  static Result<std::unique_ptr<Database>> Open(const std::string& path,
                                                const std::vector<Migration>& migrations);
  virtual ~Database() = default;

  /// Runs `work` on the writer's thread, commits when it returns ok, else undoes what it did.
  /// Returns when the commit is on disk: what succeeded survives power loss. Writes of concurrent
  /// callers share one flush. `work` must not call Write or Read, nor wait for another thread.
  virtual Status Write(const std::function<Status(Transaction&)>& work) = 0;
  /// Runs `work` on the caller's thread against what is committed now.
  virtual Status Read(const std::function<Status(Reader&)>& work) = 0;
};

}  // namespace tarn::store
