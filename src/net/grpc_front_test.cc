#include "net/grpc_front.h"

#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "net/http_client.h"
#include "net/server.h"
#include "net/tls.h"

namespace tarn::net {
namespace {

/// Answers every call with who called: "<identity of the certificate>|<address>".
class WhoCalls final : public grpc::CallbackGenericService {
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    struct Reactor final : grpc::ServerGenericBidiReactor {
      explicit Reactor(std::string text) {
        grpc::Slice slice(text);
        reply = grpc::ByteBuffer(&slice, 1);
        StartWriteAndFinish(&reply, {}, grpc::Status::OK);
      }
      void OnDone() override { delete this; }
      grpc::ByteBuffer reply;
    };
    std::string who = "nobody";
    auto auth = context->auth_context();
    if (auth && auth->IsPeerAuthenticated()) {
      who = std::string(auth->FindPropertyValues("x509_common_name")[0].data());
    }
    return new Reactor(who + "|" + context->peer());
  }
};

std::string ReadAll(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class GrpcFrontTest : public testing::Test {
 protected:
  GrpcFrontTest() : folder_("/tmp/grpc_front_test." + std::to_string(::getpid())) {
    ca_ = *EnsureLocalCa(folder_, "test authority");
    server_pair_ = *IssueServerCertificate(ca_, folder_, "server", "test server");
    client_pair_ = *IssueClientCertificate(ca_, folder_, "node", "node-7");
    GrpcTlsOptions tls{server_pair_.cert_path, server_pair_.key_path, ca_.cert_path};
    grpc::ServerBuilder builder;
    builder.RegisterCallbackGenericService(&service_);
    EXPECT_TRUE(front_->Attach(builder, &tls).ok());
    grpc_server_ = builder.BuildAndStart();
    Router router;
    router.Add("GET", "/hello",
               [](Request&&, Responder respond) { respond(Response::Text(200, "hello")); });
    ServerOptions options;
    options.listeners[0].tls = true;
    options.cert_path = server_pair_.cert_path;
    options.key_path = server_pair_.key_path;
    options.grpc = front_;
    server_ = *Server::Start(options, std::move(router));
    port_ = server_->ports()[0];
  }
  ~GrpcFrontTest() override {
    server_->Stop(Deadline::After(std::chrono::milliseconds(100)));
    front_->Close();
    grpc_server_->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
    std::filesystem::remove_all(folder_);
  }

  /// The reply, or the error's message.
  std::string Call(std::shared_ptr<grpc::ChannelCredentials> credentials) {
    auto channel = grpc::CreateChannel("127.0.0.1:" + std::to_string(port_), credentials);
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
    grpc::Slice empty("");
    grpc::ByteBuffer request(&empty, 1);
    grpc::ByteBuffer reply;
    std::promise<grpc::Status> done;
    stub.UnaryCall(&context, "/any.Service/Who", {}, &request, &reply,
                   [&](grpc::Status status) { done.set_value(std::move(status)); });
    grpc::Status status = done.get_future().get();
    if (!status.ok()) return "failed: " + status.error_message();
    grpc::Slice slice;
    EXPECT_TRUE(reply.DumpToSingleSlice(&slice).ok());
    return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
  }

  std::string folder_;
  CertificateFiles ca_;
  CertificateFiles server_pair_;
  CertificateFiles client_pair_;
  WhoCalls service_;
  std::shared_ptr<GrpcFront> front_ = std::make_shared<GrpcFront>();
  std::unique_ptr<grpc::Server> grpc_server_;
  std::unique_ptr<Server> server_;
  uint16_t port_ = 0;
};

TEST_F(GrpcFrontTest, TakesPlaintextGrpcOnTheHttpPort) {
  EXPECT_THAT(Call(grpc::InsecureChannelCredentials()), testing::StartsWith("nobody|ipv4:127."));
}

TEST_F(GrpcFrontTest, KnowsTheClientByItsCertificate) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ReadAll(ca_.cert_path);
  options.pem_cert_chain = ReadAll(client_pair_.cert_path);
  options.pem_private_key = ReadAll(client_pair_.key_path);
  EXPECT_THAT(Call(grpc::SslCredentials(options)), testing::StartsWith("node-7|ipv4:127."));
}

TEST_F(GrpcFrontTest, AsksForACertificateButNeedsNone) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ReadAll(ca_.cert_path);
  EXPECT_THAT(Call(grpc::SslCredentials(options)), testing::StartsWith("nobody|"));
}

TEST_F(GrpcFrontTest, RefusesACertificateOfAnotherAuthority) {
  auto other = EnsureLocalCa(folder_ + "/other", "test authority");
  ASSERT_TRUE(other.ok());
  auto stranger = IssueClientCertificate(*other, folder_ + "/other", "node", "node-7");
  ASSERT_TRUE(stranger.ok());
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ReadAll(ca_.cert_path);
  options.pem_cert_chain = ReadAll(stranger->cert_path);
  options.pem_private_key = ReadAll(stranger->key_path);
  EXPECT_THAT(Call(grpc::SslCredentials(options)), testing::StartsWith("failed: "));
}

TEST_F(GrpcFrontTest, HttpGoesOnBesideIt) {
  HttpClient tls({.host = "localhost", .port = port_, .tls = true, .ca_path = ca_.cert_path});
  HttpClient plain({.port = port_});
  EXPECT_THAT(Call(grpc::InsecureChannelCredentials()), testing::StartsWith("nobody|"));
  EXPECT_EQ(tls.Get("/hello", Deadline::After(std::chrono::seconds(5)))->body, "hello");
  EXPECT_EQ(plain.Get("/hello", Deadline::After(std::chrono::seconds(5)))->body, "hello");
}

TEST_F(GrpcFrontTest, ClosesConnectionsOnceClosed) {
  front_->Close();
  EXPECT_THAT(Call(grpc::InsecureChannelCredentials()), testing::StartsWith("failed: "));
}

}  // namespace
}  // namespace tarn::net
