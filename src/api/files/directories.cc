#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "api/files/volume_file.h"
#include "base/encoding.h"

namespace tarn::api::files {
namespace {

using catalog::Operation;

constexpr int64_t kMaxPage = 1000;

// The directory of the route as the API writes it, without a slash at its end.
std::string Written(const Call& call) {
  std::string path = "/" + call.Param("path");
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

// The names after the last page, in byte order.
Result<std::vector<std::string>> NamesAfter(const std::string& path, const std::string& after) {
  std::error_code error;
  std::vector<std::string> names;
  for (std::filesystem::directory_iterator at(path, error), end; !error && at != end;
       at.increment(error)) {
    std::string name = at->path().filename().string();
    if (name.rfind(".tarn-", 0) != 0 && (after.empty() || name > after))
      names.push_back(std::move(name));
  }
  if (error) return Fail("OBJECT_NOT_FOUND", "The directory being accessed is not found.");
  std::sort(names.begin(), names.end());
  return names;
}

Result<json::Value> List(const Call& call) {
  TARN_TRY(std::string path, VolumePath(call, Operation::kReadVolume));
  TARN_TRY(int64_t wanted, QueryInt(call.request, "page_size", kMaxPage));
  size_t size = static_cast<size_t>(wanted == 0 ? kMaxPage : std::min(wanted, kMaxPage));
  Result<std::string> after = HexDecode(call.Query("page_token"));
  if (!after.ok()) return Fail("INVALID_PARAMETER_VALUE", "page_token is not one of this list.");
  TARN_TRY(std::vector<std::string> names, NamesAfter(path, *after));
  json::Array contents;
  json::Object answer;
  std::string last;
  for (const std::string& name : names) {
    if (contents.size() == size) {
      answer.Set("next_page_token", HexEncode(last));
      break;
    }
    struct stat info;
    if (::stat((path + "/" + name).c_str(), &info) != 0) continue;  // deleted since it was read
    bool folder = S_ISDIR(info.st_mode);
    json::Object item;
    item.Set("path", Written(call) + "/" + name);
    item.Set("name", name);
    item.Set("is_directory", folder);
    if (!folder) item.Set("file_size", static_cast<int64_t>(info.st_size));
    item.Set("last_modified", int64_t{info.st_mtim.tv_sec} * 1000);
    contents.push_back(std::move(item));
    last = name;
  }
  answer.Set("contents", std::move(contents));
  return json::Value(std::move(answer));
}

Status Make(const Call& call) {
  TARN_TRY(std::string path, VolumePath(call, Operation::kWriteVolume));
  struct stat info;
  if (::stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return Ok();
    return Fail("OBJECT_ALREADY_EXISTS", "A file with the directory's name exists.");
  }
  TARN_RETURN_IF_ERROR(CheckCreatable(path, false));
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Fail("IO_ERROR", "cannot make the directory: " + error.message());
  return Ok();
}

Status Remove(const Call& call) {
  TARN_TRY(std::string path, VolumePath(call, Operation::kWriteVolume));
  std::string written = Written(call);
  if (std::count(written.begin(), written.end(), '/') <= 4)
    return Fail("INVALID_PATH", "The directory of the volume itself goes with DROP VOLUME.");
  if (::rmdir(path.c_str()) == 0) return Ok();
  switch (errno) {
    case ENOENT:
    case ENOTDIR:
      return Fail("OBJECT_NOT_FOUND", "The directory being accessed is not found.");
    case ENOTEMPTY:
    case EEXIST:
      return Fail("DIRECTORY_NOT_EMPTY",
                  "The directory is not empty. Delete everything in it first.");
    default:
      return Fail("IO_ERROR", "cannot delete the directory " + written);
  }
}

RawEndpoint NoContent(Status (*work)(const Call&)) {
  return [work](const Call& call) {
    Status done = work(call);
    return done.ok() ? net::Response::Empty(204) : ErrorResponse(done.error());
  };
}

}  // namespace

void AddDirectories(net::Router& router, const Services& services) {
  const std::string path = "/api/2.0/fs/directories/{path...}";
  AddJson(router, services, "GET", path, &List);
  AddRaw(router, services, "PUT", path, {}, NoContent(&Make));
  AddRaw(router, services, "DELETE", path, {}, NoContent(&Remove));
}

}  // namespace tarn::api::files
