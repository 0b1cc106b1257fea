#include "plan/qualify_name.h"

namespace tarn::plan {

Error TooManyParts(const std::vector<std::string>& parts) {
  std::string name;
  for (const std::string& part : parts) {
    name += (name.empty() ? "" : ".") + columnar::QuoteIdentifier(part);
  }
  return Fail("IDENTIFIER_TOO_MANY_NAME_PARTS",
              name + " is not a valid identifier as it has more than the allowed name parts.",
              {{"identifier", name}});
}

Result<std::vector<std::string>> CompleteName(const std::vector<std::string>& parts, size_t count,
                                              const AnalyzerContext& context) {
  if (parts.size() > count) return TooManyParts(parts);
  bool path = count == 3 && parts.size() == 2 && parts[1].find('/') != std::string::npos;
  if (path || context.current_catalog.empty() || parts.size() == count) return parts;
  std::vector<std::string> name;
  if (count >= 2 && parts.size() < count) name.push_back(context.current_catalog);
  if (count == 3 && parts.size() == 1) name.push_back(context.current_schema);
  name.insert(name.end(), parts.begin(), parts.end());
  return name;
}

}  // namespace tarn::plan
