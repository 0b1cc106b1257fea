#include "api/statements/external_link.h"

#include <gtest/gtest.h>

#include "base/testing.h"

namespace tarn::api {
namespace {

using ::tarn::testing::IsError;
using ::testing::HasSubstr;

constexpr const char* kSecret = "0123456789abcdef";

/// The request that a client makes with the path of a link.
net::Request RequestFor(const std::string& path) {
  net::Request request;
  size_t begin = std::string("/external-links/").size();
  for (const char* name : {"id", "index", "expires", "signature"}) {
    size_t slash = std::min(path.find('/', begin), path.size());
    request.params.emplace_back(name, path.substr(begin, slash - begin));
    begin = slash + 1;
  }
  return request;
}

class ExternalLinkTest : public ::testing::Test {
 protected:
  int64_t ExpiryFromNow() {
    return clock_.NowMillis() +
           std::chrono::duration_cast<std::chrono::milliseconds>(ExternalLink::kLifetime).count();
  }
  VirtualClock clock_;
};

TEST_F(ExternalLinkTest, OpensItsChunkUntilItExpires) {
  net::Request request = RequestFor(LinkPath({"statement", 3, ExpiryFromNow()}, kSecret));
  TARN_ASSERT_OK_AND_ASSIGN(ExternalLink link, VerifyLink(request, kSecret, clock_.NowMillis()));
  EXPECT_EQ(link.statement_id, "statement");
  EXPECT_EQ(link.chunk_index, 3);
  clock_.Advance(ExternalLink::kLifetime);
  TARN_EXPECT_OK(VerifyLink(request, kSecret, clock_.NowMillis()));
  clock_.Advance(std::chrono::milliseconds(1));
  EXPECT_THAT(VerifyLink(request, kSecret, clock_.NowMillis()),
              IsError("PERMISSION_DENIED", HasSubstr("expired")));
}

TEST_F(ExternalLinkTest, NothingOfItCanBeAltered) {
  const net::Request whole = RequestFor(LinkPath({"statement", 3, ExpiryFromNow()}, kSecret));
  for (size_t i = 0; i < whole.params.size(); ++i) {
    for (const char* other : {"", "4", "statement2", "99999999999999", "x"}) {
      net::Request altered = whole;
      altered.params[i].second = other;
      EXPECT_THAT(VerifyLink(altered, kSecret, clock_.NowMillis()),
                  IsError("PERMISSION_DENIED", HasSubstr("not valid")))
          << whole.params[i].first << "=" << other;
    }
  }
  EXPECT_THAT(VerifyLink(whole, "another secret", clock_.NowMillis()),
              IsError("PERMISSION_DENIED"));
}

TEST_F(ExternalLinkTest, ALifetimeIsWhatTheApiPromises) {
  EXPECT_EQ(ExternalLink::kLifetime, std::chrono::minutes(15));
}

}  // namespace
}  // namespace tarn::api
