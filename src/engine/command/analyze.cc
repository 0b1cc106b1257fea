#include <algorithm>

#include "engine/command/command.h"

namespace tarn::engine {

StreamResult Run(const CommandContext& context, const plan::AnalyzeTable& command) {
  if (!command.delta) {
    return context.At(
        command.target_range,
        Fail("UNSUPPORTED_FEATURE",
             "Tarn does not support ANALYZE TABLE … COMPUTE STATISTICS yet: plans are "
             "made with the statistics of the Delta log, which COMPUTE DELTA "
             "STATISTICS collects."));
  }
  auto snapshot = SnapshotOf(command.target);
  bool cut = std::any_of(snapshot->files().begin(), snapshot->files().end(),
                         [](const auto& file) { return file->deletion_vector.has_value(); });
  if (cut) {
    return context.At(command.target_range,
                      Fail("DELTA_UNSUPPORTED_STATS_RECOMPUTE_WITH_DELETION_VECTORS",
                           "Statistics re-computation on a Delta table with deletion vectors is "
                           "not yet supported."));
  }
  if (snapshot->files().empty()) return NoRows();
  TARN_TRY(auto statistics, context.engine().ComputeStatistics(snapshot, context.cancel));
  delta::Transaction txn(context.engine().snapshots().OpenLog(snapshot->table_path()), snapshot);
  for (size_t i = 0; i < snapshot->files().size(); ++i) {
    delta::AddFile file = *snapshot->files()[i];
    // Added again for another writer to have removed it is a conflict.
    txn.ReadFile(file);
    file.stats = std::move(statistics[i]);
    file.data_change = false;
    txn.Add(std::move(file));
  }
  TARN_RETURN_IF_ERROR(
      txn.Commit({"COMPUTE STATS", {{"predicate", "[]"}}, {}, context.who().name}, context.cancel));
  return NoRows();
}

}  // namespace tarn::engine
