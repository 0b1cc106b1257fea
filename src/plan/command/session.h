#pragma once
/// \file  Commands that change the session.
#include <optional>
#include <string>

namespace tarn::plan {

/// USE: an empty part stays as it is.
struct Use {
  std::string catalog;
  std::string schema;
};

struct SetConf {
  std::string key;                   ///< empty: list all
  std::optional<std::string> value;  ///< empty: show one
};

struct ResetConf {
  std::string key;  ///< empty: all
};

}  // namespace tarn::plan
