#include "api/statements/submission.h"

#include <gtest/gtest.h>

#include "api/statements/response.h"
#include "base/testing.h"

namespace tarn::api {
namespace {

using ::tarn::testing::IsError;
using ::testing::HasSubstr;

/// A whole request with `more` members.
Result<Submission> Submit(const std::string& more) {
  std::string text = R"({"statement": "SELECT 1", "warehouse_id": "w")";
  json::Value body = *json::Parse(text + (more.empty() ? "" : ", " + more) + "}");
  return ParseSubmission(Fields(body));
}

TEST(SubmissionTest, DefaultsAreThoseOfTheApi) {
  TARN_ASSERT_OK_AND_ASSIGN(Submission s, Submit(""));
  EXPECT_EQ(s.wait, std::chrono::seconds(10));
  EXPECT_FALSE(s.cancel_on_timeout);
  EXPECT_FALSE(s.spec.external_links);
  EXPECT_EQ(s.spec.result.format, columnar::ResultFormat::kJsonArray);
  EXPECT_EQ(s.spec.result.row_limit, 0);
  EXPECT_EQ(s.session_id, "");
}

TEST(SubmissionTest, AFieldOfTheWrongTypeIsNamed) {
  struct Case {
    const char* member;
    const char* told;
  };
  for (Case c :
       {Case{R"("row_limit": "7")", "row_limit must be a whole number"},
        Case{R"("byte_limit": 1.5)", "byte_limit must be a whole number"},
        Case{R"("row_limit": -1)", "row_limit must not be negative"},
        Case{R"("wait_timeout": 10)", "wait_timeout must be a string"},
        Case{R"("on_wait_timeout": true)", "on_wait_timeout must be a string"},
        Case{R"("disposition": 7)", "disposition must be a string"},
        Case{R"("format": [])", "format must be a string"},
        Case{R"("catalog": {})", "catalog must be a string"},
        Case{R"("session_id": 7)", "session_id must be a string"},
        Case{R"("result_compression": 1)", "result_compression must be a string"},
        Case{R"("parameters": {})", "parameters must be a list"},
        Case{R"("parameters": [7])", "parameters[0] must be an object"},
        Case{R"("parameters": [{"name": 1}])", "parameters[0].name must be a string"},
        Case{R"("parameters": [{}])", "parameters[0].name"},
        Case{R"("parameters": [{"name": "n", "type": 7}])", "parameters[0].type must be a string"},
        Case{R"("parameters": [{"name": "n", "type": "INT", "value": 41}])",
             "parameters[0].value must be a string, not a number"},
        Case{R"("parameters": [{"ordinal": 2, "value": "x"}])", "count from 1"},
        Case{R"("query_tags": "x")", "query_tags must be a list"},
        Case{R"("query_tags": [{"value": "x"}])", "query_tags[0].key"}}) {
    EXPECT_THAT(Submit(c.member), IsError("INVALID_PARAMETER_VALUE", HasSubstr(c.told)))
        << c.member;
  }
}

TEST(SubmissionTest, ANameThatThereIsNotComesWithThoseThereAre) {
  EXPECT_THAT(Submit(R"("disposition": "OUTLINE")"),
              IsError("INVALID_PARAMETER_VALUE", HasSubstr("EXTERNAL_LINKS")));
  EXPECT_THAT(Submit(R"("format": "XML")"),
              IsError("INVALID_PARAMETER_VALUE", HasSubstr("ARROW_STREAM")));
  EXPECT_THAT(Submit(R"("on_wait_timeout": "STOP")"),
              IsError("INVALID_PARAMETER_VALUE", HasSubstr("CONTINUE")));
  EXPECT_THAT(Submit(R"("result_compression": "GZIP")"),
              IsError("INVALID_PARAMETER_VALUE", HasSubstr("LZ4_FRAME")));
  EXPECT_THAT(Submit(R"("disposition": "INLINE_OR_EXTERNAL_LINKS")"),
              IsError("UNSUPPORTED_FEATURE", HasSubstr("INLINE")));
  EXPECT_THAT(Submit(R"("format": "CSV")"),
              IsError("INVALID_PARAMETER_VALUE", HasSubstr("INLINE")));
}

TEST(SubmissionTest, WaitsAreZeroOrFromFiveToFiftySeconds) {
  for (const char* wait : {"5s", "50s", "0s"})
    TARN_EXPECT_OK(Submit(R"("wait_timeout": ")" + std::string(wait) + "\""));
  for (const char* wait : {"4s", "51s", "10", "s", "", "-5s", "5.0s", "10s ", "99999999999s"}) {
    EXPECT_THAT(Submit(R"("wait_timeout": ")" + std::string(wait) + "\""),
                IsError("INVALID_PARAMETER_VALUE", HasSubstr("wait_timeout")))
        << wait;
  }
  EXPECT_THAT(Submit(R"("wait_timeout": "0s", "on_wait_timeout": "CANCEL")"),
              IsError("INVALID_PARAMETER_VALUE", HasSubstr("CANCEL")));
  TARN_EXPECT_OK(Submit(R"("wait_timeout": "0s", "on_wait_timeout": "CONTINUE")"));
}

TEST(SubmissionTest, UnknownFieldsAreLetThrough) {
  TARN_ASSERT_OK_AND_ASSIGN(
      Submission s, Submit(R"("invented_tomorrow": {"x": 1}, "result_compression": "LZ4_FRAME",
                              "disposition": "EXTERNAL_LINKS", "session_id": "s",
                              "query_tags": [{"key": "team"}], "catalog": null)"));
  EXPECT_TRUE(s.spec.external_links);
  EXPECT_EQ(s.session_id, "s");
}

TEST(SubmissionTest, ParametersHaveANameOrAPlace) {
  TARN_ASSERT_OK_AND_ASSIGN(Submission s, Submit(R"("parameters": [
      {"ordinal": 2, "type": "INT", "value": "2"}, {"ordinal": 1, "value": "one"},
      {"name": "n", "type": "DATE"}])"));
  ASSERT_EQ(s.spec.parameters.size(), 3u);
  EXPECT_EQ(s.spec.parameters[0].name, "n");
  EXPECT_FALSE(s.spec.parameters[0].value.has_value());
  EXPECT_EQ(s.spec.parameters[1].value, "one");
  EXPECT_EQ(s.spec.parameters[2].value, "2");
}

TEST(StatementErrorCodeTest, IsTheReasonsOwnWhereTheApiHasIt) {
  EXPECT_EQ(StatementErrorCode(Fail("TABLE_OR_VIEW_NOT_FOUND", "")), "BAD_REQUEST");
  EXPECT_EQ(StatementErrorCode(Fail("DELTA_CONCURRENT_APPEND", "")), "ABORTED");
  EXPECT_EQ(StatementErrorCode(Fail("RESOURCE_EXHAUSTED", "")), "RESOURCE_EXHAUSTED");
  EXPECT_EQ(StatementErrorCode(Fail("NODE_LOST", "")), "TEMPORARILY_UNAVAILABLE");
  EXPECT_EQ(StatementErrorCode(Fail("INTERNAL_ERROR", "")), "INTERNAL_ERROR");
  EXPECT_EQ(StatementErrorCode(Fail("DEADLINE_EXCEEDED", "")), "DEADLINE_EXCEEDED");
  // The list of a failed statement's codes is shorter than that of the API's errors.
  EXPECT_EQ(StatementErrorCode(Fail("PERMISSION_DENIED", "")), "BAD_REQUEST");
  EXPECT_EQ(StatementErrorCode(Fail("CATALOG_NOT_FOUND", "")), "BAD_REQUEST");
}

}  // namespace
}  // namespace tarn::api
