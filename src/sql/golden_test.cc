// Runs testdata/*.test: statement, "--", its tree or its error; cases are divided by "==".
// `sql_test --update` writes what it sees instead; read the difference before you commit it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "sql/ast_printer.h"
#include "sql/parser.h"

namespace tarn::sql {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool Updating() {
  std::vector<std::string> args = ::testing::internal::GetArgvs();
  return std::find(args.begin(), args.end(), "--update") != args.end();
}

std::string Answer(const std::string& text) {
  Result<StatementPtr> statement = Parse(text);
  if (statement.ok()) return PrintTree(**statement);
  std::string error = RenderError(statement.error(), text);
  return error.back() == '\n' ? error : error + "\n";
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

class GoldenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, AnswersAsRecorded) {
  std::filesystem::path path =
      std::filesystem::path(TARN_SOURCE_DIR) / "src/sql/testdata" / (GetParam() + ".test");
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
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(TARN_SOURCE_DIR) / "src/sql/testdata")) {
    if (entry.path().extension() == ".test") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Testdata, GoldenTest, ::testing::ValuesIn(Files()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace tarn::sql
