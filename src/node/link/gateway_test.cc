#include "node/gateway.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <node.grpc.pb.h>

#include "base/testing.h"
#include "io/local_store.h"
#include "net/server.h"
#include "net/tls.h"
#include "node/link/wire.h"

namespace tarn::node {
namespace {

using ::testing::HasSubstr;
using testing::IsError;
using testing::IsOk;

constexpr const char* kVersion = "1.2.3";

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A process that is only a number; the test plays the node.
class Provider final : public compute::NodeProvider {
 public:
  Result<int> Start(const compute::NodeSpec& spec) override {
    std::lock_guard lock(mutex_);
    node_id_ = spec.node_id;
    alive_ = true;
    return 1;
  }
  void Kill(int pid) override {
    std::lock_guard lock(mutex_);
    alive_ = false;
  }
  bool HasEnded(int pid) override {
    std::lock_guard lock(mutex_);
    return !alive_;
  }
  std::string node_id() {
    std::lock_guard lock(mutex_);
    return alive_ ? node_id_ : "";
  }

 private:
  std::mutex mutex_;
  bool alive_ = false;
  std::string node_id_;
};

class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest() : folder_(::testing::TempDir() + "/gateway_" + std::to_string(::getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    database_ = *store::Database::Open(
        folder_ + "/metadata.db",
        {identity::StoredTables(), catalog::StoredTables(), compute::StoredTables()});
    identity_ =
        *identity::IdentityService::Open(*database_, Clock::System(), EventSink::Null(), "admin");
    catalog_ = *catalog::CatalogService::Open(*database_, *identity_, {folder_ + "/managed", {}},
                                              Clock::System(), EventSink::Null());
    authority_ = *net::EnsureLocalCa(folder_, "test authority");
    certificate_ = *net::IssueServerCertificate(authority_, folder_, "server", "test server");
    gateway_ =
        *Gateway::Open({{certificate_.cert_path, certificate_.key_path, authority_.cert_path},
                        kVersion,
                        std::make_shared<io::LocalStore>()},
                       *catalog_);
    warehouses_ = *compute::WarehouseService::Open(*database_, provider_, Clock::System());
    gateway_->Attach(*warehouses_);
    net::ServerOptions options;
    options.listeners[0].tls = true;
    options.cert_path = certificate_.cert_path;
    options.key_path = certificate_.key_path;
    options.grpc = gateway_->front();
    server_ = *net::Server::Start(options, net::Router());
    compute::WarehouseSettings settings;
    settings.name = "w";
    spec_.warehouse_id = warehouses_->Create(settings, "admin")->id;
    spec_.text = "INSERT";
    EXPECT_THAT(warehouses_->Start(spec_.warehouse_id), IsOk());
    who_ = *identity_->Administrator();
  }
  ~GatewayTest() override {
    server_->Stop(Deadline::After(std::chrono::seconds(1)));
    gateway_->Stop();
    server_.reset();
    warehouses_.reset();
    std::filesystem::remove_all(folder_);
  }

  template <typename Condition>
  bool Eventually(Condition condition) {
    for (int i = 0; i < 10'000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }

  /// A node's stub, with the certificate of the node that was asked for last.
  std::unique_ptr<wire::NodeLink::Stub> Connect() {
    EXPECT_TRUE(Eventually([&] { return !provider_.node_id().empty(); }));
    auto files = *net::IssueClientCertificate(authority_, folder_, "node",
                                              CertificateName(provider_.node_id()));
    grpc::SslCredentialsOptions tls{ReadFile(authority_.cert_path), ReadFile(files.key_path),
                                    ReadFile(files.cert_path)};
    return wire::NodeLink::NewStub(grpc::CreateChannel(
        "localhost:" + std::to_string(server_->ports()[0]), grpc::SslCredentials(tls)));
  }
  bool IsRunning() {
    return warehouses_->Get(spec_.warehouse_id)->state == compute::WarehouseState::kRunning;
  }
  Result<std::unique_ptr<compute::ResultSource>> Run(CancelToken cancel = {}) {
    return gateway_->Start(who_, spec_, std::move(cancel));
  }

  std::string folder_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<identity::IdentityService> identity_;
  std::unique_ptr<catalog::CatalogService> catalog_;
  net::CertificateFiles authority_;
  net::CertificateFiles certificate_;
  Provider provider_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<compute::WarehouseService> warehouses_;
  std::unique_ptr<net::Server> server_;
  compute::StatementSpec spec_;
  identity::Principal who_;
};

/// A node that is connected and has one line, on which it takes one statement.
class FakeNode {
 public:
  explicit FakeNode(std::unique_ptr<wire::NodeLink::Stub> stub,
                    const std::string& version = kVersion)
      : stub_(std::move(stub)), control_(stub_->Control(&control_context_)) {
    wire::Report report;
    report.set_version(version);
    control_->Write(report);
  }
  ~FakeNode() {
    Die();
    Join();
  }
  void Join() {
    if (taker_.joinable()) taker_.join();
  }
  grpc::Status Refusal() {
    wire::Order order;
    while (control_->Read(&order)) continue;
    return control_->Finish();
  }
  /// Opens the line; `work` is done when the statement comes, then the node dies.
  void Serve(std::function<void(const wire::Statement&)> work) {
    line_ = stub_->Line(&line_context_);
    taker_ = std::thread([this, work = std::move(work)] {
      wire::Statement statement;
      if (!line_->Read(&statement)) return;
      work(statement);
      Die();
    });
  }
  wire::IntentReply Announce(uint64_t statement, const std::string& path, const std::string& head) {
    wire::WriteIntent intent;
    intent.set_statement(statement);
    intent.set_path(path);
    intent.set_head(head);
    grpc::ClientContext context;
    wire::IntentReply reply;
    EXPECT_TRUE(stub_->Announce(&context, intent, &reply).ok());
    return reply;
  }
  wire::CatalogReply CreateCatalog(uint64_t statement) {
    catalog::Securable made;
    made.kind = catalog::SecurableKind::kCatalog;
    made.full_name = "made";
    wire::CatalogRequest request;
    request.set_statement(statement);
    request.mutable_create()->set_object_json(made.ToJson().ToString());
    grpc::ClientContext context;
    wire::CatalogReply reply;
    EXPECT_TRUE(stub_->Catalog(&context, request, &reply).ok());
    return reply;
  }
  void BreakLine() { line_context_.TryCancel(); }
  void Die() {
    line_context_.TryCancel();
    control_context_.TryCancel();
  }

 private:
  std::unique_ptr<wire::NodeLink::Stub> stub_;
  grpc::ClientContext control_context_;
  std::unique_ptr<grpc::ClientReaderWriter<wire::Report, wire::Order>> control_;
  grpc::ClientContext line_context_;
  std::unique_ptr<grpc::ClientReaderWriter<wire::Progress, wire::Statement>> line_;
  std::thread taker_;
};

TEST_F(GatewayTest, ANodeOfAnotherVersionIsRefusedAndTheWarehouseSaysWhy) {
  FakeNode node(Connect(), "0.9");
  grpc::Status refused = node.Refusal();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(refused.error_message(), HasSubstr("version 0.9"));
  EXPECT_THAT(refused.error_message(), HasSubstr("version 1.2.3"));
  EXPECT_TRUE(Eventually([&] {
    return warehouses_->Get(spec_.warehouse_id)->health.find("version 0.9") != std::string::npos;
  }));
  EXPECT_FALSE(IsRunning());
}

TEST_F(GatewayTest, ANodeLostBeforeItWroteLetsTheStatementRunAgain) {
  FakeNode node(Connect());
  node.Serve([](const wire::Statement&) {});
  EXPECT_THAT(Run(), IsError("NODE_LOST"));
}

TEST_F(GatewayTest, ANodeLostAfterItsCommitIsToldSo) {
  std::string path = folder_ + "/t/_delta_log/00000000000000000000.json";
  FakeNode node(Connect());
  node.Serve([&](const wire::Statement& statement) {
    EXPECT_FALSE(node.Announce(statement.number(), path, "commit").has_failure());
    EXPECT_THAT(io::LocalStore().PutIfAbsent(path, "commit"), IsOk());
  });
  EXPECT_THAT(Run(), IsError("NODE_LOST_AFTER_COMMIT", HasSubstr(folder_ + "/t'")));
}

TEST_F(GatewayTest, ANodeLostBetweenAnnouncementAndCommitLetsTheStatementRunAgain) {
  FakeNode node(Connect());
  node.Serve([&](const wire::Statement& statement) {
    node.Announce(statement.number(), folder_ + "/t/_delta_log/00000000000000000000.json",
                  "commit");
  });
  EXPECT_THAT(Run(), IsError("NODE_LOST"));
}

TEST_F(GatewayTest, ANodeLostAfterAChangeOfTheCatalogLeavesTheOutcomeOpen) {
  FakeNode node(Connect());
  node.Serve([&](const wire::Statement& statement) {
    EXPECT_FALSE(node.CreateCatalog(statement.number()).has_failure());
  });
  EXPECT_THAT(Run(), IsError("STATEMENT_OUTCOME_UNKNOWN", HasSubstr("catalog")));
}

TEST_F(GatewayTest, AChangeThatTheCatalogRefusedIsNone) {
  catalog::Securable there;
  there.kind = catalog::SecurableKind::kCatalog;
  there.full_name = "made";
  ASSERT_THAT(catalog_->Create(who_, there), IsOk());
  FakeNode node(Connect());
  node.Serve([&](const wire::Statement& statement) {
    EXPECT_TRUE(node.CreateCatalog(statement.number()).has_failure());
  });
  EXPECT_THAT(Run(), IsError("NODE_LOST"));
}

TEST_F(GatewayTest, AStatementWhoseLineBrokeMayNotCommitAnyMore) {
  FakeNode node(Connect());
  std::atomic<bool> answered{false};
  node.Serve([&](const wire::Statement& statement) {
    node.BreakLine();
    EXPECT_TRUE(Eventually([&] { return answered.load(); }));
    wire::IntentReply reply =
        node.Announce(statement.number(), folder_ + "/t/_delta_log/0.json", "commit");
    EXPECT_EQ(reply.failure().reason(), "CANCELLED");
    EXPECT_EQ(node.CreateCatalog(statement.number()).failure().reason(), "PERMISSION_DENIED");
  });
  EXPECT_THAT(Run(), IsError("NODE_LOST"));
  answered = true;
  node.Join();
}

TEST_F(GatewayTest, WaitingForALineEndsWithTheToken) {
  FakeNode node(Connect());  // it opens no line
  ASSERT_TRUE(Eventually([&] { return IsRunning(); }));
  CancelSource cancel;
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    cancel.Cancel();
  });
  auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(Run(cancel.token()), IsError("CANCELLED"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  canceller.join();
}

}  // namespace
}  // namespace tarn::node
