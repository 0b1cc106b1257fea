#include "store/query.h"

namespace tarn::store {
namespace {

std::string_view Symbol(Comparison op) {
  switch (op) {
    case Comparison::kEqual:
      return "=";
    case Comparison::kNotEqual:
      return "<>";
    case Comparison::kLess:
      return "<";
    case Comparison::kLessOrEqual:
      return "<=";
    case Comparison::kGreater:
      return ">";
    case Comparison::kGreaterOrEqual:
      return ">=";
  }
  return "=";
}

}  // namespace

std::string TextOf(const Cell& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  return text != nullptr ? *text : std::string();
}

int64_t IntOf(const Cell& cell) {
  const auto* number = std::get_if<int64_t>(&cell);
  return number != nullptr ? *number : 0;
}

Select& Select::Where(std::string_view column, Cell value) {
  conditions_.emplace_back(column, std::move(value));
  return *this;
}

Select& Select::Where(std::string_view column, Comparison op, Cell value) {
  conditions_.emplace_back(column, op, std::move(value));
  return *this;
}

Select& Select::OrderBy(std::string_view column, bool descending) {
  order_.emplace_back(column, descending);
  return *this;
}

Select& Select::Limit(int64_t rows) {
  limit_ = rows;
  return *this;
}

std::string WhereClause(const Conditions& conditions, int first_parameter) {
  std::string sql = " WHERE account_id=?1 AND workspace_id=?2";
  int at = first_parameter;
  for (const Condition& c : conditions) {
    sql.append(" AND ").append(c.column);
    if (std::holds_alternative<std::nullptr_t>(c.value)) {
      sql += c.op == Comparison::kNotEqual ? " IS NOT NULL" : " IS NULL";
      continue;
    }
    sql.append(Symbol(c.op)).append("?").append(std::to_string(at++));
  }
  return sql;
}

std::string Select::ToSql() const {
  std::string sql = "SELECT ";
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) sql += ",";
    sql.append(columns_[i]);
  }
  sql.append(" FROM ").append(table_).append(WhereClause(conditions_, 3));
  for (size_t i = 0; i < order_.size(); ++i) {
    sql.append(i == 0 ? " ORDER BY " : ",").append(order_[i].first);
    if (order_[i].second) sql += " DESC";
  }
  if (limit_ >= 0) sql += " LIMIT " + std::to_string(limit_);
  return sql;
}

}  // namespace tarn::store
