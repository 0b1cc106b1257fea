#include <charconv>

#include "api/files/upload_sessions.h"
#include "api/files/volume_file.h"
#include "base/encoding.h"
#include "base/ids.h"
#include "io/local_store.h"

namespace tarn::api::files {
namespace {

using catalog::Operation;

constexpr int64_t kMaxPartBytes = int64_t{5} << 30;
constexpr int64_t kMaxParts = 10'000;
constexpr int64_t kCopyBytes = int64_t{4} << 20;

using Sessions = std::shared_ptr<UploadSessions>;

Result<json::Value> Initiate(const Sessions& sessions, const Call& call) {
  TARN_TRY(std::string target, VolumePath(call, Operation::kWriteVolume));
  TARN_TRY(bool overwrite, QueryBool(call.request, "overwrite", false));
  TARN_RETURN_IF_ERROR(CheckCreatable(target, overwrite));
  UploadSession session;
  session.volume_path = "/" + call.Param("path");
  session.overwrite = overwrite;
  session.owner_id = call.who.id;
  json::Object upload;
  upload.Set("session_token", sessions->Begin(std::move(session)));
  json::Object answer;
  answer.Set("multipart_upload", std::move(upload));
  return json::Value(std::move(answer));
}

// The parts in the order they make up the file. Errors: INVALID_PARAMETER_VALUE unless the list
// names parts that were sent, by the ETags they got.
Result<std::vector<UploadedPart>> PartsOf(const Call& call, const UploadSession& session) {
  TARN_TRY(const json::Array* list, call.fields().RequiredList("parts"));
  std::vector<UploadedPart> parts;
  int64_t last = 0;
  for (size_t i = 0; i < list->size(); ++i) {
    TARN_TRY(Fields entry, Fields::Of((*list)[i], "parts[" + std::to_string(i) + "]"));
    TARN_TRY(int64_t number, entry.OptionalInt("part_number"));
    TARN_TRY(std::string etag, entry.RequiredString("etag"));
    auto at = session.parts.find(number);
    if (number <= last || at == session.parts.end() || at->second.etag != etag) {
      return Fail("INVALID_PARAMETER_VALUE",
                  "Field parts must name parts that were uploaded, in ascending order, each with "
                  "its etag.");
    }
    last = number;
    parts.push_back(at->second);
  }
  if (parts.empty()) return Fail("INVALID_PARAMETER_VALUE", "Field parts must not be empty.");
  return parts;
}

Result<json::Value> Complete(const Sessions& sessions, const Call& call) {
  std::string token = call.Query("session_token");
  TARN_TRY(UploadSession session, sessions->Find(token, call.who.id));
  if (session.volume_path != "/" + call.Param("path"))
    return Fail("INVALID_PARAMETER_VALUE", "The session_token is for another path.");
  TARN_TRY(std::string target, VolumePath(call, Operation::kWriteVolume));
  TARN_RETURN_IF_ERROR(CheckCreatable(target, session.overwrite));
  TARN_TRY(std::vector<UploadedPart> parts, PartsOf(call, session));
  io::LocalStore store;
  TARN_TRY(auto writer, store.OpenWriter(target));
  for (const UploadedPart& part : parts) {
    TARN_TRY(io::ObjectInfo info, store.Head(part.path));
    for (int64_t at = 0; at < info.size_bytes; at += kCopyBytes) {
      TARN_TRY(std::string bytes, store.GetRange(part.path, {at, kCopyBytes}));
      TARN_RETURN_IF_ERROR(writer->Write(bytes));
    }
  }
  Status closed = session.overwrite ? writer->Close() : writer->CloseIfAbsent();
  if (!closed.ok() && closed.error().code() == Code::kAlreadyExists) return FileExists();
  TARN_RETURN_IF_ERROR(closed);
  sessions->End(token);
  return json::Value(json::Object());
}

std::string Link(const Call& call, const UploadSession& session, const std::string& rest) {
  return std::string(call.request.tls ? "https://" : "http://") +
         std::string(call.request.Header("host")) + "/uploads/" + session.link_secret + rest;
}

Result<UploadSession> SessionOf(const Sessions& sessions, const Call& call) {
  TARN_TRY(std::string token, call.RequiredString("session_token"));
  return sessions->Find(token, call.who.id);
}

Result<json::Value> CreatePartUrls(const Sessions& sessions, const Call& call) {
  TARN_TRY(UploadSession session, SessionOf(sessions, call));
  TARN_TRY(int64_t first, call.OptionalInt("start_part_number", 1));
  TARN_TRY(int64_t count, call.OptionalInt("count", 1));
  if (first < 1 || count < 1 || first > kMaxParts || count > kMaxParts - first + 1) {
    return Fail("INVALID_PARAMETER_VALUE",
                "Parts are numbered from 1 to " + std::to_string(kMaxParts) + ".");
  }
  json::Array urls;
  for (int64_t number = first; number < first + count; ++number) {
    json::Object url;
    url.Set("url", Link(call, session, "/parts/" + std::to_string(number)));
    url.Set("part_number", number);
    url.Set("headers", json::Array());
    urls.emplace_back(std::move(url));
  }
  json::Object answer;
  answer.Set("upload_part_urls", std::move(urls));
  return json::Value(std::move(answer));
}

Result<json::Value> CreateAbortUrl(const Sessions& sessions, const Call& call) {
  TARN_TRY(UploadSession session, SessionOf(sessions, call));
  json::Object url;
  url.Set("url", Link(call, session, ""));
  url.Set("headers", json::Array());
  json::Object answer;
  answer.Set("abort_upload_url", std::move(url));
  return json::Value(std::move(answer));
}

Result<std::string> ReceivePart(UploadSessions& sessions, const net::Request& request) {
  TARN_TRY(std::string token, sessions.TokenOf(std::string(request.Param("secret"))));
  std::string_view text = request.Param("number");
  int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > kMaxParts)
    return Fail("INVALID_PARAMETER_VALUE", "The number of the part is none.");
  UploadedPart part{sessions.NewPartPath(token), HexEncode(RandomBytes(16))};
  io::LocalStore store;
  TARN_TRY(auto writer, store.OpenWriter(part.path));
  std::vector<char> buffer(1 << 20);
  for (;;) {
    TARN_TRY(size_t got, request.body_reader->Read(buffer.data(), buffer.size()));
    if (got == 0) break;
    TARN_RETURN_IF_ERROR(writer->Write({buffer.data(), got}));
  }
  TARN_RETURN_IF_ERROR(writer->Close());
  std::string etag = part.etag;
  TARN_RETURN_IF_ERROR(sessions.Keep(token, number, std::move(part)));
  return etag;
}

}  // namespace

void AddUploads(net::Router& router, const Services& services) {
  auto sessions = std::make_shared<UploadSessions>(services.upload_folder, *services.clock);
  AddJson(router, services, "POST", "/api/2.0/fs/files/{path...}",
          [sessions](const Call& call) -> Result<json::Value> {
            std::string action = call.Query("action");
            if (action == "initiate-upload") return Initiate(sessions, call);
            if (action == "complete-upload") return Complete(sessions, call);
            return Fail("INVALID_PARAMETER_VALUE", "action '" + action + "' is not known.");
          });
  AddJson(router, services, "POST", "/api/2.0/fs/create-upload-part-urls",
          [sessions](const Call& call) { return CreatePartUrls(sessions, call); });
  AddJson(router, services, "POST", "/api/2.0/fs/create-abort-upload-url",
          [sessions](const Call& call) { return CreateAbortUrl(sessions, call); });
  // Links carry their own right; clients must not send their token to them.
  net::RouteOptions part;
  part.stream_body = true;
  part.max_body_bytes = kMaxPartBytes;
  AddOpen(router, services, "PUT", "/uploads/{secret}/parts/{number}", part,
          [sessions](const net::Request& request) {
            Result<std::string> etag = ReceivePart(*sessions, request);
            if (!etag.ok()) return ErrorResponse(etag.error());
            net::Response response = net::Response::Empty(200);
            response.headers.Set("ETag", *etag);
            return response;
          });
  AddOpen(router, services, "DELETE", "/uploads/{secret}", {},
          [sessions](const net::Request& request) {
            Result<std::string> token = sessions->TokenOf(std::string(request.Param("secret")));
            if (!token.ok()) return ErrorResponse(token.error());
            sessions->End(*token);
            return net::Response::Empty(200);
          });
}

}  // namespace tarn::api::files
