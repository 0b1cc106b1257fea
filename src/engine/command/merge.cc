#include "engine/command/row_change.h"

namespace tarn::engine {
namespace {

using Clause = plan::Merge::Clause;
using sql::MergeMatch;

// [{"predicate":"…","actionType":"update"}] of the clauses of a kind.
std::string Predicates(const plan::Merge& command, MergeMatch match) {
  json::Array list;
  for (size_t i = 0; i < command.clauses.size(); ++i) {
    const Clause& clause = command.clauses[i];
    if (clause.match != match) continue;
    static constexpr const char* kTypes[] = {"update", "delete", "insert"};
    json::Object entry;
    if (clause.predicate) entry.Set("predicate", *clause.predicate);
    entry.Set("actionType", kTypes[static_cast<size_t>(command.edits.actions[i])]);
    list.emplace_back(std::move(entry));
  }
  return json::Value(std::move(list)).ToString();
}

// Rows by what was done to them and by the kind of clause.
int64_t Acted(const plan::Merge& command, const RowChange& change, MergeMatch match,
              plan::RowEffect effect) {
  int64_t rows = 0;
  for (size_t i = 0; i < command.clauses.size(); ++i) {
    if (command.clauses[i].match == match && command.edits.actions[i] == effect) {
      rows += change.acted(i + 1);
    }
  }
  return rows;
}

std::map<std::string, std::string> Metrics(const plan::Merge& command, const RowChange& change,
                                           const RowChange::Outcome& outcome, int64_t source_rows) {
  using plan::RowEffect;
  auto acted = [&](MergeMatch match, RowEffect effect) {
    return Acted(command, change, match, effect);
  };
  const std::pair<const char*, int64_t> values[] = {
      {"numSourceRows", source_rows},
      {"numTargetRowsInserted", change.inserted()},
      {"numTargetRowsUpdated", change.updated()},
      {"numTargetRowsMatchedUpdated", acted(MergeMatch::kMatched, RowEffect::kUpdate)},
      {"numTargetRowsNotMatchedBySourceUpdated",
       acted(MergeMatch::kNotMatchedBySource, RowEffect::kUpdate)},
      {"numTargetRowsDeleted", change.deleted()},
      {"numTargetRowsMatchedDeleted", acted(MergeMatch::kMatched, RowEffect::kDelete)},
      {"numTargetRowsNotMatchedBySourceDeleted",
       acted(MergeMatch::kNotMatchedBySource, RowEffect::kDelete)},
      {"numTargetRowsCopied", outcome.copied_rows},
      {"numTargetBytesAdded", outcome.added_bytes},
      {"numTargetBytesRemoved", outcome.removed_bytes},
      {"numOutputRows", change.inserted() + change.updated() + outcome.copied_rows},
      {"numTargetFilesAdded", outcome.added_files},
      {"numTargetFilesRemoved", outcome.removed_files},
      {"numTargetChangeFilesAdded", outcome.change_files},
      {"executionTimeMs", outcome.scan_ms + outcome.rewrite_ms},
      {"materializeSourceTimeMs", outcome.source_ms},
      {"scanTimeMs", outcome.scan_ms},
      {"rewriteTimeMs", outcome.rewrite_ms},
      {"numTargetDeletionVectorsAdded", outcome.vectors_added},
      {"numTargetDeletionVectorsRemoved", outcome.vectors_removed},
      {"numTargetDeletionVectorsUpdated", outcome.vectors_updated}};
  std::map<std::string, std::string> metrics;
  for (const auto& [name, value] : values) metrics[name] = std::to_string(value);
  return metrics;
}

StreamResult Affected(const RowChange& change) {
  return Counts({{"num_affected_rows", change.updated() + change.deleted() + change.inserted()},
                 {"num_updated_rows", change.updated()},
                 {"num_deleted_rows", change.deleted()},
                 {"num_inserted_rows", change.inserted()}});
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::Merge& command) {
  RowChange change(context, command.target, command.edits);
  TARN_TRY(bool done, change.DoneBefore());
  if (done) return Affected(change);
  TARN_RETURN_IF_ERROR(change.KeepSource(command.source));
  TARN_TRY(int64_t source_rows, CountRows(context, change.source()));
  if (Status status = change.Find(); !status.ok()) {
    return context.At(command.target_range, status.error());
  }
  change.GivesIdentities(command.identities);
  delta::Operation operation{
      "MERGE",
      {{"predicate", "[" + json::Quote(command.predicate) + "]"},
       {"matchedPredicates", Predicates(command, MergeMatch::kMatched)},
       {"notMatchedPredicates", Predicates(command, MergeMatch::kNotMatched)},
       {"notMatchedBySourcePredicates", Predicates(command, MergeMatch::kNotMatchedBySource)}},
      {},
      {}};
  TARN_RETURN_IF_ERROR(change.Commit(std::move(operation), [&](const RowChange::Outcome& outcome) {
    return Metrics(command, change, outcome, source_rows);
  }));
  return Affected(change);
}

}  // namespace tarn::engine
