#include "engine/duckdb/log/parquet_io.h"

#include "columnar/array_view.h"
#include "delta/checkpoint/checkpoint.h"
#include "delta/checkpoint/last_checkpoint.h"
#include "delta/log_path.h"
#include "engine/engine_fixture_for_test.h"

namespace tarn::engine {
namespace {

using columnar::DataType;
using columnar::TypeKind;
using delta::ParquetRead;
using ::tarn::testing::IsError;
using ::tarn::testing::IsOk;
using ::testing::ElementsAre;

class ParquetIoTest : public ::testing::Test {
 protected:
  ParquetIoTest() {
    char folder[] = "/tmp/tarn-parquet-XXXXXX";
    root_ = ::mkdtemp(folder);
    auto opened = Instance::Open({.threads = 2});
    if (!opened.ok()) ADD_FAILURE() << opened.error().ToString();
    instance_ = *std::move(opened);
    parquet_ = MakeParquetIo(*instance_);
  }
  ~ParquetIoTest() override { std::filesystem::remove_all(root_); }

  // The column of that number, NULL as "-".
  Result<std::vector<std::string>> Texts(const std::string& path, const ParquetRead& read,
                                         int64_t column = 0) {
    std::vector<std::string> texts;
    TARN_RETURN_IF_ERROR(
        parquet_->Read(path, read, [&](const columnar::RecordBatch& batch) -> Status {
          columnar::ArrayView view = columnar::ArrayView(batch.array.get()).Member(column);
          for (int64_t i = 0; i < batch.num_rows(); ++i) {
            texts.emplace_back(view.IsNull(i) ? "-" : view.Bytes(i));
          }
          return Ok();
        }));
    return texts;
  }

  std::string root_;
  std::unique_ptr<Instance> instance_;
  std::shared_ptr<delta::ParquetIo> parquet_;
};

TEST_F(ParquetIoTest, MembersAreReadInTheTypesWanted) {
  delta::ParquetWrite write;
  write.schema.fields = {
      {"add", DataType::Struct({{"path", TypeKind::kString},
                                {"at", TypeKind::kTimestamp},
                                {"d", DataType::Decimal(12, 2)}})},
      {"txn", DataType::Struct({{"appId", TypeKind::kString}, {"version", TypeKind::kInteger}})}};
  int calls = 0;
  write.next = [&](std::string* lines) -> Result<bool> {
    *lines += calls == 0 ? R"({"txn":{"appId":"x","version":7,"other":1}})"
                         : R"({"add":{"path":"p)" + std::to_string(calls) +
                               R"(","at":"2024-05-01T10:00:00.123456Z","d":)" +
                               (calls == 2 ? "\"none\"" : "12345.67") + "}}";
    *lines += "\n";
    return ++calls < 4;
  };
  std::string path = root_ + "/folder/f.parquet";
  auto bytes = parquet_->Write(path, write);
  ASSERT_THAT(bytes, IsOk());
  EXPECT_EQ(*bytes, static_cast<int64_t>(std::filesystem::file_size(path)));
  // Nothing else is left.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(root_ + "/folder"), {}), 1);

  ParquetRead adds;
  adds.any_of = {{{"add", "path"}, TypeKind::kString}};
  adds.fields = {{{"add", "path"}, TypeKind::kString},
                 {{"add"}, TypeKind::kString},
                 {{"add", "missing"}, TypeKind::kLong},
                 {{"nothing"}, TypeKind::kString}};
  TARN_ASSERT_OK_AND_ASSIGN(auto paths, Texts(path, adds));
  EXPECT_THAT(paths, ElementsAre("p1", "p2", "p3"));
  TARN_ASSERT_OK_AND_ASSIGN(auto jsons, Texts(path, adds, 1));
  EXPECT_EQ(jsons[0], R"({"path":"p1","at":"2024-05-01 10:00:00.123456+00","d":12345.67})");
  // What does not fit is NULL.
  EXPECT_EQ(jsons[1], R"({"path":"p2","at":"2024-05-01 10:00:00.123456+00","d":null})");
  TARN_ASSERT_OK_AND_ASSIGN(auto missing, Texts(path, adds, 3));
  EXPECT_THAT(missing, ElementsAre("-", "-", "-"));

  ParquetRead both;
  both.fields = {{{"txn", "version"}, TypeKind::kString}};
  both.any_of = {{{"txn", "appId"}, TypeKind::kString},
                 {{"gone"}, TypeKind::kString},
                 {{"add", "path"}, TypeKind::kString}};
  TARN_ASSERT_OK_AND_ASSIGN(auto versions, Texts(path, both));
  EXPECT_THAT(versions, ElementsAre("7", "-", "-", "-"));
  both.any_of = {{{"gone", "too"}, TypeKind::kString}};
  TARN_ASSERT_OK_AND_ASSIGN(auto none, Texts(path, both));
  EXPECT_TRUE(none.empty());
}

TEST_F(ParquetIoTest, DamageAndAbsenceAreNamed) {
  ParquetRead read;
  read.fields = {{{"add", "path"}, TypeKind::kString}};
  read.any_of = read.fields;
  EXPECT_THAT(Texts(root_ + "/gone.parquet", read), IsError("OBJECT_NOT_FOUND"));
  std::ofstream(root_ + "/torn.parquet") << "PAR1 and so on";
  EXPECT_THAT(Texts(root_ + "/torn.parquet", read), IsError("DELTA_CHECKPOINT_CORRUPT"));
}

class CheckpointFilesTest : public EngineTest {};

// Every kind of checkpoint stands for the commits, values of statistics and all.
TEST_F(CheckpointFilesTest, AnyKindStandsForTheCommits) {
  const std::string rows =
      "SELECT CAST(id AS INT) AS i, concat('s', CAST(id AS STRING)) AS s, "
      "CAST(id AS DECIMAL(12,2)) AS d, date_add(DATE'2024-01-01', CAST(id AS INT)) AS day, "
      "timestamp_micros(id * 1000000) AS at, named_struct('a', id) AS n, "
      "CAST(id % 3 AS INT) AS p FROM range(9)";
  auto store = std::make_shared<io::LocalStore>();
  struct Case {
    const char* name;
    std::map<std::string, std::string> properties;
    delta::CheckpointOptions options;
  };
  const std::vector<Case> cases = {
      {"classic", {}, {}},
      {"parts", {}, {.part_actions = 2}},
      {"text", {{"delta.checkpoint.writeStatsAsStruct", "false"}}, {}},
      {"columns", {{"delta.checkpoint.writeStatsAsJson", "false"}}, {}},
      {"v2", {{"delta.checkpointPolicy", "v2"}}, {.sidecar_actions = 2}},
      {"v2parquet",
       {{"delta.checkpointPolicy", "v2"}},
       {.sidecar_actions = 2, .parquet_top_level = true}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    TARN_ASSERT_OK(CreateTable(c.name, rows, {"p"}, c.properties));
    TARN_ASSERT_OK_AND_ASSIGN(auto snapshot, Latest(c.name));
    ASSERT_EQ(snapshot->files().size(), 3U);
    std::string path = snapshot->table_path();
    auto log = engine_->snapshots().OpenLog(path);
    ASSERT_THAT(delta::WriteCheckpoint(*log, *snapshot, c.options), IsOk());
    // A table that the engine has not seen, of which only the checkpoint is left.
    std::string copy = path + "_copy";
    std::filesystem::copy(path, copy, std::filesystem::copy_options::recursive);
    for (delta::Version version : {0, 1}) {
      std::filesystem::remove(delta::CommitPath(copy, version));
      std::filesystem::remove(delta::ChecksumPath(copy, version));
    }
    TARN_ASSERT_OK_AND_ASSIGN(auto found, Latest(std::string(c.name) + "_copy"));
    EXPECT_EQ(found->version(), 1);
    EXPECT_EQ(found->files().size(), 3U);
    EXPECT_EQ(found->schema(), snapshot->schema());
    const std::string table = " FROM " + std::string(c.name) + "_copy WHERE ";
    for (const char* condition :
         {"i = 4", "s = 's4'", "d = 4.00", "day = DATE'2024-01-05'", "n.a = 4",
          "at = timestamp_micros(4000000)", "p = 1 AND i < 5 AND i > 1"}) {
      EXPECT_THAT(Query("SELECT i, p" + table + condition),
                  ::tarn::testing::IsOkAndHolds("[\"4\",\"1\"]"))
          << condition;
    }
    // Files whose statistics exclude the value are not opened.
    TARN_ASSERT_OK(Query("SELECT i" + table + "i > 100"));
    EXPECT_EQ(metrics_.files_read, 0);
    TARN_ASSERT_OK(Query("SELECT i" + table + "at > timestamp_micros(9000000)"));
    EXPECT_EQ(metrics_.files_read, 0);
  }
}

}  // namespace
}  // namespace tarn::engine
