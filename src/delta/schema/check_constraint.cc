#include "delta/schema/check_constraint.h"

namespace tarn::delta {

static constexpr std::string_view kPrefix = "delta.constraints.";

std::vector<std::pair<std::string, std::string>> ChecksOf(const Metadata& metadata) {
  std::vector<std::pair<std::string, std::string>> checks;
  auto at = metadata.configuration.lower_bound(std::string(kPrefix));
  for (; at != metadata.configuration.end() && at->first.starts_with(kPrefix); ++at) {
    checks.emplace_back(at->first.substr(kPrefix.size()), at->second);
  }
  return checks;
}

std::string CheckProperty(const std::string& name) {
  std::string property(kPrefix);
  for (char c : name) property += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return property;
}

}  // namespace tarn::delta
