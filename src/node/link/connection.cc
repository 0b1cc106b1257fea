#include "node/link/connection.h"

#include <algorithm>

namespace tarn::node {

void StatementLine::Close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  closed_changed_.notify_all();
}

void StatementLine::WaitUntilClosed() {
  std::unique_lock lock(mutex_);
  closed_changed_.wait(lock, [&] { return closed_; });
}

std::shared_ptr<StatementLine> Connection::TakeLine(Deadline deadline) {
  std::unique_lock lock(mutex_);
  while (idle_.empty() && !gone_) {
    if (deadline.Passed()) return nullptr;
    changed_.wait_until(lock, deadline.at());
  }
  if (gone_) return nullptr;
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
  running_[number] = who;
}

void Connection::EndStatement(uint64_t number) {
  std::lock_guard lock(mutex_);
  running_.erase(number);
}

Result<identity::Principal> Connection::PrincipalOf(uint64_t statement) const {
  std::lock_guard lock(mutex_);
  auto at = running_.find(statement);
  if (at == running_.end())
    return Fail("PERMISSION_DENIED", "No such statement runs on this node.");
  return at->second;
}

}  // namespace tarn::node
