#include "delta/clustering/clustering.h"

#include "base/testing.h"

namespace tarn::delta {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Path = std::vector<std::string>;

AddFile File(const std::string& path, int64_t bytes, const std::string& cube = "",
             const std::string& by = R"(["a","s.b"])") {
  AddFile file;
  file.path = path;
  file.size_bytes = bytes;
  if (cube.empty()) return file;
  file.clustering_provider = kClusteringProvider;
  file.tags = {{kZCubeId, cube}, {kZCubeZorderBy, by}};
  return file;
}

std::shared_ptr<const Snapshot> TableOf(std::vector<AddFile> files) {
  SnapshotBuilder builder("/lake/t");
  Metadata metadata;
  metadata.schema_string =
      R"({"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":{}},)"
      R"({"name":"s","type":{"type":"struct","fields":[)"
      R"({"name":"b","type":"string","nullable":true,"metadata":{}}]},"nullable":true,)"
      R"("metadata":{}}]})";
  Protocol protocol{1, 7, {}, {{"clustering", "domainMetadata"}}};
  std::vector<Action> actions = {
      protocol, metadata,
      DomainMetadata{kClusteringDomain,
                     R"({"clusteringColumns":[["a"],["s","b"],["gone"]],"domainName":"x"})",
                     false}};
  for (AddFile& file : files) actions.emplace_back(std::move(file));
  builder.Apply(0, 0, std::move(actions));
  return *builder.Finish();
}

std::vector<std::string> Chosen(std::vector<AddFile> files, bool full = false) {
  auto table = TableOf(std::move(files));
  std::vector<std::string> paths;
  for (const auto& file : FilesToCluster(*table, ClusteringColumns(*table), {100, full})) {
    paths.push_back(file->path);
  }
  return paths;
}

TEST(Clustering, ColumnsComeFromTheDomain) {
  auto table = TableOf({});
  EXPECT_TRUE(ClusteringSupported(table->protocol()));
  EXPECT_THAT(ClusteringColumns(*table), ElementsAre(Path{"a"}, Path{"s", "b"}));
  EXPECT_EQ(ZorderByTag(ClusteringColumns(*table)), R"(["a","s.b"])");
}

TEST(Clustering, TakesWhatIsInNoCompleteCube) {
  EXPECT_THAT(
      Chosen({File("x", 1), File("c1", 60, "one"), File("c2", 60, "one"), File("d", 10, "two")}),
      ElementsAre("x", "d"));
  // One cube that holds everything is as good as it gets.
  EXPECT_THAT(Chosen({File("c1", 1, "one"), File("c2", 1, "one")}), IsEmpty());
  EXPECT_THAT(Chosen({File("c1", 1, "one"), File("c2", 1, "two")}), ElementsAre("c1", "c2"));
  EXPECT_THAT(Chosen({}), IsEmpty());
}

TEST(Clustering, FilesOfOtherColumnsWaitForFull) {
  AddFile foreign = File("f", 1);
  foreign.clustering_provider = "somebody";
  std::vector<AddFile> files = {File("x", 1), File("old", 500, "zero", R"(["b"])"), foreign};
  EXPECT_THAT(Chosen(files), ElementsAre("x"));
  EXPECT_THAT(Chosen(files, true), ElementsAre("x", "old", "f"));
}

}  // namespace
}  // namespace tarn::delta
