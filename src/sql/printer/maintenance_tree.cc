#include "sql/ast/maintenance.h"
#include "sql/printer/tree.h"

namespace tarn::sql {
namespace {

Tree OptimizeTree(const Optimize& node) {
  Tree tree(node.purge ? "reorg_purge" : "optimize");
  tree.Add(QuotedName(node.table)).AddFlag("FULL", node.full).AddPart("where", node.where);
  if (!node.zorder_by.empty()) tree.Add(NamesTree("zorder_by", node.zorder_by));
  return tree;
}

Tree CloneTree(const CloneTable& node) {
  Tree tree(node.deep ? "deep_clone" : "shallow_clone");
  tree.Add(QuotedName(node.name)).AddFlag("OR_REPLACE", node.or_replace);
  tree.AddFlag("IF_NOT_EXISTS", node.if_not_exists).Add(ToTree(*node.source));
  return tree.AddProperties("properties", node.properties).AddText("location", node.location);
}

Tree ConvertTree(const ConvertToDelta& node) {
  Tree tree("convert_to_delta");
  tree.Add(QuotedName(node.table)).AddFlag("NO_STATISTICS", node.no_statistics);
  for (const ColumnDefinition& column : node.partitioned_by) tree.Add(ColumnTree(column));
  return tree;
}

Tree AnalyzeTree(const AnalyzeTable& node) {
  Tree tree(node.delta ? "compute_delta_statistics" : "compute_statistics");
  tree.Add(QuotedName(node.table)).AddFlag("NOSCAN", node.no_scan);
  tree.AddFlag("ALL_COLUMNS", node.all_columns);
  if (!node.columns.empty()) tree.Add(NamesTree("columns", node.columns));
  return tree;
}

}  // namespace

Tree MaintenanceTree(const Statement& statement) {
  switch (statement.kind) {
    case StatementKind::kVacuum: {
      const auto& node = statement.As<Vacuum>();
      Tree tree("vacuum");
      tree.Add(QuotedName(node.table)).AddFlag("LITE", node.lite);
      if (node.retain_hours) {
        char hours[32];
        std::snprintf(hours, sizeof(hours), "%g", *node.retain_hours);
        tree.Add(Tree("retain_hours").Add(hours));
      }
      return tree.AddFlag("DRY_RUN", node.dry_run);
    }
    case StatementKind::kRestore:
      return Tree("restore").Add(ToTree(*statement.As<Restore>().table));
    case StatementKind::kOptimize:
      return OptimizeTree(statement.As<Optimize>());
    case StatementKind::kCloneTable:
      return CloneTree(statement.As<CloneTable>());
    case StatementKind::kConvertToDelta:
      return ConvertTree(statement.As<ConvertToDelta>());
    case StatementKind::kAnalyzeTable:
      return AnalyzeTree(statement.As<AnalyzeTable>());
    case StatementKind::kFsckRepair: {
      const auto& node = statement.As<FsckRepair>();
      return Tree("fsck_repair").Add(QuotedName(node.table)).AddFlag("DRY_RUN", node.dry_run);
    }
    default:
      return "(unknown)";
  }
}

}  // namespace tarn::sql
