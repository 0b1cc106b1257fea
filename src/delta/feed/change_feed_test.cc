#include "delta/feed/change_feed.h"

#include <algorithm>

#include "base/testing.h"
#include "delta/deletion_vector.h"
#include "io/memory_store.h"

namespace tarn::delta {
namespace {

using columnar::Schema;
using columnar::TypeKind;
using ::tarn::testing::IsError;

Metadata MetadataWith(const Schema& schema, const std::string& feed = "true") {
  Metadata metadata;
  metadata.id = "m";
  metadata.schema_string = schema.ToJson();
  metadata.configuration["delta.enableChangeDataFeed"] = feed;
  return metadata;
}

AddFile Added(const std::string& path, const std::vector<uint64_t>& deleted = {}) {
  AddFile add;
  add.path = path;
  add.stats = R"({"numRecords":4})";
  if (!deleted.empty()) {
    DeletionVector vector;
    vector.AddMany(deleted);
    add.deletion_vector = InlineDescriptor(vector);
  }
  return add;
}

RemoveFile Removed(const AddFile& add) {
  RemoveFile remove;
  remove.path = add.path;
  remove.deletion_vector = add.deletion_vector;
  return remove;
}

class ChangeFeedTest : public ::testing::Test {
 protected:
  std::shared_ptr<const Snapshot> TableWith(const Schema& schema, Version version) {
    SnapshotBuilder builder("/t");
    builder.Apply(version, 1'000, {Protocol{}, MetadataWith(schema)});
    return builder.Finish().value();
  }

  Result<std::vector<std::shared_ptr<const Snapshot>>> Changes(std::vector<Log::Commit> commits) {
    ChangeRange range{commits.front().version, commits.back().version, std::move(commits)};
    auto table = TableWith(schema_, range.end);
    return ChangesOf(store_, *table, *TableWith(schema_, range.start), range);
  }

  // "path version type rows" of each file, in order.
  std::vector<std::string> Texts(const std::vector<std::shared_ptr<const Snapshot>>& tables) {
    std::vector<std::string> texts;
    for (const auto& table : tables) {
      for (const auto& listed : table->files()) {
        const AddFile file = *listed;
        auto type = file.partition_values.find(kChangeTypeColumn);
        std::string text = file.path + " " + *file.partition_values.at(kCommitVersionColumn) + " " +
                           (type == file.partition_values.end() ? "-" : *type->second);
        if (file.deletion_vector) {
          DeletionVector hidden = ReadDeletionVector(store_, "/t", *file.deletion_vector).value();
          for (uint64_t row = 0; row < 4; ++row) {
            if (!hidden.Contains(row)) text += " " + std::to_string(row);
          }
        }
        texts.push_back(text);
      }
    }
    std::sort(texts.begin(), texts.end());
    return texts;
  }

  io::MemoryStore store_;
  Schema schema_{{{"id", TypeKind::kInteger}}};
};

using Strings = std::vector<std::string>;

TEST_F(ChangeFeedTest, FilesThatComeAndGoAreInsertsAndDeletes) {
  AddFile compacted = Added("c");
  compacted.data_change = false;
  TARN_ASSERT_OK_AND_ASSIGN(
      auto tables, Changes({{1, 5, {Added("a"), compacted}}, {2, 6, {Removed(Added("a", {1}))}}}));
  EXPECT_EQ(Texts(tables), (Strings{"a 1 insert", "a 2 delete 0 2 3"}));
}

TEST_F(ChangeFeedTest, AFileNamedTwiceStandsInTwoTables) {
  TARN_ASSERT_OK_AND_ASSIGN(
      auto tables,
      Changes({{1, 5, {Added("a")}}, {2, 6, {Removed(Added("a"))}}, {3, 7, {Added("a")}}}));
  EXPECT_EQ(Texts(tables), (Strings{"a 1 insert", "a 2 delete", "a 3 insert"}));
}

TEST_F(ChangeFeedTest, AnotherVectorOfAFileSaysWhichRowsWentAndCame) {
  TARN_ASSERT_OK_AND_ASSIGN(auto tables,
                            Changes({{4, 5, {Removed(Added("a", {0, 1})), Added("a", {1, 3})}}}));
  EXPECT_EQ(Texts(tables), (Strings{"a 4 delete 3", "a 4 insert 0"}));
}

TEST_F(ChangeFeedTest, RecordedChangesAreTakenAlone) {
  AddCdcFile cdc;
  cdc.path = "_change_data/c";
  TARN_ASSERT_OK_AND_ASSIGN(auto tables, Changes({{4, 5, {Removed(Added("a")), Added("b"), cdc}}}));
  EXPECT_EQ(Texts(tables), (Strings{"_change_data/c 4 -"}));
  EXPECT_EQ(tables[0]->partition_columns(),
            (Strings{kCommitVersionColumn, kCommitTimestampColumn}));
}

TEST_F(ChangeFeedTest, AMergeThatChangedNoRowHasNoChanges) {
  CommitInfo info;
  info.fields.Set("operation", "MERGE");
  json::Object metrics;
  for (const char* name : {"numTargetRowsInserted", "numTargetRowsUpdated", "numTargetRowsDeleted"})
    metrics.Set(name, "0");
  info.fields.Set("operationMetrics", std::move(metrics));
  TARN_ASSERT_OK_AND_ASSIGN(auto tables,
                            Changes({{4, 5, {info, Removed(Added("a")), Added("b")}}}));
  EXPECT_EQ(Texts(tables), Strings());
  EXPECT_EQ(tables[0]->schema().fields.size(), 4u);
}

TEST_F(ChangeFeedTest, AVersionWithoutTheFeedFails) {
  EXPECT_THAT(Changes({{1, 5, {Added("a")}}, {2, 6, {MetadataWith(schema_, "false")}}}),
              IsError("DELTA_MISSING_CHANGE_DATA"));
}

TEST_F(ChangeFeedTest, ColumnsMayComeButNotGo) {
  Schema wider{{{"id", TypeKind::kInteger}, {"more", TypeKind::kString}}};
  Schema other{{{"id", TypeKind::kLong}}};
  // Read as the newest version, which has what the others had.
  ChangeRange range{1, 2, {{1, 5, {Added("a")}}, {2, 6, {MetadataWith(wider)}}}};
  EXPECT_TRUE(ChangesOf(store_, *TableWith(wider, 2), *TableWith(schema_, 1), range).ok());
  EXPECT_THAT(ChangesOf(store_, *TableWith(schema_, 2), *TableWith(schema_, 1), range),
              IsError("DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE"));
  EXPECT_THAT(ChangesOf(store_, *TableWith(other, 2), *TableWith(schema_, 1),
                        {1, 2, {{1, 5, {Added("a")}}}}),
              IsError("DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_DATA_SCHEMA"));
}

}  // namespace
}  // namespace tarn::delta
