#include "store/schema.h"

#include <algorithm>
#include <functional>
#include <map>

#include "store/connection.h"

namespace tarn::store {
namespace {

// `user_version` since each module has its own row. A release of before takes it for a number that
// it does not know yet, and leaves the folder alone.
constexpr int64_t kVersionRows = 1000;

using Versions = std::map<std::string, int64_t, std::less<>>;

Error TooNew(const std::string& what) {
  return Fail("DATA_FOLDER_TOO_NEW", "the data folder was written by a later release (" + what +
                                         "); start that release instead");
}

Status InTransaction(Connection& connection, const std::function<Status()>& work) {
  TARN_RETURN_IF_ERROR(connection.Run("BEGIN IMMEDIATE"));
  Status status = work();
  if (status.ok()) status = connection.Run("COMMIT");
  if (!status.ok()) (void)connection.Run("ROLLBACK").ok();
  return status;
}

Status SetVersion(Connection& connection, std::string_view module, int64_t version) {
  TARN_RETURN_IF_ERROR(connection.Step("INSERT OR REPLACE INTO schema_versions VALUES (?1, ?2)",
                                       {std::string(module), version}));
  return Ok();
}

// Makes the table of versions, from the one number of older folders if there is one.
Status TakeOver(Connection& connection, const std::vector<ModuleSchema>& modules,
                int64_t shared_version) {
  int64_t latest = 0;
  for (const ModuleSchema& module : modules)
    for (const Migration& migration : module.migrations)
      latest = std::max<int64_t>(latest, migration.shared_version);
  if (shared_version > latest) {
    return TooNew("schema " + std::to_string(shared_version) + ", this release knows " +
                  std::to_string(latest));
  }
  return InTransaction(connection, [&]() -> Status {
    TARN_RETURN_IF_ERROR(
        connection.Run("CREATE TABLE schema_versions (module TEXT PRIMARY KEY, version INTEGER NOT "
                       "NULL) WITHOUT ROWID"));
    for (const ModuleSchema& module : modules) {
      int held = 0;
      for (const Migration& migration : module.migrations) {
        bool there = migration.shared_version != 0 && migration.shared_version <= shared_version;
        if (there) held = migration.version;
      }
      if (held > 0) TARN_RETURN_IF_ERROR(SetVersion(connection, module.module, held));
    }
    return connection.Run("PRAGMA user_version=" + std::to_string(kVersionRows));
  });
}

Result<Versions> ReadVersions(Connection& connection, const std::vector<ModuleSchema>& modules) {
  TARN_TRY(std::vector<Row> rows, connection.Step("SELECT module, version FROM schema_versions"));
  Versions versions;
  for (const Row& row : rows) {
    TARN_TRY(auto typed, ReadRow<std::string, int64_t>(row));
    const auto& [name, version] = typed;
    auto known = std::find_if(modules.begin(), modules.end(), [&name](const ModuleSchema& module) {
      return module.module == name;
    });
    int64_t latest =
        known == modules.end() || known->migrations.empty() ? 0 : known->migrations.back().version;
    if (version > latest) {
      return TooNew("schema " + std::to_string(version) + " of " + name + ", this release knows " +
                    std::to_string(latest));
    }
    versions[name] = version;
  }
  return versions;
}

Status LedByScope(const std::string& what, const std::vector<std::string>& columns) {
  if (columns.size() >= 2 && columns[0] == "account_id" && columns[1] == "workspace_id")
    return Ok();
  return Fail("INTERNAL_ERROR", what + " is not led by account_id and workspace_id");
}

Result<std::vector<std::string>> Names(Connection& connection, const std::string& sql,
                                       const std::string& argument) {
  TARN_TRY(std::vector<Row> rows, connection.Step(sql, {argument}));
  std::vector<std::string> names;
  for (const Row& row : rows) {
    TARN_TRY(auto typed, ReadRow<std::optional<std::string>>(row));
    names.push_back(std::get<0>(typed).value_or(""));
  }
  return names;
}

Result<std::vector<TableKey>> ReadKeys(Connection& connection) {
  TARN_TRY(auto tables, Names(connection,
                              "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE "
                              "'sqlite@_%' ESCAPE '@' AND name<>?1",
                              "schema_versions"));
  std::vector<TableKey> keys;
  for (const std::string& table : tables) {
    TableKey key{table, {}};
    TARN_TRY(
        key.columns,
        Names(connection, "SELECT name FROM pragma_table_info(?1) WHERE pk>0 ORDER BY pk", table));
    TARN_RETURN_IF_ERROR(LedByScope("the key of table " + table, key.columns));
    TARN_TRY(auto indexes, Names(connection, "SELECT name FROM pragma_index_list(?1)", table));
    for (const std::string& index : indexes) {
      TARN_TRY(auto columns,
               Names(connection, "SELECT name FROM pragma_index_info(?1) ORDER BY seqno", index));
      TARN_RETURN_IF_ERROR(LedByScope("index " + index + " of table " + table, columns));
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

Status Apply(Connection& connection, const ModuleSchema& module, const Migration& migration) {
  return InTransaction(connection, [&]() -> Status {
    TARN_RETURN_IF_ERROR(connection.Run(std::string(migration.sql)));
    TARN_RETURN_IF_ERROR(ReadKeys(connection));
    return SetVersion(connection, module.module, migration.version);
  });
}

}  // namespace

Result<std::vector<TableKey>> Migrate(Connection& connection,
                                      const std::vector<ModuleSchema>& modules) {
  for (const ModuleSchema& module : modules) {
    for (size_t i = 0; i < module.migrations.size(); ++i) {
      if (module.migrations[i].version != static_cast<int>(i) + 1) {
        return Fail("INTERNAL_ERROR",
                    "the migrations of " + std::string(module.module) + " have a gap");
      }
    }
  }
  TARN_TRY(std::vector<Row> shared, connection.Step("PRAGMA user_version"));
  TARN_TRY(auto number, ReadRow<int64_t>(shared[0]));
  if (std::get<0>(number) < kVersionRows) {
    TARN_RETURN_IF_ERROR(TakeOver(connection, modules, std::get<0>(number)));
  } else if (std::get<0>(number) > kVersionRows) {
    return TooNew("schema " + std::to_string(std::get<0>(number)));
  }
  TARN_TRY(Versions versions, ReadVersions(connection, modules));
  for (const ModuleSchema& module : modules) {
    int64_t have = versions[std::string(module.module)];
    for (const Migration& migration : module.migrations)
      if (migration.version > have) TARN_RETURN_IF_ERROR(Apply(connection, module, migration));
  }
  return ReadKeys(connection);
}

}  // namespace tarn::store
