#include <random>
#include <sstream>
#include <thread>

#include "base/testing.h"
#include "delta/checkpoint/checkpoint.h"
#include "delta/conflict.h"
#include "delta/file_stats.h"
#include "delta/log_path.h"
#include "delta/table_feature.h"
#include "delta/testing/text_parquet_for_test.h"
#include "delta/transaction.h"
#include "io/memory_store.h"

namespace tarn::delta {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOk;

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
  TableTest()
      : log_(std::make_shared<const Log>(store_, std::make_shared<TextParquet>(store_), "/t")) {
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
  Log nothing(store_, std::make_shared<TextParquet>(store_), "/elsewhere");
  EXPECT_THAT(nothing.Load(), IsError("DELTA_TABLE_NOT_FOUND"));
}

// Versions 0 to 3 with one file each from 1 on, and a checkpoint of version 3.
class CheckpointTest : public TableTest {
 protected:
  CheckpointTest() {
    log_ = std::make_shared<const Log>(store_, std::make_shared<TextParquet>(store_), "/t");
    for (const char* path : {"a", "b", "c"}) EXPECT_THAT(Append(path, Latest()), IsOk());
    EXPECT_THAT(WriteCheckpoint(*log_, *Latest()), IsOk());
  }

  // With their checksums, which would make up for some kinds of damage.
  void DropCommits(Version from, Version to) {
    for (Version v = from; v <= to; ++v) {
      EXPECT_THAT(store_->Delete(CommitPath("/t", v)), IsOk());
      EXPECT_THAT(store_->Delete(ChecksumPath("/t", v)), IsOk());
    }
  }
  void Overwrite(const std::string& path, std::string_view text) {
    EXPECT_THAT(store_->Put(path, text), IsOk());
  }
  // The checkpoint's lines as `parts` files of a multi-part checkpoint, from the first to `last`.
  void SplitCheckpoint(int parts, int last) {
    std::string text = *store_->Get(CheckpointPath("/t", 3));
    EXPECT_THAT(store_->Delete(CheckpointPath("/t", 3)), IsOk());
    for (int part = 1; part <= last; ++part) {
      size_t end = part == parts ? text.size() : text.find('\n') + 1;
      char name[80];
      std::snprintf(name, sizeof(name), "/t/_delta_log/%020d.checkpoint.%010d.%010d.parquet", 3,
                    part, parts);
      Overwrite(name, text.substr(0, end));
      text.erase(0, end);
    }
  }
};

TEST_F(CheckpointTest, StandsForTheCommitsBeforeIt) {
  DropCommits(0, 3);
  ASSERT_THAT(log_->Load(), IsOk());
  EXPECT_EQ(Latest()->version(), 3);
  EXPECT_EQ(Latest()->files().size(), 3u);
  ASSERT_THAT(Append("d", Latest()), IsOk());
  EXPECT_EQ(Latest()->files().size(), 4u);
  EXPECT_THAT(log_->Load(2), IsError("DELTA_VERSION_NOT_FOUND"));
}

TEST_F(CheckpointTest, ATornOneIsPassedOverAsLongAsCommitsMakeUp) {
  Overwrite(CheckpointPath("/t", 3), "torn");
  EXPECT_EQ(Latest()->files().size(), 3u);
  DropCommits(0, 0);
  EXPECT_THAT(log_->Load(), IsError("DELTA_CHECKPOINT_CORRUPT"));
}

TEST_F(CheckpointTest, OneWithoutProtocolOrMetadataIsNoState) {
  std::string text = *store_->Get(CheckpointPath("/t", 3));
  for (std::string_view name : {"{\"protocol\"", "{\"metaData\""}) {
    std::string lines = text;
    size_t begin = lines.find(name);
    ASSERT_NE(begin, std::string::npos);
    lines.erase(begin, lines.find('\n', begin) + 1 - begin);
    Overwrite(CheckpointPath("/t", 3), lines);
    ASSERT_THAT(store_->Delete(LastCheckpointPath("/t")), IsOk());
    DropCommits(0, 3);
    EXPECT_THAT(log_->Load(), IsError("DELTA_STATE_RECOVER_ERROR")) << name;
  }
}

TEST_F(CheckpointTest, PartsCountTogetherOnly) {
  SplitCheckpoint(3, 3);
  DropCommits(0, 3);
  EXPECT_EQ(Latest()->files().size(), 3u);
}

TEST_F(CheckpointTest, AMissingPartIsNamedAndTheTableIsStillATable) {
  SplitCheckpoint(3, 2);
  EXPECT_EQ(Latest()->files().size(), 3u);
  DropCommits(0, 2);
  EXPECT_THAT(log_->Load(), IsError("DELTA_CHECKPOINT_CORRUPT"));
  DropCommits(3, 3);
  Result<std::shared_ptr<const Snapshot>> none = log_->Load();
  ASSERT_THAT(none, IsError("DELTA_CHECKPOINT_CORRUPT"));
  EXPECT_THAT(none.error().message(), ::testing::HasSubstr("2 of 3 parts"));
}

// Spec: "V2 Spec". The classic name holds the same rows as a name with a UUID.
TEST_F(CheckpointTest, V2CheckpointsAreReadWithTheirSidecars) {
  std::string classic = CheckpointPath("/t", 3);
  std::string lines = *store_->Get(classic);
  ASSERT_THAT(store_->Delete(classic), IsOk());
  ASSERT_THAT(store_->Delete(LastCheckpointPath("/t")), IsOk());
  std::string top = ActionToJson(CheckpointMetadata{3, {}}) + "\n";
  std::string files;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    (line.starts_with("{\"add\"") ? files : top) += line + "\n";
  }
  top += ActionToJson(Sidecar{"s.parquet", static_cast<int64_t>(files.size()), 0, {}}) + "\n";
  ASSERT_THAT(store_->Put("/t/_delta_log/_sidecars/s.parquet", files), IsOk());
  DropCommits(0, 3);
  std::string stem = "/t/_delta_log/00000000000000000003.checkpoint.";
  for (const std::string& name :
       {stem + "80a083e8-7026-4e79-81be-64bd76c43a11.json",
        stem + "80a083e8-7026-4e79-81be-64bd76c43a11.parquet", stem + "parquet"}) {
    ASSERT_THAT(store_->Put(name, top), IsOk());
    auto snapshot = log_->Load();
    ASSERT_THAT(snapshot, IsOk()) << name;
    EXPECT_EQ((*snapshot)->files().size(), 3u) << name;
    ASSERT_THAT(store_->Delete(name), IsOk());
  }
  ASSERT_THAT(store_->Put(stem + "parquet", top), IsOk());
  ASSERT_THAT(store_->Delete("/t/_delta_log/_sidecars/s.parquet"), IsOk());
  EXPECT_THAT(log_->Load(), IsError("OBJECT_NOT_FOUND"));
}

TEST_F(CheckpointTest, FewerActionsThanPromisedAreALie) {
  std::string text = *store_->Get(CheckpointPath("/t", 3));
  Overwrite(CheckpointPath("/t", 3), text.substr(0, text.rfind('\n', text.size() - 2) + 1));
  EXPECT_EQ(Latest()->files().size(), 3u);
  DropCommits(0, 3);
  EXPECT_THAT(log_->Load(), IsError("DELTA_CHECKPOINT_CORRUPT"));
}

TEST_F(CheckpointTest, AHintThatPointsNowhereIsOnlyAHint) {
  for (std::string_view hint :
       {"{\"version\":9,\"size\":1}", "{\"version\"", "", "[]", "{\"size\":\"x\"}"}) {
    Overwrite(LastCheckpointPath("/t"), hint);
    EXPECT_THAT(log_->Load(), IsOk()) << hint;
  }
  DropCommits(0, 3);
  EXPECT_EQ(Latest()->files().size(), 3u);
}

// Whatever call of the store fails or runs out of space, a commit is whole or absent.
TEST_F(CheckpointTest, FaultsAnywhereLeaveWholeCommits) {
  unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 chance(seed);
  std::set<std::string> acknowledged = {"a", "b", "c"};
  std::set<std::string> attempted = acknowledged;
  for (int i = 0; i < 200; ++i) {
    auto snapshot = log_->Load();
    ASSERT_THAT(snapshot, IsOk());
    store_->SetFaultPlan([&](std::string_view, const std::string&) {
      constexpr io::Fault kFaults[] = {io::Fault::kFailBefore, io::Fault::kFailAfter,
                                       io::Fault::kOutOfSpace};
      return chance() % 3 == 0 ? kFaults[chance() % 3] : io::Fault::kNone;
    });
    std::string name = "f" + std::to_string(i);
    attempted.insert(name);
    Result<Version> version = Append(name, *snapshot);
    if (version.ok()) acknowledged.insert(name);
    store_->SetFaultPlan({});
  }
  std::set<std::string> found;
  auto latest = Latest();
  for (const auto& file : latest->files())
    EXPECT_TRUE(found.insert(file->path).second) << file->path;
  EXPECT_TRUE(std::includes(found.begin(), found.end(), acknowledged.begin(), acknowledged.end()));
  EXPECT_TRUE(std::includes(attempted.begin(), attempted.end(), found.begin(), found.end()));
}

// A store without atomic puts, or a writer that died: half of the last line is not an action.
TEST_F(TableTest, ATornLastLineIsNamedWithItsFile) {
  ASSERT_THAT(Append("a", Latest()), IsOk());
  std::string text = *store_->Get(CommitPath("/t", 1));
  ASSERT_THAT(store_->Put(CommitPath("/t", 1), text.substr(0, text.size() - 5)), IsOk());
  auto loaded = log_->Load();
  ASSERT_THAT(loaded, IsError("DELTA_LOG_CORRUPT"));
  EXPECT_THAT(loaded.error().message(), ::testing::HasSubstr("00000000000000000001.json"));
  EXPECT_THAT(log_->Load(0), IsOk());
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
  metadata.schema_string = "{}";
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
    auto status = CheckConflict(reads, c.ours, {7, c.winner, Protocol(), Metadata()},
                                IsolationLevel::kWriteSerializable);
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
      CheckConflict(reads, {Gone("a")}, {1, {Info(true), File("b")}, Protocol(), Metadata()},
                    IsolationLevel::kSerializable),
      IsError("DELTA_CONCURRENT_APPEND"));
}

TEST(TableFeatureTest, UnknownFeaturesAreRefusedByName) {
  Protocol protocol{3, 7, std::vector<std::string>{"timestampNtz", "fancyNew"},
                    std::vector<std::string>{"fancyNew"}};
  EXPECT_THAT(CheckReadable(protocol),
              IsError("DELTA_UNSUPPORTED_FEATURES_FOR_READ", ::testing::HasSubstr("fancyNew")));
  EXPECT_THAT(CheckReadable({1, 3, {}, {}}), IsOk());
  EXPECT_THAT(CheckReadable({4, 7, {}, {}}), IsError("DELTA_INVALID_PROTOCOL_VERSION"));
  Metadata compatible;
  compatible.configuration["delta.enableIcebergCompatV2"] = "true";
  EXPECT_THAT(
      CheckWritable({1, 3, {}, {}}, compatible, {}),
      IsError("DELTA_UNSUPPORTED_FEATURES_FOR_WRITE", ::testing::HasSubstr("icebergCompatV2")));
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

TEST(ActionTest, EveryPartOfAFileActionRoundTrips) {
  AddFile add = File("a");
  add.deletion_vector = {'u', "ab^-aqEH.-t@S}K{vb[*k^", 4, 40, 6};
  add.base_row_id = 100;
  add.default_row_commit_version = 7;
  add.clustering_provider = "liquid";
  add.tags = {{"ZCUBE_ID", "z"}};
  RemoveFile remove = Gone("a");
  remove.deletion_vector = add.deletion_vector;
  remove.base_row_id = 100;
  DomainMetadata domain{"delta.rowTracking", "{\"rowIdHighWaterMark\":5}", false};
  AddCdcFile cdc{"_change_data/c.parquet", {{"p", "1"}}, 12, {}};
  std::string lines;
  for (const Action& action : std::vector<Action>{add, remove, domain, cdc}) {
    lines += ActionToJson(action) + "\n";
  }
  TARN_ASSERT_OK_AND_ASSIGN(auto actions, ParseActions(lines, "test"));
  ASSERT_EQ(actions.size(), 4u);
  const auto& back = std::get<AddFile>(actions[0]);
  EXPECT_EQ(back.deletion_vector, add.deletion_vector);
  EXPECT_EQ(back.deletion_vector->UniqueId(), "uab^-aqEH.-t@S}K{vb[*k^@4");
  EXPECT_EQ(back.base_row_id, 100);
  EXPECT_EQ(back.default_row_commit_version, 7);
  EXPECT_EQ(back.clustering_provider, "liquid");
  EXPECT_EQ(back.tags, add.tags);
  EXPECT_EQ(std::get<RemoveFile>(actions[1]).deletion_vector, add.deletion_vector);
  EXPECT_EQ(std::get<DomainMetadata>(actions[2]).configuration, domain.configuration);
  EXPECT_EQ(std::get<AddCdcFile>(actions[3]).partition_values, cdc.partition_values);
  EXPECT_THAT(
      ParseActions(R"({"add":{"path":"a","size":1,"deletionVector":{"storageType":"x"}}})", "test"),
      IsError("DELTA_LOG_CORRUPT", ::testing::HasSubstr("deletion vector of a")));
}

TEST(FileStatsTest, LongStringsKeepBounding) {
  std::string text(40, 'x');
  EXPECT_EQ(TruncateMinimum(text), std::string(32, 'x'));
  EXPECT_GT(*TruncateMaximum(text), text);
  EXPECT_EQ(*TruncateMaximum("short"), "short");
  const std::string highest = "\xf4\x8f\xbf\xbf";
  const std::string prefix(32, 'x');
  EXPECT_EQ(*TruncateMaximum(prefix + "y"), prefix + "\x7f");
  EXPECT_EQ(*TruncateMaximum(prefix + "\x7fz"), prefix + highest);
  EXPECT_EQ(*TruncateMaximum(prefix + "ü"), prefix + highest);
  EXPECT_EQ(*TruncateMaximum(prefix + highest + "yz"), prefix + highest + "\x7f");
  EXPECT_EQ(*TruncateMaximum(prefix + highest), prefix + highest);
  std::string beyond = prefix;
  for (int i = 0; i < 33; ++i) beyond += highest;
  EXPECT_FALSE(TruncateMaximum(beyond + "x").has_value());
}

TEST(LogPathTest, NamesAreRead) {
  EXPECT_EQ(ParseLogFileName("00000000000000000007.json").kind, LogFileName::Kind::kCommit);
  EXPECT_EQ(ParseLogFileName("00000000000000000007.checkpoint.parquet").version, 7);
  LogFileName part =
      ParseLogFileName("00000000000000000007.checkpoint.0000000002.0000000003.parquet");
  EXPECT_EQ(part.kind, LogFileName::Kind::kCheckpointPart);
  EXPECT_EQ(part.part, 2);
  EXPECT_EQ(ParseLogFileName("00000000000000000007.crc").kind, LogFileName::Kind::kChecksum);
  LogFileName compaction =
      ParseLogFileName("00000000000000000004.00000000000000000006.compacted.json");
  EXPECT_EQ(compaction.kind, LogFileName::Kind::kCompaction);
  EXPECT_EQ(compaction.version, 4);
  EXPECT_EQ(compaction.end_version, 6);
  for (const char* ending : {"json", "parquet"}) {
    std::string name = "00000000000000000007.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.";
    EXPECT_EQ(ParseLogFileName(name + ending).kind, LogFileName::Kind::kV2Checkpoint);
  }
  EXPECT_EQ(ParseLogFileName("00000000000000000007.checkpoint.short.json").kind,
            LogFileName::Kind::kOther);
  EXPECT_EQ(ParseLogFileName("_last_checkpoint").kind, LogFileName::Kind::kOther);
}

}  // namespace
}  // namespace tarn::delta
