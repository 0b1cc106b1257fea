#include "engine/result_stream.h"

namespace tarn::engine {
namespace {

class ReadyStream final : public ResultStream {
 public:
  ReadyStream(columnar::Schema schema, columnar::RecordBatch batch)
      : schema_(std::move(schema)), batch_(std::move(batch)) {
    metrics_.rows_produced = batch_->num_rows();
    metrics_.progress = 1;
  }
  const columnar::Schema& schema() const override { return schema_; }
  Result<std::optional<columnar::RecordBatch>> Next() override {
    std::optional<columnar::RecordBatch> batch = std::move(batch_);
    batch_.reset();
    if (batch && batch->num_rows() == 0) batch.reset();
    return batch;
  }
  StatementMetrics metrics() const override { return metrics_; }

 private:
  columnar::Schema schema_;
  std::optional<columnar::RecordBatch> batch_;
  StatementMetrics metrics_;
};

}  // namespace

std::unique_ptr<ResultStream> StreamOf(columnar::Schema schema, columnar::RecordBatch batch) {
  return std::make_unique<ReadyStream>(std::move(schema), std::move(batch));
}

}  // namespace tarn::engine
