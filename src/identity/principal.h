#pragma once
/// \file  Who calls, as everything that decides about access sees it.
#include <cstdint>
#include <string>
#include <vector>

namespace tarn::identity {

/// An authenticated caller. Value.
struct Principal {
  int64_t id = 0;
  std::string name;  ///< of a user the user name, of a service principal the application id
  bool is_admin = false;
  /// Every group the caller is in, also through other groups.
  std::vector<std::string> groups;
};

}  // namespace tarn::identity
