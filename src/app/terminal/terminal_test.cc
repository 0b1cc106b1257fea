#include <clocale>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/terminal/completer.h"
#include "app/terminal/result_printer.h"
#include "app/terminal/statement_text.h"
#include "app/terminal/text_width.h"
#include "base/testing.h"

namespace tarn::app {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(TextWidthTest, CountsCellsAndCutsBetweenCharacters) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  EXPECT_EQ(CellWidth("größe"), 5u);
  EXPECT_EQ(CellWidth("日本"), 4u);
  EXPECT_EQ(CutToWidth("größe", 5), "größe");
  EXPECT_EQ(CutToWidth("größer", 5), "größ…");
  EXPECT_EQ(CutToWidth("日本語", 4), "日…");
  EXPECT_EQ(CutToWidth("ab", 0), "");
  EXPECT_EQ(CellWidth("\xff\xfe"), 2u);
}

TEST(TextWidthTest, AValueCannotSteerTheTerminal) {
  EXPECT_EQ(OneLine("a\nb\tc\x1b[2J\x7f"), "a↵b c␛[2J␡");
}

TEST(StatementTextTest, ASemicolonEndsOnlyOutsideOfTextAndComments) {
  EXPECT_TRUE(EndsStatement("SELECT 1;"));
  EXPECT_TRUE(EndsStatement("SELECT 1; -- done"));
  EXPECT_TRUE(EndsStatement("SELECT ';' ; /* a */ \n"));
  EXPECT_FALSE(EndsStatement("SELECT 1"));
  EXPECT_FALSE(EndsStatement("SELECT ';"));
  EXPECT_FALSE(EndsStatement("SELECT 'it\\';"));
  EXPECT_FALSE(EndsStatement("SELECT `a;"));
  EXPECT_FALSE(EndsStatement("SELECT 1 -- a;"));
  EXPECT_FALSE(EndsStatement("SELECT 1 /* /* */ ;"));
  EXPECT_TRUE(IsBlank("  -- a\n /* b */ "));
  EXPECT_FALSE(IsBlank("/* open"));
}

TEST(StatementTextTest, UseMovesTheCurrentSchema) {
  CurrentSchema before{"main", "default"};
  auto after = [&](const char* text) {
    auto now = AfterUse(text, before);
    return now ? now->catalog + "." + now->schema : "";
  };
  EXPECT_EQ(after("USE samples.nycflights;"), "samples.nycflights");
  EXPECT_EQ(after("use schema other"), "main.other");
  EXPECT_EQ(after("USE CATALOG samples"), "samples.default");
  EXPECT_EQ(after("SET CATALOG samples"), "samples.default");
  EXPECT_EQ(after("USE `my schema`"), "main.my schema");
  EXPECT_EQ(after("SELECT 1"), "");
  EXPECT_EQ(after("SET x = 1"), "");
}

class TwoTables final : public NameSource {
 public:
  std::vector<std::string> Catalogs() override { return {"main", "samples"}; }
  std::vector<std::string> Schemas(const std::string& catalog) override {
    if (catalog == "samples") return {"default", "nycflights"};
    return {"default"};
  }
  std::vector<std::string> Tables(const std::string&, const std::string& schema) override {
    if (schema == "nycflights") return {"flights", "airlines", "odd name"};
    return {"late"};
  }
  std::vector<std::string> Columns(const std::string&, const std::string&,
                                   const std::string& table) override {
    if (table == "flights") return {"dep_delay", "dep_time", "carrier"};
    return {"name"};
  }
  std::string current_catalog() override { return "main"; }
  std::string current_schema() override { return "default"; }
};

std::vector<std::string> Offered(const std::string& before, const std::string& after = "") {
  TwoTables names;
  return CompleteStatement(before, after, names).candidates;
}

TEST(CompleterTest, NamesFollowWhatStandsBeforeTheDot) {
  EXPECT_THAT(Offered("SELECT * FROM samples."), ElementsAre("default", "nycflights"));
  EXPECT_THAT(Offered("SELECT * FROM samples.nycflights."),
              ElementsAre("airlines", "flights", "`odd name`"));
  EXPECT_THAT(Offered("SELECT * FROM samples.nycflights.FL"), ElementsAre("flights"));
  EXPECT_THAT(Offered("SELECT * FROM default."), ElementsAre("late"));
}

TEST(CompleterTest, ColumnsComeFromTheTablesOfTheStatement) {
  EXPECT_THAT(Offered("SELECT dep_", " FROM samples.nycflights.flights"),
              ElementsAre("dep_delay", "dep_time"));
  EXPECT_THAT(Offered("SELECT * FROM samples.nycflights.flights AS f WHERE f.ca"),
              ElementsAre("carrier"));
  EXPECT_THAT(Offered("SELECT * FROM samples.nycflights.flights f JOIN late l ON l."),
              ElementsAre("name"));
}

TEST(CompleterTest, AfterFromThereAreRelationsOnly) {
  EXPECT_THAT(Offered("SELECT * FROM "), ElementsAre("default", "late", "main", "samples"));
  EXPECT_THAT(Offered("SELECT * FROM sel"), ElementsAre());
}

TEST(CompleterTest, KeywordsKeepTheCaseOfWhatIsTyped) {
  EXPECT_THAT(Offered("sel"), Contains("select"));
  EXPECT_THAT(Offered("SEL"), Contains("SELECT"));
  EXPECT_THAT(Offered("SELECT date_tr"), Contains("date_trunc("));
  EXPECT_EQ(CommonPrefix({"dep_delay", "dep_time"}), "dep_");
}

QueryResult Flights() {
  QueryResult result;
  result.names = {"name", "delay"};
  result.types = {"STRING", "INT"};
  result.rows = {{"Frontier", "20"}, {std::nullopt, "-3"}};
  return result;
}

std::string Printed(const QueryResult& result, PrintOptions options) {
  std::ostringstream out;
  options.timing = false;
  ResultPrinter printer(options, out);
  TARN_EXPECT_OK(printer.Take(result));
  TARN_EXPECT_OK(printer.Finish(1));
  return out.str();
}

TEST(ResultPrinterTest, ATableIsAlignedWithTypesAndNulls) {
  EXPECT_EQ(Printed(Flights(), {}),
            "name      delay\n"
            "STRING      INT\n"
            "────────  ─────\n"
            "Frontier     20\n"
            "NULL         -3\n"
            "2 rows\n");
}

TEST(ResultPrinterTest, AWideTextIsCutAndANumberNever) {
  QueryResult result = Flights();
  result.rows[0][0] = std::string(100, 'x');
  result.rows[0][1] = "12345678901234567890";
  std::string text = Printed(result, {.columns = 40});
  EXPECT_THAT(text, HasSubstr("x…  12345678901234567890"));
  for (std::istringstream lines(text); std::getline(lines, text);) EXPECT_LE(CellWidth(text), 40u);
}

TEST(ResultPrinterTest, WhatDoesNotFitIsShownRecordByRecord) {
  EXPECT_EQ(Printed(Flights(), {.columns = 10}),
            "─── row 1 ───\nna…  Fron…\nde…  20\n─── row 2 ───\nna…  NULL\nde…  -3\n2 rows\n");
  EXPECT_THAT(Printed(Flights(), {.format = OutputFormat::kVertical}),
              HasSubstr("name   Frontier\ndelay  20\n"));
}

TEST(ResultPrinterTest, CsvTellsNullFromAnEmptyText) {
  QueryResult result = Flights();
  result.rows = {{"a \"b\", c", std::nullopt}, {"", "1"}};
  EXPECT_EQ(Printed(result, {.format = OutputFormat::kCsv}),
            "name,delay\n\"a \"\"b\"\", c\",\n\"\",1\n");
}

TEST(ResultPrinterTest, PartsAreOneResult) {
  for (OutputFormat format : {OutputFormat::kCsv, OutputFormat::kJson, OutputFormat::kTable}) {
    PrintOptions options{.format = format, .timing = false};
    std::ostringstream out;
    ResultPrinter printer(options, out);
    for (size_t row = 0; row < 2; ++row) {
      QueryResult part = Flights();
      part.rows = {Flights().rows[row]};
      TARN_EXPECT_OK(printer.Take(part));
    }
    TARN_EXPECT_OK(printer.Finish(1));
    EXPECT_EQ(out.str(), Printed(Flights(), options));
  }
}

TEST(ResultPrinterTest, AnOutputThatIsGoneIsAnError) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  ResultPrinter csv({.format = OutputFormat::kCsv}, out);
  EXPECT_THAT(csv.Take(Flights()), tarn::testing::IsError("IO_ERROR"));
  ResultPrinter table({}, out);
  TARN_EXPECT_OK(table.Take(Flights()));
  EXPECT_THAT(table.Finish(1), tarn::testing::IsError("IO_ERROR"));
}

TEST(ResultPrinterTest, JsonKeepsTypes) {
  QueryResult result;
  result.names = {"i", "d", "b", "a", "s", "n"};
  result.types = {"BIGINT", "DOUBLE", "BOOLEAN", "ARRAY<INT>", "STRING", "INT"};
  result.rows = {{"9223372036854775807", "NaN", "true", "[1,2]", "1", std::nullopt}};
  EXPECT_EQ(Printed(result, {.format = OutputFormat::kJson}),
            R"({"i":9223372036854775807,"d":"NaN","b":true,"a":[1,2],"s":"1","n":null})"
            "\n");
}

TEST(ResultPrinterTest, ColourIsForTerminalsOnly) {
  EXPECT_THAT(Printed(Flights(), {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(Printed(Flights(), {.style = {true}}), HasSubstr("\x1b[2mNULL    \x1b[0m"));
  std::string error = "[TABLE_X] no\n\n== SQL ==\nselect\n--^^^";
  EXPECT_EQ(PaintError(error, {}), error);
  EXPECT_EQ(PaintError(error, {true}),
            "\x1b[1;31m[TABLE_X]\x1b[0m no\n\n== SQL ==\nselect\n\x1b[31m--^^^\x1b[0m");
}

TEST(ResultPrinterTest, AFormatThatDoesNotExistIsRefused) {
  EXPECT_THAT(ParseOutputFormat("xml"), tarn::testing::IsError("INVALID_PARAMETER_VALUE"));
}

}  // namespace
}  // namespace tarn::app
