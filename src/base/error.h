#pragma once
/// \file  Errors as values. An error carries one of the 16 canonical codes and
/// a stable reason; the reason's row in error_reasons.txt says the code,
/// SQLSTATE, HTTP status and retriability, so that no wire format needs a
/// switch of its own.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tarn {

/// The canonical codes of gRPC and Abseil, with their numbers.
enum class Code {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

std::string_view CodeName(Code code);

/// One row of the error table. Lives for the whole process.
struct ReasonRow {
  std::string_view reason;
  Code code;
  std::string_view sqlstate;  ///< five characters, or empty
  int http_status;
  std::string_view rest_error_code;  ///< `error_code` of the REST error body
  bool retriable;                    ///< the same request may succeed later
};

/// The row of a reason, or nullptr when the table has none.
const ReasonRow* FindReason(std::string_view reason);

/// Where in a statement's text an error was found. 1-based line, 0-based column
/// as Spark counts.
struct QueryContext {
  int start_offset = 0;  ///< byte offset of the first character
  int stop_offset = 0;   ///< byte offset of the last character, inclusive
  int line = 1;
  int column = 0;
  std::string fragment;  ///< the offending text
};

using ErrorParams = std::map<std::string, std::string>;

/// An error value. Cheap to move; copies share their content.
/// Thread-safety: immutable after construction but for With… on a temporary.
class Error {
 public:
  /// `reason` must have a row in the table: an unknown one becomes
  /// INTERNAL_ERROR and names itself.
  Error(std::string_view reason, std::string message, ErrorParams params = {});

  Code code() const { return row_->code; }
  std::string_view reason() const { return row_->reason; }
  std::string_view sqlstate() const { return row_->sqlstate; }
  int http_status() const { return row_->http_status; }
  std::string_view rest_error_code() const { return row_->rest_error_code; }
  bool retriable() const { return row_->retriable; }
  const std::string& message() const { return content_->message; }
  const ErrorParams& params() const { return content_->params; }
  const std::optional<QueryContext>& query_context() const { return content_->query_context; }

  Error WithQueryContext(QueryContext context) &&;
  /// Puts `prefix` and ": " before the message: where the error passed through.
  Error WithPrefix(std::string_view prefix) &&;
  /// The same error told in other words: how a statement's error is shown to its user.
  Error WithMessage(std::string message) &&;

  /// "REASON: message", for logs and tests.
  std::string ToString() const;
  /// "[REASON] message SQLSTATE: 12345": how Spark prints an error condition to
  /// a user.
  std::string ToSparkMessage() const;

 private:
  struct Content {
    std::string message;
    ErrorParams params;
    std::optional<QueryContext> query_context;
  };
  const ReasonRow* row_;
  std::shared_ptr<Content> content_;
};

/// The usual way to make an error: `return Fail("IO_ERROR", "…");`.
inline Error Fail(std::string_view reason, std::string message, ErrorParams params = {}) {
  return Error(reason, std::move(message), std::move(params));
}

}  // namespace tarn
