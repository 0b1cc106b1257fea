#include "delta/conflict.h"

#include "base/testing.h"
#include "delta/file_stats.h"

namespace tarn::delta {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOk;

DeletionVectorDescriptor Vector(const std::string& place) { return {'u', place, 1, 40, 2}; }

// A file whose deletion vector is replaced.
std::vector<Action> Cut(const std::string& path, const std::string& vector) {
  RemoveFile remove;
  remove.path = path;
  AddFile add;
  add.path = path;
  add.deletion_vector = Vector(vector);
  return {remove, add};
}

AddFile WithRange(const std::string& path, int low, int high) {
  AddFile add;
  add.path = path;
  FileStats stats;
  stats.min_values.Set("n", low);
  stats.max_values.Set("n", high);
  add.stats = stats.ToJson();
  return add;
}

class RowLevelTest : public ::testing::Test {
 protected:
  RowLevelTest() {
    reads_.whole_table = true;
    reads_.row_level = true;
  }

  Result<std::vector<VectorMerge>> Check(
      const std::vector<Action>& ours, const std::vector<Action>& winner,
      IsolationLevel isolation = IsolationLevel::kWriteSerializable) {
    return CheckConflict(reads_, ours, {3, winner, protocol_, metadata_}, isolation);
  }

  TransactionReads reads_;
  Protocol protocol_;
  Metadata metadata_;
};

TEST_F(RowLevelTest, VectorsOfOneFileAreToBeMerged) {
  TARN_ASSERT_OK_AND_ASSIGN(auto merges, Check(Cut("a", "ours"), Cut("a", "theirs")));
  ASSERT_EQ(merges.size(), 1u);
  EXPECT_EQ(merges[0].winner.path, "a");
  EXPECT_EQ(merges[0].winner.deletion_vector, Vector("theirs"));
  EXPECT_FALSE(merges[0].base.has_value());
}

TEST_F(RowLevelTest, VectorsOfOtherFilesDoNotMatter) {
  TARN_ASSERT_OK_AND_ASSIGN(auto merges, Check(Cut("a", "ours"), Cut("b", "theirs")));
  EXPECT_TRUE(merges.empty());
}

TEST_F(RowLevelTest, SerializableMindsRowsOfOthers) {
  EXPECT_THAT(Check(Cut("a", "ours"), Cut("b", "theirs"), IsolationLevel::kSerializable),
              IsError("DELTA_CONCURRENT_APPEND"));
  EXPECT_THAT(Check(Cut("a", "ours"), Cut("a", "theirs"), IsolationLevel::kSerializable),
              IsError("DELTA_CONCURRENT_DELETE_DELETE"));
}

TEST_F(RowLevelTest, ARewrittenFileIsAConflict) {
  std::vector<Action> rewrite = {std::get<RemoveFile>(Cut("a", "x")[0]), WithRange("c", 1, 2)};
  EXPECT_THAT(Check(Cut("a", "ours"), rewrite), IsError("DELTA_CONCURRENT_DELETE_DELETE"));
}

TEST_F(RowLevelTest, AddedFilesAreHeldAgainstThePredicate) {
  reads_.may_match = [](const AddFile& file) {
    const json::Object high = FileStats::Parse(file.stats).max_values;
    const json::Value* bound = high.Find("n");
    return bound == nullptr || bound->as_int() >= 100;
  };
  EXPECT_THAT(Check(Cut("a", "ours"), {WithRange("b", 1, 50)}), IsOk());
  EXPECT_THAT(Check(Cut("a", "ours"), {WithRange("b", 1, 150)}),
              IsError("DELTA_CONCURRENT_APPEND"));
}

TEST_F(RowLevelTest, ReadersOfOtherRowsMindDeletedOnes) {
  reads_.row_level = false;
  AddFile copied;
  copied.path = "c";
  EXPECT_THAT(Check({copied}, Cut("a", "theirs")), IsError("DELTA_CONCURRENT_APPEND"));
}

struct BesideCase {
  const char* name;
  Protocol before;
  std::vector<Action> winner;
  const char* reason;  // nullptr: both land
};

TEST(ConflictBesideTest, ChangesThatAskNothingOfOthersLandBesideThem) {
  using Names = std::vector<std::string>;
  Protocol before{3, 7, Names{"timestampNtz"}, Names{"timestampNtz"}};
  Protocol vectors{3, 7, Names{"timestampNtz", "deletionVectors"},
                   Names{"timestampNtz", "deletionVectors"}};
  Protocol constraints{3, 7, Names{"timestampNtz"}, Names{"timestampNtz", "checkConstraints"}};
  Protocol fewer{3, 7, Names{}, Names{}};
  Metadata enabled;
  enabled.configuration["delta.enableDeletionVectors"] = "true";
  Metadata constrained;
  constrained.configuration["delta.constraints.c"] = "n > 0";
  DomainMetadata domain{"app", "{}", false};
  DomainMetadata mark{"delta.rowTracking", "{\"rowIdHighWaterMark\":9}", false};
  const std::vector<BesideCase> cases = {
      {"a feature that is safe", before, {vectors}, nullptr},
      {"a feature that asks for checks", before, {constraints}, "DELTA_PROTOCOL_CHANGED"},
      {"a feature dropped", before, {fewer}, "DELTA_PROTOCOL_CHANGED"},
      {"from legacy versions", Protocol(), {vectors}, "DELTA_PROTOCOL_CHANGED"},
      {"a property that is safe", before, {enabled}, nullptr},
      {"a constraint", before, {constrained}, "DELTA_METADATA_CHANGED"},
      {"the same domain", before, {domain}, "DELTA_CONCURRENT_WRITE"},
      {"row ids", before, {mark}, nullptr},
  };
  AddFile file;
  file.path = "ours";
  for (const BesideCase& c : cases) {
    SCOPED_TRACE(c.name);
    auto status = CheckConflict({}, {file, domain, mark}, {3, c.winner, c.before, Metadata()},
                                IsolationLevel::kWriteSerializable);
    if (c.reason == nullptr) {
      EXPECT_THAT(status, IsOk());
    } else {
      EXPECT_THAT(status, IsError(c.reason));
    }
  }
}

}  // namespace
}  // namespace tarn::delta
