// Runs testdata/*.test: statement, "--", its typed plan or its error; cases are divided by "==".
// `plan_test --update` writes what it sees instead; read the difference before you commit it.
// Lines "-- policy table filter" and "-- mask table column" before a statement govern a table.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "plan/fixture_resolver_for_test.h"
#include "sql/parser.h"

namespace tarn::plan {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool Updating() {
  std::vector<std::string> args = ::testing::internal::GetArgvs();
  return std::find(args.begin(), args.end(), "--update") != args.end();
}

std::vector<std::string> Split(const std::string& text, const std::string& divider) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t end; (end = text.find(divider, begin)) != std::string::npos;) {
    parts.push_back(text.substr(begin, end - begin));
    begin = end + divider.size();
  }
  parts.push_back(text.substr(begin));
  return parts;
}

// "-- filter t: a > 1" and "-- mask t c: 'x'" above a statement are comments of SQL and policies
// here.
void ReadPolicies(const std::string& text, FixtureResolver& resolver) {
  for (const std::string& line : Split(text, "\n")) {
    std::istringstream words(line);
    std::string dashes, what, table, column;
    words >> dashes >> what;
    if (dashes != "--" || (what != "filter" && what != "mask")) continue;
    words >> table;
    if (what == "mask") words >> column;
    std::string& last = what == "mask" ? column : table;
    if (!last.empty() && last.back() == ':') last.pop_back();
    std::string expression = line.substr(line.find(": ") + 2);
    RowPolicy& policy = resolver.policies[table];
    if (what == "filter") policy.row_filter = expression;
    if (what == "mask") policy.masks.emplace_back(column, expression);
  }
}

std::string Answer(const std::string& text) {
  FixtureResolver resolver;
  ReadPolicies(text, resolver);
  AnalyzerContext context;
  context.resolver = &resolver;
  context.current_catalog = "main";
  context.current_schema = "default";
  context.current_user = "ada";
  Result<AnalyzedStatement> analyzed = [&]() -> Result<AnalyzedStatement> {
    TARN_TRY(sql::StatementPtr statement, sql::Parse(text));
    return Analyze(*statement, text, context);
  }();
  if (analyzed.ok()) return StatementToString(*analyzed);
  std::string error = sql::RenderError(analyzed.error(), text);
  return error.back() == '\n' ? error : error + "\n";
}

class GoldenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, AnswersAsRecorded) {
  std::filesystem::path path = FixtureResolver::Path(GetParam() + ".test");
  std::string updated;
  for (const std::string& part : Split(ReadAll(path), "\n==\n")) {
    std::vector<std::string> sides = Split(part, "\n--\n");
    while (!sides[0].empty() && sides[0].back() == '\n') sides[0].pop_back();
    std::string answer = Answer(sides[0]);
    if (!Updating()) {
      ASSERT_EQ(sides.size(), 2u) << "no answer recorded for: " << sides[0];
      std::string recorded = sides[1];
      if (recorded.empty() || recorded.back() != '\n') recorded += '\n';
      EXPECT_EQ(recorded, answer) << sides[0];
    }
    updated += (updated.empty() ? "" : "==\n") + sides[0] + "\n--\n" + answer;
  }
  if (Updating()) std::ofstream(path, std::ios::binary) << updated;
}

std::vector<std::string> Files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(FixtureResolver::Path(""))) {
    if (entry.path().extension() == ".test") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Testdata, GoldenTest, ::testing::ValuesIn(Files()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace tarn::plan
