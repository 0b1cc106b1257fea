#include <algorithm>

#include "api/thrift/handler.h"
#include "base/encoding.h"

namespace tarn::api::thrift {
namespace {

namespace wire = tarn::cli;
using compute::StatementState;

// How long a call waits for its statement before it says "still running"; clients ask again at
// once.
constexpr auto kWait = std::chrono::seconds(5);
// The first answer brings the handle that a client needs to cancel the statement: it comes soon.
constexpr auto kDirectResultsWait = std::chrono::milliseconds(500);
// A client that does not want to ask for the state waits this long at most; then it is told that
// the statement still runs. No call holds a thread of the server for as long as a statement takes.
constexpr auto kSynchronousWait = std::chrono::seconds(60);
constexpr int64_t kDefaultFetchBytes = 100 << 20;

wire::TOperationState::type StateOf(StatementState state) {
  switch (state) {
    case StatementState::kPending:
      return wire::TOperationState::PENDING_STATE;
    case StatementState::kRunning:
      return wire::TOperationState::RUNNING_STATE;
    case StatementState::kSucceeded:
      return wire::TOperationState::FINISHED_STATE;
    case StatementState::kFailed:
      return wire::TOperationState::ERROR_STATE;
    case StatementState::kCanceled:
      return wire::TOperationState::CANCELED_STATE;
    case StatementState::kClosed:
      return wire::TOperationState::CLOSED_STATE;
  }
  return wire::TOperationState::UKNOWN_STATE;
}

// Statement ids are UUIDs; the handle's guid is the same 16 bytes, so that logs of both agree.
std::string GuidOf(const std::string& statement_id) {
  std::string digits;
  for (char c : statement_id) {
    if (c != '-') digits += c;
  }
  Result<std::string> bytes = HexDecode(digits);
  return bytes.ok() ? *bytes : std::string();
}

Status CheckHasResult(const compute::StatementHandle::Snapshot& look) {
  if (look.state == StatementState::kSucceeded) return Ok();
  if (look.state == StatementState::kFailed && look.error) return *look.error;
  return Fail("INVALID_STATE", "The operation has no result: it is " +
                                   std::string(compute::StateName(look.state)) + ".");
}

Result<compute::StatementParameter> ToParameter(const wire::TSparkParameter& in) {
  compute::StatementParameter out;
  if (in.__isset.name) out.name = in.name;
  if (in.__isset.type) out.type = in.type;
  if (!in.arguments.empty()) {
    return Fail("UNSUPPORTED_FEATURE", "Parameters of nested types are not supported yet.");
  }
  if (!in.__isset.value) return out;
  if (in.value.__isset.stringValue) {
    out.value = in.value.stringValue;
  } else if (in.value.__isset.doubleValue) {
    out.value = std::to_string(in.value.doubleValue);
  } else if (in.value.__isset.booleanValue) {
    out.value = in.value.booleanValue ? "true" : "false";
  }
  // The clients' name for the type of NULL.
  if (out.type == "VOID") {
    out.type.clear();
    out.value.reset();
  }
  return out;
}

}  // namespace

// A client that lost an answer asks again from where it was, which is the start of a chunk.
static Status MoveTo(Operation& operation, int64_t row) {
  std::lock_guard lock(operation.mutex);
  if (row == operation.next_row) return Ok();
  Error refused = Fail("INVALID_PARAMETER_VALUE",
                       "No chunk of the result starts at row " + std::to_string(row) + ".");
  if (!operation.statement) {
    if (row < 0 || row > static_cast<int64_t>(operation.rows.size())) return refused;
    operation.next_row = row;
    return Ok();
  }
  auto look = operation.statement->Look();
  for (size_t i = 0; i < look.chunks.size(); ++i) {
    if (look.chunks[i].first != row) continue;
    operation.next_chunk = static_cast<int64_t>(i);
    operation.next_row = row;
    return Ok();
  }
  return refused;
}

wire::TOperationHandle HandleOf(const Operation& operation) {
  wire::TOperationHandle handle;
  handle.operationId.guid = operation.guid;
  handle.operationId.secret = operation.secret;
  handle.operationType = operation.kind;
  handle.hasResultSet = true;
  return handle;
}

Result<std::shared_ptr<Operation>> Handler::Submit(const wire::TExecuteStatementReq& in) {
  TARN_TRY(Session session, sessions_.Find(who_, in.sessionHandle));
  if (session.warehouse_id != warehouse_id_)
    return Fail("INVALID_HANDLE", "The session belongs to another warehouse.");
  if (in.queryTimeout > 0)
    return Fail("UNSUPPORTED_FEATURE", "Query timeouts are not supported yet.");
  if (in.__isset.statementConf)
    return Fail("UNSUPPORTED_FEATURE", "Statements without a session are not supported.");
  // For this statement only: `before` has them too, so the session does not take them over.
  if (in.__isset.confOverlay) TARN_RETURN_IF_ERROR(UseSettings(session.state, in.confOverlay));
  auto operation = std::make_shared<Operation>();
  operation->before = session.state;
  operation->arrow = in.canReadArrowResult;
  operation->lz4 = in.canReadArrowResult && in.canDecompressLZ4Result;
  if (in.__isset.useArrowNativeTypes) {
    const wire::TSparkArrowTypes& types = in.useArrowNativeTypes;
    operation->native = {types.timestampAsArrow, types.decimalAsArrow, types.complexTypesAsArrow,
                         types.intervalTypesAsArrow};
  } else {
    operation->native = {false, false, false, false};
  }
  compute::StatementSpec spec;
  spec.warehouse_id = warehouse_id_;
  spec.text = in.statement;
  spec.session = session.state;
  for (const wire::TSparkParameter& parameter : in.parameters) {
    TARN_TRY(compute::StatementParameter made, ToParameter(parameter));
    spec.parameters.push_back(std::move(made));
  }
  spec.result.format =
      operation->arrow ? columnar::ResultFormat::kArrowBatches : columnar::ResultFormat::kJsonArray;
  spec.result.native = operation->native;
  spec.result.iso_timestamps = false;
  if (in.__isset.resultRowLimit) spec.result.row_limit = in.resultRowLimit;
  spec.result.lz4 = operation->lz4;
  if (in.__isset.getDirectResults && in.getDirectResults.maxRows > 0)
    spec.result.first_piece_rows = in.getDirectResults.maxRows;
  operation->statement = services_.statements->Submit(who_, std::move(spec));
  operation->guid = GuidOf(operation->statement->id());
  Status added = sessions_.Add(session, operation);
  if (!added.ok()) {
    operation->statement->Close();
    return std::move(added).error();
  }
  return operation;
}

void Handler::ExecuteStatement(wire::TExecuteStatementResp& out,
                               const wire::TExecuteStatementReq& in) {
  Result<std::shared_ptr<Operation>> operation = Submit(in);
  if (!operation.ok()) {
    out.status = ErrorStatus(operation.error());
    return;
  }
  out.status = SuccessStatus();
  out.__set_operationHandle(HandleOf(**operation));
  if (in.__isset.getDirectResults) {
    out.__set_directResults(DirectResults(*operation, in.getDirectResults));
  } else if (!in.runAsync) {
    StatusOf(**operation, Deadline::After(kSynchronousWait));
  }
}

wire::TSparkDirectResults Handler::DirectResults(const std::shared_ptr<Operation>& operation,
                                                 const wire::TSparkGetDirectResults& wanted) {
  wire::TSparkDirectResults out;
  wire::TGetOperationStatusResp status = StatusOf(*operation, Deadline::After(kDirectResultsWait));
  bool finished = status.operationState == wire::TOperationState::FINISHED_STATE;
  bool failed = status.operationState == wire::TOperationState::ERROR_STATE;
  out.__set_operationStatus(std::move(status));
  if (!finished) {
    if (failed) {
      (void)sessions_.CloseOperation(who_, HandleOf(*operation));
      wire::TCloseOperationResp closed;
      closed.status = SuccessStatus();
      out.__set_closeOperation(closed);
    }
    return out;
  }
  Result<wire::TGetResultSetMetadataResp> metadata = MetadataOf(*operation);
  int64_t max_bytes = wanted.__isset.maxBytes ? wanted.maxBytes : kDefaultFetchBytes;
  Result<wire::TFetchResultsResp> rows = Fetch(*operation, wanted.maxRows, max_bytes, false);
  if (!metadata.ok() || !rows.ok()) {
    const Error& error = metadata.ok() ? rows.error() : metadata.error();
    out.operationStatus.operationState = wire::TOperationState::ERROR_STATE;
    out.operationStatus.__set_errorMessage(error.message());
    out.operationStatus.__set_displayMessage(error.message());
    return out;
  }
  bool more = rows->hasMoreRows;
  out.__set_resultSetMetadata(std::move(*metadata));
  out.__set_resultSet(std::move(*rows));
  if (!more) {
    // Everything is in this answer: the client needs no further call.
    (void)sessions_.CloseOperation(who_, HandleOf(*operation));
    wire::TCloseOperationResp closed;
    closed.status = SuccessStatus();
    out.__set_closeOperation(closed);
  }
  return out;
}

wire::TGetOperationStatusResp Handler::StatusOf(Operation& operation, Deadline deadline) {
  wire::TGetOperationStatusResp out;
  out.status = SuccessStatus();
  out.__set_hasResultSet(true);
  if (!operation.statement) {
    out.__set_operationState(wire::TOperationState::FINISHED_STATE);
    return out;
  }
  compute::StatementHandle::Snapshot look = operation.statement->Wait(deadline);
  out.__set_operationState(StateOf(look.state));
  if (look.state == StatementState::kSucceeded) sessions_.Remember(operation, look.session);
  if (look.state == StatementState::kFailed && look.error) {
    out.__set_sqlState(std::string(look.error->sqlstate()));
    out.__set_errorCode(look.error->http_status());
    out.__set_errorMessage(look.error->message());
    out.__set_displayMessage(look.error->message());
  }
  return out;
}

void Handler::GetOperationStatus(wire::TGetOperationStatusResp& out,
                                 const wire::TGetOperationStatusReq& in) {
  Result<std::shared_ptr<Operation>> operation = sessions_.Find(who_, in.operationHandle);
  if (!operation.ok()) {
    out.status = ErrorStatus(operation.error());
    return;
  }
  out = StatusOf(**operation, Deadline::After(kWait));
}

void Handler::CancelOperation(wire::TCancelOperationResp& out,
                              const wire::TCancelOperationReq& in) {
  Result<std::shared_ptr<Operation>> operation = sessions_.Find(who_, in.operationHandle);
  if (operation.ok() && (*operation)->statement) (*operation)->statement->Cancel();
  out.status = operation.ok() ? SuccessStatus() : ErrorStatus(operation.error());
}

void Handler::CloseOperation(wire::TCloseOperationResp& out, const wire::TCloseOperationReq& in) {
  Status status = sessions_.CloseOperation(who_, in.operationHandle);
  out.status = status.ok() ? SuccessStatus() : ErrorStatus(status.error());
}

Result<wire::TGetResultSetMetadataResp> Handler::MetadataOf(Operation& operation) {
  wire::TGetResultSetMetadataResp out;
  columnar::Schema schema = operation.schema;
  if (operation.statement) {
    auto look = operation.statement->Wait(Deadline::After(kWait));
    TARN_RETURN_IF_ERROR(CheckHasResult(look));
    schema = look.schema;
  }
  out.status = SuccessStatus();
  out.__set_schema(ToTableSchema(schema));
  out.__set_isStagingOperation(false);
  out.__set_lz4Compressed(operation.lz4);
  out.__set_cacheLookupResult(wire::TCacheLookupResult::CACHE_INELIGIBLE);
  if (operation.arrow) {
    out.__set_resultFormat(wire::TSparkRowSetType::ARROW_BASED_SET);
    TARN_TRY(std::string message,
             ArrowSchemaMessage(columnar::WireSchema(schema, operation.native)));
    out.__set_arrowSchema(message);
  } else {
    out.__set_resultFormat(wire::TSparkRowSetType::COLUMN_BASED_SET);
  }
  return out;
}

void Handler::GetResultSetMetadata(wire::TGetResultSetMetadataResp& out,
                                   const wire::TGetResultSetMetadataReq& in) {
  Result<std::shared_ptr<Operation>> operation = sessions_.Find(who_, in.operationHandle);
  Result<wire::TGetResultSetMetadataResp> made =
      operation.ok() ? MetadataOf(**operation)
                     : Result<wire::TGetResultSetMetadataResp>(operation.error());
  if (made.ok()) {
    out = std::move(*made);
  } else {
    out.status = ErrorStatus(made.error());
  }
}

Result<wire::TFetchResultsResp> Handler::FetchRows(Operation& operation, int64_t max_rows) {
  wire::TFetchResultsResp out;
  out.status = SuccessStatus();
  size_t first = static_cast<size_t>(operation.next_row);
  size_t last = operation.rows.size();
  if (max_rows > 0) last = std::min(last, first + static_cast<size_t>(max_rows));
  std::vector<TextRow> part(operation.rows.begin() + static_cast<ptrdiff_t>(first),
                            operation.rows.begin() + static_cast<ptrdiff_t>(last));
  TARN_TRY(auto columns, ToColumns(operation.schema, part));
  out.results.startRowOffset = operation.next_row;
  out.results.__set_columns(columns);
  out.__isset.results = true;
  operation.next_row = static_cast<int64_t>(last);
  out.__set_hasMoreRows(last < operation.rows.size());
  return out;
}

// Whole chunks, at least one, as long as they fit the limits.
Result<wire::TFetchResultsResp> Handler::Fetch(Operation& operation, int64_t max_rows,
                                               int64_t max_bytes, bool from_start) {
  std::lock_guard lock(operation.mutex);
  if (from_start) operation.next_chunk = operation.next_row = 0;
  if (!operation.statement) return FetchRows(operation, max_rows);
  auto look = operation.statement->Wait(Deadline::After(kWait));
  TARN_RETURN_IF_ERROR(CheckHasResult(look));
  wire::TFetchResultsResp out;
  out.status = SuccessStatus();
  out.results.startRowOffset = operation.next_row;
  int64_t chunks = static_cast<int64_t>(look.chunks.size());
  int64_t rows = 0;
  int64_t bytes = 0;
  std::vector<TextRow> texts;
  std::vector<wire::TSparkArrowBatch> batches;
  while (operation.next_chunk < chunks) {
    size_t at = static_cast<size_t>(operation.next_chunk);
    bool fits = (max_rows <= 0 || rows + look.chunks[at].second <= max_rows) &&
                (max_bytes <= 0 || bytes + look.chunk_bytes[at] <= max_bytes);
    if (rows > 0 && !fits) break;
    TARN_TRY(compute::Chunk chunk, operation.statement->GetChunk(operation.next_chunk++));
    rows += chunk.row_count;
    bytes += static_cast<int64_t>(chunk.bytes.size());
    if (operation.arrow) {
      wire::TSparkArrowBatch batch;
      batch.rowCount = chunk.row_count;
      batch.batch = std::move(chunk.bytes);
      batches.push_back(std::move(batch));
    } else {
      TARN_TRY(std::vector<TextRow> part, ParseTextRows(chunk.bytes));
      std::move(part.begin(), part.end(), std::back_inserter(texts));
    }
  }
  if (operation.arrow) {
    out.results.arrowBatches = std::move(batches);
    out.results.__isset.arrowBatches = true;
  } else {
    TARN_TRY(out.results.columns, ToColumns(look.schema, texts));
    out.results.__isset.columns = true;
  }
  out.__isset.results = true;
  operation.next_row += rows;
  out.__set_hasMoreRows(operation.next_chunk < chunks);
  return out;
}

void Handler::FetchResults(wire::TFetchResultsResp& out, const wire::TFetchResultsReq& in) {
  auto fail = [&](const Error& error) { out.status = ErrorStatus(error); };
  Result<std::shared_ptr<Operation>> operation = sessions_.Find(who_, in.operationHandle);
  if (!operation.ok()) return fail(operation.error());
  if (in.orientation != wire::TFetchOrientation::FETCH_NEXT &&
      in.orientation != wire::TFetchOrientation::FETCH_FIRST) {
    return fail(Fail("INVALID_PARAMETER_VALUE", "Results can be fetched next or from the first."));
  }
  if (in.__isset.startRowOffset) {
    Status moved = MoveTo(**operation, in.startRowOffset);
    if (!moved.ok()) return fail(moved.error());
  }
  int64_t max_bytes = in.__isset.maxBytes ? in.maxBytes : kDefaultFetchBytes;
  Result<wire::TFetchResultsResp> rows = Fetch(
      **operation, in.maxRows, max_bytes, in.orientation == wire::TFetchOrientation::FETCH_FIRST);
  if (!rows.ok()) return fail(rows.error());
  out = std::move(*rows);
  if (in.includeResultSetMetadata) {
    Result<wire::TGetResultSetMetadataResp> metadata = MetadataOf(**operation);
    if (!metadata.ok()) return fail(metadata.error());
    out.resultSetMetadata = std::move(*metadata);
    out.__isset.resultSetMetadata = true;
  }
}

}  // namespace tarn::api::thrift
