// Runs testdata/*.test: statement, "--", the tree DuckDB gets for it, as DuckDB prints it; cases
// are divided by "==". Explicit casts stand as CAST(… AS …): nothing may rest on DuckDB's own.
// `engine_test --update` writes what it sees instead; read the difference before you commit it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include <gtest/gtest.h>

#include "engine/duckdb/emitter.h"
#include "plan/fixture_resolver_for_test.h"
#include "sql/parser.h"

namespace tarn::engine {
namespace {

std::filesystem::path Folder() {
  return std::filesystem::path(TARN_SOURCE_DIR) / "src/engine/duckdb/testdata";
}

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

// The fixture's tables as empty snapshots.
class SnapshotResolver final : public plan::RelationResolver {
 public:
  Result<plan::TableBinding> ResolveTable(const std::vector<std::string>& name,
                                          const plan::TimeTravel& travel) override {
    TARN_TRY(plan::TableBinding binding, tables_.ResolveTable(name, travel));
    delta::Metadata metadata;
    metadata.id = "00000000-0000-0000-0000-000000000000";
    metadata.schema_string = binding.schema.ToJson();
    delta::SnapshotBuilder builder("/tables/" + name.back());
    builder.Apply(0, 0, {delta::Protocol(), metadata});
    TARN_TRY(binding.snapshot, builder.Finish());
    return binding;
  }
  Result<std::vector<plan::TableBinding>> ResolveChanges(
      const std::vector<std::string>& name, const plan::TimeTravel&,
      const std::optional<plan::TimeTravel>&) override {
    return Fail("DELTA_MISSING_CHANGE_DATA", name.back() + " has no change data here");
  }
  Result<plan::TableBinding> Evolve(const plan::TableBinding& target,
                                    columnar::Schema schema) override {
    plan::TableBinding evolved = target;
    evolved.schema = std::move(schema);
    return evolved;
  }
  Result<plan::TableBinding> ResolveTarget(const std::vector<std::string>& name,
                                           plan::TargetUse) override {
    return ResolveTable(name, {});
  }
  Result<plan::FileSource> ResolveFiles(
      const std::string& path, const std::string& format,
      const std::vector<std::pair<std::string, std::string>>& options) override {
    return tables_.ResolveFiles(path, format, options);
  }
  Result<plan::FileSource> ResolveCopySource(const plan::TableBinding& target,
                                             const sql::CopyInto& copy) override {
    return tables_.ResolveCopySource(target, copy);
  }

 private:
  plan::FixtureResolver tables_;
};

class FreshSources final : public SnapshotSources {
 public:
  Result<std::shared_ptr<const SnapshotSource>> Find(
      std::shared_ptr<const delta::Snapshot> snapshot) override {
    return SnapshotSource::Make(std::move(snapshot), nullptr);
  }
};

Result<std::string> Emitted(const std::string& text) {
  SnapshotResolver resolver;
  plan::AnalyzerContext context;
  context.resolver = &resolver;
  context.current_catalog = "main";
  context.current_schema = "default";
  context.current_user = "ada";
  TARN_TRY(sql::StatementPtr statement, sql::Parse(text));
  TARN_TRY(plan::AnalyzedStatement analyzed, plan::Analyze(*statement, text, context));
  FreshSources sources;
  Emitter emitter(sources);
  TARN_TRY(auto node, emitter.Query(*plan::RowsOf(analyzed)));
  // The scan's first argument is an address.
  static const std::regex kAddress("(tarn_snapshot_scan\\()[^,)]*(, \\([^)]*\\))?\\)");
  return std::regex_replace(node->ToString(), kAddress, "$1…)");
}

class EmitGoldenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(EmitGoldenTest, AnswersAsRecorded) {
  std::filesystem::path path = Folder() / (GetParam() + ".test");
  std::string updated;
  for (const std::string& part : Split(ReadAll(path), "\n==\n")) {
    std::vector<std::string> sides = Split(part, "\n--\n");
    while (!sides[0].empty() && sides[0].back() == '\n') sides[0].pop_back();
    Result<std::string> emitted = Emitted(sides[0]);
    std::string answer = (emitted.ok() ? *emitted : emitted.error().ToString()) + "\n";
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
  for (const auto& entry : std::filesystem::directory_iterator(Folder())) {
    if (entry.path().extension() == ".test") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Testdata, EmitGoldenTest, ::testing::ValuesIn(Files()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace tarn::engine
