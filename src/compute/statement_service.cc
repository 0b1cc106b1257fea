#include "compute/statement_service.h"

#include "base/encoding.h"
#include "base/ids.h"
#include "base/log.h"

namespace tarn::compute {
namespace {

constexpr auto kTick = std::chrono::seconds(1);
constexpr auto kWakeLimit = std::chrono::minutes(2);

bool IsEnd(StatementState state) {
  return state != StatementState::kPending && state != StatementState::kRunning;
}

}  // namespace

std::string_view StateName(StatementState state) {
  static constexpr std::string_view kNames[] = {"PENDING", "RUNNING",  "SUCCEEDED",
                                                "FAILED",  "CANCELED", "CLOSED"};
  return kNames[static_cast<int>(state)];
}

void SessionState::TakeChanges(const SessionState& before, const SessionState& after) {
  if (after.catalog != before.catalog || after.schema != before.schema) {
    catalog = after.catalog;
    schema = after.schema;
  }
  for (const auto& [key, value] : after.settings) {
    auto old = before.settings.find(key);
    if (old == before.settings.end() || old->second != value) settings[key] = value;
  }
  for (const auto& [key, value] : before.settings) {
    if (!after.settings.contains(key)) settings.erase(key);
  }
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

Status StatementHandle::CheckChunkLocked(int64_t index) const {
  if (snapshot_.state != StatementState::kSucceeded) {
    return Fail("BAD_REQUEST", "The statement is " + std::string(StateName(snapshot_.state)) +
                                   "; it has no result.");
  }
  if (index < 0 || index >= static_cast<int64_t>(results_.size())) {
    return Fail("RESOURCE_DOES_NOT_EXIST",
                "The result has no chunk " + std::to_string(index) + ".");
  }
  return Ok();
}

Status StatementHandle::CheckChunk(int64_t index) const {
  std::lock_guard lock(mutex_);
  return CheckChunkLocked(index);
}

Result<Chunk> StatementHandle::GetChunk(int64_t index) const {
  std::lock_guard lock(mutex_);
  TARN_RETURN_IF_ERROR(CheckChunkLocked(index));
  size_t at = static_cast<size_t>(index);
  TARN_TRY(std::string bytes, results_.Get(at));
  return Chunk{snapshot_.chunks[at].first, snapshot_.chunks[at].second, std::move(bytes)};
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
  results_.Clear();
  ended_.notify_all();
}

void StatementHandle::End(StatementState state, std::optional<Error> error) {
  std::lock_guard lock(mutex_);
  if (IsEnd(snapshot_.state)) return;
  snapshot_.state = state;
  snapshot_.error = std::move(error);
  if (state != StatementState::kSucceeded) results_.Clear();
  ended_.notify_all();
}

bool StatementHandle::HasEnded() const {
  std::lock_guard lock(mutex_);
  return IsEnd(snapshot_.state);
}

int64_t StatementHandle::IdleMemoryBytes() const {
  std::lock_guard lock(mutex_);
  return IsEnd(snapshot_.state) ? results_.memory_bytes() : 0;
}

Status StatementHandle::FreeMemory() {
  std::lock_guard lock(mutex_);
  return results_.MoveToFile();
}

void StatementHandle::Run(StatementService& service, const identity::Principal& who,
                          const StatementSpec& spec) {
  Status status = RunOn(service, who, spec);
  if (status.ok()) return End(StatementState::kSucceeded, std::nullopt);
  if (cancel_.IsCancelled()) return End(StatementState::kCanceled, std::nullopt);
  End(StatementState::kFailed, status.error());
}

// PENDING until the warehouse runs: the first statement wakes it.
Status StatementHandle::RunOn(StatementService& service, const identity::Principal& who,
                              const StatementSpec& spec) {
  TARN_RETURN_IF_ERROR(cancel_.token().Check());
  TARN_TRY(
      WarehouseService::Lease lease,
      service.warehouses_.Acquire(spec.warehouse_id, cancel_.token(), Deadline::After(kWakeLimit)));
  {
    std::lock_guard lock(mutex_);
    if (IsEnd(snapshot_.state)) return Ok();
    snapshot_.state = StatementState::kRunning;
  }
  TARN_TRY(std::unique_ptr<ResultSource> rows, service.runner_.Start(who, spec, cancel_.token()));
  return Collect(*rows);
}

Status StatementHandle::Collect(ResultSource& rows) {
  {
    std::lock_guard lock(mutex_);
    snapshot_.schema = rows.schema();
  }
  for (;;) {
    TARN_TRY(std::optional<columnar::EncodedRows> piece, rows.Next());
    if (!piece) break;
    std::lock_guard lock(mutex_);
    // Closed meanwhile: nobody will ask for the rest.
    if (IsEnd(snapshot_.state)) return Fail("CANCELLED", "The statement was closed.");
    int64_t bytes = static_cast<int64_t>(piece->bytes.size());
    TARN_RETURN_IF_ERROR(results_.Append(std::move(piece->bytes)));
    snapshot_.chunks.emplace_back(snapshot_.row_count, piece->row_count);
    snapshot_.chunk_bytes.push_back(bytes);
    snapshot_.row_count += piece->row_count;
    snapshot_.byte_count += bytes;
  }
  std::lock_guard lock(mutex_);
  snapshot_.truncated = rows.truncated();
  snapshot_.session = rows.session();
  return Ok();
}

StatementService::StatementService(WarehouseService& warehouses, StatementRunner& runner,
                                   Executor& executor, const Clock& clock,
                                   StatementServiceOptions options)
    : warehouses_(warehouses),
      runner_(runner),
      executor_(executor),
      clock_(clock),
      options_(std::move(options)),
      tidier_([this] { Tidy(); }) {}

StatementService::~StatementService() {
  CancelAll();
  {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return running_ == 0; });
    closing_ = true;
    wake_.notify_all();
  }
  tidier_.join();
}

std::shared_ptr<StatementHandle> StatementService::Submit(const identity::Principal& who,
                                                          StatementSpec spec) {
  std::shared_ptr<StatementHandle> handle(new StatementHandle(options_.result_folder));
  handle->id_ = NewTimeUuid();
  handle->owner_id_ = who.id;
  handle->link_secret_ = HexEncode(RandomBytes(16));
  handle->format_ = spec.result.format;
  handle->external_links_ = spec.external_links;
  handle->created_ = clock_.Steady();
  {
    std::lock_guard lock(mutex_);
    statements_[handle->id_] = handle;
    ++running_;
  }
  executor_.Post([this, handle, who, spec = std::move(spec)] {
    handle->Run(*this, who, spec);
    Ended(*handle);
  });
  return handle;
}

void StatementService::Ended(const StatementHandle& handle) {
  int64_t bytes = handle.IdleMemoryBytes();
  std::lock_guard lock(mutex_);
  --running_;
  idle_bytes_ += bytes;
  must_free_ = idle_bytes_ > options_.idle_memory_bytes;
  if (must_free_ || running_ == 0) wake_.notify_all();
}

bool StatementService::IsTooOld(const StatementHandle& handle) const {
  return clock_.Steady() - handle.created_ > options_.kept && handle.HasEnded();
}

void StatementService::Tidy() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    wake_.wait_for(lock, kTick, [&] { return closing_ || must_free_; });
    bool must_free = std::exchange(must_free_, false);
    lock.unlock();
    // Files are closed and written without the lock.
    TakeOld().clear();
    if (must_free) FreeIdleMemory();
    lock.lock();
  }
}

StatementService::Statements StatementService::TakeOld() {
  std::lock_guard lock(mutex_);
  Statements old;
  for (auto at = statements_.begin(); at != statements_.end();) {
    auto next = std::next(at);
    bool too_many = statements_.size() > options_.max_statements && at->second->HasEnded();
    if (too_many || IsTooOld(*at->second)) old.insert(statements_.extract(at));
    at = next;
  }
  return old;
}

void StatementService::FreeIdleMemory() {
  std::vector<std::shared_ptr<StatementHandle>> newest_first;
  {
    std::lock_guard lock(mutex_);
    idle_bytes_ = 0;  // counted anew; what ends meanwhile may count twice until the next time
    for (auto at = statements_.rbegin(); at != statements_.rend(); ++at)
      newest_first.push_back(at->second);
  }
  int64_t bytes = 0;
  for (const auto& handle : newest_first) {
    int64_t own_bytes = handle->IdleMemoryBytes();
    if (own_bytes == 0) continue;
    bytes += own_bytes;
    if (bytes <= options_.idle_memory_bytes) continue;
    Status freed = handle->FreeMemory();
    // What cannot be written stays in memory until the next time.
    if (!freed.ok()) LogWarn("a result stays in memory", {{"why", freed.error().message()}});
    bytes -= own_bytes - handle->IdleMemoryBytes();
  }
  std::lock_guard lock(mutex_);
  idle_bytes_ += bytes;
}

size_t StatementService::size() const {
  std::lock_guard lock(mutex_);
  return statements_.size();
}

Result<std::shared_ptr<StatementHandle>> StatementService::Find(const identity::Principal& who,
                                                                const std::string& id) const {
  std::lock_guard lock(mutex_);
  auto at = statements_.find(id);
  if (at == statements_.end() || at->second->owner_id() != who.id || IsTooOld(*at->second)) {
    return Fail("RESOURCE_DOES_NOT_EXIST", "The statement " + id + " was not found.");
  }
  return at->second;
}

Result<std::shared_ptr<StatementHandle>> StatementService::FindLinked(const std::string& id) const {
  std::lock_guard lock(mutex_);
  auto at = statements_.find(id);
  if (at == statements_.end() || IsTooOld(*at->second))
    return Fail("PERMISSION_DENIED", "The link is not valid.");
  return at->second;
}

void StatementService::CancelAll() {
  std::lock_guard lock(mutex_);
  for (auto& [id, handle] : statements_) handle->Cancel();
}

}  // namespace tarn::compute
