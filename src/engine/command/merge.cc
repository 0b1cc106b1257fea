#include "engine/command/row_change.h"

namespace tarn::engine {
namespace {

using Effect = plan::Merge::Effect;

struct Found {
  int64_t updated = 0;
  int64_t deleted = 0;
};

Status FindRows(const plan::Merge& command, RowChange& change, Found* found) {
  auto act = [&](int32_t clause, bool* take) {
    if (clause == 0) return;
    *take = true;
    bool updates = command.clauses[static_cast<size_t>(clause - 1)] == Effect::kUpdate;
    ++(updates ? found->updated : found->deleted);
  };
  if (command.matched) {
    TARN_RETURN_IF_ERROR(
        change.Find(command.matched, [&](int32_t clause, bool again, bool* take) -> Status {
          if (!again) act(clause, take);
          if (!again || command.may_match_twice) return Ok();
          return Fail("DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE",
                      "Cannot perform Merge as multiple source rows matched and attempted to "
                      "modify the same target row in the Delta table in possibly conflicting "
                      "ways. Make each row of the target match at most one row of the source, for "
                      "example by removing duplicates from the source first.");
        }));
  }
  if (!command.unmatched) return Ok();
  return change.Find(command.unmatched, [&](int32_t clause, bool, bool* take) {
    act(clause, take);
    return Ok();
  });
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::Merge& command) {
  RowChange change(context, command.target, command.scan);
  Found found;
  if (Status status = FindRows(command, change, &found); !status.ok()) {
    return context.At(command.target_range, status.error());
  }
  delta::Operation operation{"MERGE",
                             {{"predicate", "[" + json::Quote(command.predicate) + "]"}},
                             {{"numTargetRowsUpdated", std::to_string(found.updated)},
                              {"numTargetRowsDeleted", std::to_string(found.deleted)}},
                             {}};
  TARN_TRY(RowChange::Outcome outcome, change.Commit(command.written, std::move(operation)));
  int64_t inserted = outcome.rows_written - found.updated;
  return Counts({{"num_affected_rows", found.updated + found.deleted + inserted},
                 {"num_updated_rows", found.updated},
                 {"num_deleted_rows", found.deleted},
                 {"num_inserted_rows", inserted}});
}

}  // namespace tarn::engine
