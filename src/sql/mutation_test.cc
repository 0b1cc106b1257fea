// Mutations of the golden statements: no text may crash the lexer, the parser or the printer, and
// every error must point into the text. SQL_MUTATIONS and SQL_SEED change length and seed.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include <gtest/gtest.h>

#include "sql/ast_printer.h"
#include "sql/parser.h"

namespace tarn::sql {
namespace {

std::vector<std::string> Corpus() {
  std::vector<std::string> statements;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(TARN_SOURCE_DIR) / "src/sql/testdata")) {
    if (entry.path().extension() != ".test") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    for (size_t begin = 0; begin < text.size();) {
      size_t divider = text.find("\n--\n", begin);
      if (divider == std::string::npos) break;
      statements.push_back(text.substr(begin, divider - begin));
      size_t next = text.find("\n==\n", divider);
      if (next == std::string::npos) break;
      begin = next + 4;
    }
  }
  std::sort(statements.begin(), statements.end());  // the order of a folder is not fixed
  return statements;
}

class Mutator {
 public:
  Mutator(std::vector<std::string> corpus, uint64_t seed)
      : corpus_(std::move(corpus)), random_(seed) {}

  std::string Next() {
    std::string text = Pick();
    for (size_t i = Below(4) + 1; i > 0; --i) Mutate(text);
    return text;
  }

 private:
  size_t Below(size_t limit) { return limit == 0 ? 0 : random_() % limit; }
  const std::string& Pick() { return corpus_[Below(corpus_.size())]; }

  std::string Piece() {
    const std::string& text = Pick();
    size_t begin = Below(text.size());
    return text.substr(begin, Below(30) + 1);
  }

  void Mutate(std::string& text) {
    static constexpr std::string_view kBits[] = {
        "(", ")",  "'", "\"", "`",  "/*", "*/", "--",   "\\", ",",       ";",          "::",
        "?", ":a", "<", ">>", "->", "=>", "[",  "]",    ".",  "SELECT ", " INTERVAL ", " 1e",
        "*", "@v", "`", "r'", "X'", "$",  "{",  "\xff", "\n", " WITH ",  " NOT ",      " OVER ("};
    size_t at = Below(text.size() + 1);
    switch (Below(6)) {
      case 0:
        text.insert(at, kBits[Below(std::size(kBits))]);
        break;
      case 1:
        text.erase(at, Below(8) + 1);
        break;
      case 2:
        text.insert(at, Piece());
        break;
      case 3:
        if (!text.empty()) text[Below(text.size())] = static_cast<char>(Below(256));
        break;
      case 4:
        text.resize(at);
        break;
      default: {
        std::string part = text.substr(at, Below(20));
        for (size_t i = Below(5); i > 0; --i) text.insert(std::min(at, text.size()), part);
      }
    }
  }

  std::vector<std::string> corpus_;
  std::mt19937_64 random_;
};

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(MutationTest, NoTextCrashesTheParser) {
  uint64_t seed = FromEnvironment("SQL_SEED", 20261124);
  uint64_t count = FromEnvironment("SQL_MUTATIONS", 30000);
  Mutator mutator(Corpus(), seed);
  uint64_t parsed = 0;
  for (uint64_t i = 0; i < count; ++i) {
    std::string text = mutator.Next();
    SCOPED_TRACE("seed " + std::to_string(seed) + ", mutation " + std::to_string(i) + ": " + text);
    Result<StatementPtr> statement = Parse(text);
    if (statement.ok()) {
      ++parsed;
      ASSERT_FALSE(PrintTree(**statement).empty());
      ASSERT_LE((*statement)->range.end, text.size());
      continue;
    }
    const Error& error = statement.error();
    ASSERT_NE(error.reason(), "INTERNAL_ERROR") << error.ToString();
    ASSERT_TRUE(error.query_context().has_value()) << error.ToString();
    ASSERT_LE(error.query_context()->start_offset, static_cast<int>(text.size()));
    ASSERT_FALSE(RenderError(error, text).empty());
  }
  std::printf("seed %llu: %llu of %llu mutations parsed\n", static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(parsed), static_cast<unsigned long long>(count));
  EXPECT_GT(parsed, count / 20) << "the mutations destroy everything and test little";
}

}  // namespace
}  // namespace tarn::sql
