// Compares analysis with what Apache Spark said (tests/oracle/record_spark_analysis.py): names,
// types and nullability of columns, or the error class. Where Tarn refuses what Spark answers, or
// refuses it in other words, the difference stands in testdata/spark_differences.txt; TARN_UPDATE=1
// writes it anew, and one that is gone must go from the file too. Where Tarn answers, it has to
// answer as Spark does, but for what kOtherAnswers gives a reason for.
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

struct OtherAnswer {
  std::string_view statement;  ///< as recorded, after "[ansi off] " for that mode
  std::string_view reason;
};
constexpr OtherAnswer kOtherAnswers[] = {
    {"SELECT charindex('a', c) FROM t", "a function of Databricks SQL that Spark does not have"},
};

std::string Answer(const std::string& text, bool ansi, FixtureResolver& resolver, bool* refused) {
  *refused = true;
  Result<sql::StatementPtr> statement = sql::Parse(text);
  if (!statement.ok()) return std::string(statement.error().reason());
  AnalyzerContext context;
  context.resolver = &resolver;
  context.ansi = ansi;
  context.current_user = "ada";
  Result<AnalyzedStatement> analyzed = Analyze(**statement, text, context);
  if (!analyzed.ok()) return std::string(analyzed.error().reason());
  *refused = false;
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
    bool refused = false;
    std::string tarn = Answer(text, ansi, resolver, &refused);
    ++total;
    if (tarn == spark) {
      ++same;
      continue;
    }
    std::string statement = (ansi ? "" : "[ansi off] ") + text;
    bool allowed = std::any_of(std::begin(kOtherAnswers), std::end(kOtherAnswers),
                               [&](const OtherAnswer& a) { return a.statement == statement; });
    // Sessions run with ANSI on and refuse to turn it off: that mode is not complete.
    if (!refused && ansi && !allowed) {
      ADD_FAILURE() << statement << "\n  spark: " << spark << "\n  tarn:  " << tarn;
    }
    differences << statement << "\n  spark: " << spark << "\n  tarn:  " << tarn << "\n";
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
