#include "base/testing.h"
#include "delta/snapshot.h"

namespace tarn::delta {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OutsideFilesTest : public ::testing::Test {
 protected:
  OutsideFilesTest() {
    Metadata metadata;
    metadata.schema_string = R"({"type":"struct","fields":[]})";
    snapshot_ = After({Protocol{}, metadata});
  }
  // The next version, made of the last one.
  std::shared_ptr<const Snapshot> After(std::vector<Action> actions) {
    SnapshotBuilder builder =
        snapshot_ ? SnapshotBuilder(*snapshot_) : SnapshotBuilder("/lake/table");
    builder.Apply(++version_, 0, std::move(actions));
    snapshot_ = *builder.Finish();
    return snapshot_;
  }
  static AddFile Added(const std::string& path,
                       std::optional<DeletionVectorDescriptor> vector = {}) {
    AddFile file;
    file.path = path;
    file.deletion_vector = std::move(vector);
    return file;
  }
  static RemoveFile Removed(const AddFile& file) {
    RemoveFile removed;
    removed.path = file.path;
    removed.deletion_vector = file.deletion_vector;
    return removed;
  }

  std::shared_ptr<const Snapshot> snapshot_;
  Version version_ = -1;
};

TEST_F(OutsideFilesTest, AreThoseNotBelowTheTable) {
  EXPECT_THAT(After({Added("p=1/f"), Added("/lake/table/g"), Added("/lake/tables/f"),
                     Added("x/../../other/f"), Added("x/../h"), Added("file:///etc/f")})
                  ->outside_files(),
              ElementsAre("/etc/f", "/lake/other/f", "/lake/tables/f"));
}

TEST_F(OutsideFilesTest, WhatClimbsAboveTheRootIsOne) {
  EXPECT_THAT(After({Added("../../../../etc/f"), Added("x/../../../../../etc/g")})->outside_files(),
              ElementsAre("/lake/table/../../../../etc/f", "/lake/table/x/../../../../../etc/g"));
}

TEST_F(OutsideFilesTest, AFileStaysOneWhenItsDeletionVectorChanges) {
  AddFile plain = Added("/etc/f");
  AddFile cut = Added("/etc/f", DeletionVectorDescriptor{'i', "one", {}, 3, 1});
  AddFile cut_more = Added("/etc/f", DeletionVectorDescriptor{'i', "more", {}, 4, 2});
  After({plain});
  EXPECT_THAT(After({Removed(plain), cut})->outside_files(), ElementsAre("/etc/f"));
  // Actions of one commit have no order.
  EXPECT_THAT(After({cut_more, Removed(cut)})->outside_files(), ElementsAre("/etc/f"));
  EXPECT_THAT(After({Removed(cut_more)})->outside_files(), IsEmpty());
}

TEST_F(OutsideFilesTest, ADeletionVectorIsAFileToo) {
  AddFile outside = Added("f", DeletionVectorDescriptor{'p', "/etc/v.bin", 1, 10, 1});
  AddFile inside = Added("g", DeletionVectorDescriptor{'p', "/lake/table/v.bin", 1, 10, 1});
  AddFile climbing =
      Added("h", DeletionVectorDescriptor{'u', "../../etc/ab^-aqEH.-t@S}K{vb[*k^", 1, 10, 1});
  EXPECT_THAT(After({outside, inside, climbing})->outside_files(),
              ElementsAre("/etc/ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin",
                          "/etc/v.bin"));
  EXPECT_THAT(After({Removed(outside), Removed(climbing)})->outside_files(), IsEmpty());
}

}  // namespace
}  // namespace tarn::delta
