#include <algorithm>
#include <set>

#include "delta/clustering/clustering.h"
#include "delta/table_property.h"
#include "engine/compaction.h"
#include "engine/partition_rows.h"
#include "engine/session_settings.h"
#include "engine/statistics_columns.h"

namespace tarn::engine {
namespace {

using columnar::DataType;
using columnar::TypeKind;
using Mode = CompactionRequest::Mode;

DataType Struct(std::initializer_list<std::pair<const char*, DataType>> members) {
  columnar::Fields fields;
  for (const auto& [name, type] : members) fields.push_back({name, type});
  return DataType::Struct(std::move(fields));
}

// Names and order are those of delta-spark's OptimizeMetrics.
columnar::Schema MetricRows() {
  DataType count = TypeKind::kLong;
  DataType sizes = Struct({{"min", count},
                           {"max", count},
                           {"avg", TypeKind::kDouble},
                           {"totalFiles", count},
                           {"totalSize", count}});
  DataType zorder_files = Struct({{"num", count}, {"size", count}});
  DataType cluster_files = Struct({{"numFiles", count}, {"size", count}});
  DataType zorder = Struct({{"strategyName", TypeKind::kString},
                            {"inputCubeFiles", zorder_files},
                            {"inputOtherFiles", zorder_files},
                            {"inputNumCubes", count},
                            {"mergedFiles", zorder_files},
                            {"numOutputCubes", count},
                            {"mergedNumCubes", count}});
  DataType clustering = Struct({{"inputZCubeFiles", cluster_files},
                                {"inputOtherFiles", cluster_files},
                                {"inputNumZCubes", count},
                                {"mergedFiles", cluster_files},
                                {"numOutputZCubes", count}});
  DataType parallelism = Struct({{"maxClusterActiveParallelism", count},
                                 {"minClusterActiveParallelism", count},
                                 {"maxSessionActiveParallelism", count},
                                 {"minSessionActiveParallelism", count}});
  DataType vectors =
      Struct({{"numDeletionVectorsRemoved", count}, {"numDeletionVectorRowsRemoved", count}});
  DataType metrics = Struct({{"numFilesAdded", count},
                             {"numFilesRemoved", count},
                             {"filesAdded", sizes},
                             {"filesRemoved", sizes},
                             {"partitionsOptimized", count},
                             {"zOrderStats", zorder},
                             {"clusteringStats", clustering},
                             {"numBins", count},
                             {"numBatches", count},
                             {"totalConsideredFiles", count},
                             {"totalFilesSkipped", count},
                             {"preserveInsertionOrder", TypeKind::kBoolean},
                             {"numFilesSkippedToReduceWriteAmplification", count},
                             {"numBytesSkippedToReduceWriteAmplification", count},
                             {"startTimeMs", count},
                             {"endTimeMs", count},
                             {"totalClusterParallelism", count},
                             {"totalScheduledTasks", count},
                             {"autoCompactParallelismStats", parallelism},
                             {"deletionVectorStats", vectors},
                             {"numTableColumns", count},
                             {"numTableColumnsWithStats", count}});
  return {{{"path", TypeKind::kString}, {"metrics", metrics}}};
}

json::Object Members(std::initializer_list<std::pair<const char*, json::Value>> members) {
  json::Object object;
  for (const auto& [name, value] : members) object.Set(name, value);
  return object;
}

int64_t BytesOf(const std::vector<delta::AddFile>& files) {
  int64_t bytes = 0;
  for (const delta::AddFile& file : files) bytes += file.size_bytes;
  return bytes;
}

json::Value SizesOf(const std::vector<delta::AddFile>& files) {
  json::Object sizes;
  auto smaller = [](const delta::AddFile& a, const delta::AddFile& b) {
    return a.size_bytes < b.size_bytes;
  };
  if (!files.empty()) {
    sizes.Set("min", std::min_element(files.begin(), files.end(), smaller)->size_bytes);
    sizes.Set("max", std::max_element(files.begin(), files.end(), smaller)->size_bytes);
  }
  auto count = static_cast<int64_t>(files.size());
  int64_t bytes = BytesOf(files);
  sizes.Set("avg", count == 0 ? 0.0 : static_cast<double>(bytes) / static_cast<double>(count));
  sizes.Set("totalFiles", count);
  sizes.Set("totalSize", bytes);
  return sizes;
}

/// Files in cubes of the clustering columns, and others.
struct CubeStats {
  int64_t cube_files = 0;
  int64_t cube_bytes = 0;
  int64_t other_files = 0;
  int64_t other_bytes = 0;
  std::set<std::string> cubes;

  void Add(const delta::AddFile& file, const std::string& columns) {
    auto cube = file.tags.find(delta::kZCubeId);
    auto by = file.tags.find(delta::kZCubeZorderBy);
    bool ours = cube != file.tags.end() && by != file.tags.end() && by->second == columns;
    if (ours) cubes.insert(cube->second);
    (ours ? cube_files : other_files) += 1;
    (ours ? cube_bytes : other_bytes) += file.size_bytes;
  }
};

json::Value ClusteringStats(const CompactionRequest& request, const delta::Snapshot& snapshot,
                            const CompactionOutcome& outcome) {
  std::string columns = delta::ZorderByTag(request.columns);
  CubeStats input;
  for (const auto& file : snapshot.files()) input.Add(*file, columns);
  auto files = [](int64_t count, int64_t bytes) {
    return json::Value(Members({{"numFiles", count}, {"size", bytes}}));
  };
  return Members({{"inputZCubeFiles", files(input.cube_files, input.cube_bytes)},
                  {"inputOtherFiles", files(input.other_files, input.other_bytes)},
                  {"inputNumZCubes", static_cast<int64_t>(input.cubes.size())},
                  {"mergedFiles",
                   files(static_cast<int64_t>(outcome.removed.size()), BytesOf(outcome.removed))},
                  {"numOutputZCubes", static_cast<int64_t>(outcome.bins)}});
}

json::Value ZOrderStats(const CompactionOutcome& outcome) {
  auto files = [](int64_t count, int64_t bytes) {
    return json::Value(Members({{"num", count}, {"size", bytes}}));
  };
  json::Value input = files(static_cast<int64_t>(outcome.removed.size()), BytesOf(outcome.removed));
  return Members({{"strategyName", "all"},
                  {"inputCubeFiles", files(0, 0)},
                  {"inputOtherFiles", input},
                  {"inputNumCubes", 0},
                  {"mergedFiles", input},
                  {"numOutputCubes", static_cast<int64_t>(outcome.partitions)}});
}

json::Value VectorStats(const CompactionOutcome& outcome) {
  int64_t vectors = 0;
  int64_t rows = 0;
  for (const delta::AddFile& file : outcome.removed) {
    if (!file.deletion_vector) continue;
    ++vectors;
    rows += file.deletion_vector->cardinality;
  }
  if (vectors == 0) return nullptr;
  return Members({{"numDeletionVectorsRemoved", vectors}, {"numDeletionVectorRowsRemoved", rows}});
}

json::Value Metrics(const CompactionRequest& request, const delta::Snapshot& snapshot,
                    const CompactionOutcome& outcome, int64_t start_ms) {
  auto removed = static_cast<int64_t>(outcome.removed.size());
  auto considered = static_cast<int64_t>(outcome.considered);
  auto columns = static_cast<int64_t>(snapshot.schema().fields.size());
  auto indexed =
      delta::SizeBytes(snapshot.Property("delta.dataSkippingNumIndexedCols").value_or("32"));
  json::Value clustering;
  json::Value zorder;
  if (request.mode == Mode::kCluster) clustering = ClusteringStats(request, snapshot, outcome);
  if (request.mode == Mode::kZOrder) zorder = ZOrderStats(outcome);
  return Members({{"numFilesAdded", static_cast<int64_t>(outcome.added.size())},
                  {"numFilesRemoved", removed},
                  {"filesAdded", SizesOf(outcome.added)},
                  {"filesRemoved", SizesOf(outcome.removed)},
                  {"partitionsOptimized", static_cast<int64_t>(outcome.partitions)},
                  {"zOrderStats", zorder},
                  {"clusteringStats", clustering},
                  {"numBins", static_cast<int64_t>(outcome.bins)},
                  {"numBatches", 1},
                  {"totalConsideredFiles", considered},
                  {"totalFilesSkipped", considered - removed},
                  {"preserveInsertionOrder", false},
                  {"numFilesSkippedToReduceWriteAmplification", 0},
                  {"numBytesSkippedToReduceWriteAmplification", 0},
                  {"startTimeMs", start_ms},
                  {"endTimeMs", 0},
                  {"totalClusterParallelism", 1},
                  {"totalScheduledTasks", 0},
                  {"autoCompactParallelismStats", nullptr},
                  {"deletionVectorStats", VectorStats(outcome)},
                  {"numTableColumns", columns},
                  // -1 stands for all of them.
                  {"numTableColumnsWithStats", std::min(indexed.value_or(columns), columns)}});
}

std::string Dotted(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& part : path) text += (text.empty() ? "" : ".") + part;
  return text;
}

const columnar::Field* FindField(const columnar::Schema& schema,
                                 const std::vector<std::string>& path) {
  const columnar::Fields* fields = &schema.fields;
  const columnar::Field* found = nullptr;
  for (const std::string& part : path) {
    auto at = std::find_if(fields->begin(), fields->end(),
                           [&](const columnar::Field& field) { return field.name == part; });
    found = &*at;
    if (found->type.is(TypeKind::kStruct)) fields = &found->type.fields();
  }
  return found;
}

Status CheckZorderColumns(const CommandContext& context, const plan::Optimize& command,
                          const delta::Snapshot& snapshot) {
  StatisticsColumns statistics = StatisticsColumns::Of(WriteTarget::Of(snapshot));
  std::string without;
  for (const auto& path : command.zorder_by) {
    const auto& partitions = snapshot.partition_columns();
    if (std::find(partitions.begin(), partitions.end(), path[0]) != partitions.end()) {
      return Fail("DELTA_ZORDERING_ON_PARTITION_COLUMN",
                  path[0] +
                      " is a partition column. Z-Ordering can only be performed on data "
                      "columns",
                  {{"colName", path[0]}});
    }
    bool nested = FindField(snapshot.schema(), path)->type.is_nested();
    if (nested || !statistics.Has(path)) without += (without.empty() ? "" : ", ") + Dotted(path);
  }
  bool checked = FlagSetting(context.session.settings(), kZorderCheckStats);
  if (without.empty() || !checked) return Ok();
  return Fail(
      "DELTA_ZORDERING_ON_COLUMN_WITHOUT_STATS",
      "Z-Ordering on [" + without +
          "] will be ineffective, because we currently do not collect stats for these "
          "columns. You can disable this check by setting SET " +
          std::string(kZorderCheckStats) + " = false",
      {{"cols", "[" + without + "]"}, {"zorderColStatKey", std::string(kZorderCheckStats)}});
}

Result<Mode> ModeOf(const CommandContext& context, const plan::Optimize& command,
                    const delta::Snapshot& snapshot) {
  if (command.purge) return Mode::kPurge;
  bool clustered = delta::ClusteringSupported(snapshot.protocol());
  if (clustered && command.condition) {
    return Fail("DELTA_CLUSTERING_WITH_PARTITION_PREDICATE",
                "OPTIMIZE command for Delta table with clustering doesn't support partition "
                "predicates. Please remove the predicates: " +
                    command.predicate + ".",
                {{"predicates", command.predicate}});
  }
  if (clustered && !command.zorder_by.empty()) {
    std::string columns;
    for (const auto& path : command.zorder_by) {
      columns += (columns.empty() ? "" : ", ") + Dotted(path);
    }
    return Fail("DELTA_CLUSTERING_WITH_ZORDER_BY",
                "OPTIMIZE command for Delta table with clustering cannot specify ZORDER BY. Please "
                "remove ZORDER BY (" +
                    columns + ").",
                {{"zOrderBy", columns}});
  }
  bool has_columns = clustered && !delta::ClusteringColumns(snapshot).empty();
  if (command.full && !has_columns) {
    return Fail("DELTA_OPTIMIZE_FULL_NOT_SUPPORTED",
                "OPTIMIZE FULL is only supported for clustered tables with non-empty clustering "
                "columns.");
  }
  if (has_columns) return Mode::kCluster;
  TARN_RETURN_IF_ERROR(CheckZorderColumns(context, command, snapshot));
  return command.zorder_by.empty() ? Mode::kBinPack : Mode::kZOrder;
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::Optimize& command) {
  int64_t start_ms = Clock::System().NowMillis();
  auto bound = SnapshotOf(command.target);
  const delta::Snapshot& snapshot = *bound;
  CompactionRequest request;
  TARN_TRY(request.mode, context.At(command.target_range, ModeOf(context, command, snapshot)));
  request.table = command.target;
  request.columns =
      request.mode == Mode::kCluster ? delta::ClusteringColumns(snapshot) : command.zorder_by;
  request.predicate = command.predicate;
  request.full = command.full;
  const auto& settings = context.session.settings();
  request.min_file_bytes = NumberSetting(settings, kOptimizeMinFileSize);
  request.max_file_bytes = NumberSetting(settings, kOptimizeMaxFileSize);
  if (auto target = delta::SizeBytes(snapshot.Property("delta.targetFileSize").value_or(""))) {
    request.max_file_bytes = *target;
    request.min_file_bytes = std::min(request.min_file_bytes, *target);
  }
  TARN_TRY(request.considered, FilesWhere(context.engine(), snapshot, *command.scan,
                                          command.condition, context.cancel));
  TARN_TRY(CompactionOutcome outcome, context.At(command.target_range, Compact(context, request)));
  columnar::BatchBuilder rows(MetricRows());
  rows.String(snapshot.table_path()).Json(Metrics(request, snapshot, outcome, start_ms));
  return Rows(std::move(rows));
}

}  // namespace tarn::engine
