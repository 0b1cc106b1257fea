#include "engine/engine.h"

#include <thread>

#include "engine/engine_fixture_for_test.h"

namespace tarn::engine {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOkAndHolds;

TEST_F(EngineTest, EvaluatesExpressions) {
  EXPECT_THAT(Query("SELECT 1, 'a', NULL, 1.50, 2e0, true"),
              IsOkAndHolds(R"(["1","a",null,"1.50","2.0","true"])"));
  EXPECT_THAT(Query("SELECT 7 / 2, 7 DIV 2, -7 % 3, pmod(-7, 3), 1.0 / 3"),
              IsOkAndHolds(R"(["3.5","3","-1","2","0.333333"])"));
  EXPECT_THAT(
      Query("SELECT substring('tarn', -3, 2), round(2.5), round(-1.005D, 2), concat('a', 'b', 3)"),
      IsOkAndHolds(R"(["ar","3","-1.01","ab3"])"));
  EXPECT_THAT(Query("SELECT DATE '2024-02-28' + 2, year(DATE '2024-05-01'), "
                    "datediff(DATE'2024-03-01', DATE'2024-02-01')"),
              IsOkAndHolds(R"(["2024-03-01","2024","29"])"));
  EXPECT_THAT(Query("SELECT CAST('  12 ' AS INT), CAST(2.7 AS INT), CAST(1e10 AS STRING), "
                    "CAST(TIMESTAMP'2024-01-01 10:00:00' AS STRING)"),
              IsOkAndHolds(R"(["12","2","1.0E10","2024-01-01 10:00:00"])"));
  EXPECT_THAT(Query("SELECT count(*), sum(id), avg(id), min(id), max(id) FROM range(10)"),
              IsOkAndHolds(R"(["10","45","4.5","0","9"])"));
}

TEST_F(EngineTest, RunsRelationalOperators) {
  EXPECT_THAT(Query("SELECT a, count(*) c FROM VALUES ('x', 1), ('y', 2), ('x', 3) AS t(a, b) "
                    "GROUP BY a HAVING count(*) > 1 ORDER BY c"),
              IsOkAndHolds(R"(["x","2"])"));
  EXPECT_THAT(Query("SELECT l.id, r.id FROM range(3) l LEFT JOIN range(1, 5) r ON l.id = r.id "
                    "ORDER BY l.id DESC"),
              IsOkAndHolds(R"(["2","2"],["1","1"],["0",null])"));
  EXPECT_THAT(Query("WITH t AS (SELECT id, id % 2 AS odd FROM range(6)) SELECT odd, sum(id) AS s "
                    "FROM t GROUP BY ROLLUP(odd) ORDER BY s"),
              IsOkAndHolds(R"(["0","6"],["1","9"],[null,"15"])"));
  EXPECT_THAT(Query("SELECT id, row_number() OVER (PARTITION BY id % 2 ORDER BY id DESC) rn FROM "
                    "range(4) QUALIFY rn = 1 ORDER BY id"),
              IsOkAndHolds(R"(["2","1"],["3","1"])"));
  EXPECT_THAT(Query("SELECT id FROM range(5) t WHERE EXISTS (SELECT 1 FROM range(2) u WHERE u.id = "
                    "t.id) OR id IN (SELECT 4L) ORDER BY 1"),
              IsOkAndHolds(R"(["0"],["1"],["4"])"));
  EXPECT_THAT(Query("SELECT 1 UNION ALL SELECT 2.5 EXCEPT SELECT 1 ORDER BY 1"),
              IsOkAndHolds(R"(["2.5"])"));
  EXPECT_THAT(Query("SELECT DISTINCT id % 2 AS p FROM range(9) ORDER BY p LIMIT 1 OFFSET 1"),
              IsOkAndHolds(R"(["1"])"));
}

TEST_F(EngineTest, ErrorsAreSparks) {
  EXPECT_THAT(Query("SELECT 1 / 0"), IsError("DIVIDE_BY_ZERO"));
  EXPECT_THAT(Query("SELECT 1 DIV 0"), IsError("DIVIDE_BY_ZERO"));
  EXPECT_THAT(Query("SELECT 2147483647 + 1"), IsError("ARITHMETIC_OVERFLOW"));
  EXPECT_THAT(Query("SELECT CAST('abc' AS INT)"), IsError("CAST_INVALID_INPUT"));
  EXPECT_THAT(Query("SELECT CAST(300 AS TINYINT)"), IsError("CAST_OVERFLOW"));
  EXPECT_THAT(Query("SELECT nope FROM range(1)"), IsError("UNRESOLVED_COLUMN.WITH_SUGGESTION"));
  EXPECT_THAT(Query("SELECT id, count(*) FROM range(2)"), IsError("MISSING_GROUP_BY"));
  EXPECT_THAT(Query("SELECT id, count(*) FROM range(2) GROUP BY id % 2"),
              IsError("MISSING_AGGREGATION"));
  EXPECT_THAT(Query("SELECT nosuch(1)"), IsError("UNRESOLVED_ROUTINE"));
  EXPECT_THAT(Query("SELECT try_cast('abc' AS INT)"), IsOkAndHolds("[null]"));
}

TEST_F(EngineTest, WritesAndReadsDeltaTables) {
  TARN_ASSERT_OK(
      CreateTable("t",
                  "SELECT CAST(id AS INT) AS id, concat('n', CAST(id AS STRING)) AS name, "
                  "CAST(id % 3 AS INT) AS p, CAST(id AS DECIMAL(10,2)) d, DATE'2024-01-01' + "
                  "CAST(id AS INT) AS day "
                  "FROM range(1000)"));
  EXPECT_THAT(Query("SELECT count(*), min(id), max(day) FROM t"),
              IsOkAndHolds(R"(["1000","0","2026-09-26"])"));
  EXPECT_THAT(Query("SELECT name, d FROM t WHERE id = 7"), IsOkAndHolds(R"(["n7","7.00"])"));
  TARN_ASSERT_OK(CreateTable("q", "SELECT id, CAST(id % 3 AS INT) AS p FROM range(10)", {"p"}));
  EXPECT_THAT(Query("SELECT p, count(*) FROM q GROUP BY p ORDER BY p"),
              IsOkAndHolds(R"(["0","4"],["1","3"],["2","3"])"));
  EXPECT_THAT(Query("SELECT count(*) FROM q WHERE p = 1"), IsOkAndHolds(R"(["3"])"));
}

TEST_F(EngineTest, CheckpointsReadBack) {
  TARN_ASSERT_OK(CreateTable("t", "SELECT id FROM range(3)"));
  std::string path = root_ + "/t";
  for (int i = 0; i < 12; ++i) {
    TARN_ASSERT_OK_AND_ASSIGN(auto snapshot, engine_->snapshots().Latest(path));
    TARN_ASSERT_OK_AND_ASSIGN(plan::PlanRef plan, Plan("SELECT CAST(100 AS BIGINT) AS id"));
    TARN_ASSERT_OK_AND_ASSIGN(auto files,
                              engine_->WriteFiles(plan, {path, snapshot->schema(), {}}, {}));
    delta::Transaction txn(engine_->snapshots().OpenLog(path), snapshot);
    for (auto& file : files) txn.Add(std::move(file));
    TARN_ASSERT_OK(txn.Commit({"WRITE", {}, {}, "ada"}));
  }
  // Checkpoints follow commits on a thread of their own.
  for (int i = 0; i < 1000; ++i) {
    if (std::filesystem::exists(path + "/_delta_log/_last_checkpoint")) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_TRUE(
      std::filesystem::exists(path + "/_delta_log/00000000000000000010.checkpoint.parquet"));
  for (int v = 0; v < 10; ++v) {
    char name[64];
    std::snprintf(name, sizeof(name), "/_delta_log/%020d.json", v);
    std::filesystem::remove(path + name);
  }
  engine_->snapshots().Forget(path);
  EXPECT_THAT(Query("SELECT count(*) FROM t"), IsOkAndHolds(R"(["15"])"));
}

TEST_F(EngineTest, CancelEndsAStatement) {
  CancelSource source;
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    source.Cancel();
  });
  auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(
      Query("SELECT sum(sqrt(a.id * b.id)) FROM range(3000000) a, range(40000) b", source.token()),
      IsError("CANCELLED"));
  canceller.join();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
}

}  // namespace
}  // namespace tarn::engine
