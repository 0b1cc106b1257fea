#include "store/statement.h"

#include <algorithm>

namespace tarn::store {
namespace {

// Names are put into the text, so they may be nothing but names, and never the scope's own.
Status CheckName(std::string_view name) {
  bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (plain && name != "account_id" && name != "workspace_id") return Ok();
  return Fail("INTERNAL_ERROR", "'" + std::string(name) + "' is not a column to name here");
}

Status CheckNames(const Values& values) {
  for (const auto& [name, cell] : values) TARN_RETURN_IF_ERROR(CheckName(name));
  return Ok();
}

std::string Quoted(std::string_view name) { return '"' + std::string(name) + '"'; }

std::string Add(Statement& statement, const Cell& cell) {
  statement.arguments.push_back(cell);
  return "?" + std::to_string(statement.arguments.size());
}

Statement In(const Scope& scope) { return {"", {scope.account_id, scope.workspace_id}}; }

void AddWhere(Statement& statement, const Values& where) {
  statement.sql += " WHERE account_id=?1 AND workspace_id=?2";
  for (const auto& [name, cell] : where)
    statement.sql += " AND " + Quoted(name) + " IS " + Add(statement, cell);
}

}  // namespace

Result<const TableKey*> StatementWriter::Find(std::string_view table) const {
  for (const TableKey& known : tables_)
    if (known.table == table) return &known;
  return Fail("INTERNAL_ERROR", "there is no table '" + std::string(table) + "'");
}

Result<Statement> StatementWriter::Insert(const Scope& scope, std::string_view table,
                                          const Values& row) const {
  TARN_RETURN_IF_ERROR(Find(table));
  TARN_RETURN_IF_ERROR(CheckNames(row));
  Statement statement = In(scope);
  std::string names = "account_id, workspace_id";
  std::string places = "?1, ?2";
  for (const auto& [name, cell] : row) {
    names += ", " + Quoted(name);
    places += ", " + Add(statement, cell);
  }
  statement.sql = "INSERT INTO " + Quoted(table) + " (" + names + ") VALUES (" + places + ")";
  return statement;
}

Result<Statement> StatementWriter::Put(const Scope& scope, std::string_view table,
                                       const Values& row) const {
  TARN_TRY(Statement statement, Insert(scope, table, row));
  TARN_TRY(const TableKey* known, Find(table));
  std::string key;
  for (const std::string& column : known->columns)
    key += (key.empty() ? "" : ", ") + Quoted(column);
  std::string set;
  for (const auto& [name, cell] : row) {
    if (std::find(known->columns.begin(), known->columns.end(), name) != known->columns.end())
      continue;
    set += (set.empty() ? "" : ", ") + Quoted(name) + "=excluded." + Quoted(name);
  }
  statement.sql +=
      " ON CONFLICT (" + key + ") DO " + (set.empty() ? "NOTHING" : "UPDATE SET " + set);
  return statement;
}

Result<Statement> StatementWriter::Update(const Scope& scope, std::string_view table,
                                          const Values& set, const Values& where) const {
  TARN_RETURN_IF_ERROR(Find(table));
  TARN_RETURN_IF_ERROR(CheckNames(set));
  TARN_RETURN_IF_ERROR(CheckNames(where));
  Statement statement = In(scope);
  std::string changes;
  for (const auto& [name, cell] : set)
    changes += (changes.empty() ? "" : ", ") + Quoted(name) + "=" + Add(statement, cell);
  statement.sql = "UPDATE " + Quoted(table) + " SET " + changes;
  AddWhere(statement, where);
  return statement;
}

Result<Statement> StatementWriter::Delete(const Scope& scope, std::string_view table,
                                          const Values& where) const {
  TARN_RETURN_IF_ERROR(Find(table));
  TARN_RETURN_IF_ERROR(CheckNames(where));
  Statement statement = In(scope);
  statement.sql = "DELETE FROM " + Quoted(table);
  AddWhere(statement, where);
  return statement;
}

Result<Statement> StatementWriter::Select(const Scope& scope, std::string_view table,
                                          const std::vector<std::string_view>& columns,
                                          const Values& where) const {
  TARN_TRY(const TableKey* known, Find(table));
  TARN_RETURN_IF_ERROR(CheckNames(where));
  Statement statement = In(scope);
  std::string names;
  for (std::string_view column : columns) {
    TARN_RETURN_IF_ERROR(CheckName(column));
    names += (names.empty() ? "" : ", ") + Quoted(column);
  }
  statement.sql = "SELECT " + names + " FROM " + Quoted(table);
  AddWhere(statement, where);
  std::string order;
  for (const std::string& column : known->columns)
    order += (order.empty() ? "" : ", ") + Quoted(column);
  statement.sql += " ORDER BY " + order;
  return statement;
}

}  // namespace tarn::store
