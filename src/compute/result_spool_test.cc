#include "compute/result_spool.h"

#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/testing.h"

namespace tarn::compute {
namespace {

TEST(ResultSpoolTest, KeepsTheFirstPiecesInMemoryAndTheRestInAFileWithoutAName) {
  std::string folder = ::testing::TempDir() + "/spool_" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  {
    ResultSpool spool(folder, 10);
    std::vector<std::string> pieces = {"12345", "678", std::string(100'000, 'x'), "", "tail"};
    for (const std::string& piece : pieces) ASSERT_THAT(spool.Append(piece), testing::IsOk());
    ASSERT_EQ(spool.size(), pieces.size());
    for (size_t i = 0; i < pieces.size(); ++i) EXPECT_EQ(*spool.Get(i), pieces[i]) << i;
    EXPECT_TRUE(std::filesystem::is_empty(folder));
    spool.Clear();
    EXPECT_EQ(spool.size(), 0u);
  }
  std::filesystem::remove_all(folder);
}

TEST(ResultSpoolTest, MovesWhatIsInMemoryToTheFile) {
  std::string folder = ::testing::TempDir() + "/spool_move_" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  {
    ResultSpool spool(folder, 10);
    std::vector<std::string> pieces = {"12345", "678", std::string(1000, 'x')};
    for (const std::string& piece : pieces) ASSERT_THAT(spool.Append(piece), testing::IsOk());
    EXPECT_EQ(spool.memory_bytes(), 8);
    ASSERT_THAT(spool.MoveToFile(), testing::IsOk());
    EXPECT_EQ(spool.memory_bytes(), 0);
    ASSERT_THAT(spool.Append("last"), testing::IsOk());
    EXPECT_EQ(spool.memory_bytes(), 0);
    pieces.push_back("last");
    for (size_t i = 0; i < pieces.size(); ++i) EXPECT_EQ(*spool.Get(i), pieces[i]) << i;
  }
  std::filesystem::remove_all(folder);
}

TEST(ResultSpoolTest, WhatCannotBeMovedStaysReadable) {
  ResultSpool spool("/nonexistent/folder");
  ASSERT_THAT(spool.Append("bytes"), testing::IsOk());
  EXPECT_THAT(spool.MoveToFile(), testing::IsError("IO_ERROR"));
  EXPECT_EQ(*spool.Get(0), "bytes");
  EXPECT_EQ(spool.memory_bytes(), 5);
}

TEST(ResultSpoolTest, SaysSoWhenTheFolderIsGone) {
  ResultSpool spool("/nonexistent/folder", 0);
  EXPECT_THAT(spool.Append("bytes"), testing::IsError("IO_ERROR"));
}

}  // namespace
}  // namespace tarn::compute
