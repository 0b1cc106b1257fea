#pragma once
/// \file  Commands about privileges. Names are complete.
#include <string>
#include <vector>

#include "sql/ast/statement.h"

namespace tarn::plan {

struct Grant {
  bool revoke = false;
  std::vector<std::string> privileges;  ///< upper case, one space between words
  sql::SecurableWord object = sql::SecurableWord::kTable;
  std::vector<std::string> name;
  sql::SourceRange name_range;
  std::string principal;
};

struct ShowGrants {
  std::string principal;  ///< empty: of everyone
  sql::SecurableWord object = sql::SecurableWord::kTable;
  std::vector<std::string> name;
  sql::SourceRange name_range;
};

}  // namespace tarn::plan
