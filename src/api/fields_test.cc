#include "api/fields.h"

#include <gtest/gtest.h>

#include "base/testing.h"

namespace tarn::api {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOkAndHolds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

json::Value Parse(std::string_view text) { return std::move(*json::Parse(text)); }

TEST(FieldsTest, AbsentAndNullAreTheFallback) {
  json::Value body = Parse(R"({"nothing": null})");
  Fields fields(body);
  for (const char* key : {"nothing", "absent"}) {
    EXPECT_FALSE(fields.Has(key));
    EXPECT_THAT(fields.OptionalString(key, "x"), IsOkAndHolds("x"));
    EXPECT_THAT(fields.OptionalInt(key, 7), IsOkAndHolds(7));
    EXPECT_THAT(fields.OptionalBool(key, true), IsOkAndHolds(true));
    EXPECT_THAT(fields.OptionalList(key), IsOkAndHolds(nullptr));
    EXPECT_THAT(fields.OptionalStrings(key), IsOkAndHolds(IsEmpty()));
    EXPECT_THAT(fields.RequiredString(key), IsError("INVALID_PARAMETER_VALUE", HasSubstr(key)));
    EXPECT_THAT(fields.RequiredList(key), IsError("INVALID_PARAMETER_VALUE", HasSubstr(key)));
    TARN_ASSERT_OK_AND_ASSIGN(Fields none, fields.OptionalObject(key));
    EXPECT_FALSE(none.Has("anything"));
  }
}

TEST(FieldsTest, ValuesOfTheirTypeAreRead) {
  json::Value body = Parse(
      R"({"s": "text", "n": -9223372036854775808, "b": true, "l": ["a", "b"], "o": {"k": "v"}})");
  Fields fields(body);
  EXPECT_THAT(fields.RequiredString("s"), IsOkAndHolds("text"));
  EXPECT_THAT(fields.OptionalInt("n"), IsOkAndHolds(std::numeric_limits<int64_t>::min()));
  EXPECT_THAT(fields.OptionalBool("b"), IsOkAndHolds(true));
  EXPECT_THAT(fields.OptionalStrings("l"), IsOkAndHolds(ElementsAre("a", "b")));
  TARN_ASSERT_OK_AND_ASSIGN(Fields object, fields.OptionalObject("o"));
  EXPECT_THAT(object.RequiredString("k"), IsOkAndHolds("v"));
}

TEST(FieldsTest, AnotherTypeNamesTheFieldAndTheTypeItMustHave) {
  json::Value body = Parse(R"({"limit": "7", "name": 7, "on": "true", "list": {}, "mixed": ["a", 1],
                               "object": [], "half": 7.5, "huge": 9223372036854775808})");
  Fields fields(body, "outer");
  auto tells = [](const char* field, const char* type) {
    return IsError("INVALID_PARAMETER_VALUE", AllOf(HasSubstr(field), HasSubstr(type)));
  };
  EXPECT_THAT(fields.OptionalInt("limit"), tells("outer.limit", "whole number, not a string"));
  EXPECT_THAT(fields.OptionalInt("half"), tells("outer.half", "7.5"));
  EXPECT_THAT(fields.OptionalInt("huge"), tells("outer.huge", "64 bits"));
  EXPECT_THAT(fields.RequiredString("name"), tells("outer.name", "a string, not a number"));
  EXPECT_THAT(fields.OptionalBool("on"), tells("outer.on", "true or false, not a string"));
  EXPECT_THAT(fields.OptionalList("list"), tells("outer.list", "a list, not an object"));
  EXPECT_THAT(fields.OptionalStrings("mixed"), tells("outer.mixed[1]", "a string"));
  EXPECT_THAT(fields.OptionalObject("object"), tells("outer.object", "an object, not a list"));
}

TEST(FieldsTest, AKnownFieldThatIsNotHonouredIsRefusedByName) {
  json::Value body = Parse(R"({"session_id": "s", "other": null})");
  EXPECT_THAT(Fields(body).Refuse("session_id", "Leave it out."),
              IsError("UNSUPPORTED_FEATURE", "Field session_id is not supported. Leave it out."));
  TARN_EXPECT_OK(Fields(body).Refuse("other", ""));
  TARN_EXPECT_OK(Fields(body).Refuse("absent", ""));
}

TEST(QueryTest, NumbersAndFlagsAreReadWhole) {
  net::Request request;
  request.query = {{"n", "12"}, {"zero", "0"}, {"empty", ""}, {"yes", "true"}, {"no", "false"}};
  EXPECT_THAT(QueryInt(request, "n", 5), IsOkAndHolds(12));
  EXPECT_THAT(QueryInt(request, "zero", 5), IsOkAndHolds(0));
  EXPECT_THAT(QueryInt(request, "empty", 5), IsOkAndHolds(5));
  EXPECT_THAT(QueryInt(request, "absent", 5), IsOkAndHolds(5));
  EXPECT_THAT(QueryBool(request, "yes", false), IsOkAndHolds(true));
  EXPECT_THAT(QueryBool(request, "no", true), IsOkAndHolds(false));
  EXPECT_THAT(QueryBool(request, "absent", true), IsOkAndHolds(true));
}

TEST(QueryTest, AnythingElseIsRefused) {
  for (const char* text : {"abc", "1x", "1.5", " 1", "99999999999999999999", "-1"}) {
    net::Request request;
    request.query = {{"max_results", text}, {"page_token", text}};
    EXPECT_THAT(QueryInt(request, "max_results", 5),
                IsError("INVALID_PARAMETER_VALUE", HasSubstr(text)));
    EXPECT_THAT(QueryPageStart(request), IsError("INVALID_PARAMETER_VALUE", HasSubstr(text)));
    EXPECT_THAT(QueryBool(request, "max_results", true), IsError("INVALID_PARAMETER_VALUE"));
  }
}

TEST(QueryTest, APageTokenIsWhereThePageBegins) {
  net::Request request;
  EXPECT_THAT(QueryPageStart(request), IsOkAndHolds(0u));
  request.query = {{"page_token", "1000"}};
  EXPECT_THAT(QueryPageStart(request), IsOkAndHolds(1000u));
}

}  // namespace
}  // namespace tarn::api
