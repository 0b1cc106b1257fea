#include <map>

#include "base/guarded.h"
#include "engine/duckdb/data_writer.h"
#include "engine/duckdb/emitter.h"
#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/files/file_schema.h"
#include "engine/duckdb/instance.h"
#include "engine/duckdb/layout/scan_statistics.h"
#include "engine/duckdb/log/parquet_io.h"
#include "engine/duckdb/query_stream.h"
#include "engine/duckdb/types.h"
#include "engine/engine.h"

namespace tarn::engine {
namespace {

class DuckdbEngine final : public Engine, private SnapshotSources {
 public:
  DuckdbEngine(std::unique_ptr<Instance> instance, std::shared_ptr<io::ObjectStore> store)
      : instance_(std::move(instance)),
        snapshots_(store, MakeParquetIo(*instance_)),
        vectors_(std::make_shared<delta::DeletionVectorCache>(std::move(store))) {}

  Result<std::unique_ptr<ResultStream>> Run(plan::PlanRef plan, CancelToken cancel) override {
    Emitter emitter(*this);
    TARN_TRY(auto node, emitter.Query(*plan));
    TARN_TRY(QueryResources resources, Resources(emitter));
    auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
    statement->node = std::move(node);
    return StartQuery(std::move(resources), std::move(statement), plan::SchemaOf(*plan),
                      std::move(cancel));
  }

  Result<plan::PlanRef> Keep(plan::PlanRef plan, CancelToken cancel) override {
    Emitter emitter(*this);
    auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
    TARN_TRY(statement->node, emitter.Query(*plan));
    TARN_TRY(QueryResources resources, Resources(emitter));
    TARN_TRY(auto rows,
             RunToEnd(resources, std::move(statement), std::move(cancel), RowPlace::kMemoryOrDisk));
    auto kept = std::make_shared<plan::LogicalPlan>();
    kept->kind = plan::PlanKind::kKept;
    kept->output = plan->output;
    kept->kept = std::make_shared<const KeptRows>(std::move(resources), std::move(rows));
    return plan::PlanRef(std::move(kept));
  }

  Result<std::vector<delta::AddFile>> WriteFiles(plan::PlanRef plan, const WriteTarget& target,
                                                 CancelToken cancel) override {
    Emitter emitter(*this);
    TARN_TRY(auto node, emitter.Query(*plan));
    TARN_TRY(QueryResources resources, Resources(emitter));
    return WriteDataFiles(resources, std::move(node), target, std::move(cancel));
  }

  Result<bool> MayHaveRows(plan::PlanRef plan) override {
    Emitter emitter(*this);
    auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
    TARN_TRY(statement->node, emitter.Query(*plan));
    TARN_TRY(QueryResources resources, Resources(emitter));
    // Files are chosen while the statement is planned.
    auto explain = duckdb::make_uniq<duckdb::ExplainStatement>(std::move(statement));
    TARN_RETURN_IF_ERROR(RunToEnd(resources, std::move(explain), {}));
    const SnapshotScan& scan = *resources.scans.at(0);
    return scan.files_pruned() < static_cast<int64_t>(scan.source().size());
  }

  Status InspectFiles(plan::FileSource& files) override {
    if (files.paths.empty()) return Ok();
    QueryResources resources;
    resources.engine = shared_from_this();
    resources.instance = instance_.get();
    TARN_TRY(resources.connection, instance_->Connect());
    return FindFileSchema(resources, files);
  }

  Result<std::vector<std::string>> ComputeStatistics(
      std::shared_ptr<const delta::Snapshot> snapshot, CancelToken cancel) override {
    plan::LogicalPlan scan;
    scan.kind = plan::PlanKind::kScan;
    scan.with_address = true;
    for (const columnar::Field& field : snapshot->schema().fields) {
      scan.output.push_back({.id = static_cast<plan::ExprId>(scan.output.size()),
                             .name = field.name,
                             .type = field.type});
    }
    for (size_t i = 0; i < plan::kAddressColumns; ++i) {
      scan.output.push_back({.id = static_cast<plan::ExprId>(scan.output.size()),
                             .name = "address",
                             .type = columnar::TypeKind::kLong});
    }
    scan.table.schema = snapshot->schema();
    scan.table.partition_columns = snapshot->partition_columns();
    scan.table.snapshot = snapshot;
    Emitter emitter(*this);
    TARN_TRY(auto node, emitter.Query(scan));
    TARN_TRY(QueryResources resources, Resources(emitter));
    return ScanStatistics(resources, std::move(node), WriteTarget::Of(*snapshot),
                          snapshot->files().size(), std::move(cancel));
  }

  Result<EnginePlan> Explain(plan::PlanRef plan) override {
    Emitter emitter(*this);
    TARN_TRY(auto node, emitter.Query(*plan));
    TARN_TRY(QueryResources resources, Resources(emitter));
    auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
    statement->node = std::move(node);
    auto explain = duckdb::make_uniq<duckdb::ExplainStatement>(std::move(statement));
    TARN_TRY(auto result, RunToEnd(resources, std::move(explain), {}));
    EnginePlan text;
    for (duckdb::idx_t i = 0; i < result->RowCount(); ++i) {
      std::string which = result->GetValue(0, i).ToString();
      if (which == "logical_opt") text.optimized = result->GetValue(1, i).ToString();
      if (which == "physical_plan") text.physical = result->GetValue(1, i).ToString();
    }
    return text;
  }

  delta::SnapshotCache& snapshots() override { return snapshots_; }

 private:
  Result<QueryResources> Resources(Emitter& emitter) {
    QueryResources resources;
    resources.engine = shared_from_this();
    resources.instance = instance_.get();
    resources.scans = emitter.TakeScans();
    resources.kept_bytes = emitter.kept_bytes();
    TARN_TRY(resources.connection, instance_->Connect());
    return resources;
  }

  Result<std::shared_ptr<const SnapshotSource>> Find(
      std::shared_ptr<const delta::Snapshot> snapshot) override {
    std::shared_ptr<const SnapshotSource> previous;
    {
      auto known = sources_.Lock();
      auto at = known->find(snapshot->table_path());
      if (at != known->end()) previous = at->second;
    }
    if (previous && previous->snapshot == snapshot) return previous;
    TARN_TRY(std::shared_ptr<const SnapshotSource> source,
             SnapshotSource::Make(snapshot, vectors_, previous.get()));
    // A part of a table, or an older version, does not drive out what is known of the newest.
    bool lesser = previous && previous->snapshot->version() >= snapshot->version() &&
                  previous->size() > source->size();
    if (lesser) return source;
    auto known = sources_.Lock();
    if (known->size() >= kMaxSources) known->clear();
    (*known)[snapshot->table_path()] = source;
    return source;
  }

  static constexpr size_t kMaxSources = 1000;
  std::unique_ptr<Instance> instance_;
  delta::SnapshotCache snapshots_;
  std::shared_ptr<delta::DeletionVectorCache> vectors_;
  Guarded<std::map<std::string, std::shared_ptr<const SnapshotSource>>> sources_;
};

}  // namespace

Result<std::shared_ptr<Engine>> Engine::Open(EngineOptions options,
                                             std::shared_ptr<io::ObjectStore> store) {
  TARN_TRY(std::unique_ptr<Instance> instance, Instance::Open(std::move(options)));
  return std::shared_ptr<Engine>(
      std::make_shared<DuckdbEngine>(std::move(instance), std::move(store)));
}

}  // namespace tarn::engine
