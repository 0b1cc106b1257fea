#include "engine/engine.h"

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/testing.h"
#include "columnar/row_encoder.h"
#include "delta/table_feature.h"
#include "delta/transaction.h"
#include "io/local_store.h"
#include "plan/analyzer.h"
#include "sql/parser.h"

namespace tarn::engine {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOkAndHolds;

// Tables are folders below one root, named by their last part.
class FolderResolver final : public plan::RelationResolver {
 public:
  FolderResolver(Engine& engine, std::string root) : engine_(engine), root_(std::move(root)) {}
  Result<plan::TableBinding> ResolveTable(const std::vector<std::string>& name,
                                          const plan::TimeTravel& travel) override {
    std::string path = io::JoinPath(root_, name.back());
    std::shared_ptr<const delta::Snapshot> snapshot;
    if (travel.version) {
      TARN_TRY(snapshot, engine_.snapshots().At(path, *travel.version));
    } else {
      TARN_TRY(snapshot, engine_.snapshots().Latest(path));
    }
    return plan::TableBinding{name, snapshot->schema(), snapshot};
  }
  Result<plan::TableBinding> ResolveTarget(const std::vector<std::string>& name,
                                           plan::TargetUse) override {
    return ResolveTable(name, {});
  }
  Result<plan::FileSource> ResolveCopySource(const plan::TableBinding&,
                                             const sql::CopyInto& copy) override {
    return ResolveFiles(copy.source, copy.file_format, copy.format_options);
  }
  Result<plan::FileSource> ResolveFiles(
      const std::string& path, const std::string& format,
      const std::vector<std::pair<std::string, std::string>>& options) override {
    plan::FileSource files{format, {path}, options, {}};
    TARN_RETURN_IF_ERROR(engine_.InspectFiles(files));
    return files;
  }

 private:
  Engine& engine_;
  std::string root_;
};

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() {
    char folder[] = "/tmp/tarn-engine-XXXXXX";
    root_ = ::mkdtemp(folder);
    auto opened = Engine::Open({.threads = 2}, std::make_shared<io::LocalStore>());
    if (!opened.ok()) ADD_FAILURE() << opened.error().ToString();
    engine_ = *opened;
    resolver_ = std::make_unique<FolderResolver>(*engine_, root_);
  }
  ~EngineTest() override { std::filesystem::remove_all(root_); }

  Result<plan::PlanRef> Plan(const std::string& text) {
    TARN_TRY(sql::StatementPtr statement, sql::Parse(text));
    plan::AnalyzerContext context;
    context.resolver = resolver_.get();
    context.current_user = "ada";
    plan::Analyzer analyzer(context, text);
    return analyzer.AnalyzeQuery(*statement->As<sql::QueryStatement>().query);
  }

  // All rows as JSON_ARRAY text.
  Result<std::string> Query(const std::string& text, CancelToken cancel = {}) {
    TARN_TRY(plan::PlanRef plan, Plan(text));
    TARN_TRY(auto stream, engine_->Run(plan, cancel));
    std::string rows;
    for (;;) {
      TARN_TRY(auto batch, stream->Next());
      if (!batch) return rows;
      columnar::AppendJsonArrayRows(stream->schema(), *batch, 0, batch->num_rows(), {}, rows);
    }
  }

  Status CreateTable(const std::string& name, const std::string& query,
                     std::vector<std::string> partitions = {}) {
    TARN_TRY(plan::PlanRef plan, Plan(query));
    std::string path = io::JoinPath(root_, name);
    delta::Transaction txn = delta::Transaction::Create(engine_->snapshots().OpenLog(path));
    delta::Metadata metadata;
    metadata.id = "00000000-0000-0000-0000-000000000000";
    metadata.schema_string = plan::SchemaOf(*plan).ToJson();
    metadata.partition_columns = partitions;
    txn.SetProtocol(delta::ProtocolFor(plan::SchemaOf(*plan), {}));
    txn.SetMetadata(metadata);
    TARN_TRY(auto files, engine_->WriteFiles(plan, {path, plan::SchemaOf(*plan), partitions}, {}));
    for (auto& file : files) txn.Add(std::move(file));
    TARN_RETURN_IF_ERROR(txn.Commit({"CREATE TABLE AS SELECT", {}, {}, "ada"}));
    return Ok();
  }

  std::string root_;
  std::shared_ptr<Engine> engine_;
  std::unique_ptr<FolderResolver> resolver_;
};

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
