#include <map>

#include "base/testing.h"
#include "plan/fixture_resolver_for_test.h"
#include "plan/literal/datetime_literal.h"
#include "sql/parser.h"

namespace tarn::plan {
namespace {

// Name, type and value of the one column of SELECT …, or the error's class.
std::string Literal(const std::string& text) {
  FixtureResolver resolver;
  AnalyzerContext context;
  context.resolver = &resolver;
  std::string select = "SELECT " + text;
  Result<AnalyzedStatement> analyzed = [&]() -> Result<AnalyzedStatement> {
    TARN_TRY(sql::StatementPtr statement, sql::Parse(select));
    return Analyze(*statement, select, context);
  }();
  if (!analyzed.ok()) return std::string(analyzed.error().reason());
  const LogicalPlan& plan = *std::get<Query>(*analyzed).plan;
  return plan.output[0].name + " | " + plan.output[0].type.ToCatalogString() +
         (plan.output[0].nullable ? "" : " not null") + " | " + ExprToString(*plan.exprs[0]);
}

TEST(LiteralTest, Intervals) {
  EXPECT_EQ(Literal("INTERVAL 1 DAY 2 HOURS"),
            "INTERVAL '1 02' DAY TO HOUR | interval day to hour not null | 93600000000");
  EXPECT_EQ(Literal("INTERVAL '1-2' YEAR TO MONTH"),
            "INTERVAL '1-2' YEAR TO MONTH | interval year to month not null | 14");
  EXPECT_EQ(Literal("INTERVAL -'1-2' YEAR TO MONTH"),
            "INTERVAL '-1-2' YEAR TO MONTH | interval year to month not null | -14");
  EXPECT_EQ(Literal("INTERVAL '3 04:05:06.5' DAY TO SECOND"),
            "INTERVAL '3 04:05:06.5' DAY TO SECOND | interval day to second not null | "
            "273906500000");
  EXPECT_EQ(Literal("INTERVAL '5:06' MINUTE TO SECOND"),
            "INTERVAL '05:06' MINUTE TO SECOND | interval minute to second not null | 306000000");
  EXPECT_EQ(Literal("INTERVAL 1.5 SECONDS"),
            "INTERVAL '01.5' SECOND | interval second not null | 1500000");
  EXPECT_EQ(Literal("INTERVAL -1 WEEK"),
            "INTERVAL '-7' DAY | interval day not null | "
            "-604800000000");
  EXPECT_EQ(Literal("INTERVAL '2 weeks 1 second'"),
            "INTERVAL '14 00:00:01' DAY TO SECOND | interval day to second not null | "
            "1209601000000");
  EXPECT_EQ(Literal("INTERVAL 5 MILLISECONDS"),
            "INTERVAL '00.005' SECOND | interval second not null | 5000");
}

TEST(LiteralTest, IntervalsThatAreNone) {
  EXPECT_EQ(Literal("INTERVAL 1.5 DAYS"), "INVALID_INTERVAL_FORMAT.INVALID_FRACTION");
  EXPECT_EQ(Literal("INTERVAL 'x' DAY"), "INVALID_INTERVAL_FORMAT.INVALID_VALUE");
  EXPECT_EQ(Literal("INTERVAL '1-13' YEAR TO MONTH"), "INVALID_INTERVAL_FORMAT.INTERVAL_PARSING");
  EXPECT_EQ(Literal("INTERVAL '1' YEAR TO MONTH"),
            "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING");
  EXPECT_EQ(Literal("INTERVAL '3 day hour'"), "INVALID_TYPED_LITERAL");
  EXPECT_EQ(Literal("INTERVAL '9223372036854775807' DAY"),
            "INVALID_INTERVAL_FORMAT.ARITHMETIC_EXCEPTION");
  EXPECT_EQ(Literal("INTERVAL 1 MONTH 1 DAY"), "UNSUPPORTED_FEATURE");
}

TEST(LiteralTest, DecimalsWithExponent) {
  EXPECT_EQ(Literal("1.0e-2BD"), "0.010 | decimal(3,3) not null | 0.010");
  EXPECT_EQ(Literal("1e2BD"), "100 | decimal(3,0) not null | 100");
  EXPECT_EQ(Literal("12.5e1BD"), "125 | decimal(3,0) not null | 125");
  EXPECT_EQ(Literal("1e400BD"), "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION");
  EXPECT_EQ(Literal("1e-400BD"), "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION");
}

TEST(LiteralTest, DatesAndTimestamps) {
  EXPECT_EQ(Literal("DATE '2024-1-2'"),
            "DATE '2024-01-02' | date not null | cast('2024-1-2' as date)");
  EXPECT_EQ(Literal("DATE '2024-13-01'"), "INVALID_TYPED_LITERAL");
  EXPECT_EQ(Literal("DATE '2023-02-29'"), "INVALID_TYPED_LITERAL");
  EXPECT_EQ(Literal("DATE ''"), "INVALID_TYPED_LITERAL");
  EXPECT_EQ(Literal("TIMESTAMP '2024-01-02T03:04:05.600'"),
            "TIMESTAMP '2024-01-02 03:04:05.6' | timestamp not null | "
            "cast('2024-01-02T03:04:05.600' as timestamp)");
  EXPECT_EQ(Literal("TIMESTAMP '2024-01-02 25:00:00'"), "INVALID_TYPED_LITERAL");
  EXPECT_EQ(Literal("TIMESTAMP_NTZ '2024-01-02'"),
            "TIMESTAMP_NTZ '2024-01-02 00:00:00' | timestamp_ntz not null | "
            "cast('2024-01-02' as timestamp_ntz)");
}

TEST(LiteralTest, TextsOfDates) {
  EXPECT_EQ(DateLiteralText("2024"), "2024-01-01");
  EXPECT_EQ(DateLiteralText(" 2024-05 "), "2024-05-01");
  EXPECT_EQ(DateLiteralText("2024-05-06 what follows"), "2024-05-06");
  EXPECT_EQ(DateLiteralText("2024-05x"), std::nullopt);
  EXPECT_EQ(DateLiteralText("99-05-06"), std::nullopt);
  EXPECT_EQ(DateLiteralText("2000-02-29"), "2000-02-29");
  EXPECT_EQ(DateLiteralText("1900-02-29"), std::nullopt);
  EXPECT_EQ(TimestampLiteralText("2024-05-06 7:8")->local, "2024-05-06 07:08:00");
  EXPECT_TRUE(TimestampLiteralText("2024-05-06 07:08:09 Europe/Berlin")->has_zone);
  EXPECT_TRUE(TimestampLiteralText("2024-05-06 07:08:09Z")->has_zone);
  EXPECT_FALSE(TimestampLiteralText("2024-05-06 07:08:61").has_value());
}

TEST(LiteralTest, QuotesInStrings) {
  EXPECT_EQ(Literal("'it''s'"), "it's | string not null | 'it's'");
  EXPECT_EQ(Literal(R"("say ""hi""")"), "say \"hi\" | string not null | 'say \"hi\"'");
  EXPECT_EQ(Literal("'a' 'b'"), "ab | string not null | 'ab'");
  EXPECT_EQ(Literal(R"(r'a\n')"), "a\\n | string not null | 'a\\n'");
}

}  // namespace
}  // namespace tarn::plan
