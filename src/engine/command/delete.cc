#include "engine/command/row_change.h"

namespace tarn::engine {

StreamResult Run(const CommandContext& context, const plan::Delete& command) {
  RowChange change(context, command.target, command.scan);
  if (command.condition) {
    TARN_RETURN_IF_ERROR(
        change.TakeOut(plan::Addresses(plan::RowsWhere(command.scan, command.condition))));
  } else {
    TARN_RETURN_IF_ERROR(change.TakeOutAll());
  }
  std::string predicate = command.condition ? command.predicate : "true";
  delta::Operation operation{"DELETE",
                             {{"predicate", "[" + json::Quote(predicate) + "]"}},
                             {{"numDeletedRows", std::to_string(change.taken_out())}},
                             {}};
  if (command.truncate) operation = {"TRUNCATE", {}, operation.metrics, {}};
  TARN_RETURN_IF_ERROR(change.Commit(nullptr, std::move(operation)));
  if (command.truncate) return NoRows();
  return Counts({{"num_affected_rows", change.taken_out()}});
}

}  // namespace tarn::engine
