#pragma once
/// \file  An engine over a temporary folder, for tests.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/testing.h"
#include "columnar/row_encoder.h"
#include "delta/schema/check_constraint.h"
#include "delta/table_feature.h"
#include "delta/transaction.h"
#include "engine/engine.h"
#include "io/local_store.h"
#include "plan/analyzer.h"
#include "sql/parser.h"

namespace tarn::engine {

/// Tables are folders below one root, named by their last part.
class FolderResolver final : public plan::RelationResolver {
 public:
  FolderResolver(Engine& engine, std::string root) : engine_(engine), root_(std::move(root)) {}
  Result<plan::TableBinding> ResolveTable(const std::vector<std::string>& name,
                                          const plan::TimeTravel& travel) override {
    std::string path = io::JoinPath(root_, name.back());
    std::shared_ptr<const delta::Snapshot> snapshot;
    if (travel.version) {
      TARN_TRY(snapshot, engine_.snapshots().At(path, *travel.version));
    } else {
      TARN_TRY(snapshot, engine_.snapshots().Latest(path));
    }
    plan::TableBinding binding{name, snapshot->schema(), snapshot};
    binding.checks = delta::ChecksOf(snapshot->metadata());
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
  Result<plan::FileSource> ResolveCopySource(const plan::TableBinding&,
                                             const sql::CopyInto& copy) override {
    return ResolveFiles(copy.source, copy.file_format, copy.format_options);
  }
  Result<plan::FileSource> ResolveFiles(
      const std::string& path, const std::string& format,
      const std::vector<std::pair<std::string, std::string>>& options) override {
    plan::FileSource files{format, {path}, options, {}};
    TARN_RETURN_IF_ERROR(engine_.InspectFiles(files));
    return files;
  }

 private:
  Engine& engine_;
  std::string root_;
};

/// Tables in a temporary folder, made and asked through the engine alone.
class EngineTest : public ::testing::Test {
 protected:
  EngineTest() {
    char folder[] = "/tmp/tarn-engine-XXXXXX";
    root_ = ::mkdtemp(folder);
    auto opened = Engine::Open({.threads = 2}, std::make_shared<io::LocalStore>());
    if (!opened.ok()) ADD_FAILURE() << opened.error().ToString();
    engine_ = *opened;
    resolver_ = std::make_unique<FolderResolver>(*engine_, root_);
  }
  ~EngineTest() override {
    resolver_.reset();
    engine_.reset();  // ends the upkeep of logs
    std::filesystem::remove_all(root_);
  }

  Result<plan::PlanRef> Plan(const std::string& text) {
    TARN_TRY(sql::StatementPtr statement, sql::Parse(text));
    plan::AnalyzerContext context;
    context.resolver = resolver_.get();
    context.current_user = "ada";
    plan::Analyzer analyzer(context, text);
    return analyzer.AnalyzeQuery(*statement->As<sql::QueryStatement>().query);
  }

  // All rows as JSON_ARRAY text.
  Result<std::string> Query(const std::string& text, CancelToken cancel = {}) {
    TARN_TRY(plan::PlanRef plan, Plan(text));
    TARN_TRY(auto stream, engine_->Run(plan, cancel));
    std::string rows;
    for (;;) {
      TARN_TRY(auto batch, stream->Next());
      metrics_ = stream->metrics();
      if (!batch) return rows;
      columnar::AppendJsonArrayRows(stream->schema(), *batch, 0, batch->num_rows(), {}, rows);
    }
  }

  Status CreateEmptyTable(const std::string& name, const columnar::Schema& schema,
                          std::vector<std::string> partitions = {},
                          std::map<std::string, std::string> properties = {}) {
    delta::Transaction txn =
        delta::Transaction::Create(engine_->snapshots().OpenLog(io::JoinPath(root_, name)));
    delta::Metadata metadata;
    metadata.id = "00000000-0000-0000-0000-000000000000";
    metadata.schema_string = schema.ToJson();
    metadata.partition_columns = std::move(partitions);
    txn.SetProtocol(delta::ProtocolFor(schema, properties));
    metadata.configuration = std::move(properties);
    txn.SetMetadata(metadata);
    TARN_RETURN_IF_ERROR(txn.Commit({"CREATE TABLE", {}, {}, "ada"}));
    return Ok();
  }

  Result<std::shared_ptr<const delta::Snapshot>> Latest(const std::string& name) {
    return engine_->snapshots().Latest(io::JoinPath(root_, name));
  }

  Status Append(const std::string& name, const std::string& query) {
    TARN_TRY(plan::PlanRef plan, Plan(query));
    TARN_TRY(auto snapshot, Latest(name));
    TARN_TRY(auto files, engine_->WriteFiles(plan, WriteTarget::Of(*snapshot), {}));
    delta::Transaction txn(engine_->snapshots().OpenLog(snapshot->table_path()), snapshot);
    for (auto& file : files) txn.Add(std::move(file));
    TARN_RETURN_IF_ERROR(txn.Commit({"WRITE", {}, {}, "ada"}));
    return Ok();
  }

  Status CreateTable(const std::string& name, const std::string& query,
                     std::vector<std::string> partitions = {},
                     std::map<std::string, std::string> properties = {}) {
    TARN_TRY(plan::PlanRef plan, Plan(query));
    TARN_RETURN_IF_ERROR(CreateEmptyTable(name, plan::SchemaOf(*plan), std::move(partitions),
                                          std::move(properties)));
    return Append(name, query);
  }

  /// The statistics of a table's only file.
  Result<json::Value> Statistics(const std::string& name) {
    TARN_TRY(auto snapshot, Latest(name));
    if (snapshot->files().size() != 1) return Fail("INTERNAL_ERROR", "not one file");
    return json::Parse(snapshot->files()[0]->stats);
  }

  /// Makes the n-th data file of a table unreadable: whoever opens it fails.
  void Damage(const std::string& name, size_t file) {
    auto snapshot = Latest(name);
    ASSERT_TRUE(snapshot.ok());
    std::ofstream((*snapshot)->FullPath(*(*snapshot)->files()[file]), std::ios::trunc) << "gone";
  }

  std::string root_;
  std::shared_ptr<Engine> engine_;
  std::unique_ptr<FolderResolver> resolver_;
  StatementMetrics metrics_;  ///< of the last query
};

}  // namespace tarn::engine
