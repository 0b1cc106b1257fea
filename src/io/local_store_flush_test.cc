/// \file  What LocalStore asks of the kernel, in which order, and what it does when a call fails.
/// The calls are this program's own symbols, which win over the C library's.
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "base/testing.h"
#include "io/local_store.h"

namespace tarn::io {
namespace {

// Calls on files below the watched folder, as "fsync .tarn-", "link x": hidden names without ids.
struct Watch {
  std::string folder;  ///< empty: nobody watches
  std::vector<std::string> calls;
  std::string failing;  ///< the call that fails, as in `calls`
  int error = 0;
  size_t short_write = 0;  ///< most bytes of one write; 0: no limit
  bool stats = false;      ///< note calls of stat too
};

Watch& TheWatch() {
  static Watch watch;
  return watch;
}

std::string PathOf(int fd) {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), error).string();
}

// Notes a call; whether it has to fail.
bool Fails(const std::string& operation, const std::string& path) {
  Watch& watch = TheWatch();
  if (watch.folder.empty() || path.rfind(watch.folder, 0) != 0) return false;
  std::string name = path == watch.folder ? "." : path.substr(watch.folder.size() + 1);
  if (size_t hidden = name.find(".tarn-"); hidden != std::string::npos)
    name.erase(hidden + std::string_view(".tarn-").size());
  std::string call = operation + " " + name;
  if (watch.calls.empty() || watch.calls.back() != call) watch.calls.push_back(call);
  if (call != watch.failing) return false;
  errno = watch.error;
  return true;
}

}  // namespace
}  // namespace tarn::io

extern "C" {

int fsync(int fd) {
  if (tarn::io::Fails("fsync", tarn::io::PathOf(fd))) return -1;
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

ssize_t write(int fd, const void* bytes, size_t size) {
  if (tarn::io::Fails("write", tarn::io::PathOf(fd))) return -1;
  size_t limit = tarn::io::TheWatch().short_write;
  if (limit > 0) size = std::min(size, limit);
  return ::syscall(SYS_write, fd, bytes, size);
}

int link(const char* from, const char* to) noexcept {
  if (tarn::io::Fails("link", to)) return -1;
  return static_cast<int>(::syscall(SYS_link, from, to));
}

int stat(const char* path, struct stat* out) noexcept {
  if (tarn::io::TheWatch().stats) tarn::io::Fails("stat", path);
  return static_cast<int>(::syscall(SYS_newfstatat, AT_FDCWD, path, out, 0));
}

int rename(const char* from, const char* to) noexcept {
  if (tarn::io::Fails("rename", to)) return -1;
  return static_cast<int>(::syscall(SYS_rename, from, to));
}

}  // extern "C"

namespace tarn::io {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOkAndHolds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FlushTest : public ::testing::Test {
 protected:
  FlushTest() {
    char folder[] = "/tmp/tarn-flush-XXXXXX";
    root_ = ::mkdtemp(folder);
    TheWatch() = Watch{root_, {}, "", 0, 0, false};
  }
  ~FlushTest() override {
    TheWatch() = Watch();
    std::filesystem::remove_all(root_);
  }
  void FailAt(const std::string& call, int error) {
    TheWatch().failing = call;
    TheWatch().error = error;
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root_))
      names.push_back(entry.path().filename().string());
    return names;
  }

  std::string root_;
  LocalStore store_;
};

TEST_F(FlushTest, BytesThenNameThenFolder) {
  TARN_ASSERT_OK(store_.PutIfAbsent(root_ + "/x", "1"));
  EXPECT_THAT(TheWatch().calls, ElementsAre("write .tarn-", "fsync .tarn-", "link x", "fsync ."));
  TheWatch().calls.clear();
  TARN_ASSERT_OK(store_.Put(root_ + "/y", "1"));
  EXPECT_THAT(TheWatch().calls, ElementsAre("write .tarn-", "fsync .tarn-", "rename y", "fsync ."));
}

TEST_F(FlushTest, NewFoldersAreFlushedBeforeWhatIsInThem) {
  TARN_ASSERT_OK(store_.PutIfAbsent(root_ + "/a/b/x", "1"));
  EXPECT_THAT(TheWatch().calls, ElementsAre("fsync .", "fsync a", "write a/b/.tarn-",
                                            "fsync a/b/.tarn-", "link a/b/x", "fsync a/b"));
}

// Another writer has made the folder and may not have flushed it yet.
TEST_F(FlushTest, AFolderThatIsThereIsFlushedOnce) {
  std::filesystem::create_directory(root_ + "/a");
  TARN_ASSERT_OK(store_.PutIfAbsent(root_ + "/a/x", "1"));
  EXPECT_THAT(TheWatch().calls,
              ElementsAre("fsync .", "write a/.tarn-", "fsync a/.tarn-", "link a/x", "fsync a"));
  TheWatch().calls.clear();
  TARN_ASSERT_OK(store_.PutIfAbsent(root_ + "/a/y", "1"));
  EXPECT_THAT(TheWatch().calls,
              ElementsAre("write a/.tarn-", "fsync a/.tarn-", "link a/y", "fsync a"));
  std::filesystem::remove_all(root_ + "/a");
  TheWatch().calls.clear();
  TARN_ASSERT_OK(store_.PutIfAbsent(root_ + "/a/x", "1"));
  EXPECT_EQ(TheWatch().calls.front(), "fsync .");
}

TEST_F(FlushTest, AListingLooksOnlyAtWhatItReturns) {
  for (const char* name : {"a", "b", "c", "d"}) TARN_ASSERT_OK(store_.Put(root_ + "/" + name, "1"));
  TheWatch().calls.clear();
  TheWatch().stats = true;
  TARN_ASSERT_OK_AND_ASSIGN(auto listed, store_.List(root_, false, root_ + "/c"));
  EXPECT_THAT(TheWatch().calls, ElementsAre("stat d"));
  EXPECT_EQ(listed.size(), 1u);
}

TEST_F(FlushTest, AStreamMayRefuseToReplace) {
  TARN_ASSERT_OK_AND_ASSIGN(auto writer, store_.OpenWriter(root_ + "/x"));
  TARN_ASSERT_OK(writer->Write("1"));
  TARN_ASSERT_OK(writer->CloseIfAbsent());
  EXPECT_THAT(TheWatch().calls, ElementsAre("write .tarn-", "fsync .tarn-", "link x", "fsync ."));
}

TEST_F(FlushTest, AStreamIsFlushedOnceAtItsEnd) {
  TARN_ASSERT_OK_AND_ASSIGN(auto writer, store_.OpenWriter(root_ + "/x"));
  TARN_ASSERT_OK(writer->Write("1"));
  TARN_ASSERT_OK(writer->Write("2"));
  EXPECT_THAT(TheWatch().calls, ElementsAre("write .tarn-"));
  TARN_ASSERT_OK(writer->Close());
  EXPECT_THAT(TheWatch().calls, ElementsAre("write .tarn-", "fsync .tarn-", "rename x", "fsync ."));
}

TEST_F(FlushTest, AFailureBeforeTheNameLeavesNothing) {
  struct Case {
    const char* call;
    int error;
    const char* reason;
  };
  for (const Case& c : {Case{"write .tarn-", ENOSPC, "OUT_OF_SPACE"},
                        {"write .tarn-", EDQUOT, "OUT_OF_SPACE"},
                        {"write .tarn-", EIO, "IO_ERROR"},
                        {"fsync .tarn-", EIO, "IO_ERROR"},
                        {"fsync .tarn-", ENOSPC, "OUT_OF_SPACE"},
                        {"link x", EIO, "IO_ERROR"},
                        {"link x", EACCES, "OBJECT_ACCESS_DENIED"}}) {
    FailAt(c.call, c.error);
    EXPECT_THAT(store_.PutIfAbsent(root_ + "/x", "1234"), IsError(c.reason)) << c.call;
    FailAt("", 0);
    EXPECT_THAT(store_.Get(root_ + "/x"), IsError("OBJECT_NOT_FOUND")) << c.call;
    EXPECT_THAT(Names(), IsEmpty()) << c.call;
  }
}

TEST_F(FlushTest, AnOldObjectStaysWhenItsSuccessorFails) {
  TARN_ASSERT_OK(store_.Put(root_ + "/x", "old"));
  for (const char* call : {"write .tarn-", "fsync .tarn-", "rename x"}) {
    FailAt(call, EIO);
    EXPECT_THAT(store_.Put(root_ + "/x", "new"), IsError("IO_ERROR")) << call;
    FailAt("", 0);
    EXPECT_THAT(store_.Get(root_ + "/x"), IsOkAndHolds("old")) << call;
    EXPECT_THAT(Names(), ElementsAre("x")) << call;
  }
}

// The name is there, but might not survive: the caller is told, and finds it when it looks.
TEST_F(FlushTest, AFolderThatCannotBeFlushedIsNoSuccess) {
  FailAt("fsync .", EIO);
  EXPECT_THAT(store_.PutIfAbsent(root_ + "/x", "1"), IsError("IO_ERROR"));
  FailAt("", 0);
  EXPECT_THAT(store_.Get(root_ + "/x"), IsOkAndHolds("1"));
}

TEST_F(FlushTest, ShortWritesAreContinued) {
  TheWatch().short_write = 3;
  TARN_ASSERT_OK(store_.Put(root_ + "/x", "12345678"));
  EXPECT_THAT(store_.Get(root_ + "/x"), IsOkAndHolds("12345678"));
}

TEST_F(FlushTest, NothingIsFlushedWhereDurabilityIsOff) {
  LocalStore quick(LocalStore::Options{.durable = false});
  TARN_ASSERT_OK(quick.PutIfAbsent(root_ + "/a/x", "1"));
  EXPECT_THAT(TheWatch().calls, ElementsAre("write a/.tarn-", "link a/x"));
}

}  // namespace
}  // namespace tarn::io
