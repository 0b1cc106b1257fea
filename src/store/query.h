#pragma once
/// \file  What a module says to the metadata database: values, conditions and queries. There is no
/// way to name a row without its scope, because only `Reader` and `Transaction` run these and both
/// demand one.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tarn::store {

/// Whose rows: its two ids lead every key and every query.
struct Scope {
  int64_t account_id = 1;
  int64_t workspace_id = 1;
  bool operator==(const Scope&) const = default;
};

/// SQL NULL, BIGINT or TEXT (any bytes, UTF-8 where it is shown).
using Cell = std::variant<std::nullptr_t, int64_t, std::string>;
using Row = std::vector<Cell>;
/// The text of a cell, "" when it holds none.
std::string TextOf(const Cell& cell);
/// The number of a cell, 0 when it holds none.
int64_t IntOf(const Cell& cell);

/// Column and value, in any order. Column names are literals of the caller.
using Values = std::vector<std::pair<std::string_view, Cell>>;

enum class Comparison { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

struct Condition {
  Condition(std::string_view column, Cell value)
      : column(column), op(Comparison::kEqual), value(std::move(value)) {}
  Condition(std::string_view column, Comparison op, Cell value)
      : column(column), op(op), value(std::move(value)) {}
  std::string_view column;
  Comparison op;
  Cell value;  ///< NULL with kEqual and kNotEqual means IS [NOT] NULL
};
/// All must hold, besides the scope.
using Conditions = std::vector<Condition>;

/// One SELECT over one table. Built as a temporary: `Select("tokens", {"id"}).Where("owner_id",
/// 7)`.
class Select {
 public:
  Select(std::string_view table, std::vector<std::string_view> columns)
      : table_(table), columns_(std::move(columns)) {}
  Select& Where(std::string_view column, Cell value);
  Select& Where(std::string_view column, Comparison op, Cell value);
  Select& OrderBy(std::string_view column, bool descending = false);
  Select& Limit(int64_t rows);

  std::string_view table() const { return table_; }
  const Conditions& conditions() const { return conditions_; }
  /// The SQL text with ?1 and ?2 for the scope and ?3… for the conditions.
  std::string ToSql() const;

 private:
  std::string_view table_;
  std::vector<std::string_view> columns_;
  Conditions conditions_;
  std::vector<std::pair<std::string_view, bool>> order_;
  int64_t limit_ = -1;
};

}  // namespace tarn::store
