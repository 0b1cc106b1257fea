#include "delta/upkeep/upkeep.h"

#include "delta/testing/table_for_test.h"
#include "delta/upkeep/checksum.h"
#include "delta/upkeep/compaction.h"
#include "delta/upkeep/log_cleanup.h"

namespace tarn::delta {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOk;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class ChecksumTest : public DeltaTableTest {
 protected:
  Checksum Read(Version version) {
    auto text = store_->Get(ChecksumPath("/t", version));
    EXPECT_THAT(text, IsOk());
    auto checksum = Checksum::Parse(*text, "test");
    EXPECT_THAT(checksum, IsOk());
    return checksum.ok() ? *checksum : Checksum();
  }
};

TEST_F(ChecksumTest, StandsBesideEachCommit) {
  Create({{"delta.enableDeletionVectors", "true"}}, With({"deletionVectors"}, {"domainMetadata"}));
  AddFile cut = FileOf("b", 9000);
  cut.deletion_vector = DeletionVectorDescriptor{'i', "x", {}, 3, 12};
  Commit({FileOf("a"), cut});
  Transaction txn(log_, Latest());
  txn.SetTransactionVersion("app", 4);
  txn.SetDomain({"mine", "{}", false});
  ASSERT_THAT(txn.Commit({"WRITE", {}, {}, "ada"}), IsOk());
  EXPECT_EQ(Read(0).num_files, 0);
  EXPECT_EQ(Read(1).num_files, 2);
  EXPECT_EQ(Read(1).table_size_bytes, 9010);
  EXPECT_EQ(Read(1).num_deleted_records, 12);
  EXPECT_EQ(Read(1).num_deletion_vectors, 1);
  Checksum last = Read(2);
  ASSERT_TRUE(last.HoldsTable());
  EXPECT_EQ(last.transactions->size(), 1u);
  EXPECT_EQ((*last.domains)[0].domain, "mine");
  EXPECT_EQ(last.metadata->id, "id");
  EXPECT_EQ(last.all_files->size(), 2u);
  json::Value text = *json::Parse(*store_->Get(ChecksumPath("/t", 1)));
  const json::Value* histogram = text.Find("fileSizeHistogram");
  ASSERT_NE(histogram, nullptr);
  EXPECT_EQ(histogram->Find("sortedBinBoundaries")->as_array().size(), 95u);
  EXPECT_EQ(histogram->Find("fileCounts")->as_array()[1].as_int(), 1);
  EXPECT_EQ(histogram->Find("totalBytes")->as_array()[1].as_int(), 9000);
  EXPECT_EQ(text.Find("deletedRecordCountsHistogramOpt")
                ->Find("deletedRecordCounts")
                ->as_array()[2]
                .as_int(),
            1);
}

TEST_F(ChecksumTest, AStateThatAddsUpToSomethingElseIsDamage) {
  Create();
  Commit({FileOf("a")});
  ASSERT_THAT(store_->Put(CommitPath("/t", 1), ActionToJson(FileOf("a", 11)) + "\n"), IsOk());
  EXPECT_THAT(log_->Load(), IsError("DELTA_TXN_LOG_FAILED_INTEGRITY"));
  EXPECT_THAT(log_->Load(0), IsOk());
}

TEST_F(ChecksumTest, OneThatCannotBeReadOrIsOfAnotherTableSaysNothing) {
  Create();
  Commit({FileOf("a")});
  std::string text = *store_->Get(ChecksumPath("/t", 1));
  std::string other = text;
  other.replace(other.find("\"id\":\"id\""), 9, "\"id\":\"no\"");
  other.replace(other.find("\"numFiles\":1"), 12, "\"numFiles\":2");
  for (const std::string& wrong : {text.substr(0, 30), std::string("[]"), std::string(), other}) {
    ASSERT_THAT(store_->Put(ChecksumPath("/t", 1), wrong), IsOk());
    EXPECT_THAT(log_->Load(), IsOk()) << wrong;
  }
}

TEST_F(ChecksumTest, SavesLookingForTheTableInTheCheckpoint) {
  Create();
  Commit({FileOf("a")});
  ASSERT_THAT(WriteCheckpoint(*log_, *Latest()), IsOk());
  std::string path = CheckpointPath("/t", 1);
  std::string text = *store_->Get(path);
  ASSERT_THAT(store_->Put(path, text.substr(text.find("{\"add\""))), IsOk());
  DropCommits(0, 1);
  EXPECT_THAT(Paths(*Latest()), ElementsAre("a"));
  Drop(ChecksumPath("/t", 1));
  EXPECT_THAT(log_->Load(), IsError("DELTA_CHECKPOINT_CORRUPT"));
}

class CompactionTest : public DeltaTableTest {};

TEST_F(CompactionTest, StandsForItsCommits) {
  Create({}, With({}, {"domainMetadata"}));
  Commit({FileOf("a"), FileOf("b")});
  Commit({FileOf("c")}, {FileOf("a")});
  Commit({FileOf("d")});
  ASSERT_THAT(WriteCompaction(*log_, 1, 2), IsOk());
  std::string path = CompactionPath("/t", 1, 2);
  std::string text = *store_->Get(path);
  EXPECT_EQ(text.find("commitInfo"), std::string::npos);
  EXPECT_NE(text.find("\"remove\":{\"path\":\"a\""), std::string::npos);
  std::vector<std::string> all = {"b", "c", "d"};
  EXPECT_EQ(Paths(*Latest()), all);
  EXPECT_EQ(Latest()->tombstones().size(), 1u);
  // It is read: another outcome shows.
  Drop(ChecksumPath("/t", 3));
  std::string other = text;
  other.replace(other.find("\"path\":\"b\""), 10, "\"path\":\"x\"");
  ASSERT_THAT(store_->Put(path, other), IsOk());
  EXPECT_THAT(Paths(*Latest()), ElementsAre("c", "d", "x"));
  // Not for a version inside, whose commits it does not hold apart, nor when it is damaged.
  EXPECT_THAT(Paths(*At(1)), ElementsAre("a", "b"));
  EXPECT_THAT(Paths(*At(2)), ElementsAre("b", "c"));
  ASSERT_THAT(store_->Put(path, text.substr(0, text.size() - 5)), IsOk());
  EXPECT_EQ(Paths(*Latest()), all);
  // Nor when it names a file twice: then it is its commits in some order, not what they add up to.
  ASSERT_THAT(store_->Put(path, text + "\n" + text), IsOk());
  EXPECT_EQ(Paths(*Latest()), all);
}

TEST_F(CompactionTest, IsWrittenWhereCheckpointsAreFarApart) {
  Create({{"delta.checkpointInterval", "20"}});
  for (int i = 1; i <= 20; ++i) Commit({FileOf(std::to_string(i))});
  EXPECT_TRUE(Exists(CompactionPath("/t", 1, 10)));
  EXPECT_FALSE(Exists(CompactionPath("/t", 11, 20)));
  EXPECT_FALSE(Exists(CheckpointPath("/t", 10)));
  EXPECT_TRUE(Exists(CheckpointPath("/t", 20)));
  EXPECT_EQ(At(15)->files().size(), 15u);
}

// Spec: "Metadata Cleanup".
class LogCleanupTest : public DeltaTableTest {
 protected:
  // Says what it is told.
  class Later final : public Clock {
   public:
    explicit Later(int days) : days_(days) {}
    UnixMicros Now() const override {
      return Clock::System().Now() + std::chrono::hours(24 * days_);
    }
    SteadyTime Steady() const override { return Clock::System().Steady(); }

   private:
    int days_;
  };
  void Fill() {
    for (int i = 1; i <= 15; ++i) Commit({FileOf(std::to_string(i))});
  }
};

TEST_F(LogCleanupTest, WhatIsOlderThanTheRetentionGoesUpToACheckpoint) {
  Create();
  Fill();
  ASSERT_THAT(CleanLog(*log_, *Latest(), Later(29)), IsOk());
  EXPECT_EQ(At(0)->version(), 0);
  ASSERT_THAT(CleanLog(*log_, *Latest(), Later(32)), IsOk());
  EXPECT_FALSE(Exists(CommitPath("/t", 9)));
  EXPECT_FALSE(Exists(ChecksumPath("/t", 9)));
  EXPECT_TRUE(Exists(CommitPath("/t", 10)));
  EXPECT_EQ(At(10)->files().size(), 10u);
  EXPECT_EQ(Latest()->files().size(), 15u);
  EXPECT_THAT(log_->Load(9), IsError("DELTA_VERSION_NOT_FOUND"));
}

TEST_F(LogCleanupTest, ThePropertiesDecide) {
  Create({{"delta.logRetentionDuration", "interval 60 days"}});
  Fill();
  ASSERT_THAT(CleanLog(*log_, *Latest(), Later(32)), IsOk());
  EXPECT_TRUE(Exists(CommitPath("/t", 0)));
  ASSERT_THAT(CleanLog(*log_, *Latest(), Later(62)), IsOk());
  EXPECT_FALSE(Exists(CommitPath("/t", 0)));
}

TEST_F(LogCleanupTest, NotWhenItIsOff) {
  Create({{"delta.enableExpiredLogCleanup", "false"}});
  Fill();
  ASSERT_THAT(CleanLog(*log_, *Latest(), Later(99)), IsOk());
  EXPECT_TRUE(Exists(CommitPath("/t", 0)));
}

TEST_F(LogCleanupTest, SidecarsThatNobodyNamesGo) {
  Create({{"delta.checkpointPolicy", "v2"}}, With({"v2Checkpoint"}));
  Fill();
  ASSERT_THAT(store_->Put("/t/_delta_log/_sidecars/orphan.parquet", ""), IsOk());
  ASSERT_THAT(CleanLog(*log_, *Latest(), Later(32)), IsOk());
  std::vector<std::string> left = Names(".parquet");
  EXPECT_EQ(left.size(), 1u);
  EXPECT_THAT(left, Not(Contains("orphan.parquet")));
  EXPECT_EQ(Latest()->files().size(), 15u);
}

TEST(UpkeepTest, FollowsOnOtherThreadsInTheOrderOfCommits) {
  auto store = std::make_shared<io::MemoryStore>();
  auto pool = std::make_shared<ThreadPool>(ThreadPool::Options{.name = "test", .max_threads = 2});
  auto log = std::make_shared<const Log>(store, std::make_shared<TextParquet>(store), "/t",
                                         std::make_shared<Upkeep>(pool));
  Transaction create = Transaction::Create(log);
  create.SetProtocol({});
  Metadata metadata;
  metadata.id = "id";
  metadata.schema_string = R"({"type":"struct","fields":[]})";
  create.SetMetadata(metadata);
  ASSERT_THAT(create.Commit({"CREATE TABLE", {}, {}, "ada"}), IsOk());
  for (int i = 1; i <= 25; ++i) {
    Transaction txn(log, *log->Load());
    txn.Add(FileOf(std::to_string(i)));
    ASSERT_THAT(txn.Commit({"WRITE", {}, {}, "ada"}), IsOk());
  }
  pool.reset();  // waits
  EXPECT_THAT(store->Head(CheckpointPath("/t", 10)), IsOk());
  EXPECT_THAT(store->Head(CheckpointPath("/t", 20)), IsOk());
  EXPECT_THAT(store->Head(ChecksumPath("/t", 25)), IsOk());
  EXPECT_EQ((*log->Load(20))->files().size(), 20u);
}

}  // namespace
}  // namespace tarn::delta
