#include "engine/duckdb/query_stream.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/types.h"

namespace tarn::engine {
namespace {

// Rows gathered into one record batch: large enough to encode well, small enough to stream.
constexpr duckdb::idx_t kBatchRows = 32'768;

Error Failed(Instance& instance, const duckdb::ErrorData& error) {
  if (error.Type() == duckdb::ExceptionType::FATAL ||
      error.Type() == duckdb::ExceptionType::INTERNAL) {
    instance.MarkPoisoned();
  }
  return FromDuckdb(error);
}

// DuckDB has no columns of VOID: their NULLs come as another type's.
bool HoldsVoid(const columnar::DataType& type) {
  switch (type.kind()) {
    case columnar::TypeKind::kNull:
      return true;
    case columnar::TypeKind::kArray:
      return HoldsVoid(type.element());
    case columnar::TypeKind::kMap:
      return HoldsVoid(type.key()) || HoldsVoid(type.value());
    case columnar::TypeKind::kStruct:
      return std::any_of(type.fields().begin(), type.fields().end(),
                         [](const columnar::Field& field) { return HoldsVoid(field.type); });
    default:
      return false;
  }
}

// Steps a pending query until its result can be fetched; the token is looked at between steps.
Status StepUntilReady(QueryResources& resources, duckdb::PendingQueryResult& pending,
                      const CancelToken& cancel) {
  Instance& instance = *resources.instance;
  for (;;) {
    if (cancel.IsCancelled()) {
      // Dropping the query waits for tasks on other threads: they must see that it is over.
      resources.connection->Interrupt();
      return cancel.Check();
    }
    duckdb::PendingExecutionResult state = pending.ExecuteTask();
    if (state == duckdb::PendingExecutionResult::EXECUTION_ERROR) {
      return Failed(instance, pending.GetErrorObject());
    }
    if (duckdb::PendingQueryResult::IsResultReady(state)) return Ok();
    // Other threads hold the tasks; waiting on DuckDB's own condition would spin.
    if (state == duckdb::PendingExecutionResult::NO_TASKS_AVAILABLE ||
        state == duckdb::PendingExecutionResult::BLOCKED) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
}

class QueryStream final : public ResultStream {
 public:
  QueryStream(QueryResources resources, columnar::Schema schema, CancelToken cancel)
      : resources_(std::move(resources)), schema_(std::move(schema)), cancel_(std::move(cancel)) {}
  ~QueryStream() override { interrupt_ = CancelCallback(); }

  Status Start(duckdb::unique_ptr<duckdb::SQLStatement> statement) {
    try {
      duckdb::QueryParameters parameters(duckdb::QueryResultOutputType::ALLOW_STREAMING);
      auto pending = resources_.connection->PendingQuery(std::move(statement), parameters);
      if (pending->HasError()) return Failed(*resources_.instance, pending->GetErrorObject());
      TARN_RETURN_IF_ERROR(StepUntilReady(resources_, *pending, cancel_));
      result_ = pending->Execute();
      if (result_->HasError()) return Failed(*resources_.instance, result_->GetErrorObject());
      TARN_RETURN_IF_ERROR(CheckTypes());
      auto& context = *resources_.connection->context;
      properties_ = context.GetClientProperties();
      extensions_ = duckdb::ArrowTypeExtensionData::GetExtensionTypes(context, result_->types);
    } catch (const std::exception& e) {
      return Failed(*resources_.instance, duckdb::ErrorData(e));
    }
    interrupt_ =
        cancel_.OnCancel([connection = resources_.connection.get()] { connection->Interrupt(); });
    return Ok();
  }

  const columnar::Schema& schema() const override { return schema_; }

  Result<std::optional<columnar::RecordBatch>> Next() override {
    TARN_RETURN_IF_ERROR(cancel_.Check());
    if (done_) return std::optional<columnar::RecordBatch>();
    try {
      duckdb::ArrowAppender appender(result_->types, kBatchRows, properties_, extensions_);
      while (appender.RowCount() < kBatchRows) {
        TARN_RETURN_IF_ERROR(cancel_.Check());
        auto chunk = result_->Fetch();
        if (result_->HasError()) return Failed(*resources_.instance, result_->GetErrorObject());
        if (!chunk || chunk->size() == 0) {
          done_ = true;
          break;
        }
        appender.Append(*chunk, 0, chunk->size(), chunk->size());
      }
      if (appender.RowCount() == 0) return std::optional<columnar::RecordBatch>();
      metrics_.rows_produced += static_cast<int64_t>(appender.RowCount());
      ArrowArray array = appender.Finalize();
      return std::optional<columnar::RecordBatch>(
          columnar::RecordBatch{columnar::ArrowArrayHandle(std::move(array))});
    } catch (const std::exception& e) {
      if (cancel_.IsCancelled()) return Fail("CANCELLED", "the statement was cancelled");
      return Failed(*resources_.instance, duckdb::ErrorData(e));
    }
  }

  StatementMetrics metrics() const override {
    StatementMetrics metrics = metrics_;
    for (const auto& scan : resources_.scans) {
      metrics.files_read += scan->files_read();
      metrics.bytes_read += scan->bytes_read();
      metrics.files_pruned += scan->files_pruned();
    }
    if (done_) metrics.progress = 1;
    return metrics;
  }

 private:
  // What reads the rows trusts the schema, so the engine's columns have to be exactly that.
  Status CheckTypes() const {
    for (size_t i = 0; i < schema_.fields.size(); ++i) {
      const columnar::DataType& wanted = schema_.fields[i].type;
      if (HoldsVoid(wanted)) continue;
      TARN_TRY(duckdb::LogicalType type, ToLogicalType(wanted));
      if (i < result_->types.size() && result_->types[i] == type) continue;
      return Fail("INTERNAL_ERROR", "column " + std::to_string(i + 1) + " is " +
                                        result_->types[i].ToString() + " and not " +
                                        type.ToString());
    }
    return Ok();
  }

  QueryResources resources_;
  columnar::Schema schema_;
  CancelToken cancel_;
  duckdb::unique_ptr<duckdb::QueryResult> result_;
  duckdb::ClientProperties properties_;
  std::unordered_map<duckdb::idx_t, const duckdb::shared_ptr<duckdb::ArrowTypeExtensionData>>
      extensions_;
  StatementMetrics metrics_;
  bool done_ = false;
  CancelCallback interrupt_;
};

}  // namespace

Result<std::unique_ptr<ResultStream>> StartQuery(QueryResources resources,
                                                 duckdb::unique_ptr<duckdb::SQLStatement> statement,
                                                 columnar::Schema schema, CancelToken cancel) {
  auto stream =
      std::make_unique<QueryStream>(std::move(resources), std::move(schema), std::move(cancel));
  TARN_RETURN_IF_ERROR(stream->Start(std::move(statement)));
  return std::unique_ptr<ResultStream>(std::move(stream));
}

Result<duckdb::unique_ptr<duckdb::MaterializedQueryResult>> RunToEnd(
    QueryResources& resources, duckdb::unique_ptr<duckdb::SQLStatement> statement,
    CancelToken cancel, RowPlace place) {
  try {
    duckdb::QueryParameters parameters(duckdb::QueryResultOutputType::FORCE_MATERIALIZED);
    if (place == RowPlace::kMemoryOrDisk) {
      parameters.memory_type = duckdb::QueryResultMemoryType::BUFFER_MANAGED;
    }
    auto pending = resources.connection->PendingQuery(std::move(statement), parameters);
    if (pending->HasError()) return Failed(*resources.instance, pending->GetErrorObject());
    TARN_RETURN_IF_ERROR(StepUntilReady(resources, *pending, cancel));
    auto result = pending->Execute();
    if (result->HasError()) return Failed(*resources.instance, result->GetErrorObject());
    return duckdb::unique_ptr_cast<duckdb::QueryResult, duckdb::MaterializedQueryResult>(
        std::move(result));
  } catch (const std::exception& e) {
    return Failed(*resources.instance, duckdb::ErrorData(e));
  }
}

}  // namespace tarn::engine
