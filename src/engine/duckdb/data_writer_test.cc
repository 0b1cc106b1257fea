#include "engine/duckdb/data_writer.h"

#include <gmock/gmock.h>

#include "delta/file_stats.h"
#include "engine/engine_fixture_for_test.h"

namespace tarn::engine {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOkAndHolds;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class DataWriterTest : public EngineTest {
 protected:
  std::string StatsText(const std::string& query,
                        const std::map<std::string, std::string>& properties = {}) {
    std::string name = "t" + std::to_string(next_++);
    auto made = CreateTable(name, query, {}, properties);
    if (!made.ok()) return made.error().ToString();
    auto stats = Statistics(name);
    return stats.ok() ? stats->ToString() : stats.error().ToString();
  }
  int next_ = 0;
};

TEST_F(DataWriterTest, BoundsOfEveryType) {
  EXPECT_EQ(StatsText("SELECT CAST('4.9E-324' AS DOUBLE) AS d, CAST(1.5 AS FLOAT) AS f"),
            R"({"numRecords":1,"minValues":{"d":5e-324,"f":1.5},"maxValues":{"d":5e-324,"f":1.5},)"
            R"("nullCount":{"d":0,"f":0}})");
  EXPECT_EQ(StatsText("SELECT CAST('12345678901234567890.12' AS DECIMAL(22,2)) AS d, "
                      "CAST(-1 AS TINYINT) AS b"),
            R"({"numRecords":1,"minValues":{"d":12345678901234567168.0,"b":-1},)"
            R"("maxValues":{"d":12345678901234567168.0,"b":-1},"nullCount":{"d":0,"b":0}})");
  EXPECT_EQ(StatsText("SELECT TIMESTAMP'2024-05-01 10:00:00.123456' AS t, "
                      "TIMESTAMP_NTZ'1969-12-31 23:59:59.999999' AS n, DATE'2024-02-29' AS d"),
            R"({"numRecords":1,"minValues":{"t":"2024-05-01T10:00:00.123Z",)"
            R"("n":"1969-12-31T23:59:59.999","d":"2024-02-29"},)"
            R"("maxValues":{"t":"2024-05-01T10:00:00.123Z","n":"1969-12-31T23:59:59.999",)"
            R"("d":"2024-02-29"},"nullCount":{"t":0,"n":0,"d":0}})");
  EXPECT_EQ(StatsText("SELECT true AS b, CAST('x' AS BINARY) AS x, CAST(NULL AS INT) AS n"),
            R"({"numRecords":1,"minValues":{},"maxValues":{},"nullCount":{"b":0,"x":0,"n":1}})");
}

TEST_F(DataWriterTest, DecimalBoundsAreWrittenDigitForDigit) {
  TARN_ASSERT_OK(CreateTable("t", "SELECT CAST('12345678901234567890.12' AS DECIMAL(22,2)) AS d"));
  TARN_ASSERT_OK_AND_ASSIGN(auto snapshot, Latest("t"));
  EXPECT_THAT(snapshot->files()[0]->stats,
              HasSubstr(R"("minValues":{"d":12345678901234567890.12})"));
  EXPECT_THAT(Query("SELECT d FROM t WHERE d = 12345678901234567890.12BD"),
              IsOkAndHolds(R"(["12345678901234567890.12"])"));
}

TEST_F(DataWriterTest, YearsOutsideFourDigits) {
  TARN_ASSERT_OK(CreateTable("t",
                             "SELECT date_add(DATE'9999-12-31', 1) AS d, "
                             "TIMESTAMP_NTZ'0001-01-01 00:00:00' - INTERVAL '1' DAY AS n"));
  TARN_ASSERT_OK_AND_ASSIGN(json::Value stats, Statistics("t"));
  EXPECT_EQ(stats.Find("minValues")->ToString(),
            R"({"d":"+10000-01-01","n":"0000-12-31T00:00:00.000"})");
  EXPECT_THAT(Query("SELECT count(*) FROM t WHERE d > DATE'9999-12-31' AND year(n) = 0"),
              IsOkAndHolds(R"(["1"])"));
}

TEST_F(DataWriterTest, NanTakesTheBoundsAway) {
  EXPECT_EQ(StatsText("SELECT CAST(x AS DOUBLE) AS d FROM VALUES ('1'), ('NaN') AS t(x)"),
            R"({"numRecords":2,"minValues":{},"maxValues":{},"nullCount":{"d":0}})");
  EXPECT_EQ(StatsText("SELECT CAST(x AS DOUBLE) AS d FROM VALUES ('1'), ('Infinity') AS t(x)"),
            R"({"numRecords":2,"minValues":{"d":1.0},"maxValues":{},"nullCount":{"d":0}})");
}

TEST_F(DataWriterTest, StructsNestInStatistics) {
  EXPECT_EQ(
      StatsText("SELECT named_struct('a', id, 'b', named_struct('c', CAST(id AS STRING))) AS s,"
                " array(1) AS l FROM range(3)"),
      R"({"numRecords":3,"minValues":{"s":{"a":0,"b":{"c":"0"}}},)"
      R"("maxValues":{"s":{"a":2,"b":{"c":"2"}}},"nullCount":{"s":{"a":0,"b":{"c":0}}}})");
}

TEST_F(DataWriterTest, LongTextIsCut) {
  EXPECT_EQ(
      StatsText("SELECT concat(repeat('ü', 32), 'abc') AS s"),
      std::string(R"({"numRecords":1,"minValues":{"s":")") +
          [] {
            std::string t;
            for (int i = 0; i < 32; ++i) t += "ü";
            return t;
          }() +
          R"("},"maxValues":{"s":")" +
          [] {
            std::string t;
            for (int i = 0; i < 32; ++i) t += "ü";
            return t;
          }() +
          "\x7f" + R"("},"nullCount":{"s":0}})");
}

TEST_F(DataWriterTest, IndexedColumnsFollowTheProperties) {
  std::string columns;
  for (int i = 0; i < 40; ++i)
    columns += (i ? ", " : "") + std::to_string(i) + " AS c" + std::to_string(i);
  std::string text = StatsText("SELECT " + columns);
  EXPECT_THAT(text, HasSubstr("\"c31\":31"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("\"c32\"")));
  EXPECT_THAT(StatsText("SELECT " + columns, {{"delta.dataSkippingNumIndexedCols", "-1"}}),
              HasSubstr("\"c39\":39"));
  EXPECT_EQ(StatsText("SELECT 1 AS a, 2 AS b", {{"delta.dataSkippingNumIndexedCols", "1"}}),
            R"({"numRecords":1,"minValues":{"a":1},"maxValues":{"a":1},"nullCount":{"a":0}})");
  EXPECT_EQ(
      StatsText("SELECT 1 AS a, named_struct('x', 2, 'y', 3) AS b, 4 AS `c,d`",
                {{"delta.dataSkippingStatsColumns", "b.Y, `c,d`"}}),
      R"({"numRecords":1,"minValues":{"b":{"y":3},"c,d":4},"maxValues":{"b":{"y":3},"c,d":4},)"
      R"("nullCount":{"b":{"y":0},"c,d":0}})");
}

TEST_F(DataWriterTest, NotNullHoldsForEveryColumn) {
  using columnar::DataType;
  using columnar::TypeKind;
  columnar::Schema schema;
  for (int i = 0; i < 35; ++i)
    schema.fields.push_back({"c" + std::to_string(i), TypeKind::kInteger});
  schema.fields.push_back({"late", TypeKind::kInteger, false});
  schema.fields.push_back({"part", TypeKind::kString, false});
  schema.fields.push_back(
      {"s", DataType::Struct({{"a", TypeKind::kInteger, false}, {"b", TypeKind::kInteger}})});
  schema.fields.push_back({"l", DataType::Array(TypeKind::kInteger, true), false});
  TARN_ASSERT_OK(CreateEmptyTable("t", schema, {"part"}));
  std::string nulls;
  for (int i = 0; i < 35; ++i) nulls += "CAST(NULL AS INT), ";
  auto append = [&](const std::string& rest) { return Append("t", "SELECT " + nulls + rest); };
  TARN_EXPECT_OK(
      append("1, 'p', named_struct('a', 1, 'b', CAST(NULL AS INT)), array(CAST(NULL AS INT))"));
  TARN_EXPECT_OK(append("1, 'p', CAST(NULL AS STRUCT<a: INT, b: INT>), array(1)"));
  const char* broken[] = {"CAST(NULL AS INT), 'p', named_struct('a', 1, 'b', 1), array(1)",
                          "1, CAST(NULL AS STRING), named_struct('a', 1, 'b', 1), array(1)",
                          "1, 'p', named_struct('a', CAST(NULL AS INT), 'b', 1), array(1)",
                          "1, 'p', named_struct('a', 1, 'b', 1), CAST(NULL AS ARRAY<INT>)"};
  for (const char* values : broken) {
    EXPECT_THAT(append(values), IsError("DELTA_NOT_NULL_CONSTRAINT_VIOLATED")) << values;
  }
  EXPECT_THAT(Query("SELECT count(*) FROM t"), IsOkAndHolds(R"(["2"])"));
}

TEST_F(DataWriterTest, PartitionValuesAreTheProtocols) {
  TARN_ASSERT_OK(CreateTable(
      "t",
      "SELECT id, p FROM VALUES (1, 'NULL'), (2, '__HIVE_DEFAULT_PARTITION__'), (3, ''), "
      "(4, CAST(NULL AS STRING)), (5, 'a/b%=ü x'), (6, 'n'), (7, 'v') AS t(id, p)",
      {"p"}));
  EXPECT_THAT(Query("SELECT id, p FROM t ORDER BY id"),
              IsOkAndHolds(R"(["1","NULL"],["2","__HIVE_DEFAULT_PARTITION__"],["3",null],)"
                           R"(["4",null],["5","a/b%=ü x"],["6","n"],["7","v"])"));
  TARN_ASSERT_OK_AND_ASSIGN(auto snapshot, Latest("t"));
  std::set<std::string> folders;
  for (const auto& file : snapshot->files()) {
    folders.insert(file->path.substr(0, file->path.find('/')));
    EXPECT_THAT(file->path, MatchesRegex(".*/part-00000-[0-9a-f-]{36}-c000.zstd.parquet"));
  }
  EXPECT_THAT(folders, ::testing::ElementsAre("p=NULL", "p=__HIVE_DEFAULT_PARTITION__",
                                              "p=a%2Fb%25%3Dü x", "p=n", "p=v"));
}

TEST_F(DataWriterTest, TypedPartitionValues) {
  TARN_ASSERT_OK(
      CreateTable("t",
                  "SELECT 1 AS id, TIMESTAMP'2024-05-01 10:00:00.5' AS ts, "
                  "TIMESTAMP_NTZ'1969-12-31 23:59:59.000001' AS n, DATE'2024-05-01' AS d, "
                  "CAST(1.5 AS DECIMAL(10,2)) AS m, true AS b, CAST('NaN' AS DOUBLE) AS f, "
                  "CAST('ab' AS BINARY) AS x",
                  {"ts", "n", "d", "m", "b", "f", "x"}));
  TARN_ASSERT_OK_AND_ASSIGN(auto snapshot, Latest("t"));
  const auto& values = snapshot->files()[0].partition_values();
  EXPECT_EQ(*values.at("ts"), "2024-05-01T10:00:00.500000Z");
  EXPECT_EQ(*values.at("n"), "1969-12-31 23:59:59.000001");
  EXPECT_EQ(*values.at("d"), "2024-05-01");
  EXPECT_EQ(*values.at("m"), "1.50");
  EXPECT_EQ(*values.at("b"), "true");
  EXPECT_EQ(*values.at("f"), "NaN");
  EXPECT_EQ(*values.at("x"), "ab");
  EXPECT_THAT(Query("SELECT CAST(ts AS STRING), CAST(n AS STRING), d, m, b, f, CAST(x AS STRING) "
                    "FROM t WHERE ts = TIMESTAMP'2024-05-01 10:00:00.5'"),
              IsOkAndHolds(R"(["2024-05-01 10:00:00.5","1969-12-31 23:59:59.000001","2024-05-01",)"
                           R"("1.50","true","NaN","ab"])"));
}

TEST_F(DataWriterTest, FilesFollowSizeAndCodec) {
  TARN_ASSERT_OK(CreateTable(
      "t", "SELECT id, uuid() AS u FROM range(600000)", {},
      {{"delta.targetFileSize", "5mb"}, {"delta.parquet.compression.codec", "snappy"}}));
  TARN_ASSERT_OK_AND_ASSIGN(auto snapshot, Latest("t"));
  EXPECT_GT(snapshot->files().size(), 2U);
  int64_t last = -1;
  for (const auto& file : snapshot->files()) {
    EXPECT_THAT(file->path, MatchesRegex("part-00000-[0-9a-f-]{36}-c000.snappy.parquet"));
    delta::FileStats stats = delta::FileStats::Parse(file->stats);
    // The rows are divided in the order they came in.
    EXPECT_EQ(stats.min_values.Find("id")->as_int(), last + 1);
    last = stats.max_values.Find("id")->as_int();
    EXPECT_EQ(stats.num_records, last - stats.min_values.Find("id")->as_int() + 1);
  }
  EXPECT_THAT(CreateTable("bad", "SELECT 1 AS a", {}, {{"delta.parquet.compression.codec", "rar"}}),
              IsError("CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION"));
}

TEST_F(DataWriterTest, RowsKeepTheirOrder) {
  TARN_ASSERT_OK(CreateTable("t", "SELECT id FROM range(300000) ORDER BY id DESC"));
  TARN_ASSERT_OK_AND_ASSIGN(auto snapshot, Latest("t"));
  EXPECT_THAT(Query("SELECT id FROM t LIMIT 2 OFFSET 1"), IsOkAndHolds(R"(["299998"],["299997"])"));
}

}  // namespace
}  // namespace tarn::engine
