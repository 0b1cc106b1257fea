#include "engine/command/row_change.h"

namespace tarn::engine {

StreamResult Run(const CommandContext& context, const plan::Update& command) {
  RowChange change(context, command.target, command.scan);
  TARN_RETURN_IF_ERROR(change.TakeOut(command.changed));
  int64_t updated = change.taken_out();
  if (updated > 0) {
    std::string predicate = command.predicate.empty() ? "true" : command.predicate;
    TARN_RETURN_IF_ERROR(
        change.Commit(command.written, {"UPDATE",
                                        {{"predicate", "[" + json::Quote(predicate) + "]"}},
                                        {{"numUpdatedRows", std::to_string(updated)}},
                                        {}}));
  }
  return Counts({{"num_affected_rows", updated}});
}

}  // namespace tarn::engine
