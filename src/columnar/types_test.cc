#include "columnar/types.h"

#include "base/testing.h"

namespace tarn::columnar {
namespace {

using ::tarn::testing::IsError;

DataType Sample() {
  Field inner{"x y", TypeKind::kInteger, false, {}};
  inner.metadata.Set("comment", "inner");
  return DataType::Struct({inner,
                           {"m", DataType::Map(TypeKind::kString, DataType::Decimal(10, 2), false)},
                           {"a", DataType::Array(TypeKind::kTimestampNtz, true)}});
}

TEST(TypesTest, NamesAreSparks) {
  EXPECT_EQ(Sample().ToCatalogString(),
            "struct<x y:int,m:map<string,decimal(10,2)>,a:array<timestamp_ntz>>");
  EXPECT_EQ(Sample().ToSqlString(),
            "STRUCT<`x y`: INT NOT NULL COMMENT "
            "'inner', m: MAP<STRING, DECIMAL(10,2)>, "
            "a: ARRAY<TIMESTAMP_NTZ>>");
  EXPECT_EQ(DataType::DayTimeInterval(IntervalField::kDay, IntervalField::kSecond).ToSqlString(),
            "INTERVAL DAY TO SECOND");
  EXPECT_EQ(DataType(TypeKind::kByte).ToSqlString(), "TINYINT");
  EXPECT_EQ(DataType(TypeKind::kByte).TypeName(), "byte");
}

TEST(TypesTest, SchemaJsonRoundTrips) {
  Schema schema{Sample().fields()};
  schema.fields.push_back({"v", DataType::Varchar(7), true, {}});
  schema.fields.push_back(
      {"i", DataType::YearMonthInterval(IntervalField::kYear, IntervalField::kMonth), true, {}});
  TARN_ASSERT_OK_AND_ASSIGN(Schema back, Schema::FromJson(schema.ToJson()));
  EXPECT_EQ(back, schema);
}

TEST(TypesTest, ReadsWhatSparkWrites) {
  TARN_ASSERT_OK_AND_ASSIGN(
      Schema schema,
      Schema::FromJson(R"json({"type":"struct","fields":[{"name":"d","type":"decimal(38,18)",)json"
                       R"json("nullable":false,"metadata":{"comment":"c"}}]})json"));
  EXPECT_EQ(schema.fields[0].type, DataType::Decimal(38, 18));
  EXPECT_FALSE(schema.fields[0].nullable);
  EXPECT_EQ(schema.fields[0].comment(), "c");
}

TEST(TypesTest, RefusesUnknownTypes) {
  for (const char* type : {"\"decimal(39,0)\"", "\"decimal(3,4)\"", "\"geometry\"", "{}", "3",
                           "\"interval second to day\"", "\"varchar(0)\""}) {
    std::string text =
        std::string(R"({"type":"struct","fields":[{"name":"d","type":)") + type + "}]}";
    EXPECT_THAT(Schema::FromJson(text), IsError("INVALID_JSON_DATA_TYPE")) << type;
  }
}

TEST(TypesTest, NullabilityCountsOnlyWhereAsked) {
  DataType a = DataType::Array(TypeKind::kLong, true);
  DataType b = DataType::Array(TypeKind::kLong, false);
  EXPECT_FALSE(a == b);
  EXPECT_TRUE(a.SameTypeIgnoringNullability(b));
  EXPECT_FALSE(a.SameTypeIgnoringNullability(DataType::Array(TypeKind::kInteger, true)));
}

TEST(TypesTest, IdentifiersAreQuotedWhereNeeded) {
  EXPECT_EQ(QuoteIfNeeded("a_1"), "a_1");
  EXPECT_EQ(QuoteIfNeeded("1"), "`1`");
  EXPECT_EQ(QuoteIfNeeded("a`b"), "`a``b`");
  EXPECT_EQ(QuoteIfNeeded(""), "``");
}

TEST(SchemaTest, FindsColumnsWithoutCase) {
  Schema schema{{{"Abc", TypeKind::kLong, true, {}}}};
  EXPECT_EQ(schema.FindField("aBC"), 0);
  EXPECT_EQ(schema.FindField("aBC", true), -1);
  EXPECT_EQ(schema.FindField("ab"), -1);
}

}  // namespace
}  // namespace tarn::columnar
