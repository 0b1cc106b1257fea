#pragma once
/// \file  The text of a statement from names, confined to a scope: ?1 and ?2 are always the
/// account and the workspace. Private to this module.
#include "store/database.h"

namespace tarn::store {

/// A statement with everything it binds.
struct Statement {
  std::string sql;
  Row arguments;
};

/// Writes statements for the tables it was given. Immutable; thread-safe.
class StatementWriter {
 public:
  explicit StatementWriter(std::vector<TableKey> tables) : tables_(std::move(tables)) {}

  Result<Statement> Insert(const Scope& scope, std::string_view table, const Values& row) const;
  Result<Statement> Put(const Scope& scope, std::string_view table, const Values& row) const;
  Result<Statement> Update(const Scope& scope, std::string_view table, const Values& set,
                           const Values& where) const;
  Result<Statement> Delete(const Scope& scope, std::string_view table, const Values& where) const;
  Result<Statement> Select(const Scope& scope, std::string_view table,
                           const std::vector<std::string_view>& columns, const Values& where) const;

 private:
  Result<const TableKey*> Find(std::string_view table) const;

  std::vector<TableKey> tables_;
};

}  // namespace tarn::store
