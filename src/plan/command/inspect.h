#pragma once
/// \file  Commands that show what is there, and comments and owners of it.
#include "plan/logical_plan.h"
#include "sql/ast/statement.h"

namespace tarn::plan {

struct Show {
  sql::ShowKind what = sql::ShowKind::kTables;
  std::vector<std::string> in;  ///< complete name of the container or object; empty for the rest
  sql::SourceRange in_range;
  std::optional<std::string> like;
  std::string scope;
  std::optional<std::string> property;
  std::vector<std::pair<std::string, ExprRef>> partition = {};  ///< values without columns
};

struct Describe {
  sql::DescribeKind what = sql::DescribeKind::kTable;
  std::vector<std::string> name;
  sql::SourceRange name_range;
  bool extended = false;
  std::vector<std::string> column;  ///< of DESCRIBE t column
  sql::SourceRange column_range;
  PlanRef query;                      ///< of DESCRIBE QUERY
  std::optional<int64_t> limit = {};  ///< of DESCRIBE HISTORY
};

struct CommentOn {
  sql::SecurableWord object = sql::SecurableWord::kTable;
  std::vector<std::string> name;
  sql::SourceRange name_range;
  std::optional<std::string> comment;
};

struct AlterOwner {
  sql::SecurableWord object = sql::SecurableWord::kTable;
  std::vector<std::string> name;
  sql::SourceRange name_range;
  std::string owner;
};

struct Explain {
  sql::ExplainMode mode = sql::ExplainMode::kSimple;
  std::string parsed;    ///< the syntax tree
  std::string analyzed;  ///< what analysis made of the statement
  std::string command;   ///< what it does besides computing rows; empty for a query
  PlanRef rows;          ///< the query, or the rows of the command; null for a command without
};

}  // namespace tarn::plan
