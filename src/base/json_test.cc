#include "base/json.h"

#include "base/testing.h"

namespace tarn::json {
namespace {

TEST(JsonTest, ReadsBackWhatItWrote) {
  const char* text =
      R"({"a":1,"b":[true,false,null,-2.5],"c":{"d":"line\nquote\" \\ é"},"big":9223372036854775807})";
  TARN_ASSERT_OK_AND_ASSIGN(Value value, Parse(text));
  EXPECT_EQ(value.ToString(), text);
  EXPECT_EQ(value.GetInt("big"), INT64_MAX);
}

TEST(JsonTest, LastOfARepeatedKeyWins) {
  TARN_ASSERT_OK_AND_ASSIGN(Value value, Parse(R"({"a":1,"a":2})"));
  EXPECT_EQ(value.GetInt("a"), 2);
  EXPECT_EQ(value.as_object().size(), 1u);
}

TEST(JsonTest, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "{\"a\":}", "[1,]", "nul", "{\"a\":1}x", "\"\xff\""}) {
    EXPECT_THAT(Parse(text), tarn::testing::IsError("JSON_PARSE_ERROR")) << text;
  }
  EXPECT_THAT(Parse(std::string(600, '[') + std::string(600, ']')),
              tarn::testing::IsError("JSON_PARSE_ERROR"));
}

TEST(JsonTest, EscapesControlCharacters) {
  EXPECT_EQ(Quote(std::string("\x01\x1f\t", 3)), "\"\\u0001\\u001f\\t\"");
}

TEST(JsonTest, DoublesKeepTheirKind) {
  Writer writer;
  writer.BeginArray().Double(1.0).Double(0.1).Double(1e300).Double(0.0 / 0.0).EndArray();
  EXPECT_EQ(writer.text(), "[1.0,0.1,1e+300,null]");
}

}  // namespace
}  // namespace tarn::json
