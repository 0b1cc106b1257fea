#include <vector>

#include "io/object_store.h"

namespace tarn::io {

std::string JoinPath(std::string_view folder, std::string_view name) {
  while (!folder.empty() && folder.back() == '/') folder.remove_suffix(1);
  while (!name.empty() && name.front() == '/') name.remove_prefix(1);
  return std::string(folder) + "/" + std::string(name);
}

Result<std::string> NormalizePath(std::string_view path) {
  std::string_view rest = path;
  if (rest.substr(0, 5) == "file:") {
    rest.remove_prefix(5);
    if (rest.substr(0, 3) == "///") rest.remove_prefix(2);
  }
  if (rest.empty() || rest.front() != '/' || rest.substr(0, 2) == "//") {
    return Fail("INVALID_PATH", "not an absolute path of this machine: " + std::string(path));
  }
  if (rest.find('\0') != std::string_view::npos) {
    return Fail("INVALID_PATH", "a path holds a NUL byte");
  }
  std::vector<std::string_view> parts;
  while (!rest.empty()) {
    size_t slash = rest.find('/');
    std::string_view part = rest.substr(0, slash);
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      return Fail("INVALID_PATH", "a path climbs over its root: " + std::string(path));
    } else {
      parts.pop_back();
    }
  }
  std::string normal;
  for (std::string_view part : parts) normal.append("/").append(part);
  return normal.empty() ? std::string("/") : normal;
}

bool IsWithin(std::string_view path, std::string_view folder) {
  if (folder == "/") return true;
  return path.substr(0, folder.size()) == folder &&
         (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace tarn::io
