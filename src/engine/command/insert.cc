#include <algorithm>

#include "engine/command/identity_mark.h"
#include "engine/command/row_change.h"
#include "engine/evolved_target.h"
#include "engine/scanned_tables.h"

namespace tarn::engine {
namespace {

using Replaces = plan::Insert::Replaces;

StreamResult Inserted(int64_t rows) {
  return Counts({{"num_affected_rows", rows}, {"num_inserted_rows", rows}});
}

delta::Operation OperationOf(const plan::Insert& command) {
  delta::Operation operation{
      "WRITE",
      {{"mode", command.replaces == Replaces::kNothing ? "Append" : "Overwrite"},
       {"partitionBy", "[]"}},
      {},
      {}};
  if (!command.where.empty()) operation.parameters["predicate"] = command.where;
  if (!command.on.empty()) operation.parameters["replaceOnCond"] = command.on;
  if (!command.using_columns.empty()) {
    operation.parameters["replaceUsingCols"] = "(" + command.using_columns + ")";
  }
  if (command.replaces == Replaces::kPartitions) {
    operation.parameters["isDynamicPartitionOverwrite"] = "true";
  }
  return operation;
}

// Rows that do not belong to what they replace stay out.
Status CheckRequired(const CommandContext& context, const plan::Insert& command,
                     const plan::PlanRef& rows) {
  using columnar::TypeKind;
  if (!command.required) return Ok();
  plan::ExprRef fits =
      plan::MakeCall("coalesce", {command.required, plan::MakeLiteral(TypeKind::kBoolean, "false")},
                     TypeKind::kBoolean, false);
  plan::ExprRef is_new = plan::MakeCall("=",
                                        {plan::MakeColumn(rows->output[plan::kActionColumn]),
                                         plan::MakeLiteral(TypeKind::kInteger, "2")},
                                        TypeKind::kBoolean, false);
  plan::ExprRef broken = plan::MakeCall("not", {std::move(fits)}, TypeKind::kBoolean, false);
  TARN_TRY(
      int64_t count,
      CountRows(context,
                plan::RowsWhere(rows, plan::MakeCall("and", {std::move(is_new), std::move(broken)},
                                                     TypeKind::kBoolean, false))));
  if (count == 0) return Ok();
  return context.At(
      command.target_range,
      Fail("DELTA_REPLACE_WHERE_MISMATCH",
           "Written data does not conform to partial table overwrite condition or constraint '" +
               command.where + "'. " + std::to_string(count) + " rows do not fit.",
           {{"replaceWhere", command.where}}));
}

StreamResult ReplaceRows(const CommandContext& context, const plan::Insert& command) {
  RowChange change(context, command.target, command.edits);
  change.GivesIdentities(command.identities);
  TARN_TRY(bool done, change.DoneBefore());
  if (done) return Inserted(0);
  TARN_RETURN_IF_ERROR(change.KeepSource(command.rows));
  TARN_RETURN_IF_ERROR(change.Find());
  TARN_RETURN_IF_ERROR(CheckRequired(context, command, change.rows()));
  TARN_RETURN_IF_ERROR(change.Commit(OperationOf(command), [&](const RowChange::Outcome& outcome) {
    const std::pair<const char*, int64_t> values[] = {
        {"numFiles", outcome.added_files},          {"numOutputRows", change.inserted()},
        {"numOutputBytes", outcome.added_bytes},    {"numRemovedFiles", outcome.removed_files},
        {"numRemovedBytes", outcome.removed_bytes}, {"numAddedChangeFiles", outcome.change_files},
        {"numDeletedRows", change.deleted()},       {"numCopiedRows", outcome.copied_rows}};
    std::map<std::string, std::string> metrics;
    for (const auto& [name, value] : values) metrics[name] = std::to_string(value);
    return metrics;
  }));
  return Inserted(change.inserted());
}

// The files of the snapshot that new ones take the place of.
std::vector<delta::FileRef<delta::AddFile>> Replaced(
    const plan::Insert& command, const delta::Snapshot& snapshot,
    const std::set<delta::PartitionValues>& partitions) {
  std::vector<delta::FileRef<delta::AddFile>> files;
  if (command.replaces == Replaces::kNothing) return files;
  for (const auto& file : snapshot.files()) {
    if (command.replaces == Replaces::kTable || partitions.contains(file.partition_values())) {
      files.push_back(file);
    }
  }
  return files;
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::Insert& command) {
  if (command.replaces == Replaces::kRows) return ReplaceRows(context, command);
  std::shared_ptr<const delta::Snapshot> bound = SnapshotOf(command.target);
  const delta::Snapshot& snapshot = *bound;
  TARN_TRY(IdempotentWrite write, IdempotentWrite::Of(context.session));
  if (write.Done(snapshot)) return Inserted(0);
  TARN_TRY(auto files,
           context.engine().WriteFiles(command.rows, WriteTarget::Of(snapshot), context.cancel));
  int64_t count = RowCount(files);
  delta::Transaction txn(context.engine().snapshots().OpenLog(snapshot.table_path()), bound);
  if (command.target.evolved) txn.SetMetadata(snapshot.metadata());
  std::set<delta::PartitionValues> partitions;
  for (const delta::AddFile& file : files) partitions.insert(file.partition_values);
  if (command.replaces == Replaces::kPartitions) {
    txn.ReadWholeTable();
    txn.reads().may_match = [partitions](const delta::AddFile& file) {
      return partitions.contains(file.partition_values);
    };
  } else if (command.replaces == Replaces::kTable ||
             ScannedTables(*command.rows).contains(snapshot.table_path())) {
    // An overwrite means all there is; what was read of the table itself decides what the rows are.
    txn.ReadWholeTable();
  }
  delta::Operation operation = OperationOf(command);
  int64_t removed_bytes = 0;
  int64_t removed_files = 0;
  for (const auto& file : Replaced(command, snapshot, partitions)) {
    txn.Remove(*file);
    ++removed_files;
    removed_bytes += file->size_bytes;
  }
  int64_t bytes = 0;
  operation.metrics["numFiles"] = std::to_string(files.size());
  for (auto& file : files) {
    bytes += file.size_bytes;
    txn.Add(std::move(file));
  }
  operation.metrics["numOutputRows"] = std::to_string(count);
  operation.metrics["numOutputBytes"] = std::to_string(bytes);
  if (command.replaces != Replaces::kNothing) {
    operation.metrics["numRemovedFiles"] = std::to_string(removed_files);
    operation.metrics["numRemovedBytes"] = std::to_string(removed_bytes);
  }
  TARN_RETURN_IF_ERROR(AdvanceIdentities(txn, command.identities, count));
  write.Mark(txn);
  operation.user_name = context.who().name;
  TARN_RETURN_IF_ERROR(txn.Commit(operation, context.cancel));
  RecordColumns(context, command.target);
  return Inserted(count);
}

}  // namespace tarn::engine
