#include "engine/command/command.h"

namespace tarn::engine {

StreamResult RunInsert(const CommandContext& context, const sql::Insert& statement) {
  if (statement.mode == sql::InsertMode::kReplaceWhere) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support INSERT … REPLACE WHERE yet.");
  }
  if (statement.mode == sql::InsertMode::kOverwrite && !statement.partition.empty()) {
    return Fail("UNSUPPORTED_FEATURE",
                "Tarn does not support INSERT OVERWRITE of single partitions yet.");
  }
  CatalogResolver resolver(context.session);
  TARN_TRY(CatalogResolver::Target target,
           resolver.ResolveTarget(statement.table, catalog::Operation::kModify));
  plan::Analyzer analyzer(context.session.Context(&resolver, context.request),
                          context.request.text);
  TARN_TRY(plan::PlanRef rows, analyzer.AnalyzeInsertSource(statement, target.binding));
  const delta::Snapshot& snapshot = *target.snapshot;
  TARN_TRY(auto files,
           context.engine().WriteFiles(
               rows, {snapshot.table_path(), snapshot.schema(), snapshot.partition_columns()},
               context.cancel));
  int64_t count = RowCount(files);
  delta::Transaction txn(context.engine().snapshots().OpenLog(snapshot.table_path()),
                         target.snapshot);
  bool overwrite = statement.mode == sql::InsertMode::kOverwrite;
  if (overwrite) {
    txn.ReadWholeTable();
    for (const auto& file : snapshot.files()) txn.Remove(*file);
  }
  int64_t bytes = 0;
  size_t written = files.size();
  for (auto& file : files) {
    bytes += file.size_bytes;
    txn.Add(std::move(file));
  }
  TARN_RETURN_IF_ERROR(
      txn.Commit({"WRITE",
                  {{"mode", overwrite ? "Overwrite" : "Append"}, {"partitionBy", "[]"}},
                  {{"numFiles", std::to_string(written)},
                   {"numOutputRows", std::to_string(count)},
                   {"numOutputBytes", std::to_string(bytes)}},
                  context.who().name},
                 context.cancel));
  return Counts({{"num_affected_rows", count}, {"num_inserted_rows", count}});
}

}  // namespace tarn::engine
