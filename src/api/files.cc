#include <filesystem>
#include <sys/stat.h>

#include "api/endpoint.h"
#include "base/encoding.h"
#include "io/local_store.h"

namespace tarn::api {
namespace {

using catalog::Operation;

constexpr int64_t kMaxUploadBytes = int64_t{5} << 30;

// The capture is raw: decode it here, once.
Result<std::string> Resolve(const Call& call, Operation operation) {
  return call.services.catalog->ResolveVolumePath(call.who, "/" + call.Param("path"), operation);
}

net::Response Upload(const Call& call) {
  Result<std::string> path = Resolve(call, Operation::kWriteVolume);
  if (!path.ok()) return ErrorResponse(path.error());
  io::LocalStore store;
  if (call.Query("overwrite") != "true" && store.Head(*path).ok()) {
    return ErrorResponse(
        Fail("RESOURCE_ALREADY_EXISTS",
             "The file being created already exists. Set overwrite=true to replace it."));
  }
  auto writer = store.OpenWriter(*path);
  if (!writer.ok()) return ErrorResponse(writer.error());
  std::vector<char> buffer(1 << 20);
  for (;;) {
    Result<size_t> got = call.request.body_reader->Read(buffer.data(), buffer.size());
    if (!got.ok()) return ErrorResponse(got.error());
    if (*got == 0) break;
    if (Status status = (*writer)->Write({buffer.data(), *got}); !status.ok())
      return ErrorResponse(status.error());
  }
  if (Status status = (*writer)->Close(); !status.ok()) return ErrorResponse(status.error());
  return net::Response::Empty(204);
}

net::Response Download(const Call& call) {
  Result<std::string> path = Resolve(call, Operation::kReadVolume);
  if (!path.ok()) return ErrorResponse(path.error());
  if (!io::LocalStore().Head(*path).ok())
    return ErrorResponse(Fail("OBJECT_NOT_FOUND", "The file being accessed is not found."));
  return net::Response::File(200, {*path}, "application/octet-stream");
}

net::Response ListDirectory(const Call& call) {
  Result<std::string> path = Resolve(call, Operation::kReadVolume);
  if (!path.ok()) return ErrorResponse(path.error());
  std::error_code error;
  json::Array contents;
  for (const auto& entry : std::filesystem::directory_iterator(*path, error)) {
    std::string name = entry.path().filename().string();
    if (name.rfind(".tarn-", 0) == 0) continue;
    struct stat info;
    if (::stat(entry.path().c_str(), &info) != 0) continue;
    json::Object item;
    item.Set("path", "/" + call.Param("path") + "/" + name);
    item.Set("name", name);
    item.Set("is_directory", entry.is_directory());
    if (!entry.is_directory()) item.Set("file_size", static_cast<int64_t>(info.st_size));
    item.Set("last_modified", int64_t{info.st_mtim.tv_sec} * 1000);
    contents.push_back(std::move(item));
  }
  if (error)
    return ErrorResponse(Fail("OBJECT_NOT_FOUND", "The directory being accessed is not found."));
  json::Object answer;
  answer.Set("contents", std::move(contents));
  return net::Response::Json(200, json::Value(std::move(answer)).ToString());
}

}  // namespace

void AddFiles(net::Router& router, const Services& services) {
  net::RouteOptions upload;
  upload.stream_body = true;
  upload.max_body_bytes = kMaxUploadBytes;
  AddRaw(router, services, "PUT", "/api/2.0/fs/files/{path...}", upload, &Upload);
  AddRaw(router, services, "GET", "/api/2.0/fs/files/{path...}", {}, &Download);
  AddRaw(router, services, "DELETE", "/api/2.0/fs/files/{path...}", {}, [](const Call& call) {
    Result<std::string> path = Resolve(call, Operation::kWriteVolume);
    if (!path.ok()) return ErrorResponse(path.error());
    io::LocalStore store;
    if (!store.Head(*path).ok())
      return ErrorResponse(Fail("OBJECT_NOT_FOUND", "The file being accessed is not found."));
    if (Status status = store.Delete(*path); !status.ok()) return ErrorResponse(status.error());
    return net::Response::Empty(204);
  });
  AddRaw(router, services, "GET", "/api/2.0/fs/directories/{path...}", {}, &ListDirectory);
  AddRaw(router, services, "PUT", "/api/2.0/fs/directories/{path...}", {}, [](const Call& call) {
    Result<std::string> path = Resolve(call, Operation::kWriteVolume);
    if (!path.ok()) return ErrorResponse(path.error());
    std::error_code error;
    std::filesystem::create_directories(*path, error);
    if (error)
      return ErrorResponse(Fail("IO_ERROR", "cannot make the directory: " + error.message()));
    return net::Response::Empty(204);
  });
}

}  // namespace tarn::api
