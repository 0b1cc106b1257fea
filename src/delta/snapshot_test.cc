#include "delta/snapshot.h"

#include <map>
#include <random>

#include "base/testing.h"
#include "delta/checkpoint/checkpoint_reader.h"

namespace tarn::delta {
namespace {

using ::tarn::testing::IsOk;

AddFile FileNumber(int number, int vector = 0) {
  AddFile file;
  file.path = "part-" + std::to_string(number) + "-0c7be371-ce0b-4c6f-8a0b-5b8e6f3c0a11.parquet";
  file.size_bytes = number;
  file.stats = "{\"numRecords\":" + std::to_string(number) + "}";
  if (number % 3 == 0) file.partition_values = {{"p", std::to_string(number % 5)}};
  if (number % 7 == 0) file.base_row_id = number;
  if (vector > 0) {
    file.deletion_vector =
        DeletionVectorDescriptor{'i', "v" + std::to_string(vector), {}, 1, vector};
  }
  return file;
}

std::shared_ptr<const Snapshot> Empty() {
  Metadata metadata;
  metadata.schema_string = R"({"type":"struct","fields":[]})";
  SnapshotBuilder builder("/t");
  builder.Apply(0, 0, {Protocol{}, metadata});
  return *builder.Finish();
}

// Against a map: whatever commits add, remove and put another vector on, in one replay or version
// by version, with blocks merged and thinned out on the way.
TEST(SnapshotTest, HoldsWhatCommitsLeave) {
  unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 chance(seed);
  std::map<std::string, AddFile> model;
  std::map<std::string, AddFile> gone;
  auto snapshot = Empty();
  SnapshotBuilder at_once(*snapshot);
  int fresh = 0;
  for (Version version = 1; version <= 300; ++version) {
    std::vector<Action> actions;
    auto add = [&](const AddFile& file) {
      std::string key = FileKey(file.path, file.deletion_vector);
      model.insert_or_assign(key, file);
      gone.erase(key);
      actions.emplace_back(file);
    };
    auto remove = [&](const AddFile& file) {
      RemoveFile removed;
      removed.path = file.path;
      removed.deletion_vector = file.deletion_vector;
      removed.deletion_timestamp_ms = version;
      std::string key = FileKey(file.path, file.deletion_vector);
      model.erase(key);
      gone.insert_or_assign(key, file);
      actions.emplace_back(removed);
    };
    int adds = static_cast<int>(chance() % (version % 50 == 0 ? 2000 : 4));
    for (int i = 0; i < adds; ++i) add(FileNumber(++fresh));
    if (!model.empty() && chance() % 2 == 0) {
      AddFile some = std::next(model.begin(), static_cast<long>(chance() % model.size()))->second;
      remove(some);
      if (chance() % 2 == 0) {
        some.deletion_vector =
            DeletionVectorDescriptor{'i', "v" + std::to_string(version), {}, 1, version};
        add(some);
      }
    }
    if (!gone.empty() && chance() % 9 == 0) add(AddFile(gone.begin()->second));
    if (chance() % 60 == 0) {
      std::map<std::string, AddFile> all = model;
      for (const auto& [key, file] : all) remove(file);
    }
    at_once.Apply(version, version, actions);
    SnapshotBuilder next(*snapshot);
    next.Apply(version, version, std::move(actions));
    snapshot = *next.Finish();
  }
  auto replayed = *at_once.Finish();
  for (const auto& result : {snapshot, replayed}) {
    ASSERT_EQ(result->files().size(), model.size());
    EXPECT_EQ(result->tombstones().size(), gone.size());
    int64_t bytes = 0;
    size_t position = 0;
    for (const auto& ref : result->files()) {
      AddFile file = *ref;
      auto expected = model.find(FileKey(file.path, file.deletion_vector));
      ASSERT_NE(expected, model.end()) << file.path;
      EXPECT_EQ(file.stats, expected->second.stats);
      EXPECT_EQ(file.partition_values, expected->second.partition_values);
      EXPECT_EQ(file.base_row_id, expected->second.base_row_id);
      EXPECT_EQ(result->files()[position++].path(), file.path);
      bytes += file.size_bytes;
    }
    EXPECT_EQ(result->size_bytes(), bytes);
    EXPECT_LT(result->files().blocks().parts().size(), 40u);
  }
}

TEST(SnapshotTest, AFileTakesLittleMemoryAndVersionsShareIt) {
  std::vector<Action> actions;
  for (int i = 0; i < 100'000; ++i) {
    AddFile file = FileNumber(i);
    file.stats.clear();
    file.partition_values.clear();
    file.base_row_id.reset();
    actions.emplace_back(std::move(file));
  }
  SnapshotBuilder builder(*Empty());
  builder.Apply(1, 0, std::move(actions));
  auto snapshot = *builder.Finish();
  size_t bytes = 0;
  for (const BlockPart& part : snapshot->files().blocks().parts()) {
    bytes += part.block->memory_bytes();
  }
  EXPECT_LT(bytes / snapshot->files().size(), 120u);  // of which 52 are the path
  SnapshotBuilder next(*snapshot);
  next.Apply(2, 0, {FileNumber(100'000)});
  auto after = *next.Finish();
  ASSERT_EQ(after->files().size(), 100'001u);
  for (size_t i = 0; i < snapshot->files().blocks().parts().size(); ++i) {
    EXPECT_EQ(after->files().blocks().parts()[i].block,
              snapshot->files().blocks().parts()[i].block);
  }
}

}  // namespace
}  // namespace tarn::delta
