#pragma once
/// \file  The metadata database: SQLite in WAL mode with full durability, behind typed statements
/// that cannot leave the scope of their caller.
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/cell.h"
#include "store/schema.h"

namespace tarn::store {

/// Whose rows: leads every key and every statement.
struct Scope {
  int64_t account_id = 1;
  int64_t workspace_id = 1;
};

/// Names of columns with a value each.
using Values = std::vector<std::pair<std::string_view, Cell>>;

/// Inside one transaction; not thread-safe. Statements are made from names and values and always
/// confined to the scope: there is no way to hand in SQL. `where` compares for equality, all of it
/// must hold. Errors of every call: those of Database, INTERNAL_ERROR for a name that is no table
/// or column and for the scope's own columns among the values.
class Transaction {
 public:
  virtual ~Transaction() = default;
  /// Errors: RESOURCE_ALREADY_EXISTS when the key or another unique value is taken.
  virtual Status Insert(const Scope& scope, std::string_view table, const Values& row) = 0;
  /// Inserts, or changes the row with the same key. Errors: RESOURCE_ALREADY_EXISTS when another
  /// row has a unique value of this one.
  virtual Status Put(const Scope& scope, std::string_view table, const Values& row) = 0;
  /// Both return the number of rows.
  virtual Result<int64_t> Update(const Scope& scope, std::string_view table, const Values& set,
                                 const Values& where) = 0;
  virtual Result<int64_t> Delete(const Scope& scope, std::string_view table,
                                 const Values& where) = 0;
  /// In the order of the key. Errors: DATA_FOLDER_CORRUPT for a value of another type.
  template <typename... T>
  Result<std::vector<std::tuple<T...>>> Select(
      const Scope& scope, std::string_view table,
      const std::array<std::string_view, sizeof...(T)>& columns, const Values& where = {}) {
    TARN_TRY(std::vector<Row> rows,
             SelectRows(scope, table, {columns.begin(), columns.end()}, where));
    std::vector<std::tuple<T...>> typed;
    for (const Row& row : rows) {
      TARN_TRY(auto one, ReadRow<T...>(row));
      typed.push_back(std::move(one));
    }
    return typed;
  }

 protected:
  virtual Result<std::vector<Row>> SelectRows(const Scope& scope, std::string_view table,
                                              const std::vector<std::string_view>& columns,
                                              const Values& where) = 0;
};

/// Thread-safe. Writes run one at a time and those that wait share one flush; reads run beside them
/// on what was committed last. A Write that returned ok survives power loss.
/// `work` may run on another caller's thread: it must not take a lock that somebody holds while
/// calling Write, and not call Write or Read itself (INTERNAL_ERROR).
/// Errors of every call: OUT_OF_SPACE, DATA_FOLDER_CORRUPT, IO_ERROR, INTERNAL_ERROR.
class Database {
 public:
  using Work = std::function<Status(Transaction&)>;
  /// Opens or makes the file and brings the tables of all modules up to date. Errors: as Migrate.
  static Result<std::unique_ptr<Database>> Open(const std::string& path,
                                                const std::vector<ModuleSchema>& modules);
  virtual ~Database() = default;
  /// Commits when the function returns ok, else rolls back what it did.
  virtual Status Write(const Work& work) = 0;
  virtual Status Read(const Work& work) = 0;
};

}  // namespace tarn::store
