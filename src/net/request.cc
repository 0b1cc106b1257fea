#include "net/request.h"

#include <algorithm>

namespace tarn::net {
namespace {

std::string_view Find(const Request::Pairs& pairs, std::string_view name) {
  auto it = std::find_if(pairs.begin(), pairs.end(),
                         [&](const auto& pair) { return pair.first == name; });
  return it == pairs.end() ? std::string_view() : std::string_view(it->second);
}

}  // namespace

std::string_view Request::Param(std::string_view name) const { return Find(params, name); }

std::string_view Request::Query(std::string_view name) const { return Find(query, name); }

bool Request::HasQuery(std::string_view name) const {
  return std::any_of(query.begin(), query.end(),
                     [&](const auto& pair) { return pair.first == name; });
}

}  // namespace tarn::net
