// What the goldens in testdata/ do not show: positions, limits, and the smaller entry points.
#include "sql/parser.h"

#include <gtest/gtest.h>

#include "base/testing.h"
#include "sql/ast_printer.h"
#include "sql/lexer.h"

namespace tarn::sql {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOk;
using ::tarn::testing::IsOkAndHolds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Repeat(std::string_view part, size_t count) {
  std::string out;
  out.reserve(part.size() * count);
  for (size_t i = 0; i < count; ++i) out += part;
  return out;
}

std::string TextOf(const std::string& text, SourceRange range) {
  return text.substr(range.begin, range.end - range.begin);
}

const Select& SelectOf(const Statement& statement) {
  return statement.As<QueryStatement>().query->body->As<Select>();
}

TEST(ParserTest, RangesGiveTheTextOfEveryPart) {
  std::string text = " SELECT (a + 1) * b AS x, count( * ), t.c FROM s.t AS t WHERE a IN (1, 2) ;";
  TARN_ASSERT_OK_AND_ASSIGN(StatementPtr statement, Parse(text));
  const Select& select = SelectOf(*statement);
  EXPECT_EQ(TextOf(text, select.items[0].expr->range), "(a + 1) * b");
  EXPECT_EQ(TextOf(text, select.items[0].range), "(a + 1) * b AS x");
  EXPECT_EQ(TextOf(text, select.items[0].expr->As<Binary>().left->range), "(a + 1)");
  EXPECT_EQ(TextOf(text, select.items[1].expr->range), "count( * )");
  EXPECT_EQ(TextOf(text, select.items[2].expr->range), "t.c");
  EXPECT_EQ(TextOf(text, select.from->range), "s.t AS t");
  EXPECT_EQ(TextOf(text, select.where->range), "a IN (1, 2)");
  EXPECT_EQ(TextOf(text, select.range), text.substr(1, text.size() - 3));
}

TEST(ParserTest, ErrorsNameLineAndColumn) {
  Result<StatementPtr> statement = Parse("SELECT a\nFROM t\nWHERE a ==== b");
  ASSERT_THAT(statement, IsError("PARSE_SYNTAX_ERROR", HasSubstr("'=='")));
  const QueryContext& context = *statement.error().query_context();
  EXPECT_EQ(context.line, 3);
  EXPECT_EQ(context.column, 10);
  EXPECT_EQ(context.fragment, "==");
  EXPECT_EQ(statement.error().sqlstate(), "42601");
}

TEST(ParserTest, EmptyTextIsItsOwnError) {
  EXPECT_THAT(Parse(""), IsError("PARSE_EMPTY_STATEMENT"));
  EXPECT_THAT(Parse(" -- only a comment\n"), IsError("PARSE_EMPTY_STATEMENT"));
  EXPECT_THAT(Parse(";"), IsError("PARSE_SYNTAX_ERROR"));
}

TEST(ParserTest, DepthHasALimitInEveryRuleThatNests) {
  const size_t kMany = 100000;
  for (const auto& [open, close] :
       std::vector<std::pair<std::string, std::string>>{{"SELECT ", ""},
                                                        {"(", ")"},
                                                        {"SELECT (", ")"},
                                                        {"SELECT -", ""},
                                                        {"SELECT ~ -", ""},
                                                        {"SELECT NOT ", ""},
                                                        {"SELECT f(", ")"},
                                                        {"SELECT CASE WHEN ", ""},
                                                        {"SELECT a[", "]"},
                                                        {"SELECT x -> ", ""},
                                                        {"SELECT * FROM (", ")"},
                                                        {"EXPLAIN ", ""},
                                                        {"WITH a AS (", ")"},
                                                        {"SELECT CAST(a AS ARRAY<", ">"},
                                                        {"SELECT a IN (SELECT ", ")"},
                                                        {"SELECT a BETWEEN (", ")"}}) {
    size_t blank = open.rfind("SELECT ", 0) == 0 && open.size() > 7 ? 7 : 0;
    std::string text = open + Repeat(open.substr(blank), kMany) + "1" + Repeat(close, kMany);
    Result<StatementPtr> statement = Parse(text);
    EXPECT_FALSE(statement.ok()) << open;
  }
  EXPECT_THAT(Parse("SELECT " + Repeat("(", kMany)), IsError("FAILED_TO_PARSE_TOO_COMPLEX"));
  EXPECT_THAT(Parse(Repeat("EXPLAIN ", kMany)), IsError("FAILED_TO_PARSE_TOO_COMPLEX"));
  EXPECT_THAT(ParseDataType(Repeat("ARRAY<", kMany)), IsError("FAILED_TO_PARSE_TOO_COMPLEX"));
}

TEST(ParserTest, ChainsHaveALimitToo) {
  const size_t kMany = 100000;
  for (std::string link : {" + 1", " || 'a'", " = 1", "[0]", "::INT", " DIV 2"}) {
    EXPECT_THAT(Parse("SELECT a" + Repeat(link, kMany)), IsError("FAILED_TO_PARSE_TOO_COMPLEX"))
        << link;
  }
  EXPECT_THAT(Parse("SELECT 1" + Repeat(" UNION SELECT 1", kMany)),
              IsError("FAILED_TO_PARSE_TOO_COMPLEX"));
  EXPECT_THAT(Parse("SELECT 1 FROM t" + Repeat(" JOIN t", kMany)),
              IsError("FAILED_TO_PARSE_TOO_COMPLEX"));
  EXPECT_THAT(Parse("SELECT 1 FROM t" + Repeat(", t", kMany)),
              IsError("FAILED_TO_PARSE_TOO_COMPLEX"));
}

TEST(ParserTest, LargeStatementsAreNotDeepOnes) {
  EXPECT_THAT(Parse("SELECT a" + Repeat(", a + 1 * b", 5000) + " FROM t"), IsOk());
  EXPECT_THAT(Parse("SELECT * FROM t WHERE a = 0" + Repeat(" OR a = 1 AND b = 2", 5000)), IsOk());
  EXPECT_THAT(Parse("SELECT * FROM t WHERE a IN (0" + Repeat(", 1", 20000) + ")"), IsOk());
  EXPECT_THAT(Parse("SELECT 1" + Repeat(" UNION ALL SELECT 1", 999)), IsOk());
  EXPECT_THAT(Parse("INSERT INTO t VALUES (0, 'a')" + Repeat(", (1, 'b')", 10000)), IsOk());
  EXPECT_THAT(Parse("SELECT " + Repeat("(", 150) + "1" + Repeat(")", 150)), IsOk());
}

TEST(ParserTest, IdentifiersHaveALimit) {
  EXPECT_THAT(Parse("SELECT * FROM " + Repeat("a", 255)), IsOk());
  EXPECT_THAT(Parse("SELECT * FROM " + Repeat("a", 256)), IsError("INVALID_IDENTIFIER"));
}

TEST(ParserTest, TypesInBothSpellings) {
  TARN_ASSERT_OK_AND_ASSIGN(columnar::DataType type,
                            ParseDataType("struct<a:int, b array<map<string, decimal(5)>>>"));
  EXPECT_EQ(type.ToCatalogString(), "struct<a:int,b:array<map<string,decimal(5,0)>>>");
  EXPECT_THAT(ParseDataType("int)"), IsError("PARSE_SYNTAX_ERROR"));
  EXPECT_THAT(ParseDataType("decimal(39)"), IsError("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION"));
}

TEST(ParserTest, SchemasOfReaders) {
  TARN_ASSERT_OK_AND_ASSIGN(columnar::Fields fields,
                            ParseSchema("a INT NOT NULL, `b c`: STRING COMMENT 'x'"));
  ASSERT_EQ(fields.size(), 2u);
  EXPECT_FALSE(fields[0].nullable);
  EXPECT_EQ(fields[1].name, "b c");
}

TEST(ParserTest, ScriptsSplitAtTheirSemicolons) {
  EXPECT_THAT(SplitStatements("SELECT ';'; ; -- x;\nSELECT 2 /* ; */ ;"),
              IsOkAndHolds(ElementsAre("SELECT ';'", "SELECT 2 /* ; */")));
  EXPECT_THAT(SplitStatements("SELECT 'a"), IsError("PARSE_SYNTAX_ERROR"));
}

TEST(ParserTest, ExpressionsStandAlone) {
  TARN_ASSERT_OK_AND_ASSIGN(ExprPtr expr, ParseExpression("a + 1 > b"));
  EXPECT_EQ(PrintTree(*expr), "(> (+ a 1) b)\n");
  EXPECT_THAT(ParseExpression("a b"), IsError("PARSE_SYNTAX_ERROR"));
}

TEST(RenderErrorTest, PutsCaretsBelowTheLine) {
  std::string text = "SELECT 1\nFORM t";
  Result<StatementPtr> statement = Parse(text);
  ASSERT_FALSE(statement.ok());
  EXPECT_EQ(RenderError(statement.error(), text),
            "[PARSE_SYNTAX_ERROR] Syntax error at or near 't': extra input 't'. SQLSTATE: 42601 "
            "(line 2, pos 5)\n\n== SQL ==\nSELECT 1\nFORM t\n-----^^^\n");
}

TEST(RenderErrorTest, ShowsThePartOfADataException) {
  std::string text = "SELECT a,\n  1 / 0\nFROM t";
  Error error =
      Fail("DIVIDE_BY_ZERO", "Division by zero.").WithQueryContext(ContextOf(text, {12, 17}));
  EXPECT_EQ(RenderError(error, text),
            "[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012\n"
            "== SQL (line 2, position 3) ==\n  1 / 0\n  ^^^^^\n");
}

TEST(RenderErrorTest, AnEmptyPartHasOneCaret) {
  std::string text = "SELECT 1\nFROM";
  Error error = Fail("DIVIDE_BY_ZERO", "x").WithQueryContext(ContextOf(text, {13, 13}));
  EXPECT_THAT(RenderError(error, text), HasSubstr("\nFROM\n    ^\n"));
}

}  // namespace
}  // namespace tarn::sql
