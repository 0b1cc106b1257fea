#pragma once
/// \file  One connected node as the server sees it. Seen by this folder only.
#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

#include <grpcpp/grpcpp.h>
#include <node.grpc.pb.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/deadline.h"
#include "identity/principal.h"
#include "node/link/lost_statement.h"

namespace tarn::node {

/// A line of the node that a statement may use. The handler of its call waits in Serve until the
/// line is closed; the statement's own thread reads and writes it meanwhile.
class StatementLine {
 public:
  using Stream = grpc::ServerReaderWriter<wire::Statement, wire::Progress>;
  StatementLine(grpc::ServerContext* context, Stream* stream)
      : context_(context), stream_(stream) {}

  Stream& stream() { return *stream_; }
  /// Ends the call: what is on its way is dropped.
  void Abort() { context_->TryCancel(); }
  /// Lets the handler return: nothing of the line may be touched any more.
  void Close();
  void WaitUntilClosed();

 private:
  grpc::ServerContext* context_;
  Stream* stream_;
  std::mutex mutex_;
  std::condition_variable closed_changed_;
  bool closed_ = false;
};

/// Thread-safe. Lives until its last user lets go; `gone` connections hand out no lines.
class Connection {
 public:
  using ControlStream = grpc::ServerReaderWriter<wire::Order, wire::Report>;
  Connection(std::string node_id, ControlStream* control)
      : node_id_(std::move(node_id)), control_(control) {}

  const std::string& node_id() const { return node_id_; }

  /// An idle line; waits for one. Nothing when the node is gone, the token is cancelled or the
  /// deadline has passed.
  std::shared_ptr<StatementLine> TakeLine(const CancelToken& cancel, Deadline deadline);
  /// A new line, or one whose statement has ended. A line of a gone node is closed.
  void GiveLine(std::shared_ptr<StatementLine> line);
  /// Forgets a line whose call has ended by itself.
  void DropLine(const std::shared_ptr<StatementLine>& line);

  void SendCancel(uint64_t statement);
  /// No further line; whoever waits for one gives up.
  void SetGone();

  /// Who runs a statement on this node: the only principals it may ask the catalog for.
  void BeginStatement(uint64_t number, const identity::Principal& who);
  /// Nothing further is allowed to it. What it had been allowed; nothing for one that has ended.
  StatementEffects EndStatement(uint64_t number);
  /// Errors: PERMISSION_DENIED.
  Result<identity::Principal> PrincipalOf(uint64_t statement) const;
  /// Remembers what the statement is about to write. Errors: CANCELLED when nobody waits for the
  /// statement any more.
  Status Allow(uint64_t statement, WriteIntent intent);
  /// Counts a change of the catalog that is about to be made. Errors: as Allow.
  Status AllowCatalogChange(uint64_t statement);
  /// The change was refused.
  void TakeBackCatalogChange(uint64_t statement);

 private:
  const std::string node_id_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool gone_ = false;
  std::vector<std::shared_ptr<StatementLine>> idle_;
  struct Running {
    identity::Principal who;
    StatementEffects effects;
  };
  std::map<uint64_t, Running> running_;
  std::mutex control_mutex_;  ///< one writer at a time
  ControlStream* control_;    ///< nullptr once the node is gone
};

}  // namespace tarn::node
