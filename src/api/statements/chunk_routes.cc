#include <charconv>

#include "api/statements/external_link.h"
#include "api/statements/response.h"
#include "api/statements/routes.h"

namespace tarn::api {
namespace {

Result<std::string> GetChunk(const Call& call) {
  TARN_TRY(auto handle, call.services.statements->Find(call.who, call.Param("id")));
  std::string text = call.Param("index");
  int64_t index = 0;
  const char* last = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), last, index);
  if (error != std::errc() || end != last) {
    return Fail("INVALID_PARAMETER_VALUE",
                "'" + text + "' is not a chunk index; chunks count from 0.");
  }
  return ChunkJson(call, *handle, index);
}

Result<std::string> ReadLink(const Services& services, const net::Request& request) {
  TARN_TRY(auto handle, services.statements->FindLinked(std::string(request.Param("id"))));
  TARN_TRY(ExternalLink link,
           VerifyLink(request, handle->link_secret(), services.clock->NowMillis()));
  TARN_TRY(compute::Chunk chunk, handle->GetChunk(link.chunk_index));
  if (handle->format() == columnar::ResultFormat::kJsonArray) return "[" + chunk.bytes + "]";
  return std::move(chunk.bytes);
}

}  // namespace

void AddResultChunks(net::Router& router, const Services& services) {
  AddRaw(router, services, "GET", "/api/2.0/sql/statements/{id}/result/chunks/{index}", {},
         [](const Call& call) {
           Result<std::string> chunk = GetChunk(call);
           if (!chunk.ok()) return ErrorResponse(chunk.error());
           return net::Response::Json(200, std::move(*chunk));
         });
  // Links carry their own right; clients must not send their token to them.
  AddOpen(router, services, "GET", "/external-links/{id}/{index}/{expires}/{signature}",
          [services](const net::Request& request) {
            Result<std::string> chunk = ReadLink(services, request);
            if (!chunk.ok()) return ErrorResponse(chunk.error());
            return net::Response::Text(200, std::move(*chunk), "application/octet-stream");
          });
}

}  // namespace tarn::api
