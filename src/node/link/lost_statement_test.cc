#include "node/link/lost_statement.h"

#include <new>
#include <stdexcept>

#include "base/testing.h"
#include "io/memory_store.h"
#include "node/link/announcing_store.h"
#include "node/link/guarded_run.h"

namespace tarn::node {
namespace {

using ::testing::HasSubstr;
using testing::IsError;
using testing::IsOk;

constexpr const char* kCommit = "/t/_delta_log/00000000000000000007.json";
constexpr const char* kNext = "/t/_delta_log/00000000000000000008.json";

Status Judged(const StatementEffects& effects, bool ended, io::ObjectStore& store) {
  return JudgeLoss(effects, ended, store);
}

TEST(LostStatementTest, WithoutAnyChangeItMayBeRunAgain) {
  io::MemoryStore store;
  EXPECT_THAT(Judged({}, false, store), IsError("NODE_LOST", HasSubstr("again")));
}

TEST(LostStatementTest, ACommitThatIsThereMustNotBeMadeTwice) {
  io::MemoryStore store;
  ASSERT_THAT(store.PutIfAbsent(kCommit, "ours"), IsOk());
  StatementEffects effects{{{kCommit, "ours"}}, 0};
  for (bool ended : {true, false}) {
    Status told = Judged(effects, ended, store);
    EXPECT_THAT(told, IsError("NODE_LOST_AFTER_COMMIT", HasSubstr("'/t'")));
    EXPECT_THAT(told, IsError("NODE_LOST_AFTER_COMMIT", HasSubstr("DESCRIBE HISTORY")));
  }
}

TEST(LostStatementTest, ACommitThatIsNotThereIsCertainOnlyOnceTheNodeHasEnded) {
  io::MemoryStore store;
  StatementEffects effects{{{kCommit, "ours"}}, 0};
  EXPECT_THAT(Judged(effects, true, store), IsError("NODE_LOST"));
  EXPECT_THAT(Judged(effects, false, store),
              IsError("STATEMENT_OUTCOME_UNKNOWN", HasSubstr("DESCRIBE HISTORY")));
}

TEST(LostStatementTest, AnotherWritersCommitIsNotOurs) {
  io::MemoryStore store;
  ASSERT_THAT(store.PutIfAbsent(kCommit, "theirs"), IsOk());
  EXPECT_THAT(Judged({{{kCommit, "ours"}}, 0}, false, store), IsError("NODE_LOST"));
  // The second try of the same commit landed.
  ASSERT_THAT(store.PutIfAbsent(kNext, "ours"), IsOk());
  EXPECT_THAT(Judged({{{kCommit, "ours"}, {kNext, "ours"}}, 0}, true, store),
              IsError("NODE_LOST_AFTER_COMMIT"));
}

TEST(LostStatementTest, AStoreThatDoesNotAnswerLeavesItUnknown) {
  io::MemoryStore store;
  store.SetFaultPlan([](std::string_view, const std::string&) { return io::Fault::kFailBefore; });
  EXPECT_THAT(Judged({{{kCommit, "ours"}}, 0}, true, store), IsError("STATEMENT_OUTCOME_UNKNOWN"));
}

TEST(LostStatementTest, AChangeOfTheCatalogMayBeHalfOfTheStatement) {
  io::MemoryStore store;
  Status told = Judged({{}, 1}, true, store);
  EXPECT_THAT(told, IsError("STATEMENT_OUTCOME_UNKNOWN", HasSubstr("catalog")));
  EXPECT_FALSE(told.error().retriable());
}

TEST(LostStatementTest, OnlyTheFirstBytesOfALargeCommitAreCompared) {
  io::MemoryStore store;
  std::string commit(100'000, 'x');
  ASSERT_THAT(store.PutIfAbsent(kCommit, commit), IsOk());
  EXPECT_LT(HeadOf(commit).size(), 10'000u);
  EXPECT_THAT(Judged({{{kCommit, std::string(HeadOf(commit))}}, 0}, true, store),
              IsError("NODE_LOST_AFTER_COMMIT"));
}

TEST(AnnouncingStoreTest, ACommitIsAnnouncedBeforeItIsThere) {
  auto store = std::make_shared<io::MemoryStore>();
  std::vector<std::string> announced;
  AnnouncingStore announcing(store, [&](const std::string& path, std::string_view bytes) {
    EXPECT_THAT(store->Get(path), IsError("OBJECT_NOT_FOUND"));
    announced.push_back(path + "=" + std::string(bytes));
    return Ok();
  });
  ASSERT_THAT(announcing.PutIfAbsent(kCommit, "ours"), IsOk());
  ASSERT_THAT(announcing.Put("/t/_delta_log/_last_checkpoint", "{}"), IsOk());
  EXPECT_EQ(announced, std::vector<std::string>{std::string(kCommit) + "=ours"});
  EXPECT_EQ(*announcing.Get(kCommit), "ours");
}

TEST(AnnouncingStoreTest, SoIsOneThatIsWrittenPieceByPiece) {
  auto store = std::make_shared<io::MemoryStore>();
  std::string announced;
  AnnouncingStore announcing(store, [&](const std::string& path, std::string_view bytes) {
    announced = bytes;
    return Ok();
  });
  auto writer = *announcing.OpenWriter(kCommit);
  std::string whole;
  for (int i = 0; i < 100; ++i) {
    std::string piece(99, static_cast<char>('a' + i % 26));
    ASSERT_THAT(writer->Write(piece), IsOk());
    whole += piece;
  }
  EXPECT_EQ(announced, "");
  ASSERT_THAT(writer->CloseIfAbsent(), IsOk());
  EXPECT_EQ(HeadOf(announced), HeadOf(whole));
  EXPECT_EQ(*store->Get(kCommit), whole);
}

TEST(AnnouncingStoreTest, WhatIsNotAllowedIsNotWritten) {
  auto store = std::make_shared<io::MemoryStore>();
  AnnouncingStore announcing(store, [&](const std::string& path, std::string_view bytes) -> Status {
    return Fail("CANCELLED", "given up");
  });
  EXPECT_THAT(announcing.PutIfAbsent(kCommit, "ours"), IsError("CANCELLED"));
  EXPECT_THAT(store->Get(kCommit), IsError("OBJECT_NOT_FOUND"));
}

TEST(GuardedRunTest, ExceptionsAreErrorsOfTheStatement) {
  EXPECT_THAT(GuardedRun([] { return Ok(); }), IsOk());
  EXPECT_THAT(GuardedRun([]() -> Status { return Fail("CANCELLED", "x"); }), IsError("CANCELLED"));
  EXPECT_THAT(GuardedRun([]() -> Status { throw std::runtime_error("out of luck"); }),
              IsError("INTERNAL_ERROR", HasSubstr("out of luck")));
  EXPECT_THAT(GuardedRun([]() -> Status { throw std::bad_alloc(); }), IsError("OUT_OF_MEMORY"));
  EXPECT_THAT(GuardedRun([]() -> Status { throw 7; }), IsError("INTERNAL_ERROR"));
}

// Checksums, checkpoints and compactions follow a commit, on no statement's thread.
TEST(LostStatementTest, NothingButACommitIsOne) {
  EXPECT_TRUE(IsCommit("/t/_delta_log/00000000000000000010.json"));
  for (const char* path : {"/t/_delta_log/00000000000000000010.crc", "/t/00000000000000000010.json",
                           "/t/_delta_log/00000000000000000010.checkpoint.1-2-3.json",
                           "/t/_delta_log/00000000000000000001.00000000000000000010.compacted.json",
                           "/t/_delta_log/_last_checkpoint"}) {
    EXPECT_FALSE(IsCommit(path)) << path;
  }
}

}  // namespace
}  // namespace tarn::node
