#include "sql/lexer.h"

#include <gtest/gtest.h>

#include "base/testing.h"

namespace tarn::sql {
namespace {

using ::tarn::testing::IsError;

// "kind:text" of every token but the last, divided by blanks.
std::string Kinds(std::string_view text) {
  static constexpr const char* kNames[] = {"word",   "quoted", "string", "integer",
                                           "number", "op",     "param",  "end"};
  Result<std::vector<Token>> tokens = Tokenize(text);
  if (!tokens.ok()) return tokens.error().ToString();
  std::string out;
  for (const Token& token : *tokens) {
    if (token.kind == TokenKind::kEnd) break;
    out += (out.empty() ? "" : " ") + std::string(kNames[static_cast<int>(token.kind)]) + ":" +
           token.text;
  }
  return out;
}

std::string Unescaped(std::string_view text) {
  Result<std::vector<Token>> tokens = Tokenize(text);
  return tokens.ok() ? (*tokens)[0].text : tokens.error().ToString();
}

TEST(LexerTest, WordsKeepTheirSpellingAndHaveAnUpperCaseForm) {
  Result<std::vector<Token>> tokens = Tokenize("Select größe _x1 1a");
  TARN_ASSERT_OK(tokens);
  EXPECT_EQ((*tokens)[0].text, "Select");
  EXPECT_EQ((*tokens)[0].upper, "SELECT");
  EXPECT_EQ(Kinds("größe _x1 1a 12_b"), "word:größe word:_x1 word:1a word:12_b");
}

TEST(LexerTest, RangesAreBytes) {
  Result<std::vector<Token>> tokens = Tokenize("ö  'ab' ");
  TARN_ASSERT_OK(tokens);
  EXPECT_EQ((*tokens)[0].range.begin, 0u);
  EXPECT_EQ((*tokens)[0].range.end, 2u);
  EXPECT_EQ((*tokens)[1].range.begin, 4u);
  EXPECT_EQ((*tokens)[1].range.end, 8u);
}

TEST(LexerTest, NumbersAndTheirSuffixes) {
  EXPECT_EQ(Kinds("1 12L 3Y 4S 5F 6D 7BD 8bd"),
            "integer:1 number:12L number:3Y number:4S number:5F number:6D number:7BD number:8bd");
  EXPECT_EQ(Kinds("1.5 .5 5. 1e3 1E-3 5.e1 1.5e+2D .5BD"),
            "number:1.5 number:.5 number:5. number:1e3 number:1E-3 number:5.e1 number:1.5e+2D "
            "number:.5BD");
  EXPECT_EQ(Kinds("1e 1e+ 0x1F 1_000"), "word:1e word:1e op:+ word:0x1F word:1_000");
  EXPECT_EQ(Kinds("a.1b 1.a"), "word:a op:. word:1b integer:1 op:. word:a");
  EXPECT_EQ(Kinds("1.5S 1e5x 1e+5x"), "integer:1 op:. number:5S word:1e5x word:1e op:+ word:5x");
}

TEST(LexerTest, StringsUnescapeAsSparkDoes) {
  EXPECT_EQ(Unescaped(R"('a\'b')"), "a'b");
  EXPECT_EQ(Unescaped(R"("a\"b")"), "a\"b");
  EXPECT_EQ(Unescaped(R"('a''b')"), "a'b");
  EXPECT_EQ(Unescaped(R"("a""b")"), "a\"b");
  EXPECT_EQ(Unescaped(R"('''')"), "'");
  EXPECT_EQ(Unescaped(R"('')"), "");
  EXPECT_EQ(Unescaped(R"('""')"), "\"\"");
  EXPECT_EQ(Unescaped(R"('\n\t\r\b\\\Z')"), "\n\t\r\b\\\x1a");
  EXPECT_EQ(Unescaped(R"('\101\u00e9\U0001F600')"), "Aé😀");
  EXPECT_EQ(Unescaped(R"('\0')"), std::string(1, '\0'));
  EXPECT_EQ(Unescaped(R"('\%\_\q')"), R"(\%\_q)");
  EXPECT_EQ(Unescaped(R"(r'\n\')"), R"(\n\)");
  EXPECT_EQ(Unescaped(R"(R"\d")"), R"(\d)");
}

TEST(LexerTest, QuotedIdentifiersDoubleTheirQuote) {
  EXPECT_EQ(Kinds("`a``b` `c d`.`e`"), "quoted:a`b quoted:c d op:. quoted:e");
}

TEST(LexerTest, CommentsVanish) {
  EXPECT_EQ(Kinds("a -- b\nc"), "word:a word:c");
  EXPECT_EQ(Kinds("a -- b \\\n still comment\nc"), "word:a word:c");
  EXPECT_EQ(Kinds("a /* b /* c */ d */ e"), "word:a word:e");
  EXPECT_EQ(Kinds("a /*+ hint */ e"), "word:a word:e");
}

TEST(LexerTest, ParametersAndPathsAreToldApart) {
  EXPECT_EQ(Kinds(":a ?"), "param:a op:?");
  EXPECT_EQ(Kinds("(:a)"), "op:( param:a op:)");
  EXPECT_EQ(Kinds("a:b"), "word:a op:: word:b");
  EXPECT_EQ(Kinds("a::int"), "word:a op::: word:int");
  EXPECT_EQ(Kinds(":`a b`"), "param:a b");
}

TEST(LexerTest, OperatorsTakeTheLongestText) {
  EXPECT_EQ(Kinds("<=> <= << >>> => -> || |> !="),
            "op:<=> op:<= op:<< op:>>> op:=> op:-> op:|| op:|> op:!=");
}

TEST(LexerTest, UnclosedTextIsAnErrorAtItsBegin) {
  for (std::string_view text : {"a 'b", "a \"b", "a `b", "a r'b", "a 'b\\"}) {
    Result<std::vector<Token>> tokens = Tokenize(text);
    ASSERT_THAT(tokens, IsError("PARSE_SYNTAX_ERROR")) << text;
    EXPECT_EQ(tokens.error().query_context()->column, 2) << text;
  }
  EXPECT_THAT(Tokenize("a /* b"), IsError("UNCLOSED_BRACKETED_COMMENT"));
  EXPECT_THAT(Tokenize("a /* b /* c */"), IsError("UNCLOSED_BRACKETED_COMMENT"));
  EXPECT_THAT(Tokenize("a \x01"), IsError("PARSE_SYNTAX_ERROR"));
}

TEST(LexerTest, ContextCountsLinesFromOneAndColumnsFromZero) {
  QueryContext context = ContextOf("a\nbc\n  def", {7, 10});
  EXPECT_EQ(context.line, 3);
  EXPECT_EQ(context.column, 2);
  EXPECT_EQ(context.fragment, "def");
  EXPECT_EQ(context.start_offset, 7);
  EXPECT_EQ(context.stop_offset, 9);
}

}  // namespace
}  // namespace tarn::sql
