#include "delta/deletion_vector.h"

#include <random>
#include <set>

#include "base/encoding.h"
#include "base/testing.h"
#include "io/memory_store.h"

namespace tarn::delta {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOk;

DeletionVector Of(const std::vector<uint64_t>& rows) {
  DeletionVector vector;
  vector.AddMany(rows);
  return vector;
}

TEST(DeletionVectorTest, HoldsWhatWasAdded) {
  std::mt19937_64 random(7);
  std::set<uint64_t> rows;
  for (int i = 0; i < 5'000; ++i) rows.insert(random() % 100'000);
  for (uint64_t i = 0; i < 50; ++i) rows.insert((uint64_t{3} << 32) + i * 7);
  std::vector<uint64_t> sorted(rows.begin(), rows.end());
  TARN_ASSERT_OK_AND_ASSIGN(DeletionVector vector,
                            DeletionVector::Deserialize(Of(sorted).Serialize(), "test"));
  EXPECT_EQ(vector.ToRows(), sorted);
  EXPECT_EQ(vector.Cardinality(), static_cast<int64_t>(rows.size()));
  for (uint64_t row : {uint64_t{0}, sorted[17], sorted.back() + 1}) {
    EXPECT_EQ(vector.Contains(row), rows.contains(row)) << row;
  }
  // Read in pieces, as a scan does.
  std::vector<uint64_t> collected;
  for (uint64_t begin = 0; begin < 100'000; begin += 2'048) {
    std::vector<uint32_t> piece;
    vector.Collect(begin, begin + 2'048, &piece);
    for (uint32_t row : piece) collected.push_back(begin + row);
  }
  EXPECT_EQ(collected, std::vector<uint64_t>(sorted.begin(), sorted.end() - 50));
}

TEST(DeletionVectorTest, SetsAreJoinedAndCompared) {
  DeletionVector odd = Of({1, 3, 5});
  DeletionVector low = Of({0, 1, 2});
  EXPECT_TRUE(odd.Intersects(low));
  EXPECT_FALSE(odd.Intersects(Of({0, 2, 4})));
  EXPECT_EQ(odd.Minus(low).ToRows(), (std::vector<uint64_t>{3, 5}));
  odd.Union(low);
  EXPECT_EQ(odd.ToRows(), (std::vector<uint64_t>{0, 1, 2, 3, 5}));
}

TEST(DeletionVectorTest, InlineVectorsAreRead) {
  io::MemoryStore store;
  std::string bytes = Of({3, 4, 7, 11, 18, 29}).Serialize();
  DeletionVectorDescriptor descriptor{'i', "", {}, static_cast<int32_t>(bytes.size()), 6};
  bytes.resize((bytes.size() + 3) / 4 * 4);
  descriptor.path_or_inline_dv = Z85Encode(bytes);
  TARN_ASSERT_OK_AND_ASSIGN(DeletionVector vector, ReadDeletionVector(store, "/t", descriptor));
  EXPECT_EQ(vector.ToRows(), (std::vector<uint64_t>{3, 4, 7, 11, 18, 29}));
  EXPECT_EQ(descriptor.UniqueId(), "i" + descriptor.path_or_inline_dv);
  // The format before the portable one, which no released writer uses, is named by its number.
  descriptor.path_or_inline_dv = "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L";
  EXPECT_THAT(ReadDeletionVector(store, "/t", descriptor),
              IsError("DELTA_DELETION_VECTOR_CORRUPT", ::testing::HasSubstr("magic number")));
}

TEST(DeletionVectorTest, PathsAreThoseOfTheProtocol) {
  DeletionVectorDescriptor descriptor{'u', "ab^-aqEH.-t@S}K{vb[*k^", 4, 40, 6};
  TARN_ASSERT_OK_AND_ASSIGN(std::string path, DeletionVectorPath(descriptor, "/t"));
  EXPECT_EQ(path, "/t/ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin");
  descriptor = {'p', "file:///s/deletion_vector_x%20y.bin", 4, 40, 6};
  TARN_ASSERT_OK_AND_ASSIGN(path, DeletionVectorPath(descriptor, "/t"));
  EXPECT_EQ(path, "/s/deletion_vector_x y.bin");
  descriptor = {'u', "short", 4, 40, 6};
  EXPECT_THAT(DeletionVectorPath(descriptor, "/t"), IsError("DELTA_DELETION_VECTOR_CORRUPT"));
}

TEST(DeletionVectorTest, VectorsOfACommitShareAFileAndAreVerified) {
  io::MemoryStore store;
  DeletionVectorWriter writer(store, "/t");
  std::vector<DeletionVectorDescriptor> descriptors;
  for (uint64_t i = 0; i < 3; ++i) {
    TARN_ASSERT_OK_AND_ASSIGN(auto descriptor, writer.Append(Of({i, i + 100, 1'000'000 + i})));
    descriptors.push_back(descriptor);
  }
  ASSERT_THAT(writer.Finish(), IsOk());
  TARN_ASSERT_OK_AND_ASSIGN(auto files, store.List("/t", true, ""));
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(descriptors[0].offset, 1);
  for (uint64_t i = 0; i < 3; ++i) {
    TARN_ASSERT_OK_AND_ASSIGN(DeletionVector back, ReadDeletionVector(store, "/t", descriptors[i]));
    EXPECT_EQ(back.ToRows(), (std::vector<uint64_t>{i, i + 100, 1'000'000 + i}));
  }

  DeletionVectorDescriptor lying = descriptors[1];
  lying.cardinality = 4;
  EXPECT_THAT(ReadDeletionVector(store, "/t", lying),
              IsError("DELTA_DELETION_VECTOR_CARDINALITY_MISMATCH"));
  lying = descriptors[1];
  lying.size_in_bytes -= 1;
  EXPECT_THAT(ReadDeletionVector(store, "/t", lying),
              IsError("DELTA_DELETION_VECTOR_SIZE_MISMATCH"));
  TARN_ASSERT_OK_AND_ASSIGN(std::string bytes, store.Get(files[0].path));
  bytes[static_cast<size_t>(*descriptors[1].offset) + 20] ^= 1;
  ASSERT_THAT(store.Put(files[0].path, bytes), IsOk());
  EXPECT_THAT(ReadDeletionVector(store, "/t", descriptors[1]),
              IsError("DELTA_DELETION_VECTOR_CHECKSUM_MISMATCH",
                      ::testing::HasSubstr("at byte " + std::to_string(*descriptors[1].offset))));
  EXPECT_THAT(ReadDeletionVector(store, "/t", descriptors[2]), IsOk());
  ASSERT_THAT(store.Put(files[0].path, bytes.substr(0, bytes.size() - 6)), IsOk());
  EXPECT_THAT(ReadDeletionVector(store, "/t", descriptors[2]),
              IsError("DELTA_DELETION_VECTOR_CORRUPT", ::testing::HasSubstr("ends early")));
}

TEST(DeletionVectorTest, DamagedBytesAreErrors) {
  std::mt19937 random(11);
  std::string good = Of({1, 70'000, 5'000'000'000}).Serialize();
  for (int i = 0; i < 2'000; ++i) {
    std::string bad = good.substr(0, random() % (good.size() + 1));
    if (!bad.empty()) bad[random() % bad.size()] = static_cast<char>(random());
    Result<DeletionVector> read = DeletionVector::Deserialize(bad, "test");
    if (read.ok()) read->ToRows();  // whatever it holds, it can be walked
  }
}

}  // namespace
}  // namespace tarn::delta
