#include "node/link/connection.h"

#include <algorithm>

namespace tarn::node {
namespace {

Error GivenUp() {
  return Fail("CANCELLED", "Nobody waits for the statement any more; nothing further was changed.");
}

}  // namespace

void StatementLine::Close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  closed_changed_.notify_all();
}

void StatementLine::WaitUntilClosed() {
  std::unique_lock lock(mutex_);
  closed_changed_.wait(lock, [&] { return closed_; });
}

std::shared_ptr<StatementLine> Connection::TakeLine(const CancelToken& cancel, Deadline deadline) {
  CancelCallback wake = cancel.OnCancel([this] {
    std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  while (idle_.empty() && !gone_ && !cancel.IsCancelled() && !deadline.Passed())
    changed_.wait_until(lock, deadline.at());
  if (idle_.empty() || gone_ || cancel.IsCancelled()) {
    // The wake-up may have been meant for another waiter.
    changed_.notify_one();
    return nullptr;
  }
  std::shared_ptr<StatementLine> line = std::move(idle_.back());
  idle_.pop_back();
  return line;
}

void Connection::GiveLine(std::shared_ptr<StatementLine> line) {
  std::lock_guard lock(mutex_);
  if (gone_) {
    line->Close();
    return;
  }
  idle_.push_back(std::move(line));
  changed_.notify_one();
}

void Connection::DropLine(const std::shared_ptr<StatementLine>& line) {
  std::lock_guard lock(mutex_);
  idle_.erase(std::remove(idle_.begin(), idle_.end(), line), idle_.end());
}

void Connection::SendCancel(uint64_t statement) {
  std::lock_guard lock(control_mutex_);
  if (control_ == nullptr) return;
  wire::Order order;
  order.set_cancel_statement(statement);
  control_->Write(order);
}

void Connection::SetGone() {
  {
    std::lock_guard lock(control_mutex_);
    control_ = nullptr;
  }
  std::lock_guard lock(mutex_);
  gone_ = true;
  for (const std::shared_ptr<StatementLine>& line : idle_) line->Close();
  idle_.clear();
  changed_.notify_all();
}

void Connection::BeginStatement(uint64_t number, const identity::Principal& who) {
  std::lock_guard lock(mutex_);
  running_[number] = {who, {}};
}

StatementEffects Connection::EndStatement(uint64_t number) {
  std::lock_guard lock(mutex_);
  auto ended = running_.extract(number);
  return ended.empty() ? StatementEffects() : std::move(ended.mapped().effects);
}

Result<identity::Principal> Connection::PrincipalOf(uint64_t statement) const {
  std::lock_guard lock(mutex_);
  auto at = running_.find(statement);
  if (at == running_.end())
    return Fail("PERMISSION_DENIED", "No such statement runs on this node.");
  return at->second.who;
}

Status Connection::Allow(uint64_t statement, WriteIntent intent) {
  std::lock_guard lock(mutex_);
  auto at = running_.find(statement);
  if (at == running_.end() || gone_) return GivenUp();
  at->second.effects.intents.push_back(std::move(intent));
  return Ok();
}

Status Connection::AllowCatalogChange(uint64_t statement) {
  std::lock_guard lock(mutex_);
  auto at = running_.find(statement);
  if (at == running_.end() || gone_) return GivenUp();
  ++at->second.effects.catalog_changes;
  return Ok();
}

void Connection::TakeBackCatalogChange(uint64_t statement) {
  std::lock_guard lock(mutex_);
  auto at = running_.find(statement);
  if (at != running_.end()) --at->second.effects.catalog_changes;
}

}  // namespace tarn::node
