#include "delta/checkpoint/checkpoint.h"

#include "delta/checkpoint/last_checkpoint.h"
#include "delta/checkpoint/md5.h"
#include "delta/testing/table_for_test.h"

namespace tarn::delta {
namespace {

using ::tarn::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class CheckpointWritingTest : public DeltaTableTest {
 protected:
  LastCheckpoint Hint() {
    auto hint = LastCheckpoint::Parse(*store_->Get(LastCheckpointPath("/t")));
    EXPECT_TRUE(hint);
    return hint.value_or(LastCheckpoint());
  }
};

TEST_F(CheckpointWritingTest, MoreActionsThanAPartHoldsMakeSeveral) {
  Create();
  Commit({FileOf("a"), FileOf("b"), FileOf("c"), FileOf("d"), FileOf("e")});
  ASSERT_THAT(WriteCheckpoint(*log_, *Latest(), {.part_actions = 2}), IsOk());
  EXPECT_THAT(Names(".parquet"),
              ElementsAre("00000000000000000001.checkpoint.0000000001.0000000003.parquet",
                          "00000000000000000001.checkpoint.0000000002.0000000003.parquet",
                          "00000000000000000001.checkpoint.0000000003.0000000003.parquet"));
  EXPECT_EQ(Hint().parts, 3);
  EXPECT_EQ(Hint().actions, 7);
  EXPECT_EQ(Hint().added_files, 5);
  DropCommits(0, 1);
  EXPECT_THAT(Paths(*Latest()), ElementsAre("a", "b", "c", "d", "e"));
}

TEST_F(CheckpointWritingTest, V2HasSidecarsUnderEitherTopLevel) {
  Create({{"delta.checkpointPolicy", "v2"}}, With({"v2Checkpoint"}));
  Commit({FileOf("a"), FileOf("b"), FileOf("c")});
  Commit({FileOf("d")}, {FileOf("b")});
  for (bool parquet : {false, true}) {
    ASSERT_THAT(
        WriteCheckpoint(*log_, *Latest(), {.sidecar_actions = 2, .parquet_top_level = parquet}),
        IsOk());
    auto snapshot = Latest();
    EXPECT_THAT(Paths(*snapshot), ElementsAre("a", "c", "d"));
    EXPECT_EQ(snapshot->tombstones().size(), 1u);
  }
  EXPECT_THAT(log_->store().List("/t/_delta_log/_sidecars", false),
              ::tarn::testing::IsOkAndHolds(SizeIs(4)));
  EXPECT_TRUE(Hint().v2);
  // Protocol, metadata, checkpoint metadata, two sidecars, three files and a tombstone.
  EXPECT_EQ(Hint().actions, 9);
  DropCommits(0, 2);
  EXPECT_THAT(Paths(*Latest()), ElementsAre("a", "c", "d"));
}

TEST_F(CheckpointWritingTest, ThePolicyAsksForTheFeature) {
  Create({{"delta.checkpointPolicy", "v2"}});
  Commit({FileOf("a")});
  ASSERT_THAT(WriteCheckpoint(*log_, *Latest()), IsOk());
  EXPECT_TRUE(Exists(CheckpointPath("/t", 1)));
}

TEST_F(CheckpointWritingTest, StatisticsAreTextOrColumns) {
  struct Case {
    const char* as_json;
    const char* as_struct;
  };
  for (const Case& c : {Case{"true", "true"}, Case{"false", "true"}, Case{"true", "false"}}) {
    store_ = std::make_shared<io::MemoryStore>();
    log_ = std::make_shared<const Log>(store_, std::make_shared<TextParquet>(store_), "/t");
    Create({{"delta.checkpoint.writeStatsAsJson", c.as_json},
            {"delta.checkpoint.writeStatsAsStruct", c.as_struct}},
           {}, {"p"});
    AddFile file = FileOf("a");
    file.partition_values = {{"p", "7"}};
    Commit({file});
    ASSERT_THAT(WriteCheckpoint(*log_, *Latest()), IsOk());
    std::string text = *store_->Get(CheckpointPath("/t", 1));
    bool as_json = std::string_view(c.as_json) == "true";
    bool as_struct = std::string_view(c.as_struct) == "true";
    auto holds = [&](const char* part) { return text.find(part) != std::string::npos; };
    EXPECT_EQ(holds("\"stats\":\""), as_json);
    EXPECT_EQ(holds("\"stats_parsed\":{\"numRecords\":1"), as_struct);
    EXPECT_EQ(holds("\"partitionValues_parsed\":{\"p\":\"7\"}"), as_struct);
    DropCommits(0, 1);
    auto snapshot = Latest();
    EXPECT_EQ(snapshot->files()[0]->stats, file.stats);
    EXPECT_EQ(snapshot->files()[0].partition_values().at("p"), "7");
  }
}

TEST_F(CheckpointWritingTest, TombstonesAndTransactionsExpire) {
  Create({{"delta.deletedFileRetentionDuration", "interval 1 hours"},
          {"delta.setTransactionRetentionDuration", "interval 1 hours"}});
  Commit({FileOf("old"), FileOf("new"), FileOf("kept")});
  Transaction txn(log_, Latest());
  txn.SetTransactionVersion("app", 1);
  ASSERT_THAT(txn.Commit({"WRITE", {}, {}, "ada"}), IsOk());
  auto now = Clock::System().NowMillis();
  auto removal = [&](const char* path, int64_t ago_ms) {
    RemoveFile remove;
    remove.path = path;
    remove.deletion_timestamp_ms = now - ago_ms;
    return ActionToJson(remove) + "\n";
  };
  std::string gone = removal("old", 7'200'000) + removal("new", 60'000) +
                     ActionToJson(SetTransaction{"late", 2, now - 7'200'000}) + "\n";
  ASSERT_THAT(store_->Put(CommitPath("/t", 3), gone), IsOk());
  ASSERT_EQ(Latest()->tombstones().size(), 2u);
  ASSERT_THAT(WriteCheckpoint(*log_, *Latest()), IsOk());
  DropCommits(0, 3);
  auto snapshot = Latest();
  ASSERT_EQ(snapshot->tombstones().size(), 1u);
  EXPECT_EQ(snapshot->tombstones()[0].path(), "new");
  EXPECT_EQ(snapshot->LastTransaction("app"), 1);
  EXPECT_EQ(snapshot->LastTransaction("late"), -1);
}

TEST_F(CheckpointWritingTest, ACheckpointPutInAnothersPlaceTakesItsStatisticsWithIt) {
  Create();
  Commit({FileOf("a"), FileOf("b")});
  ASSERT_THAT(WriteCheckpoint(*log_, *Latest()), IsOk());
  DropCommits(0, 1);
  auto snapshot = Latest();
  std::string text = *store_->Get(CheckpointPath("/t", 1));
  ASSERT_THAT(store_->Put(CheckpointPath("/t", 1), text + "\n"), IsOk());
  EXPECT_EQ(snapshot->files()[0]->stats, "");
  EXPECT_NE(Latest()->files()[0]->stats, "");
}

// The example of PROTOCOL.md, "JSON checksum".
TEST(LastCheckpointTest, TheChecksumIsOfTheCanonicalForm) {
  auto object =
      json::Parse(R"({"k0":"'v 0'","checksum":"adsaskfljadfkjadfkj","k1":{"k2":2,"k3":["v3",[1,2],)"
                  R"({"k4":"v4","k5":["v5","v6","v7"]}]}})");
  ASSERT_THAT(object, IsOk());
  std::string canonical = CanonicalJson(object->as_object());
  EXPECT_EQ(canonical, R"("k0"="%27v%200%27","k1"+"k2"=2,"k1"+"k3"+0="v3","k1"+"k3"+1+0=1,)"
                       R"("k1"+"k3"+1+1=2,"k1"+"k3"+2+"k4"="v4","k1"+"k3"+2+"k5"+0="v5",)"
                       R"("k1"+"k3"+2+"k5"+1="v6","k1"+"k3"+2+"k5"+2="v7")");
  EXPECT_EQ(Md5Hex(canonical), "6a92d155a59bf2eecbd4b4ec7fd1f875");
  EXPECT_EQ(Md5Hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(Md5Hex(std::string(64, 'a')), "014842d480b571495a4a0363793f7367");
}

TEST(LastCheckpointTest, OneThatDoesNotAgreeWithItselfIsNone) {
  LastCheckpoint hint;
  hint.version = 7;
  hint.actions = 9;
  std::string text = hint.ToJson();
  ASSERT_TRUE(LastCheckpoint::Parse(text));
  EXPECT_EQ(LastCheckpoint::Parse(text)->version, 7);
  text.replace(text.find(":7"), 2, ":8");
  EXPECT_FALSE(LastCheckpoint::Parse(text));
  EXPECT_TRUE(LastCheckpoint::Parse(R"({"version":8,"size":9})"));
}

}  // namespace
}  // namespace tarn::delta
