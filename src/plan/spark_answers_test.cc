// Compares analysis with what Apache Spark said (tests/oracle/record_spark_analysis.py): names,
// types and nullability of columns, or the error class. Known differences stand in
// testdata/spark_differences.txt; TARN_UPDATE=1 writes it anew. A difference that is gone must go
// from the file too.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "base/testing.h"
#include "plan/fixture_resolver_for_test.h"
#include "sql/parser.h"

namespace tarn::plan {
namespace {

std::string Answer(const std::string& text, bool ansi, FixtureResolver& resolver) {
  Result<sql::StatementPtr> statement = sql::Parse(text);
  if (!statement.ok()) return std::string(statement.error().reason());
  AnalyzerContext context;
  context.resolver = &resolver;
  context.ansi = ansi;
  context.current_user = "ada";
  Result<AnalyzedStatement> analyzed = Analyze(**statement, text, context);
  if (!analyzed.ok()) return std::string(analyzed.error().reason());
  const auto* query = std::get_if<Query>(&*analyzed);
  if (query == nullptr) return "a command";
  std::string out;
  for (const Attribute& a : query->plan->output) {
    out += (out.empty() ? "" : " | ") + a.name + " " + a.type.ToCatalogString() +
           (a.nullable ? "" : " NOT NULL");
  }
  return out;
}

std::string Recorded(const json::Value& row) {
  if (const json::Value* error = row.Find("error")) return error->as_string();
  std::string out;
  for (const json::Value& column : row.Find("columns")->as_array()) {
    const json::Array& parts = column.as_array();
    out += (out.empty() ? "" : " | ") + parts[0].as_string() + " " + parts[1].as_string() +
           (parts[2].as_bool() ? "" : " NOT NULL");
  }
  return out;
}

TEST(SparkAnswersTest, AnalysisAgreesWithSpark) {
  FixtureResolver resolver;
  std::ifstream answers(FixtureResolver::Path("spark_answers.jsonl"));
  std::ostringstream differences;
  int same = 0;
  int total = 0;
  for (std::string line; std::getline(answers, line);) {
    TARN_ASSERT_OK_AND_ASSIGN(json::Value row, json::Parse(line));
    bool ansi = row.Find("ansi")->as_bool();
    const std::string& text = row.Find("sql")->as_string();
    std::string spark = Recorded(row);
    std::string tarn = Answer(text, ansi, resolver);
    ++total;
    if (tarn == spark) {
      ++same;
      continue;
    }
    differences << (ansi ? "" : "[ansi off] ") << text << "\n  spark: " << spark
                << "\n  tarn:  " << tarn << "\n";
  }
  ASSERT_GT(total, 300) << "the recorded answers are missing";
  std::string path = FixtureResolver::Path("spark_differences.txt");
  std::printf("%d of %d statements as in Spark\n", same, total);
  if (std::getenv("TARN_UPDATE") != nullptr) {
    std::ofstream(path) << differences.str();
    return;
  }
  std::ifstream known(path);
  std::stringstream expected;
  expected << known.rdbuf();
  EXPECT_EQ(differences.str(), expected.str());
}

}  // namespace
}  // namespace tarn::plan
