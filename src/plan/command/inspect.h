#pragma once
/// \file  Commands that show what is there, and comments and owners of it.
#include "plan/logical_plan.h"
#include "sql/ast/statement.h"

namespace tarn::plan {

struct Show {
  sql::ShowKind what = sql::ShowKind::kTables;
  std::vector<std::string>
      in;  ///< complete name of the container or object; empty for SHOW CATALOGS
  std::optional<std::string> like;
  std::string scope;
  std::optional<std::string> property;
};

struct Describe {
  sql::DescribeKind what = sql::DescribeKind::kTable;
  std::vector<std::string> name;
  bool extended = false;
  std::vector<std::string> column;
  PlanRef query;  ///< of DESCRIBE QUERY
};

struct CommentOn {
  sql::SecurableWord object = sql::SecurableWord::kTable;
  std::vector<std::string> name;
  std::optional<std::string> comment;
};

struct AlterOwner {
  sql::SecurableWord object = sql::SecurableWord::kTable;
  std::vector<std::string> name;
  std::string owner;
};

struct Explain {
  sql::ExplainMode mode = sql::ExplainMode::kSimple;
  PlanRef query;        ///< null when the statement explained is not a query
  std::string command;  ///< its name then: "CreateTable"
};

}  // namespace tarn::plan
