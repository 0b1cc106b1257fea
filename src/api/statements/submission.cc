#include "api/statements/submission.h"

#include <algorithm>
#include <charconv>

namespace tarn::api {
namespace {

using columnar::ResultFormat;

constexpr size_t kMaxTextBytes = 16 << 20;
constexpr int64_t kMaxInlineBytes = 25 << 20;
constexpr int kShortestWaitSeconds = 5;
constexpr int kLongestWaitSeconds = 50;

Error Unknown(const std::string& field, const std::string& got, const char* known) {
  return Fail("INVALID_PARAMETER_VALUE", "'" + got + "' is no " + field + "; it is " + known + ".");
}

Result<std::chrono::seconds> ParseWait(const Fields& body) {
  TARN_TRY(std::string text, body.OptionalString("wait_timeout", "10s"));
  int seconds = -1;
  const char* last = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), last, seconds);
  bool number = error == std::errc() && std::string_view(end, last) == "s";
  bool waits = seconds >= kShortestWaitSeconds && seconds <= kLongestWaitSeconds;
  if (number && (seconds == 0 || waits)) return std::chrono::seconds(seconds);
  return Fail("INVALID_PARAMETER_VALUE",
              "wait_timeout needs to be 0s or between 5s and 50s; got '" + text + "'.");
}

Status ParseWaiting(const Fields& body, Submission& out) {
  TARN_TRY(out.wait, ParseWait(body));
  TARN_TRY(std::string on_timeout, body.OptionalString("on_wait_timeout", "CONTINUE"));
  if (on_timeout != "CONTINUE" && on_timeout != "CANCEL")
    return Unknown("on_wait_timeout", on_timeout, "CONTINUE or CANCEL");
  out.cancel_on_timeout = on_timeout == "CANCEL";
  if (out.cancel_on_timeout && out.wait.count() == 0) {
    return Fail("INVALID_PARAMETER_VALUE",
                "on_wait_timeout=CANCEL cannot be used with wait_timeout=0s, which does not wait. "
                "Use a wait_timeout of 5s to 50s, or CONTINUE.");
  }
  return Ok();
}

Status ParseResultShape(const Fields& body, compute::StatementSpec& out) {
  TARN_TRY(std::string disposition, body.OptionalString("disposition", "INLINE"));
  if (disposition == "INLINE_OR_EXTERNAL_LINKS") {
    return Fail("UNSUPPORTED_FEATURE",
                "The disposition INLINE_OR_EXTERNAL_LINKS is not supported. Use INLINE or "
                "EXTERNAL_LINKS.");
  }
  if (disposition != "INLINE" && disposition != "EXTERNAL_LINKS")
    return Unknown("disposition", disposition, "INLINE or EXTERNAL_LINKS");
  out.external_links = disposition == "EXTERNAL_LINKS";
  if (!out.external_links) out.inline_limit_bytes = kMaxInlineBytes;
  TARN_TRY(std::string format, body.OptionalString("format", "JSON_ARRAY"));
  if (format == "ARROW_STREAM") {
    out.result.format = ResultFormat::kArrowStream;
  } else if (format == "CSV") {
    out.result.format = ResultFormat::kCsv;
  } else if (format != "JSON_ARRAY") {
    return Unknown("format", format, "JSON_ARRAY, ARROW_STREAM or CSV");
  }
  if (!out.external_links && out.result.format != ResultFormat::kJsonArray) {
    return Fail("INVALID_PARAMETER_VALUE",
                "The INLINE disposition only supports the JSON_ARRAY format.");
  }
  // A wish: the manifest says what the chunks are.
  TARN_TRY(std::string compression, body.OptionalString("result_compression", "NONE"));
  if (compression != "NONE" && compression != "LZ4_FRAME")
    return Unknown("result_compression", compression, "NONE or LZ4_FRAME");
  for (auto [key, limit] : {std::pair{"row_limit", &out.result.row_limit},
                            std::pair{"byte_limit", &out.result.byte_limit}}) {
    TARN_TRY(*limit, body.OptionalInt(key));
    if (*limit < 0) {
      return Fail("INVALID_PARAMETER_VALUE", "Field " + std::string(key) +
                                                 " must not be negative; got " +
                                                 std::to_string(*limit) + ".");
    }
  }
  return Ok();
}

struct PlacedParameter {
  int64_t ordinal = 0;  ///< 0: it has a name
  compute::StatementParameter parameter;
};

Result<PlacedParameter> ParseParameter(const Fields& item) {
  PlacedParameter out;
  TARN_TRY(out.parameter.name, item.OptionalString("name"));
  TARN_TRY(out.ordinal, item.OptionalInt("ordinal"));
  TARN_TRY(out.parameter.type, item.OptionalString("type"));
  if (item.Has("value")) {
    TARN_TRY(out.parameter.value, item.OptionalString("value"));
  }
  if (out.parameter.name.empty() && out.ordinal < 1) {
    return Fail("INVALID_PARAMETER_VALUE",
                "Missing required field: " + item.PathOf("name") + " (or ordinal, from 1)");
  }
  if (!out.parameter.name.empty()) out.ordinal = 0;
  return out;
}

Result<std::vector<compute::StatementParameter>> ParseParameters(const Fields& body) {
  std::vector<compute::StatementParameter> out;
  TARN_TRY(const json::Array* list, body.OptionalList("parameters"));
  if (list == nullptr) return out;
  std::vector<PlacedParameter> placed;
  for (size_t i = 0; i < list->size(); ++i) {
    TARN_TRY(Fields item, Fields::Of((*list)[i], "parameters[" + std::to_string(i) + "]"));
    TARN_TRY(PlacedParameter parameter, ParseParameter(item));
    placed.push_back(std::move(parameter));
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.ordinal < b.ordinal; });
  int64_t next = 1;
  for (PlacedParameter& parameter : placed) {
    if (parameter.ordinal != 0 && parameter.ordinal != next++) {
      return Fail("INVALID_PARAMETER_VALUE",
                  "The ordinals of parameters count from 1 without a gap; there is " +
                      std::to_string(parameter.ordinal) + " where " + std::to_string(next - 1) +
                      " was expected.");
    }
    out.push_back(std::move(parameter.parameter));
  }
  return out;
}

// Labels for a history of queries, which change nothing of the statement: only their shape matters.
Status CheckTags(const Fields& body) {
  TARN_TRY(const json::Array* tags, body.OptionalList("query_tags"));
  if (tags == nullptr) return Ok();
  for (size_t i = 0; i < tags->size(); ++i) {
    TARN_TRY(Fields tag, Fields::Of((*tags)[i], "query_tags[" + std::to_string(i) + "]"));
    TARN_RETURN_IF_ERROR(tag.RequiredString("key"));
    TARN_RETURN_IF_ERROR(tag.OptionalString("value"));
  }
  return Ok();
}

}  // namespace

Result<Submission> ParseSubmission(const Fields& body) {
  Submission out;
  TARN_TRY(out.spec.warehouse_id, body.RequiredString("warehouse_id"));
  TARN_TRY(out.spec.text, body.RequiredString("statement"));
  if (out.spec.text.size() > kMaxTextBytes) {
    return Fail("INVALID_PARAMETER_VALUE",
                "The statement has " + std::to_string(out.spec.text.size()) +
                    " bytes; at most 16 MiB are allowed. Put data into a volume and load it with "
                    "COPY INTO.");
  }
  TARN_TRY(out.session_id, body.OptionalString("session_id"));
  TARN_TRY(out.spec.session.catalog, body.OptionalString("catalog"));
  TARN_TRY(out.spec.session.schema, body.OptionalString("schema"));
  TARN_TRY(out.spec.parameters, ParseParameters(body));
  TARN_RETURN_IF_ERROR(ParseResultShape(body, out.spec));
  TARN_RETURN_IF_ERROR(ParseWaiting(body, out));
  TARN_RETURN_IF_ERROR(CheckTags(body));
  return out;
}

}  // namespace tarn::api
