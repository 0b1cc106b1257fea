#include "api/endpoint.h"

#include <filesystem>
#include <future>
#include <set>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/testing.h"

namespace tarn::api {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Sink final : public net::ResponseSink {
 public:
  void Deliver(net::Response response) override { answer.set_value(std::move(response)); }
  std::promise<net::Response> answer;
};

json::Value BodyOf(const net::Response& response) {
  Result<json::Value> body = json::Parse(std::get<std::string>(response.body));
  return body.ok() ? *body : json::Value("no JSON: " + std::get<std::string>(response.body));
}

std::string ReasonOf(const json::Value& body) {
  const json::Value* details = body.Find("details");
  return details == nullptr ? "none" : details->as_array()[0].GetString("reason");
}

/// The whole route table over a real identity service; the other services are not reached.
class EndpointTest : public ::testing::Test {
 protected:
  EndpointTest()
      : path_(::testing::TempDir() + "/endpoint_" + std::to_string(::getpid()) + ".db"),
        pool_({"api test", 4}) {
    std::filesystem::remove(path_);
    database_ = *store::Database::Open(path_, {identity::StoredTables()});
    identity_ = *identity::IdentityService::Open(*database_, clock_, EventSink::Null(), "admin@x");
    services_.identity = identity_.get();
    services_.executor = &pool_;
    services_.clock = &clock_;
    router_ = BuildRouter(services_);
  }
  ~EndpointTest() override {
    identity_.reset();
    database_.reset();
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
  }

  net::Response Send(const net::Handler& handler, net::Request request) {
    auto sink = std::make_shared<Sink>();
    std::future<net::Response> answer = sink->answer.get_future();
    handler(std::move(request), net::Responder(sink));
    return answer.get();
  }
  net::Response Ask(const std::string& method, const std::string& path,
                    const std::string& authorization, std::string body = "") {
    net::Request request;
    request.method = method;
    request.path = path;
    request.body = std::move(body);
    if (!authorization.empty()) request.headers.Set("Authorization", authorization);
    net::Router::Matched matched = router_.Match(method, path);
    EXPECT_NE(matched.route, nullptr) << method << " " << path;
    for (size_t i = 0; i < matched.captures.size(); ++i) {
      request.params.emplace_back(matched.route->capture_names[i], matched.captures[i]);
    }
    return Send(matched.route->handler, std::move(request));
  }
  /// A path of the route: captures become words.
  static std::string PathOf(const std::string& shape) {
    std::string path;
    for (size_t at = 0; at < shape.size(); ++at) {
      if (shape[at] != '{') {
        path += shape[at];
        continue;
      }
      path += "x";
      at = shape.find('}', at);
    }
    return path;
  }

  std::string path_;
  VirtualClock clock_;
  ThreadPool pool_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<identity::IdentityService> identity_;
  Services services_;
  net::Router router_;
};

// Whoever opens a route changes this list, on purpose.
TEST_F(EndpointTest, TheseRoutesNeedNoCredentials) {
  std::set<std::string> open;
  for (const auto* route : router_.routes()) {
    if (route->options.tag == static_cast<int>(Access::kOpen))
      open.insert(route->method + " " + route->path);
  }
  EXPECT_THAT(open, ElementsAre("DELETE /uploads/{secret}", "GET /",
                                "GET /.well-known/databricks-config", "GET /assets/{path...}",
                                "GET /external-links/{id}/{index}/{expires}/{signature}",
                                "GET /favicon.svg", "GET /healthz", "POST /login/password",
                                "PUT /login/password", "PUT /uploads/{secret}/parts/{number}"));
}

TEST_F(EndpointTest, EveryOtherRouteRefusesCallersWithoutOne) {
  struct Case {
    const char* authorization;
    int status;
    json::Value code;
    const char* reason;
  };
  const Case kCases[] = {{"", 401, "UNAUTHENTICATED", "UNAUTHENTICATED"},
                         {"Basic dG9rZW46eA==", 401, "UNAUTHENTICATED", "UNAUTHENTICATED"},
                         {"Bearer junk", 403, 403, "TOKEN_UNKNOWN"}};
  int seen = 0;
  for (const auto* route : router_.routes()) {
    if (route->options.tag == static_cast<int>(Access::kOpen)) continue;
    ASSERT_EQ(route->options.tag, static_cast<int>(Access::kPrincipal)) << route->path;
    for (const Case& c : kCases) {
      net::Response answer = Ask(route->method, PathOf(route->path), c.authorization);
      json::Value body = BodyOf(answer);
      EXPECT_EQ(answer.status, c.status) << route->method << " " << route->path;
      ASSERT_NE(body.Find("error_code"), nullptr) << route->path;
      EXPECT_EQ(*body.Find("error_code"), c.code) << route->path;
      EXPECT_EQ(ReasonOf(body), c.reason) << route->path;
      EXPECT_EQ(answer.headers.Get("WWW-Authenticate"),
                c.status == 401 ? "Bearer realm=\"DatabricksRealm\"" : "");
      ++seen;
    }
  }
  EXPECT_GT(seen, 100);
}

TEST_F(EndpointTest, ATokenThatEndedSaysWhatToDo) {
  auto token = *identity_->CreateToken(*identity_->Administrator(), "short", 60);
  const std::string path = "/api/2.0/token/list";
  EXPECT_EQ(Ask("GET", path, "Bearer " + token.secret).status, 200);
  clock_.Advance(std::chrono::seconds(61));
  net::Response late = Ask("GET", path, "Bearer " + token.secret);
  EXPECT_EQ(late.status, 403);
  EXPECT_EQ(ReasonOf(BodyOf(late)), "TOKEN_EXPIRED");
  EXPECT_THAT(BodyOf(late).GetString("message"),
              AllOf(HasSubstr("Invalid access token"), HasSubstr("expired"),
                    HasSubstr("/api/2.0/token/create")));
}

TEST_F(EndpointTest, EveryAnswerHasTheIdsOfRequestAndWorkspace) {
  auto token = *identity_->CreateToken(*identity_->Administrator(), "", std::nullopt);
  std::set<std::string> ids;
  for (const net::Response& answer :
       {Ask("GET", "/healthz", ""), Ask("GET", "/api/2.0/token/list", ""),
        Ask("GET", "/api/2.0/token/list", "Bearer " + token.secret), Send(router_.not_found(), {}),
        router_.ErrorResponse(413, "too much")}) {
    EXPECT_EQ(answer.headers.Get("x-databricks-org-id"), kWorkspaceId) << answer.status;
    ids.insert(std::string(answer.headers.Get("x-request-id")));
  }
  EXPECT_EQ(ids.size(), 5u);
  EXPECT_FALSE(ids.contains(""));
}

TEST_F(EndpointTest, BodiesThatAreNoJsonObjectAreRefused) {
  auto token = *identity_->CreateToken(*identity_->Administrator(), "", std::nullopt);
  for (const char* body : {"{", "[]", "7", "\"x\"", "{\"a\": \"\xff\"}"}) {
    net::Response answer = Ask("POST", "/api/2.0/token/create", "Bearer " + token.secret, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(BodyOf(answer).GetString("error_code"), "MALFORMED_REQUEST") << body;
  }
  EXPECT_EQ(identity_->ListTokens(*identity_->Administrator()).size(), 1u);
}

TEST_F(EndpointTest, WhatTheServerTurnsDownHasTheShapeOfTheApi) {
  for (int status : {400, 404, 408, 413, 416, 417, 431, 500, 501, 505}) {
    net::Response answer = router_.ErrorResponse(status, "something is wrong");
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.headers.Get("Content-Type"), "application/json");
    json::Value body = BodyOf(answer);
    EXPECT_THAT(body.GetString("message"), HasSubstr("Something is wrong.")) << status;
    EXPECT_NE(body.GetString("error_code"), "") << status;
    const ReasonRow* row = FindReason(ReasonOf(body));
    ASSERT_NE(row, nullptr) << status;
    EXPECT_EQ(row->http_status, status);
  }
  EXPECT_THAT(BodyOf(router_.ErrorResponse(413, "larger than 16 bytes")).GetString("message"),
              HasSubstr("/api/2.0/fs/files"));
}

TEST(ErrorResponseTest, SaysWhenToComeBackWhereThatHelps) {
  EXPECT_EQ(ErrorResponse(Fail("RESOURCE_EXHAUSTED", "")).headers.Get("Retry-After"), "1");
  EXPECT_EQ(ErrorResponse(Fail("TEMPORARILY_UNAVAILABLE", "")).headers.Get("Retry-After"), "1");
  EXPECT_FALSE(ErrorResponse(Fail("BAD_REQUEST", "")).headers.Has("Retry-After"));
}

}  // namespace
}  // namespace tarn::api
