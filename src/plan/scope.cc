#include "plan/scope.h"

#include <algorithm>

namespace tarn::plan {

bool SameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

bool Analyzer::Scope::QualifierEnds(const std::vector<std::string>& have,
                                    const std::vector<std::string>& wanted, size_t count) {
  if (count > have.size()) return false;
  for (size_t i = 0; i < count; ++i) {
    if (!SameName(have[have.size() - count + i], wanted[i])) return false;
  }
  return true;
}

std::vector<Analyzer::Scope::Match> Analyzer::Scope::Find(
    const std::vector<std::string>& parts) const {
  std::vector<Match> matches;
  // The longest qualifier wins: t.a means column a of t before field a of a column t.
  for (size_t qualifier = std::min<size_t>(3, parts.size() - 1) + 1; qualifier-- > 0;) {
    for (const auto* list : {&columns_, &hidden_}) {
      if (list == &hidden_ && qualifier == 0) continue;
      for (const Attribute& column : *list) {
        if (SameName(column.name, parts[qualifier]) &&
            QualifierEnds(column.qualifier, parts, qualifier)) {
          matches.push_back({column, qualifier + 1});
        }
      }
    }
    if (!matches.empty()) break;
    for (const Attribute& column : metadata_) {
      if (SameName(column.name, parts[qualifier]) &&
          QualifierEnds(column.qualifier, parts, qualifier)) {
        matches.push_back({column, qualifier + 1});
      }
    }
    if (!matches.empty()) break;
  }
  return matches;
}

std::vector<Attribute> Analyzer::Scope::Qualified(const std::vector<std::string>& qualifier) const {
  std::vector<Attribute> found;
  for (const auto* list : {&columns_, &hidden_}) {
    for (const Attribute& column : *list) {
      if (QualifierEnds(column.qualifier, qualifier, qualifier.size())) found.push_back(column);
    }
  }
  return found;
}

}  // namespace tarn::plan
