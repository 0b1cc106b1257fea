#include "base/testing.h"
#include "plan/fixture_resolver_for_test.h"
#include "sql/parser.h"

namespace tarn::plan {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOk;
using ::testing::ElementsAre;

class AnalyzeStatementTest : public ::testing::Test {
 protected:
  Result<AnalyzedStatement> Analyze(const std::string& text) {
    resolver_.uses.clear();
    statement_.reset();
    TARN_TRY(statement_, sql::Parse(text));
    AnalyzerContext context;
    context.resolver = &resolver_;
    context.current_catalog = "main";
    context.current_schema = "default";
    return plan::Analyze(*statement_, text, context);
  }
  // The part of the text an error points at.
  std::string Place(const std::string& text) {
    Result<AnalyzedStatement> analyzed = Analyze(text);
    if (analyzed.ok()) return "no error";
    const auto& context = analyzed.error().query_context();
    return context ? context->fragment : "no place";
  }

  FixtureResolver resolver_;
  sql::StatementPtr statement_;
};

TEST_F(AnalyzeStatementTest, TargetsAreAskedForWhatTheStatementDoes) {
  EXPECT_THAT(Analyze("INSERT INTO t SELECT * FROM t"), IsOk());
  EXPECT_THAT(resolver_.uses, ElementsAre(TargetUse::kWrite));
  EXPECT_THAT(Analyze("TRUNCATE TABLE t"), IsOk());
  EXPECT_THAT(resolver_.uses, ElementsAre(TargetUse::kWrite));
  EXPECT_THAT(Analyze("DELETE FROM t"), IsOk());
  EXPECT_THAT(resolver_.uses, ElementsAre(TargetUse::kWrite));
  EXPECT_THAT(Analyze("DELETE FROM t WHERE 1 = 1"), IsOk());
  EXPECT_THAT(resolver_.uses, ElementsAre(TargetUse::kWrite));
  EXPECT_THAT(Analyze("DELETE FROM t WHERE upper(c) = 'X' OR 1 = 1"), IsOk());
  EXPECT_THAT(resolver_.uses, ElementsAre(TargetUse::kWrite, TargetUse::kReadAndWrite));
  EXPECT_THAT(Analyze("DELETE FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a)"), IsOk());
  EXPECT_THAT(resolver_.uses, ElementsAre(TargetUse::kWrite, TargetUse::kReadAndWrite));
}

TEST_F(AnalyzeStatementTest, NamesAreCompleted) {
  auto line = [&](const std::string& text) {
    Result<AnalyzedStatement> analyzed = Analyze(text);
    return analyzed.ok() ? CommandLine(*analyzed) : analyzed.error().ToString();
  };
  EXPECT_EQ(line("DROP TABLE x"), "DropTable main.default.x");
  EXPECT_EQ(line("DROP SCHEMA s CASCADE"), "DropSchema main.s cascade");
  EXPECT_EQ(line("SHOW TABLES"), "ShowTables main.default");
  EXPECT_EQ(line("SHOW SCHEMAS"), "ShowSchemas main");
  EXPECT_EQ(line("GRANT SELECT ON SCHEMA s TO `ada`"), "Grant [SELECT] Schema main.s, ada");
  EXPECT_EQ(line("DESCRIBE t a"), "DescribeTable main.default.t, a");
  EXPECT_EQ(line("CREATE TABLE x (a INT NOT NULL, p STRING) PARTITIONED BY (P)"),
            "CreateTable main.default.x using delta, [a int not null, p string], partitioned by "
            "[p]");
}

TEST_F(AnalyzeStatementTest, WhatIsNotSupportedIsRefusedAtItsPlace) {
  EXPECT_THAT(Analyze("CREATE TABLE x (a INT) CLUSTER BY AUTO"), IsError("UNSUPPORTED_FEATURE"));
  EXPECT_EQ(Place("CREATE TABLE x (a INT) CLUSTER BY AUTO"), "x");
  EXPECT_THAT(Analyze("CREATE EXTERNAL TABLE x (a INT)"), IsError("INVALID_STATEMENT_OR_CLAUSE"));
  EXPECT_THAT(Analyze("INSERT INTO t REPLACE WHERE rand() < 1 SELECT * FROM t"),
              IsError("DELTA_NON_DETERMINISTIC_FUNCTION_NOT_SUPPORTED"));
  EXPECT_THAT(Analyze("DROP TABLE a.b.c.d"), IsError("IDENTIFIER_TOO_MANY_NAME_PARTS"));
  EXPECT_EQ(Place("DROP TABLE a.b.c.d"), "a.b.c.d");
}

TEST_F(AnalyzeStatementTest, CreateTableChecksItsColumns) {
  EXPECT_THAT(Analyze("CREATE TABLE x (a INT, A STRING)"), IsError("COLUMN_ALREADY_EXISTS"));
  EXPECT_THAT(Analyze("CREATE TABLE x AS SELECT a, a FROM t"), IsError("COLUMN_ALREADY_EXISTS"));
  EXPECT_THAT(Analyze("CREATE TABLE x (a INT, b INT) PARTITIONED BY (c)"),
              IsError("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION"));
  EXPECT_THAT(Analyze("CREATE TABLE x (a INT, b ARRAY<INT>) PARTITIONED BY (b)"),
              IsError("INVALID_PARTITION_COLUMN_DATA_TYPE"));
  EXPECT_THAT(Analyze("CREATE TABLE x (a INT) PARTITIONED BY (a)"),
              IsError("ALL_PARTITION_COLUMNS_NOT_ALLOWED"));
}

TEST_F(AnalyzeStatementTest, InsertedRowsFitTheTable) {
  EXPECT_THAT(Analyze("INSERT INTO u (a, a) VALUES (1, 2)"), IsError("COLUMN_ALREADY_EXISTS"));
  EXPECT_THAT(Analyze("INSERT INTO u (nope) VALUES (1)"),
              IsError("UNRESOLVED_COLUMN.WITH_SUGGESTION"));
  EXPECT_EQ(Place("INSERT INTO u (a) VALUES (1, 2)"), "u");
  EXPECT_THAT(Analyze("INSERT INTO u (a) VALUES (1, 2)"),
              IsError("INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS"));
  EXPECT_THAT(Analyze("INSERT INTO u BY NAME SELECT 'x' AS a"),
              IsError("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST"));
  EXPECT_THAT(Analyze("INSERT INTO u BY NAME SELECT 1 AS a, 2 AS other"),
              IsError("INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS"));
  EXPECT_THAT(Analyze("INSERT INTO u PARTITION (a = 1) SELECT * FROM u"),
              IsError("NON_PARTITION_COLUMN"));
  TARN_ASSERT_OK_AND_ASSIGN(AnalyzedStatement named,
                            Analyze("INSERT INTO u BY NAME SELECT 'k' AS x, 1 AS a"));
  EXPECT_EQ(SchemaOf(*RowsOf(named)).fields.size(),
            std::get<Insert>(named).target.schema.fields.size());
}

}  // namespace
}  // namespace tarn::plan
