#pragma once
/// \file  The history of the tables: each module brings its own, with versions of its own.
#include <string_view>
#include <vector>

#include "store/cell.h"

namespace tarn::store {

class Connection;

/// One step of a module's tables. Applied once, in order, each in its own transaction. Every table
/// and every index it makes must have account_id and workspace_id as the first columns of its key.
struct Migration {
  int version;
  std::string_view sql;
  /// First folders had one number for all modules. From this number on they hold this migration;
  /// 0: it is younger than that.
  int shared_version = 0;
};

/// Everything a module keeps in the database.
struct ModuleSchema {
  std::string_view module;            ///< the key of its row in schema_versions
  std::vector<Migration> migrations;  ///< versions 1, 2, … without gaps
};

/// A table and the columns of its key.
struct TableKey {
  std::string table;
  std::vector<std::string> columns;
};

/// Applies what is missing and returns the tables as they are then.
/// Errors: DATA_FOLDER_TOO_NEW when a later release has migrated a module or brought one that this
/// release does not know; INTERNAL_ERROR for versions with gaps and for a key that the account and
/// the workspace do not lead; those of Database. The folder stays as it was at the last migration
/// that was applied in full.
Result<std::vector<TableKey>> Migrate(Connection& connection,
                                      const std::vector<ModuleSchema>& modules);

}  // namespace tarn::store
