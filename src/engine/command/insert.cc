#include "engine/command/command.h"
#include "engine/scanned_tables.h"

namespace tarn::engine {

StreamResult Run(const CommandContext& context, const plan::Insert& command) {
  if (command.overwrite && !command.partition.empty()) {
    return context.At(command.target_range,
                      Fail("UNSUPPORTED_FEATURE",
                           "Tarn does not support INSERT OVERWRITE of single partitions yet."));
  }
  std::shared_ptr<const delta::Snapshot> bound = SnapshotOf(command.target);
  const delta::Snapshot& snapshot = *bound;
  TARN_TRY(auto files,
           context.engine().WriteFiles(command.rows, WriteTarget::Of(snapshot), context.cancel));
  int64_t count = RowCount(files);
  delta::Transaction txn(context.engine().snapshots().OpenLog(snapshot.table_path()), bound);
  if (command.overwrite) {
    txn.ReadWholeTable();
    for (const auto& file : snapshot.files()) txn.Remove(*file);
  } else if (ScannedTables(*command.rows).contains(snapshot.table_path())) {
    // What the rows are was read of the table itself.
    txn.ReadWholeTable();
  }
  int64_t bytes = 0;
  size_t written = files.size();
  for (auto& file : files) {
    bytes += file.size_bytes;
    txn.Add(std::move(file));
  }
  TARN_RETURN_IF_ERROR(
      txn.Commit({"WRITE",
                  {{"mode", command.overwrite ? "Overwrite" : "Append"}, {"partitionBy", "[]"}},
                  {{"numFiles", std::to_string(written)},
                   {"numOutputRows", std::to_string(count)},
                   {"numOutputBytes", std::to_string(bytes)}},
                  context.who().name},
                 context.cancel));
  return Counts({{"num_affected_rows", count}, {"num_inserted_rows", count}});
}

}  // namespace tarn::engine
