#include "app/in_process_runner.h"

#include "sql/parser.h"

namespace tarn::app {
namespace {

class EngineRows final : public compute::RowSource {
 public:
  EngineRows(std::unique_ptr<engine::Session> session, std::unique_ptr<engine::ResultStream> stream)
      : session_(std::move(session)), stream_(std::move(stream)) {}
  const columnar::Schema& schema() const override { return stream_->schema(); }
  Result<std::optional<columnar::RecordBatch>> Next() override { return stream_->Next(); }

 private:
  std::unique_ptr<engine::Session> session_;
  std::unique_ptr<engine::ResultStream> stream_;
};

class InProcessRunner final : public compute::StatementRunner {
 public:
  explicit InProcessRunner(engine::SessionServices services) : services_(services) {}

  Result<std::unique_ptr<compute::RowSource>> Start(const identity::Principal& who,
                                                    const compute::StatementSpec& spec,
                                                    CancelToken cancel) override {
    auto session = std::make_unique<engine::Session>(services_, who,
                                                     spec.catalog.empty() ? "main" : spec.catalog,
                                                     spec.schema.empty() ? "default" : spec.schema);
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
    return std::unique_ptr<compute::RowSource>(
        std::make_unique<EngineRows>(std::move(session), std::move(stream)));
  }

  std::string Render(const Error& error, const std::string& text) override {
    return sql::RenderError(error, text);
  }

 private:
  engine::SessionServices services_;
};

}  // namespace

std::unique_ptr<compute::StatementRunner> MakeInProcessRunner(engine::SessionServices services) {
  return std::make_unique<InProcessRunner>(services);
}

}  // namespace tarn::app
