#include "delta/transaction.h"

#include "base/testing.h"
#include "delta/log_path.h"
#include "delta/row_tracking.h"
#include "delta/testing/text_parquet_for_test.h"
#include "io/memory_store.h"

namespace tarn::delta {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOk;

AddFile File(const std::string& path, int rows = 10) {
  AddFile file;
  file.path = path;
  file.size_bytes = 10;
  file.stats = "{\"numRecords\":" + std::to_string(rows) + "}";
  return file;
}

class TransactionTest : public ::testing::Test {
 protected:
  void Create(const std::vector<std::string>& features,
              const std::map<std::string, std::string>& properties = {}) {
    Transaction create = Transaction::Create(log_);
    create.SetProtocol({3, 7, std::vector<std::string>{}, features});
    Metadata metadata;
    metadata.id = "id";
    metadata.schema_string = columnar::Schema{{{"n", columnar::TypeKind::kLong}}}.ToJson();
    metadata.configuration = properties;
    create.SetMetadata(metadata);
    ASSERT_THAT(create.Commit({"CREATE TABLE", {}, {}, "ada"}), IsOk());
  }

  Result<Version> Append(std::shared_ptr<const Snapshot> snapshot, const AddFile& file,
                         const Clock& clock = Clock::System()) {
    Transaction txn(log_, std::move(snapshot));
    txn.Add(file);
    return txn.Commit({"WRITE", {}, {}, "ada"}, {}, clock);
  }

  // Deletes rows of the table's one file by a deletion vector.
  Result<Version> Cut(std::shared_ptr<const Snapshot> snapshot, const std::vector<uint64_t>& rows) {
    Transaction txn(log_, snapshot);
    txn.reads().whole_table = txn.reads().row_level = true;
    const AddFile& file = *snapshot->files()[0];
    DeletionVector vector;
    vector.AddMany(rows);
    DeletionVectorWriter writer(*store_, "/t");
    TARN_TRY(DeletionVectorDescriptor descriptor, writer.Append(vector));
    TARN_RETURN_IF_ERROR(writer.Finish());
    txn.SetDeletionVector(file, descriptor, file.stats);
    return txn.Commit({"DELETE", {}, {}, "ada"});
  }

  std::shared_ptr<const Snapshot> Latest() { return *log_->Load(); }

  std::shared_ptr<io::MemoryStore> store_ = std::make_shared<io::MemoryStore>();
  std::shared_ptr<const Log> log_ =
      std::make_shared<const Log>(store_, std::make_shared<TextParquet>(store_), "/t");
};

TEST_F(TransactionTest, RowIdsNeverOverlapWhoeverWins) {
  Create({"rowTracking", "domainMetadata"});
  auto base = Latest();
  ASSERT_THAT(Append(base, File("a", 10)), IsOk());
  ASSERT_THAT(Append(base, File("b", 5)), IsOk());  // computed from the same version
  auto snapshot = Latest();
  ASSERT_EQ(snapshot->files().size(), 2u);
  EXPECT_EQ(snapshot->files()[0]->base_row_id, 0);
  EXPECT_EQ(snapshot->files()[0]->default_row_commit_version, 1);
  EXPECT_EQ(snapshot->files()[1]->base_row_id, 10);
  EXPECT_EQ(snapshot->files()[1]->default_row_commit_version, 2);
  EXPECT_EQ(RowIdHighWaterMark(snapshot->domains()), 14);
  AddFile unknown = File("c");
  unknown.stats.clear();
  EXPECT_THAT(Append(snapshot, unknown), IsError("DELTA_ROW_ID_ASSIGNMENT_WITHOUT_STATS"));
}

TEST_F(TransactionTest, InCommitTimestampsRise) {
  Create({"inCommitTimestamp"}, {{"delta.enableInCommitTimestamps", "true"}});
  auto base = Latest();
  int64_t first = base->timestamp_ms();
  VirtualClock past(UnixMicros(std::chrono::milliseconds(1'000)));
  ASSERT_THAT(Append(base, File("a"), past), IsOk());
  ASSERT_THAT(Append(base, File("b"), past), IsOk());
  auto snapshot = Latest();
  EXPECT_EQ(snapshot->version(), 2);
  EXPECT_EQ(snapshot->timestamp_ms(), first + 2);
  TARN_ASSERT_OK_AND_ASSIGN(std::string text, store_->Get(CommitPath("/t", 2)));
  EXPECT_EQ(text.find("{\"commitInfo\":{\"inCommitTimestamp\":"), 0u) << text;
}

TEST_F(TransactionTest, DeletersOfOtherRowsOfOneFileBothSucceed) {
  Create({"deletionVectors"});
  ASSERT_THAT(Append(Latest(), File("a")), IsOk());
  auto base = Latest();
  ASSERT_THAT(Cut(base, {1, 2}), IsOk());
  ASSERT_THAT(Cut(base, {5}), IsOk());
  auto snapshot = Latest();
  ASSERT_EQ(snapshot->files().size(), 1u);
  TARN_ASSERT_OK_AND_ASSIGN(
      DeletionVector vector,
      ReadDeletionVector(*store_, "/t", *snapshot->files()[0]->deletion_vector));
  EXPECT_EQ(vector.ToRows(), (std::vector<uint64_t>{1, 2, 5}));
  EXPECT_EQ(snapshot->tombstones().size(), 2u);
}

TEST_F(TransactionTest, DeletersOfOneRowExcludeEachOther) {
  Create({"deletionVectors"});
  ASSERT_THAT(Append(Latest(), File("a")), IsOk());
  auto base = Latest();
  ASSERT_THAT(Cut(base, {1, 2}), IsOk());
  EXPECT_THAT(Cut(base, {2, 3}), IsError("DELTA_CONCURRENT_DELETE_DELETE"));
}

TEST_F(TransactionTest, AFileIsNamedOnceInACommit) {
  Create({});
  Transaction txn(log_, Latest());
  txn.Add(File("a"));
  txn.Add(File("a"));
  EXPECT_THAT(txn.Commit({"WRITE", {}, {}, "ada"}), IsError("DELTA_DUPLICATE_ACTIONS_FOUND"));
}

TEST_F(TransactionTest, DomainsAreKeptUntilRemoved) {
  Create({"domainMetadata"});
  Transaction set(log_, Latest());
  set.SetDomain({"app", "{\"x\":1}", false});
  ASSERT_THAT(set.Commit({"MANUAL UPDATE", {}, {}, "ada"}), IsOk());
  ASSERT_TRUE(Latest()->domains().contains("app"));
  Transaction removed(log_, Latest());
  removed.SetDomain({"app", "", true});
  ASSERT_THAT(removed.Commit({"MANUAL UPDATE", {}, {}, "ada"}), IsOk());
  EXPECT_FALSE(Latest()->domains().contains("app"));
}

}  // namespace
}  // namespace tarn::delta
