#include "delta/file_stats.h"
#include "engine/command/command.h"

namespace tarn::engine {
namespace {

constexpr int kMaxAttempts = 10;

Result<int64_t> CountRows(const CommandContext& context, plan::PlanRef rows) {
  TARN_TRY(auto stream, context.engine().Run(std::move(rows), context.cancel));
  int64_t count = 0;
  for (;;) {
    TARN_TRY(auto batch, stream->Next());
    if (!batch) return count;
    count += batch->num_rows();
  }
}

std::string OperationText(const sql::Delete& statement, std::string_view text) {
  if (!statement.where) return "[\"true\"]";
  sql::SourceRange range = statement.where->range;
  return "[" + json::Quote(std::string(text.substr(range.begin, range.end - range.begin))) + "]";
}

// Rewrites only the files that hold a row to delete; the others are not touched.
Result<int64_t> DeleteOnce(const CommandContext& context, const sql::Delete& statement,
                           const CatalogResolver::Target& target) {
  const delta::Snapshot& snapshot = *target.snapshot;
  delta::Transaction txn(context.engine().snapshots().OpenLog(snapshot.table_path()),
                         target.snapshot);
  txn.ReadWholeTable();
  int64_t deleted = 0;
  int64_t copied = 0;
  int64_t removed_files = 0;
  int64_t added_files = 0;
  for (const auto& file : snapshot.files()) {
    // One file at a time: a snapshot of just this file is what the condition runs on.
    delta::SnapshotBuilder builder(snapshot.table_path());
    TARN_RETURN_IF_ERROR(builder.Apply(snapshot.version(), snapshot.timestamp_ms(),
                                       {snapshot.protocol(), snapshot.metadata(), *file}));
    TARN_TRY(auto single, builder.Finish());
    plan::TableBinding binding{target.binding.name, single->schema(), single};
    CatalogResolver resolver(context.session);
    auto rows_where = [&](bool inverted) -> Result<plan::PlanRef> {
      plan::Analyzer analyzer(context.session.Context(&resolver, context.request),
                              context.request.text);
      return analyzer.AnalyzeRowsOf(*statement.table, binding, statement.where.get(), inverted);
    };
    int64_t here = delta::FileStats::Parse(file->stats).num_records.value_or(-1);
    if (statement.where || here < 0) {
      TARN_TRY(plan::PlanRef matching, rows_where(false));
      TARN_TRY(int64_t matched, CountRows(context, matching));
      if (matched == 0) continue;
      deleted += matched;
      if (here != matched && statement.where) {
        TARN_TRY(plan::PlanRef kept, rows_where(true));
        TARN_TRY(auto files,
                 context.engine().WriteFiles(
                     kept, {snapshot.table_path(), snapshot.schema(), snapshot.partition_columns()},
                     context.cancel));
        copied += RowCount(files);
        added_files += static_cast<int64_t>(files.size());
        for (auto& written : files) txn.Add(std::move(written));
      }
    } else {
      deleted += here;
    }
    ++removed_files;
    txn.Remove(*file);
  }
  if (removed_files == 0) return deleted;
  TARN_RETURN_IF_ERROR(txn.Commit({"DELETE",
                                   {{"predicate", OperationText(statement, context.request.text)}},
                                   {{"numDeletedRows", std::to_string(deleted)},
                                    {"numCopiedRows", std::to_string(copied)},
                                    {"numRemovedFiles", std::to_string(removed_files)},
                                    {"numAddedFiles", std::to_string(added_files)}},
                                   context.who().name},
                                  context.cancel));
  return deleted;
}

StreamResult DeleteRows(const CommandContext& context, const sql::Delete& statement) {
  for (int attempt = 1;; ++attempt) {
    CatalogResolver resolver(context.session);
    TARN_TRY(CatalogResolver::Target target,
             resolver.ResolveTarget(statement.table->name, catalog::Operation::kModify));
    Result<int64_t> deleted = DeleteOnce(context, statement, target);
    if (deleted.ok()) return Counts({{"num_affected_rows", *deleted}});
    // Another writer landed first: start over on what the table holds now.
    if (deleted.error().code() != Code::kAborted || attempt == kMaxAttempts)
      return std::move(deleted).error();
  }
}

}  // namespace

StreamResult RunDelete(const CommandContext& context, const sql::Delete& statement) {
  return DeleteRows(context, statement);
}

StreamResult RunTruncate(const CommandContext& context, const sql::Truncate& statement) {
  sql::Delete all;
  all.table = std::make_unique<sql::TableRelation>();
  all.table->name = statement.table;
  TARN_RETURN_IF_ERROR(DeleteRows(context, all));
  return NoRows();
}

}  // namespace tarn::engine
