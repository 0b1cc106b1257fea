#include "api/files/volume_file.h"
#include "io/local_store.h"

namespace tarn::api {
namespace {

using catalog::Operation;
using namespace files;  // NOLINT: this file is the routes of that namespace

constexpr int64_t kMaxUploadBytes = int64_t{5} << 30;

Status Receive(const Call& call) {
  TARN_TRY(std::string path, VolumePath(call, Operation::kWriteVolume));
  TARN_TRY(bool overwrite, QueryBool(call.request, "overwrite", false));
  TARN_RETURN_IF_ERROR(CheckCreatable(path, overwrite));
  io::LocalStore store;
  TARN_TRY(auto writer, store.OpenWriter(path));
  std::vector<char> buffer(1 << 20);
  for (;;) {
    TARN_TRY(size_t got, call.request.body_reader->Read(buffer.data(), buffer.size()));
    if (got == 0) break;
    TARN_RETURN_IF_ERROR(writer->Write({buffer.data(), got}));
  }
  if (overwrite) return writer->Close();
  // Who else was faster meanwhile keeps the name.
  Status closed = writer->CloseIfAbsent();
  if (!closed.ok() && closed.error().code() == Code::kAlreadyExists) return FileExists();
  return closed;
}

net::Response Upload(const Call& call) {
  Status received = Receive(call);
  if (!received.ok()) return ErrorResponse(received.error());
  return net::Response::Empty(204);
}

net::Response Download(const Call& call) {
  Result<std::string> path = VolumePath(call, Operation::kReadVolume);
  if (!path.ok()) return ErrorResponse(path.error());
  Result<io::ObjectInfo> info = io::LocalStore().Head(*path);
  if (!info.ok()) {
    if (info.error().code() != Code::kNotFound) return ErrorResponse(info.error());
    return ErrorResponse(Fail("OBJECT_NOT_FOUND", "The file being accessed is not found."));
  }
  int64_t modified_s = info->modified_ms / 1000;
  std::string unmodified(call.request.Header("if-unmodified-since"));
  std::optional<int64_t> since = ParseHttpDate(unmodified);
  if (since && modified_s > *since) {
    return ErrorResponse(
        Fail("PRECONDITION_FAILED", "The file was modified after " + unmodified + "."));
  }
  std::optional<Range> range;
  if (call.request.method == "GET")
    range = ParseRange(call.request.Header("range"), info->size_bytes);
  std::string size = std::to_string(info->size_bytes);
  if (range && range->length == 0) {
    net::Response refused =
        ErrorResponse(Fail("RANGE_NOT_SATISFIABLE", "The file has only " + size + " bytes."));
    refused.headers.Set("Content-Range", "bytes */" + size);
    return refused;
  }
  net::FileRange bytes{*path};
  if (range) bytes = {*path, range->offset, range->length};
  net::Response response =
      net::Response::File(range ? 206 : 200, std::move(bytes), "application/octet-stream");
  response.headers.Set("Last-Modified", HttpDate(modified_s));
  response.headers.Set("Accept-Ranges", "bytes");
  if (range) {
    response.headers.Set("Content-Range", "bytes " + std::to_string(range->offset) + "-" +
                                              std::to_string(range->offset + range->length - 1) +
                                              "/" + size);
  }
  return response;
}

net::Response Delete(const Call& call) {
  Result<std::string> path = VolumePath(call, Operation::kWriteVolume);
  if (!path.ok()) return ErrorResponse(path.error());
  io::LocalStore store;
  if (!store.Head(*path).ok())
    return ErrorResponse(Fail("OBJECT_NOT_FOUND", "The file being accessed is not found."));
  if (Status status = store.Delete(*path); !status.ok()) return ErrorResponse(status.error());
  return net::Response::Empty(204);
}

}  // namespace

void AddFiles(net::Router& router, const Services& services) {
  net::RouteOptions upload;
  upload.stream_body = true;
  upload.max_body_bytes = kMaxUploadBytes;
  AddRaw(router, services, "PUT", "/api/2.0/fs/files/{path...}", upload, &Upload);
  AddRaw(router, services, "GET", "/api/2.0/fs/files/{path...}", {}, &Download);
  AddRaw(router, services, "DELETE", "/api/2.0/fs/files/{path...}", {}, &Delete);
  AddDirectories(router, services);
  AddUploads(router, services);
}

}  // namespace tarn::api
