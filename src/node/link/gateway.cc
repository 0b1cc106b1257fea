#include "node/gateway.h"

#include <atomic>
#include <functional>
#include <thread>

#include <grpcpp/grpcpp.h>
#include <grpcpp/server_builder.h>

#include "base/log.h"
#include "node/link/catalog_answers.h"
#include "node/link/connection.h"
#include "node/link/lost_statement.h"
#include "node/link/wire.h"

namespace tarn::node {
namespace {

constexpr std::string_view kNamePrefix = "tarn-node-";
constexpr auto kLineWait = std::chrono::seconds(60);
constexpr auto kFirstReport = std::chrono::seconds(15);
constexpr auto kLostPause = std::chrono::milliseconds(50);
// A lost node is ended at once, one that hangs after ten seconds.
constexpr auto kEndWait = std::chrono::seconds(20);

// Rows of a statement that runs on a node. The statement's thread reads the line itself.
class RemoteRows final : public compute::ResultSource {
 public:
  /// Called after the line broke: what the statement's client is told.
  using Judge = std::function<Error(const StatementEffects&)>;

  RemoteRows(std::shared_ptr<Connection> connection, std::shared_ptr<StatementLine> line,
             uint64_t number, CancelToken cancel, Judge judge)
      : connection_(std::move(connection)),
        line_(std::move(line)),
        number_(number),
        judge_(std::move(judge)) {
    on_cancel_ = cancel.OnCancel([this] { connection_->SendCancel(number_); });
  }

  ~RemoteRows() override {
    on_cancel_ = CancelCallback();
    (void)connection_->EndStatement(number_);
    if (ended_) {
      connection_->GiveLine(std::move(line_));
    } else {
      // Somebody lost interest half-way: the node sees the call end and stops.
      connection_->SendCancel(number_);
      line_->Abort();
      line_->Close();
    }
  }

  Status Begin(const wire::Statement& statement) {
    if (!line_->stream().Write(statement)) return Lost();
    TARN_RETURN_IF_ERROR(Read());
    if (!progress_.has_header()) return Lost();
    TARN_TRY(schema_, columnar::Schema::FromJson(progress_.header().schema_json()));
    session_ = FromWire(progress_.header().session());
    return Ok();
  }

  const columnar::Schema& schema() const override { return schema_; }
  const compute::SessionState& session() const override { return session_; }
  bool truncated() const override { return truncated_; }

  Result<std::optional<columnar::EncodedRows>> Next() override {
    while (at_ >= progress_.rows_size()) {
      if (ended_) return std::optional<columnar::EncodedRows>();
      TARN_RETURN_IF_ERROR(Read());
    }
    wire::Rows* rows = progress_.mutable_rows(at_++);
    return std::optional(
        columnar::EncodedRows{rows->row_count(), std::move(*rows->mutable_data())});
  }

 private:
  Status Read() {
    progress_.Clear();
    at_ = 0;
    if (!line_->stream().Read(&progress_)) return Lost();
    if (progress_.has_end() || progress_.has_failure()) ended_ = true;
    if (progress_.has_end()) truncated_ = progress_.end().truncated();
    if (progress_.has_failure()) return FromWire(progress_.failure());
    return Ok();
  }

  // From here on the node is allowed nothing more, wherever it is.
  Error Lost() { return judge_(connection_->EndStatement(number_)); }

  std::shared_ptr<Connection> connection_;
  std::shared_ptr<StatementLine> line_;
  const uint64_t number_;
  const Judge judge_;
  CancelCallback on_cancel_;
  wire::Progress progress_;
  int at_ = 0;
  bool ended_ = false;
  bool truncated_ = false;
  columnar::Schema schema_;
  compute::SessionState session_;
};

class GatewayServer final : public Gateway, public wire::NodeLink::Service {
 public:
  GatewayServer(const GatewayOptions& options, catalog::CatalogService& catalog)
      : version_(options.version), store_(options.store), catalog_(catalog) {}
  ~GatewayServer() override { Stop(); }

  Status Listen(const GatewayOptions& options) {
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(-1);
    builder.RegisterService(this);
    TARN_RETURN_IF_ERROR(front_->Attach(builder, &options.tls));
    server_ = builder.BuildAndStart();
    if (!server_) return Fail("INTERNAL_ERROR", "the gRPC server did not start");
    return Ok();
  }

  std::shared_ptr<net::GrpcFront> front() override { return front_; }
  void Attach(compute::WarehouseService& warehouses) override { warehouses_ = &warehouses; }

  void Stop() override {
    if (!server_) return;
    front_->Close();
    std::vector<std::shared_ptr<Connection>> all;
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
      for (auto& [id, connection] : connections_) all.push_back(connection);
    }
    for (auto& connection : all) connection->SetGone();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(500));
    server_.reset();
  }

  Result<std::unique_ptr<compute::ResultSource>> Start(const identity::Principal& who,
                                                       const compute::StatementSpec& spec,
                                                       CancelToken cancel) override {
    // Nothing has been sent while there is no line: waiting for the next node is safe then.
    Deadline patience = Deadline::After(kLineWait);
    bool busy = false;
    do {
      TARN_TRY(compute::WarehouseService::Lease lease,
               warehouses_->Acquire(spec.warehouse_id, cancel, Deadline::After(kLineWait)));
      TARN_TRY(compute::Warehouse warehouse, warehouses_->Get(spec.warehouse_id));
      std::shared_ptr<Connection> connection = Connected(warehouse.node_id);
      std::shared_ptr<StatementLine> line;
      if (connection) line = connection->TakeLine(cancel, patience);
      if (line) return Send(who, spec, connection, line, cancel);
      TARN_RETURN_IF_ERROR(cancel.Check());
      busy = connection != nullptr && patience.Passed();
      if (!patience.Passed()) std::this_thread::sleep_for(kLostPause);
    } while (!patience.Passed());
    if (busy) {
      return Fail("RESOURCE_EXHAUSTED",
                  "The warehouse runs as many statements as it can. Wait until some have ended and "
                  "run the statement again, or use another warehouse.");
    }
    return JudgeLoss({}, true, *store_);
  }

  grpc::Status Control(grpc::ServerContext* context,
                       grpc::ServerReaderWriter<wire::Order, wire::Report>* stream) override {
    std::string node_id = NodeOf(*context);
    wire::Report report;
    if (node_id.empty() || !stream->Read(&report)) return Refused();
    if (report.version() != version_) return OtherVersion(node_id, report.version());
    auto connection = std::make_shared<Connection>(node_id, stream);
    {
      std::lock_guard lock(mutex_);
      if (stopping_ || warehouses_ == nullptr) return Refused();
      connections_[node_id] = connection;
      changed_.notify_all();
    }
    if (warehouses_->NodeReady(node_id)) {
      LogInfo("node connected", {{"node", node_id}, {"pid", report.pid()}});
      while (stream->Read(&report)) warehouses_->NodeReported(node_id);
    }
    connection->SetGone();
    {
      std::lock_guard lock(mutex_);
      connections_.erase(node_id);
    }
    warehouses_->NodeGone(node_id);
    return grpc::Status::OK;
  }

  grpc::Status Line(grpc::ServerContext* context,
                    grpc::ServerReaderWriter<wire::Statement, wire::Progress>* stream) override {
    std::shared_ptr<Connection> connection = Find(NodeOf(*context));
    if (!connection) return Refused();
    auto line = std::make_shared<StatementLine>(context, stream);
    connection->GiveLine(line);
    line->WaitUntilClosed();
    connection->DropLine(line);
    return grpc::Status::OK;
  }

  grpc::Status Catalog(grpc::ServerContext* context, const wire::CatalogRequest* request,
                       wire::CatalogReply* reply) override {
    std::shared_ptr<Connection> connection = Find(NodeOf(*context));
    if (!connection) return Refused();
    Result<identity::Principal> who = connection->PrincipalOf(request->statement());
    // Counted before it is made: when the node is lost meanwhile, it counts.
    bool change = IsChange(*request);
    Status allowed = change ? connection->AllowCatalogChange(request->statement()) : Ok();
    if (!who.ok() || !allowed.ok()) {
      *reply->mutable_failure() = ToWire(who.ok() ? allowed.error() : who.error());
      return grpc::Status::OK;
    }
    AnswerCatalog(catalog_, *who, *request, *reply);
    if (change && reply->has_failure()) connection->TakeBackCatalogChange(request->statement());
    return grpc::Status::OK;
  }

  grpc::Status Announce(grpc::ServerContext* context, const wire::WriteIntent* intent,
                        wire::IntentReply* reply) override {
    std::shared_ptr<Connection> connection = Find(NodeOf(*context));
    if (!connection) return Refused();
    Status allowed = connection->Allow(intent->statement(), {intent->path(), intent->head()});
    if (!allowed.ok()) *reply->mutable_failure() = ToWire(allowed.error());
    return grpc::Status::OK;
  }

 private:
  static grpc::Status Refused() {
    return {grpc::StatusCode::UNAUTHENTICATED, "this is no node of this server"};
  }

  grpc::Status OtherVersion(const std::string& node_id, const std::string& version) {
    std::string why = "The node's program is of version " + version + ", the server's of version " +
                      version_ + ". Start the server again: it was replaced on disk.";
    if (warehouses_ != nullptr) warehouses_->NodeRefused(node_id, why);
    return {grpc::StatusCode::FAILED_PRECONDITION, why};
  }

  // The id in a verified certificate, or nothing.
  static std::string NodeOf(const grpc::ServerContext& context) {
    auto auth = context.auth_context();
    if (!auth || !auth->IsPeerAuthenticated()) return "";
    auto names = auth->FindPropertyValues("x509_common_name");
    if (names.size() != 1) return "";
    std::string name(names[0].data(), names[0].size());
    if (name.rfind(kNamePrefix, 0) != 0) return "";
    return name.substr(kNamePrefix.size());
  }

  std::shared_ptr<Connection> Find(const std::string& node_id) {
    std::unique_lock lock(mutex_);
    // A line may arrive before the first report.
    changed_.wait_for(lock, kFirstReport, [&] {
      return node_id.empty() || stopping_ || connections_.contains(node_id);
    });
    auto at = connections_.find(node_id);
    return at == connections_.end() ? nullptr : at->second;
  }

  std::shared_ptr<Connection> Connected(const std::string& node_id) {
    std::lock_guard lock(mutex_);
    auto at = connections_.find(node_id);
    return at == connections_.end() ? nullptr : at->second;
  }

  Result<std::unique_ptr<compute::ResultSource>> Send(const identity::Principal& who,
                                                      const compute::StatementSpec& spec,
                                                      const std::shared_ptr<Connection>& connection,
                                                      const std::shared_ptr<StatementLine>& line,
                                                      const CancelToken& cancel) {
    wire::Statement statement = ToWire(spec, who);
    statement.set_number(++last_number_);
    statement.set_catalog_epoch(catalog_.epoch());
    connection->BeginStatement(statement.number(), who);
    auto judge = [this, node_id = connection->node_id()](const StatementEffects& effects) {
      bool ended = effects.intents.empty() ||
                   warehouses_->WaitUntilNodeEnded(node_id, Deadline::After(kEndWait));
      return JudgeLoss(effects, ended, *store_);
    };
    auto rows = std::make_unique<RemoteRows>(connection, line, statement.number(), cancel,
                                             std::move(judge));
    TARN_RETURN_IF_ERROR(rows->Begin(statement));
    return std::unique_ptr<compute::ResultSource>(std::move(rows));
  }

  const std::string version_;
  const std::shared_ptr<io::ObjectStore> store_;
  catalog::CatalogService& catalog_;
  compute::WarehouseService* warehouses_ = nullptr;
  std::shared_ptr<net::GrpcFront> front_ = std::make_shared<net::GrpcFront>();
  std::unique_ptr<grpc::Server> server_;
  std::atomic<uint64_t> last_number_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::map<std::string, std::shared_ptr<Connection>> connections_;
};

}  // namespace

std::string CertificateName(const std::string& node_id) {
  return std::string(kNamePrefix) + node_id;
}

Result<std::unique_ptr<Gateway>> Gateway::Open(const GatewayOptions& options,
                                               catalog::CatalogService& catalog) {
  auto gateway = std::make_unique<GatewayServer>(options, catalog);
  TARN_RETURN_IF_ERROR(gateway->Listen(options));
  return std::unique_ptr<Gateway>(std::move(gateway));
}

}  // namespace tarn::node
