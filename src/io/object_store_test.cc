#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "base/testing.h"
#include "io/local_store.h"
#include "io/memory_store.h"

namespace tarn::io {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOk;
using ::tarn::testing::IsOkAndHolds;

// Every store keeps the same promises: each test runs on both.
class ObjectStoreTest : public ::testing::TestWithParam<bool> {
 protected:
  ObjectStoreTest() {
    char folder[] = "/tmp/tarn-io-XXXXXX";
    root_ = ::mkdtemp(folder);
    if (GetParam()) {
      store_ = std::make_unique<LocalStore>();
    } else {
      store_ = std::make_unique<MemoryStore>();
    }
  }
  ~ObjectStoreTest() override { std::filesystem::remove_all(root_); }

  std::string root_;
  std::unique_ptr<ObjectStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Stores, ObjectStoreTest, ::testing::Values(true, false),
                         [](const auto& info) { return info.param ? "Local" : "Memory"; });

TEST_P(ObjectStoreTest, ReadsWhatItWrote) {
  std::string path = root_ + "/a/b/c";
  TARN_ASSERT_OK(store_->Put(path, "hello"));
  EXPECT_THAT(store_->Get(path), IsOkAndHolds("hello"));
  EXPECT_THAT(store_->GetRange(path, {1, 3}), IsOkAndHolds("ell"));
  EXPECT_THAT(store_->GetRange(path, {-2, 0}), IsOkAndHolds("lo"));
  EXPECT_THAT(store_->GetRange(path, {9, 3}), IsOkAndHolds(""));
  TARN_ASSERT_OK(store_->Put(path, "again"));
  EXPECT_THAT(store_->Get(path), IsOkAndHolds("again"));
  TARN_ASSERT_OK(store_->Delete(path));
  TARN_ASSERT_OK(store_->Delete(path));
  EXPECT_THAT(store_->Get(path), IsError("OBJECT_NOT_FOUND"));
  EXPECT_THAT(store_->Head(path), IsError("OBJECT_NOT_FOUND"));
}

TEST_P(ObjectStoreTest, OnePutIfAbsentWins) {
  std::string path = root_ + "/log/1";
  std::atomic<int> won{0};
  std::atomic<int> lost{0};
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&, i] {
      Status status = store_->PutIfAbsent(path, std::string(1000, static_cast<char>('a' + i)));
      if (status.ok()) {
        ++won;
      } else if (status.error().reason() == "OBJECT_ALREADY_EXISTS") {
        ++lost;
      }
    });
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, 7);
  TARN_ASSERT_OK_AND_ASSIGN(std::string bytes, store_->Get(path));
  EXPECT_EQ(bytes, std::string(1000, bytes[0]));
}

TEST_P(ObjectStoreTest, ListsInByteOrder) {
  for (const char* name : {"b", "a/x", "B", "a.b", "c"}) {
    TARN_ASSERT_OK(store_->Put(root_ + "/" + name, name));
  }
  auto names = [&](bool recursive, const std::string& after) {
    std::string all;
    auto listed = store_->List(root_, recursive, after);
    for (const ObjectInfo& info : *listed) all += info.path.substr(root_.size()) + " ";
    return all;
  };
  EXPECT_EQ(names(true, ""), "/B /a.b /a/x /b /c ");
  EXPECT_EQ(names(false, ""), "/B /a.b /b /c ");
  EXPECT_EQ(names(false, root_ + "/a.b"), "/b /c ");
  TARN_ASSERT_OK_AND_ASSIGN(auto none, store_->List(root_ + "/nowhere", true, ""));
  EXPECT_TRUE(none.empty());
}

TEST_P(ObjectStoreTest, AnUnfinishedWriterLeavesNothing) {
  {
    TARN_ASSERT_OK_AND_ASSIGN(auto writer, store_->OpenWriter(root_ + "/big"));
    TARN_ASSERT_OK(writer->Write("half"));
  }
  TARN_ASSERT_OK_AND_ASSIGN(auto listed, store_->List(root_, true, ""));
  EXPECT_TRUE(listed.empty());
  TARN_ASSERT_OK_AND_ASSIGN(auto writer, store_->OpenWriter(root_ + "/big"));
  TARN_ASSERT_OK(writer->Write("whole "));
  TARN_ASSERT_OK(writer->Write("object"));
  TARN_ASSERT_OK(writer->Close());
  EXPECT_THAT(store_->Get(root_ + "/big"), IsOkAndHolds("whole object"));
}

TEST_P(ObjectStoreTest, AWriterMayCloseOnlyIfAbsent) {
  std::string path = root_ + "/a/big";
  TARN_ASSERT_OK_AND_ASSIGN(auto first, store_->OpenWriter(path));
  TARN_ASSERT_OK_AND_ASSIGN(auto second, store_->OpenWriter(path));
  TARN_ASSERT_OK(first->Write("first"));
  TARN_ASSERT_OK(second->Write("second"));
  TARN_ASSERT_OK(second->CloseIfAbsent());
  EXPECT_THAT(first->CloseIfAbsent(), IsError("OBJECT_ALREADY_EXISTS"));
  first.reset();
  second.reset();
  EXPECT_THAT(store_->Get(path), IsOkAndHolds("second"));
  TARN_ASSERT_OK_AND_ASSIGN(auto listed, store_->List(root_, true, ""));
  EXPECT_EQ(listed.size(), 1u);
}

TEST_P(ObjectStoreTest, ListsAfterAPathAtAnyDepth) {
  for (const char* name : {"a", "b/1", "b/2", "b.c", "b/d/3", "c"})
    TARN_ASSERT_OK(store_->Put(root_ + "/" + name, name));
  auto after = [&](const std::string& path) {
    std::string all;
    auto listed = store_->List(root_, true, root_ + path);
    for (const ObjectInfo& info : *listed) all += info.path.substr(root_.size()) + " ";
    return all;
  };
  EXPECT_EQ(after("/a"), "/b.c /b/1 /b/2 /b/d/3 /c ");
  EXPECT_EQ(after("/b.c"), "/b/1 /b/2 /b/d/3 /c ");
  EXPECT_EQ(after("/b/2"), "/b/d/3 /c ");
  EXPECT_EQ(after("/b/d/3"), "/c ");
  EXPECT_EQ(after("/c"), "");
}

TEST(LocalStoreTest, AReaderNeverSeesPartsOfTwoObjects) {
  char folder[] = "/tmp/tarn-io-XXXXXX";
  std::string root = ::mkdtemp(folder);
  LocalStore store(LocalStore::Options{.durable = false});
  const std::string small(1000, 's');
  const std::string large(20'000, 'l');
  TARN_ASSERT_OK(store.Put(root + "/x", small));
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 0; i < 500; ++i) TARN_EXPECT_OK(store.Put(root + "/x", i % 2 ? small : large));
    done = true;
  });
  while (!done) {
    Result<std::string> got = store.Get(root + "/x");
    bool whole = got.ok() && (*got == small || *got == large);
    EXPECT_TRUE(whole) << (got.ok() ? std::to_string(got->size()) : got.error().ToString());
    if (!whole) break;
  }
  writer.join();
  std::filesystem::remove_all(root);
}

TEST(LocalStoreTest, FilesOfDeadWritersAreNotListed) {
  char folder[] = "/tmp/tarn-io-XXXXXX";
  std::string root = ::mkdtemp(folder);
  LocalStore store;
  TARN_ASSERT_OK(store.Put(root + "/x", "1"));
  TARN_ASSERT_OK(store.Put(root + "/.tarn-dead", "half"));
  TARN_ASSERT_OK_AND_ASSIGN(auto listed, store.List(root, true, ""));
  EXPECT_EQ(listed.size(), 1u);
  std::filesystem::remove_all(root);
}

TEST(MemoryStoreTest, FaultsDoWhatTheySay) {
  MemoryStore store;
  Fault next = Fault::kNone;
  store.SetFaultPlan(
      [&](std::string_view, const std::string&) { return std::exchange(next, Fault::kNone); });
  next = Fault::kFailBefore;
  EXPECT_THAT(store.PutIfAbsent("/x", "1234"), IsError("IO_ERROR"));
  EXPECT_THAT(store.Get("/x"), IsError("OBJECT_NOT_FOUND"));
  next = Fault::kFailAfter;
  EXPECT_THAT(store.PutIfAbsent("/x", "1234"), IsError("IO_ERROR"));
  EXPECT_THAT(store.Get("/x"), IsOkAndHolds("1234"));
  next = Fault::kTornWrite;
  EXPECT_THAT(store.Put("/x", "1234"), IsError("IO_ERROR"));
  EXPECT_THAT(store.Get("/x"), IsOkAndHolds("12"));
  next = Fault::kOutOfSpace;
  EXPECT_THAT(store.Put("/x", "1234"), IsError("OUT_OF_SPACE"));
}

TEST(PathTest, NormalizesAndRefuses) {
  EXPECT_THAT(NormalizePath("/a//b/./c/../d/"), IsOkAndHolds("/a/b/d"));
  EXPECT_THAT(NormalizePath("file:/a/b"), IsOkAndHolds("/a/b"));
  EXPECT_THAT(NormalizePath("file:///a/b"), IsOkAndHolds("/a/b"));
  EXPECT_THAT(NormalizePath("/"), IsOkAndHolds("/"));
  for (std::string_view bad : {"a/b", "", "/../x", "file://host/x", "/a/../../x"}) {
    EXPECT_THAT(NormalizePath(bad), IsError("INVALID_PATH")) << bad;
  }
  EXPECT_THAT(NormalizePath(std::string_view("/a\0b", 4)), IsError("INVALID_PATH"));
  EXPECT_TRUE(IsWithin("/a/b", "/a"));
  EXPECT_TRUE(IsWithin("/a", "/a"));
  EXPECT_FALSE(IsWithin("/ab", "/a"));
}

}  // namespace
}  // namespace tarn::io
