#include "net/router.h"

#include <gtest/gtest.h>

#include "net/client_hello.h"

namespace tarn::net {
namespace {

Handler Nothing() {
  return [](Request&&, Responder) {};
}

std::string Found(const Router& router, std::string_view method, std::string_view path) {
  Router::Matched matched = router.Match(method, path);
  if (matched.route == nullptr) return "none allow=" + matched.allow;
  std::string text = matched.route->method + " " + matched.route->path;
  for (std::string_view capture : matched.captures) text += " [" + std::string(capture) + "]";
  return text;
}

TEST(RouterTest, PrefersLiteralsThenCapturesThenTails) {
  Router router;
  router.Add("GET", "/a/{id}", Nothing());
  router.Add("GET", "/a/list", Nothing());
  router.Add("POST", "/a/{id}", Nothing());
  router.Add("GET", "/a/{id}/b/{n}", Nothing());
  router.Add("GET", "/a/{rest...}", Nothing());
  router.Add("GET", "/", Nothing());
  EXPECT_EQ(Found(router, "GET", "/"), "GET /");
  EXPECT_EQ(Found(router, "GET", "/a/list"), "GET /a/list");
  EXPECT_EQ(Found(router, "GET", "/a/7"), "GET /a/{id} [7]");
  EXPECT_EQ(Found(router, "POST", "/a/list"), "POST /a/{id} [list]");
  EXPECT_EQ(Found(router, "GET", "/a/list/b/2"), "GET /a/{id}/b/{n} [list] [2]");
  EXPECT_EQ(Found(router, "GET", "/a/7/c"), "GET /a/{rest...} [7/c]");
  EXPECT_EQ(Found(router, "GET", "/a/"), "GET /a/{rest...} []");
  EXPECT_EQ(Found(router, "GET", "/a"), "GET /a/{rest...} []");
  EXPECT_EQ(Found(router, "GET", "/b"), "none allow=");
  EXPECT_EQ(router.routes().size(), 6u);
}

TEST(RouterTest, KnowsTheMethodsOfAPath) {
  Router router;
  router.Add("GET", "/x", Nothing());
  router.Add("PUT", "/x", Nothing());
  router.Add("*", "/any", Nothing());
  EXPECT_EQ(Found(router, "HEAD", "/x"), "GET /x");
  EXPECT_EQ(Found(router, "DELETE", "/x"), "none allow=GET, PUT");
  EXPECT_EQ(Found(router, "PATCH", "/any"), "* /any");
}

TEST(RouterDeathTest, RefusesMistakes) {
  Router router;
  router.Add("GET", "/x/{a}", Nothing());
  EXPECT_DEATH(router.Add("GET", "/x/{b}", Nothing()), "second route");
  EXPECT_DEATH(router.Add("GET", "/{t...}/y", Nothing()), "last segment");
  EXPECT_DEATH(router.Add("GET", "y", Nothing()), "leading slash");
}

TEST(ClientHelloTest, ReadsOffersAndSurvivesAnyCut) {
  std::string hello(5 + 4 + 2 + 32, '\0');
  hello[5] = 1;
  hello += std::string("\0", 1) + std::string("\0\2\x13\x01", 4) + std::string("\1\0", 2);
  std::string alpn = std::string("\0\x0c\2h2\x08http/1.1", 14);
  std::string extension = std::string("\0\x10\0\x0e", 4) + alpn;
  hello += std::string("\0", 1) + static_cast<char>(extension.size()) + extension;
  auto read = [](const std::string& bytes) {
    return ReadAlpnOffer(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  };
  EXPECT_TRUE(read(hello).h2);
  EXPECT_TRUE(read(hello).http1);
  for (size_t size = 0; size < hello.size() - alpn.size(); ++size) {
    std::string cut(hello, 0, size);
    EXPECT_FALSE(read(cut).h2) << size;
  }
}

}  // namespace
}  // namespace tarn::net
