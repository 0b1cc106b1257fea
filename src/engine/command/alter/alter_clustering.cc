#include "delta/clustering/clustering.h"
#include "delta/table_feature.h"
#include "engine/command/alter/table_change.h"
#include "engine/definition/clustering_choice.h"

namespace tarn::engine {
namespace {

std::string CommaList(const ColumnPaths& columns) {
  std::string text;
  for (const auto& path : columns) text += (text.empty() ? "" : ",") + Dotted(path);
  return text;
}

}  // namespace

StreamResult AlterClustering(const CommandContext& context, const plan::AlterTable& command) {
  TableChange change(context, command.target);
  const delta::Snapshot& snapshot = change.snapshot();
  if (!snapshot.partition_columns().empty()) {
    return Fail("DELTA_ALTER_TABLE_CLUSTER_BY_ON_PARTITIONED_TABLE_NOT_ALLOWED",
                "ALTER TABLE CLUSTER BY cannot be applied to a partitioned table.");
  }
  TARN_TRY(ColumnPaths columns, ChosenColumns(change.schema(), command.columns));
  ColumnPaths before = delta::ClusteringColumns(snapshot);
  bool clustered = delta::HasFeature(snapshot.protocol(), "clustering");
  // CLUSTER BY NONE of a table without clustering changes nothing.
  if (!clustered && columns.empty()) return NoRows();
  change.KeepMetadata();
  change.AddFeatures({"clustering", "domainMetadata"});
  change.transaction().SetDomain(ClusteringDomainOf(change.schema(), columns));
  TARN_RETURN_IF_ERROR(change.Commit("CLUSTER BY", {{"oldClusteringColumns", CommaList(before)},
                                                    {"newClusteringColumns", CommaList(columns)}}));
  return NoRows();
}

}  // namespace tarn::engine
