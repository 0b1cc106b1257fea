#include "api/endpoint.h"
#include "api/external_link.h"
#include "base/time_format.h"

namespace tarn::api {
namespace {

using columnar::TypeKind;
using compute::ResultFormat;
using compute::StatementHandle;
using compute::StatementState;

constexpr int64_t kMaxInlineBytes = 25 << 20;
constexpr auto kLinkLifetime = std::chrono::minutes(15);

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

void WriteManifest(json::Writer& w, const StatementHandle& handle,
                   const StatementHandle::Snapshot& s) {
  static constexpr std::string_view kFormats[] = {"JSON_ARRAY", "ARROW_STREAM", "CSV",
                                                  "ARROW_BATCHES"};
  w.Key("manifest").BeginObject();
  w.Key("format").String(kFormats[static_cast<int>(handle.format())]);
  w.Key("schema").BeginObject();
  w.Key("column_count").Int(static_cast<int64_t>(s.schema.fields.size()));
  w.Key("columns").BeginArray();
  for (size_t i = 0; i < s.schema.fields.size(); ++i) {
    const columnar::Field& field = s.schema.fields[i];
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
  w.EndObject();
}

std::string ChunkPath(const StatementHandle& handle, int64_t index) {
  return "/api/2.0/sql/statements/" + handle.id() + "/result/chunks/" + std::to_string(index);
}

// The members of `result`: one chunk inline, or a link to it.
Status WriteResult(json::Writer& w, const net::Request& request, const StatementHandle& handle,
                   const StatementHandle::Snapshot& s, int64_t index, bool links) {
  if (s.chunks.empty()) {
    if (!links) w.Key("data_array").BeginArray().EndArray();
    return Ok();
  }
  TARN_TRY(compute::Chunk chunk, handle.GetChunk(index));
  bool last = index + 1 >= static_cast<int64_t>(s.chunks.size());
  auto place = [&] {
    w.Key("chunk_index").Int(index);
    w.Key("row_offset").Int(chunk.row_offset);
    w.Key("row_count").Int(chunk.row_count);
    if (!last) {
      w.Key("next_chunk_index").Int(index + 1);
      w.Key("next_chunk_internal_link").String(ChunkPath(handle, index + 1));
    }
  };
  if (!links) {
    place();
    w.Key("data_array").Raw("[" + chunk.bytes + "]");
    return Ok();
  }
  std::string origin =
      std::string(request.tls ? "https://" : "http://") + std::string(request.Header("host"));
  w.Key("external_links").BeginArray();
  w.BeginObject();
  place();
  w.Key("byte_count").Int(static_cast<int64_t>(chunk.bytes.size()));
  UnixMicros expires = Clock::System().Now() + kLinkLifetime;
  ExternalLink link{
      handle.id(), index,
      std::chrono::duration_cast<std::chrono::milliseconds>(expires.time_since_epoch()).count()};
  w.Key("external_link").String(origin + LinkPath(link, handle.link_secret()));
  w.Key("expiration").String(FormatRfc3339(expires));
  w.EndObject();
  w.EndArray();
  return Ok();
}

// The codes a failed statement may have; most failures are the statement's own.
std::string_view ErrorCode(const Error& error) {
  switch (error.code()) {
    case Code::kNotFound:
      return "NOT_FOUND";
    case Code::kAlreadyExists:
      return "ALREADY_EXISTS";
    case Code::kAborted:
      return "ABORTED";
    case Code::kUnavailable:
      return "TEMPORARILY_UNAVAILABLE";
    case Code::kDeadlineExceeded:
      return "DEADLINE_EXCEEDED";
    case Code::kResourceExhausted:
      return "RESOURCE_EXHAUSTED";
    case Code::kInternal:
      return "INTERNAL_ERROR";
    default:
      return "BAD_REQUEST";
  }
}

net::Response StatementResponse(const net::Request& request, const StatementHandle& handle,
                                StatementHandle::Snapshot s, bool links) {
  json::Writer w;
  w.BeginObject();
  w.Key("statement_id").String(handle.id());
  if (s.state == StatementState::kSucceeded && !links && s.byte_count > kMaxInlineBytes) {
    s.state = StatementState::kFailed;
    s.error = Fail(
        "BAD_REQUEST",
        "Inline byte limit exceeded. Statements executed with disposition=INLINE can have a result "
        "size of at most 26214400 bytes. Please execute the statement with "
        "disposition=EXTERNAL_LINKS.");
  }
  w.Key("status").BeginObject();
  w.Key("state").String(compute::StateName(s.state));
  if (s.state == StatementState::kFailed && s.error) {
    w.Key("error").BeginObject();
    w.Key("error_code").String(ErrorCode(*s.error));
    w.Key("message").String(s.error->message());
    w.EndObject();
    if (!s.error->sqlstate().empty()) w.Key("sql_state").String(s.error->sqlstate());
  }
  w.EndObject();
  if (s.state == StatementState::kSucceeded) {
    WriteManifest(w, handle, s);
    w.Key("result").BeginObject();
    if (Status status = WriteResult(w, request, handle, s, 0, links); !status.ok())
      return ErrorResponse(status.error());
    w.EndObject();
  }
  w.EndObject();
  return net::Response::Json(200, std::move(w).Take());
}

bool UsesLinks(const Call& call) { return call.body.GetString("disposition") == "EXTERNAL_LINKS"; }

Result<std::chrono::seconds> WaitTimeout(const Call& call) {
  std::string text = call.body.GetString("wait_timeout", "10s");
  if (text == "0s") return std::chrono::seconds(0);
  char* end = nullptr;
  long seconds = std::strtol(text.c_str(), &end, 10);
  if (text.empty() || std::string_view(end) != "s" || seconds < 5 || seconds > 50) {
    return Fail("INVALID_PARAMETER_VALUE",
                "wait_timeout needs to be 0s or between 5s and 50s; got '" + text + "'.");
  }
  return std::chrono::seconds(seconds);
}

struct Submission {
  compute::StatementSpec spec;
  std::chrono::seconds wait{10};
  bool cancel_on_timeout = false;
  bool links = false;
};

Result<Submission> ParseSubmission(const Call& call) {
  static constexpr std::string_view kKnown[] = {
      "statement",  "warehouse_id", "catalog", "schema",       "parameters",      "row_limit",
      "byte_limit", "disposition",  "format",  "wait_timeout", "on_wait_timeout", "query_tags"};
  for (const auto& [key, value] : call.body.as_object()) {
    if (std::find(std::begin(kKnown), std::end(kKnown), key) == std::end(kKnown)) {
      return Fail("INVALID_PARAMETER_VALUE", "Unknown field '" + key + "' in the request.");
    }
  }
  Submission s;
  TARN_TRY(s.spec.text, call.RequiredString("statement"));
  if (s.spec.text.size() > (16U << 20))
    return Fail("INVALID_PARAMETER_VALUE", "The statement text exceeds 16 MiB.");
  s.spec.session.catalog = call.body.GetString("catalog");
  s.spec.session.schema = call.body.GetString("schema");
  s.spec.result.row_limit = call.body.GetInt("row_limit", 0);
  s.spec.result.byte_limit = call.body.GetInt("byte_limit", 0);
  if (s.spec.result.row_limit < 0 || s.spec.result.byte_limit < 0)
    return Fail("INVALID_PARAMETER_VALUE", "Limits must not be negative.");
  std::string disposition = call.body.GetString("disposition", "INLINE");
  if (disposition != "INLINE" && disposition != "EXTERNAL_LINKS") {
    return Fail("INVALID_PARAMETER_VALUE", "Unknown disposition '" + disposition + "'.");
  }
  s.links = UsesLinks(call);
  std::string format = call.body.GetString("format", "JSON_ARRAY");
  if (format == "ARROW_STREAM") {
    s.spec.result.format = ResultFormat::kArrowStream;
  } else if (format == "CSV") {
    s.spec.result.format = ResultFormat::kCsv;
  } else if (format != "JSON_ARRAY") {
    return Fail("INVALID_PARAMETER_VALUE", "Unknown format '" + format + "'.");
  }
  if (!s.links && s.spec.result.format != ResultFormat::kJsonArray) {
    return Fail("INVALID_PARAMETER_VALUE",
                "The INLINE disposition only supports the JSON_ARRAY format.");
  }
  TARN_TRY(s.wait, WaitTimeout(call));
  std::string on_timeout = call.body.GetString("on_wait_timeout", "CONTINUE");
  if (on_timeout != "CONTINUE" && on_timeout != "CANCEL")
    return Fail("INVALID_PARAMETER_VALUE", "Unknown on_wait_timeout '" + on_timeout + "'.");
  s.cancel_on_timeout = on_timeout == "CANCEL";
  if (const json::Value* list = call.body.Find("parameters"); list != nullptr && !list->is_null()) {
    if (!list->is_array()) return Fail("INVALID_PARAMETER_VALUE", "parameters must be a list.");
    for (const json::Value& item : list->as_array()) {
      compute::StatementParameter parameter;
      parameter.name = item.GetString("name");
      if (parameter.name.empty())
        return Fail("INVALID_PARAMETER_VALUE", "A parameter needs a name.");
      parameter.type = item.GetString("type");
      const json::Value* value = item.Find("value");
      if (value != nullptr && value->is_string()) parameter.value = value->as_string();
      s.spec.parameters.push_back(std::move(parameter));
    }
  }
  return s;
}

Result<std::string> ReadLink(const compute::StatementService& statements,
                             const net::Request& request) {
  TARN_TRY(auto handle, statements.FindLinked(std::string(request.Param("id"))));
  TARN_TRY(ExternalLink link,
           VerifyLink(request, handle->link_secret(), Clock::System().NowMillis()));
  TARN_TRY(compute::Chunk chunk, handle->GetChunk(link.chunk_index));
  if (handle->format() == ResultFormat::kJsonArray) return "[" + chunk.bytes + "]";
  return std::move(chunk.bytes);
}

net::Response Execute(const Call& call) {
  Result<std::string> warehouse = call.RequiredString("warehouse_id");
  if (!warehouse.ok()) return ErrorResponse(warehouse.error());
  Result<Submission> submission = ParseSubmission(call);
  if (!submission.ok()) return ErrorResponse(submission.error());
  submission->spec.warehouse_id = *warehouse;
  if (auto known = call.services.warehouses->Get(*warehouse); !known.ok())
    return ErrorResponse(known.error());
  auto handle = call.services.statements->Submit(call.who, std::move(submission->spec));
  StatementHandle::Snapshot s = submission->wait.count() == 0
                                    ? handle->Look()
                                    : handle->Wait(Deadline::After(submission->wait));
  bool running = s.state == StatementState::kPending || s.state == StatementState::kRunning;
  if (running && submission->cancel_on_timeout && submission->wait.count() > 0) {
    handle->Cancel();
    s = handle->Wait(Deadline::After(std::chrono::seconds(1)));
  }
  return StatementResponse(call.request, *handle, std::move(s), submission->links);
}

}  // namespace

void AddStatements(net::Router& router, const Services& services) {
  const std::string base = "/api/2.0/sql/statements";
  for (const std::string& path : {base, base + "/"})
    AddRaw(router, services, "POST", path, {}, &Execute);
  AddRaw(router, services, "GET", base + "/{id}", {}, [](const Call& call) {
    auto handle = call.services.statements->Find(call.who, call.Param("id"));
    if (!handle.ok()) return ErrorResponse(handle.error());
    bool links = (*handle)->format() != ResultFormat::kJsonArray;
    return StatementResponse(call.request, **handle, (*handle)->Look(), links);
  });
  AddRaw(router, services, "GET", base + "/{id}/result/chunks/{index}", {}, [](const Call& call) {
    auto handle = call.services.statements->Find(call.who, call.Param("id"));
    if (!handle.ok()) return ErrorResponse(handle.error());
    char* end = nullptr;
    std::string text = call.Param("index");
    int64_t index = std::strtoll(text.c_str(), &end, 10);
    if (text.empty() || *end != '\0')
      return ErrorResponse(Fail("INVALID_PARAMETER_VALUE", "'" + text + "' is not a chunk index."));
    if (auto chunk = (*handle)->GetChunk(index); !chunk.ok()) return ErrorResponse(chunk.error());
    json::Writer w;
    w.BeginObject();
    bool links = (*handle)->format() != ResultFormat::kJsonArray;
    Status status = WriteResult(w, call.request, **handle, (*handle)->Look(), index, links);
    if (!status.ok()) return ErrorResponse(status.error());
    w.EndObject();
    return net::Response::Json(200, std::move(w).Take());
  });
  AddJson(router, services, "POST", base + "/{id}/cancel",
          [](const Call& call) -> Result<json::Value> {
            TARN_TRY(auto handle, call.services.statements->Find(call.who, call.Param("id")));
            handle->Cancel();
            return json::Value(json::Object());
          });
  AddJson(router, services, "DELETE", base + "/{id}", [](const Call& call) -> Result<json::Value> {
    TARN_TRY(auto handle, call.services.statements->Find(call.who, call.Param("id")));
    handle->Close();
    return json::Value(json::Object());
  });
  // Links carry their own right; clients must not send their token to them.
  AddOpen(router, services, "GET", "/external-links/{id}/{index}/{expires}/{signature}",
          [services](const net::Request& request) {
            auto chunk = ReadLink(*services.statements, request);
            if (!chunk.ok()) return ErrorResponse(chunk.error());
            return net::Response::Text(200, std::move(*chunk), "application/octet-stream");
          });
}

}  // namespace tarn::api
