#include "node/engine_runner.h"

#include <deque>

#include "sql/parser.h"

namespace tarn::node {
namespace {

// What to do about a machine that is full, which nothing in the statement's text can tell.
std::string_view AdviceFor(std::string_view reason) {
  if (reason == "OUT_OF_SPACE")
    return "Nothing was committed. Free space on that disk and run the statement again.";
  if (reason == "OUT_OF_MEMORY") {
    return "Run fewer statements at a time, or start the server with a higher --memory-limit.";
  }
  return "";
}

// The message as the user sees it.
Error Rendered(Error error, const std::string& text) {
  if (std::string_view advice = AdviceFor(error.reason()); !advice.empty()) {
    std::string message = error.message();
    if (!message.empty() && message.back() != '.') message += '.';
    error = std::move(error).WithMessage(message + " " + std::string(advice));
  }
  std::string message = sql::RenderError(error, text);
  return std::move(error).WithMessage(std::move(message));
}

class EngineRows final : public compute::ResultSource {
 public:
  EngineRows(const compute::StatementSpec& spec, std::unique_ptr<engine::Session> session,
             std::unique_ptr<engine::ResultStream> stream)
      : text_(spec.text),
        inline_limit_bytes_(spec.inline_limit_bytes),
        session_(std::move(session)),
        stream_(std::move(stream)),
        encoder_(stream_->schema(), spec.result),
        state_{session_->catalog(), session_->schema(), session_->settings()} {}

  const columnar::Schema& schema() const override { return encoder_.schema(); }
  const compute::SessionState& session() const override { return state_; }
  bool truncated() const override { return encoder_.truncated(); }

  Result<std::optional<columnar::EncodedRows>> Next() override {
    while (pieces_.empty()) {
      if (encoder_.truncated()) return std::optional<columnar::EncodedRows>();
      Result<std::optional<columnar::RecordBatch>> batch = stream_->Next();
      if (!batch.ok()) return Rendered(std::move(batch).error(), text_);
      if (!batch->has_value()) return std::optional<columnar::EncodedRows>();
      std::vector<columnar::EncodedRows> pieces;
      TARN_RETURN_IF_ERROR(encoder_.Append(std::move(**batch), pieces));
      for (columnar::EncodedRows& piece : pieces) pieces_.push_back(std::move(piece));
    }
    std::optional<columnar::EncodedRows> piece = std::move(pieces_.front());
    pieces_.pop_front();
    bytes_ += static_cast<int64_t>(piece->bytes.size());
    if (inline_limit_bytes_ > 0 && bytes_ > inline_limit_bytes_) return TooLargeForInline();
    return piece;
  }

 private:
  Error TooLargeForInline() const {
    return Fail("BAD_REQUEST",
                "Inline byte limit exceeded. Statements executed with disposition=INLINE can have "
                "a result size of at most " +
                    std::to_string(inline_limit_bytes_) +
                    " bytes. Please execute the statement with disposition=EXTERNAL_LINKS if you "
                    "want to download the full result.");
  }

  std::string text_;
  const int64_t inline_limit_bytes_;
  int64_t bytes_ = 0;
  std::unique_ptr<engine::Session> session_;
  std::unique_ptr<engine::ResultStream> stream_;
  columnar::ResultEncoder encoder_;
  compute::SessionState state_;
  std::deque<columnar::EncodedRows> pieces_;
};

class EngineRunner final : public compute::StatementRunner {
 public:
  explicit EngineRunner(engine::SessionServices services) : services_(services) {}

  Result<std::unique_ptr<compute::ResultSource>> Start(const identity::Principal& who,
                                                       const compute::StatementSpec& spec,
                                                       CancelToken cancel) override {
    Result<std::unique_ptr<compute::ResultSource>> started = Run(who, spec, std::move(cancel));
    if (started.ok()) return started;
    return Rendered(std::move(started).error(), spec.text);
  }

 private:
  Result<std::unique_ptr<compute::ResultSource>> Run(const identity::Principal& who,
                                                     const compute::StatementSpec& spec,
                                                     CancelToken cancel) {
    const compute::SessionState& state = spec.session;
    auto session = std::make_unique<engine::Session>(
        services_, who, state.catalog.empty() ? "main" : state.catalog,
        state.schema.empty() ? "default" : state.schema);
    session->settings() = state.settings;
    engine::StatementRequest request;
    request.text = spec.text;
    for (const compute::StatementParameter& parameter : spec.parameters) {
      plan::ParameterValue value;
      value.name = parameter.name;
      value.type = columnar::TypeKind::kString;
      if (!parameter.type.empty()) {
        TARN_TRY(value.type, sql::ParseDataType(parameter.type));
      }
      value.text = parameter.value;
      request.parameters.push_back(std::move(value));
    }
    TARN_TRY(auto stream, session->Execute(request, std::move(cancel)));
    return std::unique_ptr<compute::ResultSource>(
        std::make_unique<EngineRows>(spec, std::move(session), std::move(stream)));
  }

  engine::SessionServices services_;
};

}  // namespace

std::unique_ptr<compute::StatementRunner> MakeEngineRunner(engine::SessionServices services) {
  return std::make_unique<EngineRunner>(services);
}

}  // namespace tarn::node
