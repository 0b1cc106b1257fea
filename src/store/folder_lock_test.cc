#include "store/folder_lock.h"

#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/testing.h"

namespace tarn::store {
namespace {

using tarn::testing::IsError;
using tarn::testing::IsOk;
using ::testing::HasSubstr;

TEST(FolderLockTest, OneAtATime) {
  std::string folder = ::testing::TempDir() + "/folder_lock_" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  {
    TARN_ASSERT_OK_AND_ASSIGN(auto lock, FolderLock::Take(folder));
    EXPECT_THAT(FolderLock::Take(folder),
                IsError("DATA_FOLDER_IN_USE", HasSubstr(std::to_string(::getpid()))));
  }
  EXPECT_THAT(FolderLock::Take(folder), IsOk());
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tarn::store
