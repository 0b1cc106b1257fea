#pragma once
/// \file  Commands that change the session.
#include <optional>
#include <string>

#include "sql/ast/expression.h"

namespace tarn::plan {

/// USE: an empty part stays as it is.
struct Use {
  std::string catalog;
  std::string schema;
  sql::SourceRange name_range;
};

struct SetConf {
  std::string key;  ///< empty: list all
  sql::SourceRange key_range;
  std::optional<std::string> value;  ///< empty: show one
};

struct ResetConf {
  std::string key;  ///< empty: all
  sql::SourceRange key_range;
};

}  // namespace tarn::plan
