#pragma once
/// \file  ASCII case of names. Internal to this module.
#include <cctype>
#include <string>

namespace tarn::plan {

inline std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace tarn::plan
