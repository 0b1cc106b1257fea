#include "base/error.h"

#include <algorithm>
#include <array>

namespace tarn {
namespace {

constexpr ReasonRow kRows[] = {
#include "base/error_reasons.inc"
};

constexpr std::array<std::string_view, 17> kCodeNames = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
};

}  // namespace

std::string_view CodeName(Code code) { return kCodeNames[static_cast<size_t>(code)]; }

const ReasonRow* FindReason(std::string_view reason) {
  const auto* row = std::lower_bound(
      std::begin(kRows), std::end(kRows), reason,
      [](const ReasonRow& r, std::string_view wanted) { return r.reason < wanted; });
  return row != std::end(kRows) && row->reason == reason ? row : nullptr;
}

Error::Error(std::string_view reason, std::string message, ErrorParams params)
    : row_(FindReason(reason)), content_(std::make_shared<Content>()) {
  if (row_ == nullptr) {
    row_ = FindReason("INTERNAL_ERROR");
    message = "error reason " + std::string(reason) + " is not in the table: " + message;
  }
  content_->message = std::move(message);
  content_->params = std::move(params);
}

Error Error::WithQueryContext(QueryContext context) && {
  auto content = std::make_shared<Content>(*content_);
  content->query_context = std::move(context);
  content_ = std::move(content);
  return std::move(*this);
}

Error Error::WithPrefix(std::string_view prefix) && {
  auto content = std::make_shared<Content>(*content_);
  content->message = std::string(prefix) + ": " + content->message;
  content_ = std::move(content);
  return std::move(*this);
}

Error Error::WithMessage(std::string message) && {
  auto content = std::make_shared<Content>(*content_);
  content->message = std::move(message);
  content_ = std::move(content);
  return std::move(*this);
}

std::string Error::ToString() const { return std::string(reason()) + ": " + message(); }

std::string Error::ToSparkMessage() const {
  std::string text = "[" + std::string(reason()) + "] " + message();
  if (!sqlstate().empty()) text += " SQLSTATE: " + std::string(sqlstate());
  return text;
}

}  // namespace tarn
