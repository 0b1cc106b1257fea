#pragma once
/// \file  The tables of testdata/fixture.json, for tests.
#include <fstream>
#include <sstream>

#include "plan/analyzer.h"

namespace tarn::plan {

class FixtureResolver final : public RelationResolver {
 public:
  static std::string Path(const std::string& file) {
    return std::string(TARN_SOURCE_DIR) + "/src/plan/testdata/" + file;
  }
  FixtureResolver() {
    std::ifstream file(Path("fixture.json"));
    std::stringstream text;
    text << file.rdbuf();
    const json::Value tables = json::Parse(text.str()).value();
    for (const auto& [name, schema] : tables.as_object()) {
      tables_[name] = columnar::Schema::FromJson(schema.ToString()).value();
    }
  }
  Result<TableBinding> ResolveTable(const std::vector<std::string>& name,
                                    const TimeTravel& travel) override {
    std::string lower;
    for (char c : name.back()) lower += static_cast<char>(std::tolower(c));
    auto at = tables_.find(lower);
    bool here = name.size() == 1 || name[name.size() - 2] == "default" ||
                name[name.size() - 2] == "nycflights";
    if (at == tables_.end() || !here) {
      return Fail("TABLE_OR_VIEW_NOT_FOUND", "The table " + name.back() + " cannot be found.");
    }
    TableBinding binding;
    binding.name = name;
    binding.schema = at->second;
    auto policy = policies.find(lower);
    if (policy != policies.end()) binding.policy = policy->second;
    return binding;
  }
  Result<FileSource> ResolveFiles(
      const std::string& path, const std::string& format,
      const std::vector<std::pair<std::string, std::string>>& options) override {
    columnar::Schema schema{{{"_c0", columnar::TypeKind::kString}}};
    return FileSource{format, {path}, options, schema};
  }
  Result<std::vector<TableBinding>> ResolveChanges(const std::vector<std::string>& name,
                                                   const TimeTravel& from,
                                                   const std::optional<TimeTravel>&) override {
    TARN_TRY(TableBinding binding, ResolveTable(name, from));
    binding.schema.fields.push_back({"_change_type", columnar::TypeKind::kString});
    binding.schema.fields.push_back({"_commit_version", columnar::TypeKind::kLong});
    binding.schema.fields.push_back({"_commit_timestamp", columnar::TypeKind::kTimestamp});
    return std::vector<TableBinding>{binding, binding};
  }
  Result<TableBinding> Evolve(const TableBinding& target, columnar::Schema schema) override {
    TableBinding evolved = target;
    evolved.schema = std::move(schema);
    return evolved;
  }
  Result<TableBinding> ResolveTarget(const std::vector<std::string>& name, TargetUse use) override {
    uses.push_back(use);
    return ResolveTable(name, {});
  }
  Result<FileSource> ResolveCopySource(const TableBinding&, const sql::CopyInto& copy) override {
    return ResolveFiles(copy.source, copy.file_format, copy.format_options);
  }
  std::map<std::string, RowPolicy> policies;
  std::vector<TargetUse> uses;  ///< what targets were asked for

 private:
  std::map<std::string, columnar::Schema> tables_;
};

}  // namespace tarn::plan
