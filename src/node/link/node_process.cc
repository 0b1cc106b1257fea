#include "node/node_process.h"

#include <atomic>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>
#include <unistd.h>
#include <vector>

#include <grpcpp/grpcpp.h>
#include <node.grpc.pb.h>

#include "base/log.h"
#include "io/local_store.h"
#include "node/engine_runner.h"
#include "node/link/announcing_store.h"
#include "node/link/guarded_run.h"
#include "node/link/lost_statement.h"
#include "node/link/remote_catalog.h"
#include "node/link/wire.h"

namespace tarn::node {
namespace {

constexpr int kSpareLines = 4;
constexpr int kMaxLines = 256;
constexpr size_t kMaxEarlyCancels = 1000;
constexpr int64_t kProgressBytes = 1 << 20;
constexpr auto kReportEvery = std::chrono::seconds(1);
constexpr auto kAskLimit = std::chrono::seconds(60);

// The statement that this thread runs; a statement commits on its own thread.
thread_local uint64_t statement_of_thread = 0;

Result<std::string> ReadPem(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) return Fail("TLS_CONFIG_INVALID", "cannot read " + path);
  return text.str();
}

Result<std::shared_ptr<grpc::Channel>> Connect(const NodeOptions& options) {
  grpc::SslCredentialsOptions tls;
  TARN_TRY(tls.pem_root_certs, ReadPem(options.ca_path));
  TARN_TRY(tls.pem_cert_chain, ReadPem(options.cert_path));
  TARN_TRY(tls.pem_private_key, ReadPem(options.key_path));
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  return grpc::CreateCustomChannel(options.server, grpc::SslCredentials(tls), arguments);
}

int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t total = 0;
  int64_t resident = 0;
  statm >> total >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

class Node final : public CatalogLink {
 public:
  Node(const NodeOptions& options, std::shared_ptr<grpc::Channel> channel)
      : options_(options), stub_(wire::NodeLink::NewStub(channel)) {}

  Status Run() {
    TARN_TRY(engine_, engine::Engine::Open(options_.engine, store_));
    control_ = stub_->Control(&control_context_);
    if (!SendReport()) return ControlError();
    std::thread reporter([this] { ReportUntilClosed(); });
    for (int i = 0; i < kSpareLines; ++i) AddLine();
    wire::Order order;
    while (control_->Read(&order)) Obey(order);
    closing_ = true;
    CancelAll();
    reporter.join();
    EndLines();
    grpc::Status status = control_->Finish();
    if (status.ok()) return Ok();
    return Fail("CONNECTION_FAILED", "the server ended the connection: " + status.error_message());
  }

  Result<std::string> Ask(const std::string& bytes) override {
    wire::CatalogRequest request;
    wire::CatalogReply reply;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kAskLimit);
    if (!request.ParseFromString(bytes)) return Fail("INTERNAL_ERROR", "not a catalog request");
    grpc::Status status = stub_->Catalog(&context, request, &reply);
    if (!status.ok()) {
      return Fail("CONNECTION_FAILED", "the catalog cannot be reached: " + status.error_message());
    }
    return reply.SerializeAsString();
  }

 private:
  using LineStream = grpc::ClientReaderWriter<wire::Progress, wire::Statement>;

  // The server knows of a commit before it is made. One that belongs to no statement would escape
  // it, so there is none.
  Status Announce(const std::string& path, std::string_view bytes) {
    if (!IsCommit(path)) return Ok();
    if (statement_of_thread == 0)
      return Fail("INTERNAL_ERROR", "a commit outside of a statement's thread: " + path);
    wire::WriteIntent intent;
    wire::IntentReply reply;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kAskLimit);
    intent.set_statement(statement_of_thread);
    intent.set_path(path);
    intent.set_head(std::string(HeadOf(bytes)));
    grpc::Status status = stub_->Announce(&context, intent, &reply);
    if (!status.ok()) {
      return Fail("CONNECTION_FAILED",
                  "nothing was committed: the server cannot be told: " + status.error_message());
    }
    if (reply.has_failure()) return FromWire(reply.failure());
    return Ok();
  }

  Status ControlError() {
    return Fail("CONNECTION_FAILED",
                "the server refuses this node: " + control_->Finish().error_message());
  }

  bool SendReport() {
    wire::Report report;
    report.set_pid(::getpid());
    report.set_version(options_.version);
    report.set_running_statements(busy_);
    report.set_resident_bytes(ResidentBytes());
    return control_->Write(report);
  }

  void ReportUntilClosed() {
    while (!closing_) {
      std::this_thread::sleep_for(kReportEvery);
      if (!closing_ && !SendReport()) return;
    }
  }

  void Obey(const wire::Order& order) {
    std::lock_guard lock(mutex_);
    auto at = running_.find(order.cancel_statement());
    if (at != running_.end()) {
      at->second.Cancel();
      return;
    }
    // The order may overtake its statement, or come after its end.
    if (early_cancels_.size() >= kMaxEarlyCancels) early_cancels_.clear();
    early_cancels_.insert(order.cancel_statement());
  }

  void CancelAll() {
    std::lock_guard lock(mutex_);
    for (auto& [number, source] : running_) source.Cancel();
    for (grpc::ClientContext* context : contexts_) context->TryCancel();
  }

  void EndLines() {
    std::vector<std::thread> lines;
    {
      std::lock_guard lock(mutex_);
      lines.swap(lines_);
    }
    for (std::thread& line : lines) line.join();
  }

  // A thread per line: it waits for a statement, runs it, and waits for the next.
  void AddLine() {
    std::lock_guard lock(mutex_);
    if (closing_ || lines_.size() >= kMaxLines) return;
    ++idle_;
    lines_.emplace_back([this] { Serve(); });
  }

  void Serve() {
    while (!closing_) {
      grpc::ClientContext context;
      {
        std::lock_guard lock(mutex_);
        if (closing_) return;
        contexts_.push_back(&context);
      }
      std::unique_ptr<LineStream> stream = stub_->Line(&context);
      wire::Statement statement;
      while (stream->Read(&statement)) {
        if (--idle_ < kSpareLines / 2) AddLine();
        ++busy_;
        bool usable = RunStatement(*stream, statement);
        --busy_;
        ++idle_;
        if (!usable) break;
      }
      context.TryCancel();
      stream->Finish();
      std::lock_guard lock(mutex_);
      std::erase(contexts_, &context);
    }
  }

  // False when the line is of no use any more.
  bool RunStatement(LineStream& stream, const wire::Statement& statement) {
    CancelSource cancel;
    {
      std::lock_guard lock(mutex_);
      running_.emplace(statement.number(), cancel);
      if (early_cancels_.erase(statement.number()) > 0) cancel.Cancel();
    }
    StatementCatalog catalog(*this, cache_, statement.number(), statement.catalog_epoch());
    auto runner = MakeEngineRunner({engine_.get(), &catalog, store_.get()});
    wire::Progress progress;
    bool alive = true;
    statement_of_thread = statement.number();
    Status status = GuardedRun(
        [&] { return Produce(*runner, statement, cancel.token(), stream, progress, alive); });
    statement_of_thread = 0;
    {
      std::lock_guard lock(mutex_);
      running_.erase(statement.number());
    }
    if (!alive) return false;
    if (!status.ok()) {
      progress.clear_rows();
      *progress.mutable_failure() = ToWire(status.error());
    }
    return stream.Write(progress);
  }

  // Leaves the last message, with the end in it, in `progress`: a small result is one message.
  Status Produce(compute::StatementRunner& runner, const wire::Statement& statement,
                 CancelToken cancel, LineStream& stream, wire::Progress& progress, bool& alive) {
    TARN_TRY(auto rows, runner.Start(FromWire(statement.who()), FromWire(statement), cancel));
    progress.mutable_header()->set_schema_json(rows->schema().ToJson());
    *progress.mutable_header()->mutable_session() = ToWire(rows->session());
    int64_t bytes = 0;
    for (;;) {
      Result<std::optional<columnar::EncodedRows>> piece = rows->Next();
      if (!piece.ok()) return std::move(piece).error();
      if (!piece->has_value()) break;
      wire::Rows* added = progress.add_rows();
      added->set_row_count((*piece)->row_count);
      bytes += static_cast<int64_t>((*piece)->bytes.size());
      added->set_data(std::move((*piece)->bytes));
      if (bytes < kProgressBytes) continue;
      alive = stream.Write(progress);
      if (!alive) return Ok();
      progress.Clear();
      bytes = 0;
    }
    progress.mutable_end()->set_truncated(rows->truncated());
    return Ok();
  }

  NodeOptions options_;
  const std::shared_ptr<io::ObjectStore> store_ = std::make_shared<AnnouncingStore>(
      std::make_shared<io::LocalStore>(),
      [this](const std::string& path, std::string_view bytes) { return Announce(path, bytes); });
  std::shared_ptr<engine::Engine> engine_;
  std::unique_ptr<wire::NodeLink::Stub> stub_;
  grpc::ClientContext control_context_;
  std::unique_ptr<grpc::ClientReaderWriter<wire::Report, wire::Order>> control_;
  CatalogCache cache_;
  std::atomic<bool> closing_{false};
  std::atomic<int> idle_{0};
  std::atomic<int> busy_{0};
  std::mutex mutex_;
  std::map<uint64_t, CancelSource> running_;
  std::set<uint64_t> early_cancels_;
  std::vector<grpc::ClientContext*> contexts_;
  std::vector<std::thread> lines_;
};

}  // namespace

Status RunNode(const NodeOptions& options) {
  TARN_TRY(std::shared_ptr<grpc::Channel> channel, Connect(options));
  return Node(options, std::move(channel)).Run();
}

}  // namespace tarn::node
