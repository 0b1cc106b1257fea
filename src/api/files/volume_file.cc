#include "api/files/volume_file.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <sys/stat.h>

#include "io/object_store.h"

namespace tarn::api::files {
namespace {

constexpr size_t kMaxNameBytes = 255;
constexpr std::string_view kHiddenPrefix = ".tarn-";  // names of the store's own unfinished files
constexpr const char* kHttpDateFormat = "%a, %d %b %Y %H:%M:%S GMT";

Status CheckNames(const std::string& path) {
  size_t begin = 0;
  while (begin < path.size()) {
    size_t slash = std::min(path.find('/', begin), path.size());
    std::string_view name = std::string_view(path).substr(begin, slash - begin);
    if (name.size() > kMaxNameBytes || name.starts_with(kHiddenPrefix)) {
      return Fail("INVALID_PATH", "'" + path + "' holds a name that is longer than " +
                                      std::to_string(kMaxNameBytes) +
                                      " bytes or begins with '.tarn-'.");
    }
    begin = slash + 1;
  }
  return Ok();
}

bool ParseNumber(std::string_view text, int64_t* out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size() && *out >= 0;
}

}  // namespace

Result<std::string> VolumePath(const Call& call, const std::string& path,
                               catalog::Operation operation) {
  TARN_RETURN_IF_ERROR(CheckNames(path));
  return call.services.catalog->ResolveVolumePath(call.who, path, operation);
}

Result<std::string> VolumePath(const Call& call, catalog::Operation operation) {
  return VolumePath(call, "/" + call.Param("path"), operation);
}

Error FileExists() {
  return Fail("OBJECT_ALREADY_EXISTS",
              "The file being created already exists. Set overwrite=true to replace it.");
}

Status CheckCreatable(const std::string& target, bool overwrite) {
  struct stat info;
  if (::stat(target.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode))
      return Fail("OBJECT_ALREADY_EXISTS", "A directory with the file's name exists.");
    return overwrite ? Ok() : Status(FileExists());
  }
  std::filesystem::path folder = std::filesystem::path(target).parent_path();
  while (::stat(folder.c_str(), &info) != 0 && folder != folder.parent_path())
    folder = folder.parent_path();
  if (!S_ISDIR(info.st_mode))
    return Fail("INVALID_PATH", "A part of the path before its last name is a file.");
  return Ok();
}

std::string HttpDate(int64_t unix_seconds) {
  time_t at = unix_seconds;
  tm parts{};
  ::gmtime_r(&at, &parts);
  char text[64];
  return std::string(text, std::strftime(text, sizeof text, kHttpDateFormat, &parts));
}

std::optional<int64_t> ParseHttpDate(const std::string& text) {
  tm parts{};
  const char* end = ::strptime(text.c_str(), kHttpDateFormat, &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return ::timegm(&parts);
}

std::optional<Range> ParseRange(std::string_view header, int64_t size_bytes) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return std::nullopt;
  header.remove_prefix(kUnit.size());
  size_t dash = header.find('-');
  if (dash == header.npos || header.find(',') != header.npos) return std::nullopt;
  std::string_view first = header.substr(0, dash);
  std::string_view last = header.substr(dash + 1);
  int64_t from = 0;
  int64_t to = size_bytes - 1;
  if (first.empty()) {  // the last bytes
    int64_t length = 0;
    if (!ParseNumber(last, &length)) return std::nullopt;
    from = size_bytes - std::min(length, size_bytes);
  } else {
    if (!ParseNumber(first, &from)) return std::nullopt;
    if (!last.empty() && !ParseNumber(last, &to)) return std::nullopt;
    if (to < from && !last.empty()) return std::nullopt;
  }
  to = std::min(to, size_bytes - 1);
  return Range{from, std::max<int64_t>(to - from + 1, 0)};
}

}  // namespace tarn::api::files
