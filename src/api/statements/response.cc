#include "api/statements/response.h"

#include <algorithm>

#include "api/statements/external_link.h"
#include "base/time_format.h"

namespace tarn::api {
namespace {

using columnar::TypeKind;
using compute::StatementHandle;
using compute::StatementState;

std::string TypeName(const columnar::DataType& type) {
  switch (type.kind()) {
    case TypeKind::kNull:
      return "NULL";
    case TypeKind::kInteger:
      return "INT";
    case TypeKind::kDecimal:
      return "DECIMAL";
    case TypeKind::kTimestampNtz:
      return "TIMESTAMP_NTZ";
    case TypeKind::kChar:
      return "CHAR";
    case TypeKind::kVarchar:
      return "STRING";
    case TypeKind::kArray:
      return "ARRAY";
    case TypeKind::kMap:
      return "MAP";
    case TypeKind::kStruct:
      return "STRUCT";
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
    case TypeKind::kCalendarInterval:
      return "INTERVAL";
    default: {
      std::string name = type.TypeName();
      for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      return name;
    }
  }
}

void WriteSchema(json::Writer& w, const columnar::Schema& schema) {
  w.Key("schema").BeginObject();
  w.Key("column_count").Int(static_cast<int64_t>(schema.fields.size()));
  w.Key("columns").BeginArray();
  for (size_t i = 0; i < schema.fields.size(); ++i) {
    const columnar::Field& field = schema.fields[i];
    w.BeginObject();
    w.Key("name").String(field.name);
    w.Key("type_text").String(field.type.ToSqlString());
    w.Key("type_name").String(TypeName(field.type));
    if (field.type.is(TypeKind::kDecimal)) {
      w.Key("type_precision").Int(field.type.precision());
      w.Key("type_scale").Int(field.type.scale());
    }
    w.Key("position").Int(static_cast<int64_t>(i));
    w.EndObject();
  }
  w.EndArray();
  w.EndObject();
}

void WriteManifest(json::Writer& w, const StatementHandle& handle,
                   const StatementHandle::Snapshot& s) {
  static constexpr std::string_view kFormats[] = {"JSON_ARRAY", "ARROW_STREAM", "CSV",
                                                  "ARROW_BATCHES"};
  w.Key("manifest").BeginObject();
  w.Key("format").String(kFormats[static_cast<int>(handle.format())]);
  WriteSchema(w, s.schema);
  w.Key("total_chunk_count").Int(static_cast<int64_t>(s.chunks.size()));
  w.Key("chunks").BeginArray();
  for (size_t i = 0; i < s.chunks.size(); ++i) {
    w.BeginObject();
    w.Key("chunk_index").Int(static_cast<int64_t>(i));
    w.Key("row_offset").Int(s.chunks[i].first);
    w.Key("row_count").Int(s.chunks[i].second);
    w.Key("byte_count").Int(s.chunk_bytes[i]);
    w.EndObject();
  }
  w.EndArray();
  w.Key("total_row_count").Int(s.row_count);
  w.Key("total_byte_count").Int(s.byte_count);
  w.Key("truncated").Bool(s.truncated);
  if (handle.external_links()) w.Key("result_compression").String("NONE");
  w.EndObject();
}

void WritePlace(json::Writer& w, const StatementHandle& handle, const StatementHandle::Snapshot& s,
                size_t index) {
  w.Key("chunk_index").Int(static_cast<int64_t>(index));
  w.Key("row_offset").Int(s.chunks[index].first);
  w.Key("row_count").Int(s.chunks[index].second);
  if (index + 1 == s.chunks.size()) return;
  w.Key("next_chunk_index").Int(static_cast<int64_t>(index) + 1);
  w.Key("next_chunk_internal_link")
      .String("/api/2.0/sql/statements/" + handle.id() + "/result/chunks/" +
              std::to_string(index + 1));
}

void WriteLink(json::Writer& w, const Call& call, const StatementHandle& handle,
               const StatementHandle::Snapshot& s, size_t index) {
  std::string origin = std::string(call.request.tls ? "https://" : "http://") +
                       std::string(call.request.Header("host"));
  UnixMicros expires = call.services.clock->Now() + ExternalLink::kLifetime;
  ExternalLink link{
      handle.id(), static_cast<int64_t>(index),
      std::chrono::duration_cast<std::chrono::milliseconds>(expires.time_since_epoch()).count()};
  w.Key("external_links").BeginArray();
  w.BeginObject();
  WritePlace(w, handle, s, index);
  w.Key("byte_count").Int(s.chunk_bytes[index]);
  w.Key("external_link").String(origin + LinkPath(link, handle.link_secret()));
  w.Key("expiration").String(FormatRfc3339(expires));
  w.EndObject();
  w.EndArray();
}

// The members of `result`: a chunk inline, or a link to it. A statement without columns has none.
Status WriteResult(json::Writer& w, const Call& call, const StatementHandle& handle,
                   const StatementHandle::Snapshot& s, size_t index) {
  if (s.chunks.empty()) {
    bool rows = !s.schema.fields.empty() && !handle.external_links();
    if (rows) w.Key("data_array").BeginArray().EndArray();
    return Ok();
  }
  if (handle.external_links()) {
    WriteLink(w, call, handle, s, index);
    return Ok();
  }
  TARN_TRY(compute::Chunk chunk, handle.GetChunk(static_cast<int64_t>(index)));
  WritePlace(w, handle, s, index);
  w.Key("data_array").Raw("[" + chunk.bytes + "]");
  return Ok();
}

void WriteStatus(json::Writer& w, const StatementHandle::Snapshot& s) {
  w.Key("status").BeginObject();
  w.Key("state").String(compute::StateName(s.state));
  if (s.state == StatementState::kFailed && s.error) {
    w.Key("error").BeginObject();
    w.Key("error_code").String(StatementErrorCode(*s.error));
    w.Key("message").String(s.error->message());
    w.EndObject();
    if (!s.error->sqlstate().empty()) w.Key("sql_state").String(s.error->sqlstate());
  }
  w.EndObject();
}

}  // namespace

std::string_view StatementErrorCode(const Error& error) {
  static constexpr std::string_view kCodes[] = {"UNKNOWN",
                                                "INTERNAL_ERROR",
                                                "TEMPORARILY_UNAVAILABLE",
                                                "IO_ERROR",
                                                "BAD_REQUEST",
                                                "SERVICE_UNDER_MAINTENANCE",
                                                "WORKSPACE_TEMPORARILY_UNAVAILABLE",
                                                "DEADLINE_EXCEEDED",
                                                "CANCELLED",
                                                "RESOURCE_EXHAUSTED",
                                                "ABORTED",
                                                "NOT_FOUND",
                                                "ALREADY_EXISTS",
                                                "UNAUTHENTICATED"};
  const auto* code = std::find(std::begin(kCodes), std::end(kCodes), error.rest_error_code());
  if (code != std::end(kCodes)) return *code;
  return error.http_status() < 500 ? "BAD_REQUEST" : "INTERNAL_ERROR";
}

Result<std::string> StatementJson(const Call& call, const StatementHandle& handle,
                                  const StatementHandle::Snapshot& s) {
  json::Writer w;
  w.BeginObject();
  w.Key("statement_id").String(handle.id());
  WriteStatus(w, s);
  if (s.state == StatementState::kSucceeded) {
    WriteManifest(w, handle, s);
    w.Key("result").BeginObject();
    TARN_RETURN_IF_ERROR(WriteResult(w, call, handle, s, 0));
    w.EndObject();
  }
  w.EndObject();
  return std::move(w).Take();
}

Result<std::string> ChunkJson(const Call& call, const StatementHandle& handle, int64_t index) {
  TARN_RETURN_IF_ERROR(handle.CheckChunk(index));
  json::Writer w;
  w.BeginObject();
  TARN_RETURN_IF_ERROR(WriteResult(w, call, handle, handle.Look(), static_cast<size_t>(index)));
  w.EndObject();
  return std::move(w).Take();
}

}  // namespace tarn::api
