#include "engine/file_listing.h"

#include <fnmatch.h>

namespace tarn::engine {
namespace {

bool IsHidden(const std::string& relative) {
  for (size_t at = 0; at != std::string::npos;) {
    if (relative[at] == '_' || relative[at] == '.') return true;
    at = relative.find('/', at);
    if (at != std::string::npos) ++at;
  }
  return false;
}

bool Fits(const std::string& pattern, const std::string& text) {
  return pattern.empty() || ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

}  // namespace

Result<std::vector<std::string>> ListFiles(io::ObjectStore& store, const std::string& root,
                                           const FileChoice& choice, const std::string& shown) {
  if (choice.pattern.empty() && store.Head(root).ok()) return std::vector<std::string>{root};
  TARN_TRY(auto listed, store.List(root, choice.recursive));
  if (listed.empty())
    return Fail("PATH_NOT_FOUND", "Path does not exist: " + shown + ".", {{"path", shown}});
  std::vector<std::string> files;
  for (const io::ObjectInfo& info : listed) {
    std::string relative = info.path.substr(root.size() + 1);
    if (IsHidden(relative) || !Fits(choice.pattern, relative)) continue;
    if (!Fits(choice.name_filter, relative.substr(relative.rfind('/') + 1))) continue;
    files.push_back(info.path);
  }
  return files;
}

}  // namespace tarn::engine
