#include <random>
#include <thread>

#include "base/testing.h"
#include "delta/conflict.h"
#include "delta/file_stats.h"
#include "delta/log_path.h"
#include "delta/table_feature.h"
#include "delta/transaction.h"
#include "io/memory_store.h"

namespace tarn::delta {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOk;

// Logs of these tests are commits only: a checkpoint would need a Parquet engine.
class NoParquet final : public ParquetIo {
 public:
  Result<std::string> ReadCheckpoint(const std::string& path) override {
    return Fail("DELTA_CHECKPOINT_CORRUPT", "no engine reads " + path);
  }
  Status WriteCheckpoint(const std::string&, const std::vector<Action>&) override {
    return Fail("IO_ERROR", "no engine writes checkpoints");
  }
};

AddFile File(const std::string& path) {
  AddFile file;
  file.path = path;
  file.size_bytes = 10;
  return file;
}

RemoveFile Gone(const std::string& path) {
  RemoveFile remove;
  remove.path = path;
  return remove;
}

CommitInfo Info(bool blind) {
  CommitInfo info;
  info.fields.Set("isBlindAppend", blind);
  return info;
}

class TableTest : public ::testing::Test {
 protected:
  TableTest() : log_(std::make_shared<const Log>(store_, std::make_shared<NoParquet>(), "/t")) {
    Transaction create = Transaction::Create(log_);
    create.SetProtocol({});
    Metadata metadata;
    metadata.id = "id";
    metadata.schema_string = columnar::Schema{{{"n", columnar::TypeKind::kLong}}}.ToJson();
    create.SetMetadata(metadata);
    EXPECT_THAT(create.Commit({"CREATE TABLE", {}, {}, "ada"}), IsOk());
  }

  Result<Version> Append(const std::string& path, std::shared_ptr<const Snapshot> snapshot) {
    Transaction txn(log_, std::move(snapshot));
    txn.Add(File(path));
    return txn.Commit({"WRITE", {}, {}, "ada"});
  }

  std::shared_ptr<const Snapshot> Latest() { return *log_->Load(); }

  std::shared_ptr<io::MemoryStore> store_ = std::make_shared<io::MemoryStore>();
  std::shared_ptr<const Log> log_;
};

TEST_F(TableTest, AppendsReplayInOrder) {
  ASSERT_THAT(Append("a", Latest()), IsOk());
  ASSERT_THAT(Append("b c", Latest()), IsOk());
  auto snapshot = Latest();
  ASSERT_EQ(snapshot->files().size(), 2u);
  EXPECT_EQ(snapshot->files()[1]->path, "b c");
  EXPECT_EQ(snapshot->FullPath(*snapshot->files()[0]), "/t/a");
  EXPECT_EQ((*log_->Load(1))->files().size(), 1u);
  EXPECT_THAT(log_->Load(9), IsError("DELTA_VERSION_NOT_FOUND"));
}

TEST_F(TableTest, BlindAppendsFromOneSnapshotAllLand) {
  auto start = Latest();
  std::vector<std::thread> writers;
  for (int w = 0; w < 8; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < 20; ++i) {
        EXPECT_THAT(Append(std::to_string(w) + "-" + std::to_string(i), start), IsOk());
      }
    });
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(Latest()->files().size(), 160u);
  EXPECT_EQ(Latest()->version(), 160);
}

TEST_F(TableTest, LostAcknowledgementsDoNotDoubleCommits) {
  unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 chance(seed);
  std::set<std::string> acknowledged;
  for (int i = 0; i < 300; ++i) {
    auto snapshot = log_->Load();
    store_->SetFaultPlan([&](std::string_view operation, const std::string&) {
      if (operation != "PutIfAbsent") return io::Fault::kNone;
      switch (chance() % 4) {
        case 0:
          return io::Fault::kFailAfter;
        case 1:
          return io::Fault::kFailBefore;
        default:
          return io::Fault::kNone;
      }
    });
    std::string name = "f" + std::to_string(i);
    if (Append(name, *snapshot).ok()) acknowledged.insert(name);
    store_->SetFaultPlan({});
  }
  std::set<std::string> found;
  auto latest = Latest();
  for (const auto& file : latest->files())
    EXPECT_TRUE(found.insert(file->path).second) << file->path;
  EXPECT_EQ(found, acknowledged);
}

TEST_F(TableTest, DamageIsNamed) {
  ASSERT_THAT(Append("a", Latest()), IsOk());
  ASSERT_THAT(Append("b", Latest()), IsOk());
  ASSERT_THAT(store_->Delete(CommitPath("/t", 1)), IsOk());
  EXPECT_THAT(log_->Load(), IsError("DELTA_VERSIONS_NOT_CONTIGUOUS"));
  ASSERT_THAT(store_->Put(CommitPath("/t", 1), "{\"add\":{}}\n"), IsOk());
  EXPECT_THAT(log_->Load(), IsError("DELTA_LOG_CORRUPT"));
  Log nothing(store_, std::make_shared<NoParquet>(), "/elsewhere");
  EXPECT_THAT(nothing.Load(), IsError("DELTA_TABLE_NOT_FOUND"));
}

struct ConflictCase {
  const char* name;
  bool reads_all;
  std::vector<Action> ours;
  std::vector<Action> winner;
  const char* reason;  // nullptr: both land
};

TEST(ConflictTest, OutcomesAreTheProtocols) {
  Metadata metadata;
  const std::vector<ConflictCase> cases = {
      {"append after append", false, {File("a")}, {Info(true), File("b")}, nullptr},
      {"delete after blind append", true, {Gone("a")}, {Info(true), File("b")}, nullptr},
      {"delete after rewriting append",
       true,
       {Gone("a")},
       {Info(false), File("b")},
       "DELTA_CONCURRENT_APPEND"},
      {"delete of the same file", true, {Gone("a")}, {Gone("a")}, "DELTA_CONCURRENT_DELETE_DELETE"},
      {"delete of a file that was read",
       true,
       {Gone("a")},
       {Gone("b")},
       "DELTA_CONCURRENT_DELETE_READ"},
      {"append after delete", false, {File("a")}, {Gone("b")}, nullptr},
      {"anything after metadata", false, {File("a")}, {metadata}, "DELTA_METADATA_CHANGED"},
      {"anything after protocol", false, {File("a")}, {Protocol()}, "DELTA_PROTOCOL_CHANGED"},
  };
  for (const ConflictCase& c : cases) {
    SCOPED_TRACE(c.name);
    TransactionReads reads;
    reads.whole_table = c.reads_all;
    Status status = CheckConflict(reads, c.ours, c.winner, 7, IsolationLevel::kWriteSerializable);
    if (c.reason == nullptr) {
      EXPECT_THAT(status, IsOk());
    } else {
      EXPECT_THAT(status, IsError(c.reason));
    }
  }
}

TEST(ConflictTest, SerializableMindsBlindAppendsToo) {
  TransactionReads reads;
  reads.whole_table = true;
  EXPECT_THAT(
      CheckConflict(reads, {Gone("a")}, {Info(true), File("b")}, 1, IsolationLevel::kSerializable),
      IsError("DELTA_CONCURRENT_APPEND"));
}

TEST(TableFeatureTest, UnknownFeaturesAreRefusedByName) {
  Protocol protocol{3, 7, std::vector<std::string>{"timestampNtz", "fancyNew"},
                    std::vector<std::string>{"fancyNew"}};
  EXPECT_THAT(CheckReadable(protocol, {}),
              IsError("DELTA_UNSUPPORTED_FEATURES_FOR_READ", ::testing::HasSubstr("fancyNew")));
  Protocol vectors{3, 7, std::vector<std::string>{"deletionVectors"},
                   std::vector<std::string>{"deletionVectors"}};
  EXPECT_THAT(CheckReadable(vectors, {}), IsError("DELTA_UNSUPPORTED_FEATURES_FOR_READ",
                                                  ::testing::HasSubstr("deletionVectors")));
  Metadata constrained;
  constrained.configuration["delta.constraints.c"] = "n > 0";
  EXPECT_THAT(CheckReadable({1, 3, {}, {}}, constrained), IsOk());
  EXPECT_THAT(
      CheckWritable({1, 3, {}, {}}, constrained, {}),
      IsError("DELTA_UNSUPPORTED_FEATURES_FOR_WRITE", ::testing::HasSubstr("checkConstraints")));
  EXPECT_THAT(CheckReadable({4, 7, {}, {}}, {}), IsError("DELTA_INVALID_PROTOCOL_VERSION"));
}

TEST(ActionTest, RoundTripsAndIgnoresWhatItDoesNotKnow) {
  AddFile add = File("p=a b/ü%.parquet");
  add.partition_values = {{"p", "a b"}, {"q", std::nullopt}};
  add.stats = "{\"numRecords\":3}";
  std::string line = ActionToJson(add);
  EXPECT_NE(line.find("p=a%20b/%C3%BC%25.parquet"), std::string::npos) << line;
  TARN_ASSERT_OK_AND_ASSIGN(auto actions,
                            ParseActions(line + "\n{\"future\":{\"x\":1}}\n", "test"));
  ASSERT_EQ(actions.size(), 1u);
  const auto& back = std::get<AddFile>(actions[0]);
  EXPECT_EQ(back.path, add.path);
  EXPECT_EQ(back.partition_values, add.partition_values);
  EXPECT_EQ(back.stats, add.stats);
}

TEST(FileStatsTest, LongStringsKeepBounding) {
  std::string text(40, 'x');
  EXPECT_EQ(TruncateMinimum(text), std::string(32, 'x'));
  EXPECT_GT(*TruncateMaximum(text), text);
  EXPECT_EQ(*TruncateMaximum("short"), "short");
}

TEST(LogPathTest, NamesAreRead) {
  EXPECT_EQ(ParseLogFileName("00000000000000000007.json").kind, LogFileName::Kind::kCommit);
  EXPECT_EQ(ParseLogFileName("00000000000000000007.checkpoint.parquet").version, 7);
  LogFileName part =
      ParseLogFileName("00000000000000000007.checkpoint.0000000002.0000000003.parquet");
  EXPECT_EQ(part.kind, LogFileName::Kind::kCheckpointPart);
  EXPECT_EQ(part.part, 2);
  EXPECT_EQ(ParseLogFileName("00000000000000000007.crc").kind, LogFileName::Kind::kOther);
  EXPECT_EQ(ParseLogFileName("_last_checkpoint").kind, LogFileName::Kind::kOther);
}

}  // namespace
}  // namespace tarn::delta
