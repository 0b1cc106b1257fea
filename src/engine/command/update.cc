#include "engine/command/row_change.h"

namespace tarn::engine {

StreamResult Run(const CommandContext& context, const plan::Update& command) {
  RowChange change(context, command.target, command.edits);
  TARN_TRY(bool done, change.DoneBefore());
  if (done) return Counts({{"num_affected_rows", 0}});
  TARN_RETURN_IF_ERROR(change.Find());
  if (change.updated() > 0) {
    json::Array predicate;
    if (command.condition) predicate.emplace_back(command.predicate);
    TARN_RETURN_IF_ERROR(
        change.Commit({"UPDATE", {{"predicate", json::Value(predicate).ToString()}}, {}, {}},
                      [&](const RowChange::Outcome& outcome) {
                        auto metrics = RowChange::Metrics(outcome);
                        // All files with such rows, also those that only get a vector.
                        metrics["numRemovedFiles"] =
                            std::to_string(outcome.removed_files + outcome.vectors_added);
                        metrics["numRemovedBytes"] =
                            std::to_string(outcome.removed_bytes + outcome.vectors_bytes);
                        metrics["numUpdatedRows"] = std::to_string(change.updated());
                        return metrics;
                      }));
  }
  return Counts({{"num_affected_rows", change.updated()}});
}

}  // namespace tarn::engine
