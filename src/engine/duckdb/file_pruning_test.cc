// A file that must not be opened is damaged first: a query that opens it fails.
#include "engine/duckdb/file_pruning.h"

#include <gmock/gmock.h>

#include "engine/engine_fixture_for_test.h"

namespace tarn::engine {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOkAndHolds;
using ::testing::HasSubstr;

class FilePruningTest : public EngineTest {
 protected:
  // Three files: rows 0–9, 10–19 (damaged) and 20–29, with values that follow from the row.
  void SetUp() override {
    auto rows = [](int from) {
      return "SELECT CAST(id AS INT) AS i, concat('s', lpad(CAST(id AS STRING), 3, '0')) AS s, "
             "CAST(id AS DECIMAL(12,2)) AS d, CAST(id AS DOUBLE) AS f, "
             "named_struct('a', id, 'b', named_struct('c', CAST(id AS STRING))) AS n, "
             "date_add(DATE'2024-01-01', CAST(id AS INT)) AS day, "
             "timestamp_micros(id * 1000000 + 999999) AS at, "
             "CASE WHEN id BETWEEN 10 AND 19 THEN NULL ELSE id END AS u, "
             "CASE WHEN id BETWEEN 10 AND 19 THEN 1 ELSE NULL END AS w "
             "FROM range(" +
             std::to_string(from) + ", " + std::to_string(from + 10) + ")";
    };
    TARN_ASSERT_OK(CreateTable("t", rows(0)));
    TARN_ASSERT_OK(Append("t", rows(10)));
    TARN_ASSERT_OK(Append("t", rows(20)));
    Damage("t", 1);
  }

  std::string Count(const std::string& condition, const std::string& table = "t") {
    auto rows = Query("SELECT count(nullif(i, -1)) FROM " + table + " WHERE " + condition);
    return rows.ok() ? *rows : std::string(rows.error().reason());
  }
};

TEST_F(FilePruningTest, LeavesOutFilesWithoutMatches) {
  for (const char* condition : {"i < 10 AND i >= 0",
                                "s < 's010'",
                                "s = 's005' OR s = 's004' OR s = 's003'",
                                "d = 5.00",
                                "n.a = 3",
                                "n.b.c = '25'",
                                "s LIKE 's00%'",
                                "s LIKE 's02_'",
                                "i IN (1, 2, 25)",
                                "s IN ('s001', 's029')",
                                "i BETWEEN 3 AND 9",
                                "NOT (i >= 10)",
                                "NOT (i < 20 OR i > 25)",
                                "CAST(i AS BIGINT) = 5L",
                                "i = 5 OR i = 25",
                                "f < 9",
                                "f = 25",
                                "day = DATE'2024-01-03'",
                                "at < TIMESTAMP'1970-01-01 00:00:09.5'",
                                "u IS NOT NULL",
                                "w IS NULL",
                                "u > 3",
                                "u <> 3",
                                "i > 20L",
                                "startswith(s, 's02')",
                                "(i < 5 AND s LIKE 's0%') OR d > 27",
                                "i = 100",
                                "CAST(i AS DOUBLE) = 5.0"}) {
    std::string answer = Count(condition);
    EXPECT_NE(answer, "FAILED_READ_FILE") << condition;
    EXPECT_GE(metrics_.files_pruned, 1) << condition;
  }
  EXPECT_EQ(Count("i = 5"), R"(["1"])");
  EXPECT_EQ(metrics_.files_read, 1);
  EXPECT_EQ(metrics_.files_pruned, 2);
  EXPECT_GT(metrics_.bytes_read, 0);
  EXPECT_EQ(Count("i = 5 OR i = 25"), R"(["2"])");
  EXPECT_EQ(metrics_.files_read, 2);
}

TEST_F(FilePruningTest, OpensFilesThatMayMatch) {
  for (const char* condition :
       {"i = 15", "s LIKE '%15'", "s LIKE '_015'", "f > 20", "NOT (i = 5)", "i % 10 = 1",
        "i < 5 OR s LIKE '%5'", "u IS NULL", "w IS NOT NULL", "n.a = 12", "upper(s) = 'S015'",
        "i <> 5", "w IS DISTINCT FROM 2", "u <=> NULL", "i NOT IN (1, 2)",
        "at > TIMESTAMP'1970-01-01 00:00:19.9999'"}) {
    EXPECT_EQ(Count(condition), "FAILED_READ_FILE") << condition;
  }
}

TEST_F(FilePruningTest, JoinsLeaveOutFiles) {
  EXPECT_THAT(Query("SELECT count(t.s) FROM t JOIN (SELECT CAST(id AS INT) AS id FROM range(100) "
                    "WHERE id % 50 = 25) r "
                    "ON t.i = r.id"),
              IsOkAndHolds(R"(["1"])"));
  EXPECT_EQ(metrics_.files_read, 1);
}

TEST_F(FilePruningTest, ExplainShowsFilesAndBytes) {
  TARN_ASSERT_OK_AND_ASSIGN(auto plan, Plan("SELECT s FROM t WHERE i = 5"));
  TARN_ASSERT_OK_AND_ASSIGN(EnginePlan shown, engine_->Explain(plan));
  for (const char* line : {"Files Read", "Files Pruned", "Bytes Read", "Bytes Pruned"}) {
    EXPECT_THAT(shown.physical, HasSubstr(line));
  }
}

TEST_F(FilePruningTest, MetadataAnswersOnlyWhatItKnows) {
  EXPECT_THAT(Query("SELECT count(*), min(i), max(i), min(d), max(day) FROM t"),
              IsOkAndHolds(R"(["30","0","29","0.00","2024-01-30"])"));
  EXPECT_EQ(metrics_.files_read, 0);
  // Cut to milliseconds, cut to 32 characters, perhaps with NaN, or without rows that have a value.
  for (const char* column : {"at", "s", "f", "u", "n.a"}) {
    EXPECT_THAT(Query("SELECT max(" + std::string(column) + ") FROM t"),
                IsError("FAILED_READ_FILE"))
        << column;
  }
}

TEST_F(FilePruningTest, NanIsAboveEveryBound) {
  auto values = [](const char* list) {
    return "SELECT 1 AS i, CAST(x AS DOUBLE) AS f FROM VALUES " + std::string(list) + " AS t(x)";
  };
  TARN_ASSERT_OK(CreateTable("nan", values("('1'), ('2')")));
  TARN_ASSERT_OK(Append("nan", values("('2'), ('NaN')")));
  EXPECT_EQ(Count("f > 3", "nan"), R"(["1"])");
  EXPECT_EQ(Count("f = CAST('NaN' AS DOUBLE)", "nan"), R"(["1"])");
  EXPECT_EQ(Count("NOT (f < 3)", "nan"), R"(["1"])");
  EXPECT_THAT(Query("SELECT max(f) FROM nan"), IsOkAndHolds(R"(["NaN"])"));
}

TEST_F(FilePruningTest, CutTextStillBounds) {
  auto text = [](const char* end) {
    return "SELECT 1 AS i, concat(repeat('x', 40), '" + std::string(end) + "') AS s";
  };
  TARN_ASSERT_OK(CreateTable("long", text("a")));
  TARN_ASSERT_OK(Append("long", text("z")));
  EXPECT_EQ(Count("s = concat(repeat('x', 40), 'z')", "long"), R"(["1"])");
  EXPECT_EQ(Count("s > concat(repeat('x', 40), 'm')", "long"), R"(["1"])");
  EXPECT_EQ(Count("s LIKE concat(repeat('x', 40), '%')", "long"), R"(["2"])");
  EXPECT_THAT(Query("SELECT max(s) = concat(repeat('x', 40), 'z') FROM long"),
              IsOkAndHolds(R"(["true"])"));
}

TEST_F(FilePruningTest, PartitionFiltersAreEvaluated) {
  TARN_ASSERT_OK(CreateTable(
      "p", "SELECT CAST(id AS INT) AS i, concat('p', CAST(id % 3 AS STRING)) AS p FROM range(9)",
      {"p"}));
  TARN_ASSERT_OK_AND_ASSIGN(auto snapshot, Latest("p"));
  for (size_t i = 0; i < 3; ++i) {
    if (*snapshot->files()[i]->partition_values.at("p") == "p1") Damage("p", i);
  }
  EXPECT_EQ(Count("upper(p) IN ('P0', 'P2')", "p"), R"(["6"])");
  EXPECT_EQ(metrics_.files_pruned, 1);
  EXPECT_EQ(Count("length(concat(p, 'x')) = 3 AND substring(p, 2, 1) <> '1'", "p"), R"(["6"])");
  EXPECT_EQ(Count("p LIKE '%0' OR (p = 'p2' AND i > 4)", "p"), R"(["5"])");
  EXPECT_EQ(Count("p IS NULL", "p"), R"(["0"])");
  EXPECT_EQ(Count("upper(p) = 'P1'", "p"), "FAILED_READ_FILE");
  // What partition values decide leaves a count to the log.
  EXPECT_THAT(Query("SELECT count(*) FROM p WHERE upper(p) = 'P1'"), IsOkAndHolds(R"(["3"])"));
  EXPECT_EQ(metrics_.files_read, 0);
}

}  // namespace
}  // namespace tarn::engine
