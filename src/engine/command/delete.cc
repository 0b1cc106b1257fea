#include "engine/command/row_change.h"

namespace tarn::engine {

StreamResult Run(const CommandContext& context, const plan::Delete& command) {
  RowChange change(context, command.target, command.edits);
  TARN_TRY(bool done, change.DoneBefore());
  if (done && !command.truncate) return Counts({{"num_affected_rows", 0}});
  if (done) return NoRows();
  TARN_RETURN_IF_ERROR(command.condition ? change.Find() : change.TakeOutAll());
  json::Array predicate;
  predicate.emplace_back(command.condition ? command.predicate : "true");
  delta::Operation operation{"DELETE", {{"predicate", json::Value(predicate).ToString()}}, {}, {}};
  if (command.truncate) operation = {"TRUNCATE", {}, {}, {}};
  TARN_RETURN_IF_ERROR(change.Commit(std::move(operation), [&](const RowChange::Outcome& outcome) {
    auto metrics = RowChange::Metrics(outcome);
    if (command.truncate) {
      return std::map<std::string, std::string>{{"numRemovedFiles", metrics["numRemovedFiles"]},
                                                {"executionTimeMs", metrics["executionTimeMs"]}};
    }
    metrics["numDeletedRows"] = std::to_string(change.deleted());
    return metrics;
  }));
  if (command.truncate) return NoRows();
  return Counts({{"num_affected_rows", change.deleted()}});
}

}  // namespace tarn::engine
