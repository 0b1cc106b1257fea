#include "sql/keywords.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "base/testing.h"
#include "sql/parser.h"

namespace tarn::sql {
namespace {

TEST(KeywordsTest, ClassesFollowTheStandard) {
  EXPECT_EQ(ClassifyWord("SELECT"), KeywordClass::kReserved);
  EXPECT_EQ(ClassifyWord("OFFSET"), KeywordClass::kReserved);
  EXPECT_EQ(ClassifyWord("DATABASE"), KeywordClass::kNonReserved);
  EXPECT_EQ(ClassifyWord("CARRIER"), KeywordClass::kNone);
  EXPECT_FALSE(IsRelationAlias("ANTI"));
  EXPECT_TRUE(IsRelationAlias("SELECT"));
}

TEST(KeywordsTest, AreSortedAndOnce) {
  std::vector<Keyword> keywords = Keywords();
  EXPECT_GT(keywords.size(), 400u);
  for (size_t i = 1; i < keywords.size(); ++i) EXPECT_LT(keywords[i - 1].word, keywords[i].word);
}

TEST(KeywordsTest, EveryKeywordIsANameAfterAPointAndAfterAs) {
  for (const Keyword& keyword : Keywords()) {
    std::string word(keyword.word);
    EXPECT_THAT(Parse("SELECT t." + word + " AS " + word + " FROM t"), ::tarn::testing::IsOk());
  }
}

TEST(KeywordsTest, JoinWordsAreNoAliasOfARelation) {
  for (const Keyword& keyword : Keywords()) {
    if (IsRelationAlias(keyword.word)) continue;
    std::string text = "SELECT 1 FROM t " + std::string(keyword.word) + " WHERE a = 1";
    EXPECT_THAT(Parse(text), ::tarn::testing::IsError("PARSE_SYNTAX_ERROR")) << text;
  }
}

}  // namespace
}  // namespace tarn::sql
