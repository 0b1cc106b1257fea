#include "compute/statement_service.h"

#include "base/encoding.h"
#include "base/ids.h"
#include "columnar/ipc_writer.h"
#include "columnar/row_encoder.h"

namespace tarn::compute {
namespace {

constexpr auto kKept = std::chrono::hours(1);
constexpr int64_t kChunkRows = 32'768;
constexpr size_t kMaxStatements = 10'000;

columnar::TextOptions WireText() {
  columnar::TextOptions options;
  options.iso_timestamps = true;
  return options;
}

bool IsEnd(StatementState state) {
  return state != StatementState::kPending && state != StatementState::kRunning;
}

}  // namespace

std::string_view StateName(StatementState state) {
  static constexpr std::string_view kNames[] = {"PENDING", "RUNNING",  "SUCCEEDED",
                                                "FAILED",  "CANCELED", "CLOSED"};
  return kNames[static_cast<int>(state)];
}

StatementHandle::Snapshot StatementHandle::Look() const {
  std::lock_guard lock(mutex_);
  return snapshot_;
}

StatementHandle::Snapshot StatementHandle::Wait(Deadline deadline) const {
  std::unique_lock lock(mutex_);
  ended_.wait_until(lock, deadline.at(), [&] { return IsEnd(snapshot_.state); });
  return snapshot_;
}

Result<Chunk> StatementHandle::GetChunk(int64_t index) const {
  std::lock_guard lock(mutex_);
  if (snapshot_.state != StatementState::kSucceeded) {
    return Fail("BAD_REQUEST", "The statement is " + std::string(StateName(snapshot_.state)) +
                                   "; it has no result.");
  }
  if (index < 0 || index >= static_cast<int64_t>(chunks_.size())) {
    return Fail("RESOURCE_DOES_NOT_EXIST",
                "The result has no chunk " + std::to_string(index) + ".");
  }
  return chunks_[static_cast<size_t>(index)];
}

void StatementHandle::Cancel() {
  cancel_.Cancel();
  std::lock_guard lock(mutex_);
  if (snapshot_.state == StatementState::kPending) {
    snapshot_.state = StatementState::kCanceled;
    ended_.notify_all();
  }
}

void StatementHandle::Close() {
  cancel_.Cancel();
  std::lock_guard lock(mutex_);
  snapshot_.state = StatementState::kClosed;
  chunks_.clear();
  ended_.notify_all();
}

void StatementHandle::End(StatementState state, std::optional<Error> error, std::string text) {
  std::lock_guard lock(mutex_);
  if (IsEnd(snapshot_.state)) return;
  snapshot_.state = state;
  snapshot_.error = std::move(error);
  snapshot_.error_text = std::move(text);
  ended_.notify_all();
}

void StatementHandle::Run(StatementRunner& runner, const identity::Principal& who,
                          const StatementSpec& spec) {
  {
    std::lock_guard lock(mutex_);
    if (IsEnd(snapshot_.state)) return;
    snapshot_.state = StatementState::kRunning;
  }
  Status status = Ok();
  Result<std::unique_ptr<RowSource>> rows = runner.Start(who, spec, cancel_.token());
  if (rows.ok()) {
    status = Collect(**rows);
  } else {
    status = rows.error();
  }
  if (status.ok()) return End(StatementState::kSucceeded, std::nullopt, "");
  if (cancel_.IsCancelled()) return End(StatementState::kCanceled, std::nullopt, "");
  std::string text = runner.Render(status.error(), spec.text);
  End(StatementState::kFailed, status.error(), std::move(text));
}

// Encodes every batch once, in the format that was asked for.
Status StatementHandle::Collect(RowSource& rows) {
  {
    std::lock_guard lock(mutex_);
    snapshot_.schema = rows.schema();
  }
  columnar::IpcWriter ipc(rows.schema(), columnar::IpcCompression::kNone);
  int64_t total = 0;
  int64_t bytes = 0;
  bool truncated = false;
  for (;;) {
    TARN_TRY(std::optional<columnar::RecordBatch> batch, rows.Next());
    if (!batch) break;
    int64_t count = batch->num_rows();
    if (options_.row_limit > 0 && total + count > options_.row_limit) {
      count = options_.row_limit - total;
      truncated = true;
    }
    for (int64_t first = 0; first < count; first += kChunkRows) {
      int64_t last = std::min(count, first + kChunkRows);
      Chunk chunk;
      chunk.row_offset = total + first;
      chunk.row_count = last - first;
      if (options_.format == ResultFormat::kJsonArray) {
        columnar::AppendJsonArrayRows(rows.schema(), *batch, first, last, WireText(), chunk.bytes);
      } else if (options_.format == ResultFormat::kCsv) {
        if (chunk.row_offset == 0) chunk.bytes = columnar::CsvHeader(rows.schema());
        columnar::AppendCsvRows(rows.schema(), *batch, first, last, WireText(), chunk.bytes);
      } else {
        // A batch is cut to a chunk by its length and offset; the writer honours both.
        ArrowArray whole = batch->array.Release();
        ArrowArray part = whole;
        part.release = [](ArrowArray* array) { array->release = nullptr; };
        part.offset += first;
        part.length = last - first;
        columnar::RecordBatch slice{columnar::ArrowArrayHandle(std::move(part))};
        Result<std::string> stream = ipc.Stream(slice);
        batch->array = columnar::ArrowArrayHandle(std::move(whole));
        if (!stream.ok()) return std::move(stream).error();
        chunk.bytes = std::move(*stream);
      }
      bytes += static_cast<int64_t>(chunk.bytes.size());
      std::lock_guard lock(mutex_);
      snapshot_.chunks.emplace_back(chunk.row_offset, chunk.row_count);
      snapshot_.chunk_bytes.push_back(static_cast<int64_t>(chunk.bytes.size()));
      chunks_.push_back(std::move(chunk));
    }
    total += count;
    if (options_.byte_limit > 0 && bytes > options_.byte_limit) truncated = true;
    if (truncated) break;
  }
  std::lock_guard lock(mutex_);
  snapshot_.row_count = total;
  snapshot_.byte_count = bytes;
  snapshot_.truncated = truncated;
  return Ok();
}

std::shared_ptr<StatementHandle> StatementService::Submit(const identity::Principal& who,
                                                          StatementSpec spec,
                                                          ResultOptions options) {
  auto handle = std::make_shared<StatementHandle>();
  handle->id_ = NewTimeUuid();
  handle->owner_id_ = who.id;
  handle->link_secret_ = HexEncode(RandomBytes(16));
  handle->options_ = options;
  handle->created_ = Clock::System().Steady();
  Expire();
  {
    std::lock_guard lock(mutex_);
    statements_[handle->id_] = handle;
  }
  executor_.Post([this, handle, who, spec = std::move(spec)] { handle->Run(runner_, who, spec); });
  return handle;
}

void StatementService::Expire() {
  std::lock_guard lock(mutex_);
  // Looking at every statement is not worth it on every submit.
  if (++submits_ % 256 != 0) return;
  SteadyTime now = Clock::System().Steady();
  for (auto at = statements_.begin(); at != statements_.end();) {
    bool old = now - at->second->created_ > kKept || statements_.size() > kMaxStatements;
    bool ended = IsEnd(at->second->Look().state);
    at = old && ended ? statements_.erase(at) : std::next(at);
  }
}

Result<std::shared_ptr<StatementHandle>> StatementService::Find(const identity::Principal& who,
                                                                const std::string& id) const {
  std::lock_guard lock(mutex_);
  auto at = statements_.find(id);
  if (at == statements_.end() || at->second->owner_id() != who.id) {
    return Fail("RESOURCE_DOES_NOT_EXIST", "The statement " + id + " was not found.");
  }
  return at->second;
}

Result<std::shared_ptr<StatementHandle>> StatementService::FindLinked(
    const std::string& id, const std::string& secret) const {
  std::lock_guard lock(mutex_);
  auto at = statements_.find(id);
  if (at == statements_.end() || !ConstantTimeEquals(at->second->link_secret(), secret)) {
    return Fail("RESOURCE_DOES_NOT_EXIST", "The link is not valid.");
  }
  return at->second;
}

void StatementService::CancelAll() {
  std::lock_guard lock(mutex_);
  for (auto& [id, handle] : statements_) handle->Cancel();
}

}  // namespace tarn::compute
