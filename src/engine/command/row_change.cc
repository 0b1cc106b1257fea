#include "engine/command/row_change.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "columnar/array_view.h"
#include "delta/file_stats.h"
#include "delta/table_feature.h"
#include "engine/command/change_data.h"
#include "engine/command/identity_mark.h"
#include "engine/command/read_predicate.h"
#include "engine/copied_rows.h"
#include "engine/evolved_target.h"

namespace tarn::engine {
namespace {

// Bounds of a file of which rows went still hold, but no row need reach them.
// Spec: "Per-file Statistics", tightBounds.
std::string WithWideBounds(const std::string& stats) {
  Result<json::Value> parsed = json::Parse(stats);
  if (!parsed.ok() || !parsed->is_object()) return stats;
  parsed->as_object().Set("tightBounds", false);
  return parsed->ToString();
}

using plan::ExprRef;
using plan::PlanRef;
using plan::RowEffect;

int64_t SinceMs(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               begin)
      .count();
}

}  // namespace

RowChange::RowChange(const CommandContext& context, const plan::TableBinding& target,
                     const plan::RowEdits& edits)
    : context_(context),
      target_(target),
      edits_(edits),
      snapshot_(SnapshotOf(target)),
      rows_(edits.rows),
      acted_(edits.actions.size() + 1) {}

Result<bool> RowChange::DoneBefore() {
  TARN_TRY(write_, IdempotentWrite::Of(context_.session));
  return write_.Done(*snapshot_);
}

Status RowChange::KeepSource(const PlanRef& source) {
  auto begin = std::chrono::steady_clock::now();
  source_ = source;
  if (source->kind == plan::PlanKind::kScan) return Ok();
  TARN_TRY(source_, context_.engine().Keep(source, context_.cancel));
  rows_ = plan::WithChild(rows_, source.get(), source_);
  source_ms_ = SinceMs(begin);
  return Ok();
}

bool RowChange::OnlyInserts() const {
  return std::all_of(edits_.actions.begin(), edits_.actions.end(),
                     [](RowEffect effect) { return effect == RowEffect::kInsert; });
}

bool RowChange::NeedsRows() const {
  bool writes = std::any_of(edits_.actions.begin(), edits_.actions.end(),
                            [](RowEffect effect) { return effect != RowEffect::kDelete; });
  return writes || RecordsChanges(*snapshot_);
}

Status RowChange::Visit(int64_t file, int64_t row, int32_t action) {
  Touched& touched = touched_[static_cast<size_t>(file)];
  auto position = static_cast<uint64_t>(row);
  bool again = touched.seen.Contains(position);
  if (again && !edits_.may_match_twice) {
    return Fail("DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE",
                "Cannot perform Merge as multiple source rows matched and attempted to modify the "
                "same target row in the Delta table in possibly conflicting ways. Make each row of "
                "the target match at most one row of the source, for example by removing "
                "duplicates from the source first.");
  }
  repeated_ = repeated_ || again;
  if (again) return Ok();
  touched.seen.Add(position);
  if (action == 0) return Ok();
  touched.rows.Add(position);
  ++acted_[static_cast<size_t>(action)];
  bool updates = edits_.actions[static_cast<size_t>(action - 1)] == RowEffect::kUpdate;
  ++(updates ? updated_ : deleted_);
  return Ok();
}

Status RowChange::Find() {
  if (OnlyInserts()) return Ok();
  auto begin = std::chrono::steady_clock::now();
  if (NeedsRows()) {
    // Read and joined once: what is found is what is written, whatever the statement computes.
    std::vector<size_t> columns(rows_->output.size());
    std::iota(columns.begin(), columns.end(), size_t{0});
    // Rows as they were are last.
    if (!RecordsChanges(*snapshot_)) columns.resize(columns.size() - target_.schema.fields.size());
    TARN_TRY(rows_, context_.engine().Keep(plan::PickColumns(rows_, columns), context_.cancel));
  }
  // Place of the file, place of the row, action.
  TARN_TRY(auto stream, context_.engine().Run(plan::PickColumns(rows_, {0, 1, plan::kActionColumn}),
                                              context_.cancel));
  for (;;) {
    TARN_TRY(std::optional<columnar::RecordBatch> batch, stream->Next());
    if (!batch) break;
    columnar::ArrayView columns(batch->array.get());
    columnar::ArrayView file = columns.Member(0);
    columnar::ArrayView row = columns.Member(1);
    columnar::ArrayView action = columns.Member(2);
    for (int64_t i = 0; i < columns.length(); ++i) {
      if (file.IsNull(i)) {
        ++inserted_;
        continue;
      }
      TARN_RETURN_IF_ERROR(
          Visit(file.Fixed<int64_t>(i), row.Fixed<int64_t>(i), action.Fixed<int32_t>(i)));
    }
  }
  scan_ms_ = SinceMs(begin);
  return Ok();
}

Status RowChange::TakeOutAll() {
  int64_t rows = 0;
  for (const auto& file : snapshot_->files()) {
    std::optional<int64_t> live = LiveRows(*file);
    if (!live) return Find();
    rows += *live;
  }
  all_ = true;
  deleted_ = rows;
  return Ok();
}

bool RowChange::UsesDeletionVectors() const {
  return snapshot_->Enabled("delta.enableDeletionVectors") &&
         delta::NamesFeature(snapshot_->protocol(), "deletionVectors");
}

std::optional<int64_t> RowChange::LiveRows(const delta::AddFile& file) const {
  std::optional<int64_t> rows = delta::FileStats::Parse(file.stats).num_records;
  if (rows && file.deletion_vector) *rows -= file.deletion_vector->cardinality;
  return rows;
}

Status RowChange::Sort(delta::Transaction& txn, Outcome& outcome) {
  auto remove = [&](const delta::AddFile& file) {
    txn.Remove(file);
    ++outcome.removed_files;
    outcome.removed_bytes += file.size_bytes;
    if (file.deletion_vector) ++outcome.vectors_removed;
  };
  if (all_) {
    for (const auto& file : snapshot_->files()) remove(*file);
    return Ok();
  }
  io::ObjectStore& store = *context_.session.services().store;
  delta::DeletionVectorWriter writer(store, snapshot_->table_path());
  for (auto& [position, touched] : touched_) {
    if (touched.rows.Cardinality() == 0) continue;
    const delta::AddFile& file = *snapshot_->files()[position];
    std::optional<int64_t> live = LiveRows(file);
    if (live && *live == touched.rows.Cardinality()) {
      remove(file);
      continue;
    }
    delta::DeletionVector gone = std::move(touched.rows);
    if (file.deletion_vector) {
      TARN_TRY(delta::DeletionVector before,
               delta::ReadDeletionVector(store, snapshot_->table_path(), *file.deletion_vector));
      gone.Union(before);
    }
    // A vector asks for the number of rows in the file's statistics.
    if (UsesDeletionVectors() && live) {
      TARN_TRY(delta::DeletionVectorDescriptor descriptor, writer.Append(gone));
      ++outcome.vectors_added;
      outcome.vectors_bytes += file.size_bytes;
      if (file.deletion_vector) {
        ++outcome.vectors_updated;
        ++outcome.vectors_removed;
      }
      txn.SetDeletionVector(file, std::move(descriptor), WithWideBounds(file.stats));
      continue;
    }
    remove(file);
    delta::AddFile cut = file;
    cut.deletion_vector = delta::InlineDescriptor(gone);
    cut_.push_back(std::move(cut));
  }
  return writer.Finish();
}

Result<std::shared_ptr<const delta::Snapshot>> RowChange::Remainder() const {
  delta::SnapshotBuilder builder(snapshot_->table_path());
  std::vector<delta::Action> actions = {snapshot_->protocol(), snapshot_->metadata()};
  for (const delta::AddFile& file : cut_) actions.emplace_back(file);
  builder.Apply(snapshot_->version(), snapshot_->timestamp_ms(), std::move(actions));
  return builder.Finish();
}

Result<PlanRef> RowChange::Kept(WriteTarget* target) const {
  plan::TableBinding binding = target_;
  TARN_TRY(binding.snapshot, Remainder());
  return CopiedRows(std::move(binding), target);
}

Result<int64_t> RowChange::CountCopied(const PlanRef& kept) const {
  int64_t copied = 0;
  for (const delta::AddFile& file : cut_) {
    std::optional<int64_t> live = LiveRows(file);
    if (!live) return CountRows(context_, kept);
    copied += *live;
  }
  return copied;
}

PlanRef RowChange::Written(bool row_ids) const {
  ExprRef writes = ActionIsOneOf(edits_, *rows_, {RowEffect::kUpdate, RowEffect::kInsert});
  if (!writes) return nullptr;
  const size_t count = target_.schema.fields.size();
  std::vector<size_t> columns(count);
  std::iota(columns.begin(), columns.end(), plan::kNewValues);
  PlanRef rows = plan::RowsWhere(rows_, std::move(writes));
  if (!row_ids) return plan::PickColumns(std::move(rows), columns);
  // A row that was updated is as new as the commit: it has no version of its own.
  columns.insert(columns.end(), {2, 3});
  PlanRef picked = plan::PickColumns(std::move(rows), columns);
  auto project = std::make_shared<plan::LogicalPlan>(*picked);
  project->exprs.back() = plan::MakeCast(plan::MakeLiteral(columnar::DataType(), std::nullopt),
                                         columnar::TypeKind::kLong);
  return project;
}

Status RowChange::WriteRows(delta::Transaction& txn, Outcome& outcome) {
  WriteTarget target = WriteTarget::Of(*snapshot_);
  // New rows have no ids before the commit gives them.
  if (!OnlyInserts()) target.more_columns = RowIdColumns(*snapshot_);
  bool with_ids = !target.more_columns.empty();
  std::vector<PlanRef> parts;
  if (PlanRef written = Written(with_ids)) parts.push_back(std::move(written));
  if (!cut_.empty()) {
    TARN_TRY(PlanRef kept, Kept(&target));
    TARN_TRY(outcome.copied_rows, CountCopied(kept));
    parts.push_back(std::move(kept));
  }
  if (parts.empty()) return Ok();
  if (with_ids) txn.KeepsRowIds();
  TARN_TRY(auto files,
           context_.engine().WriteFiles(plan::UnionAll(std::move(parts)), target, context_.cancel));
  if (OnlyInserts()) inserted_ = RowCount(files);
  for (delta::AddFile& file : files) {
    ++outcome.added_files;
    outcome.added_bytes += file.size_bytes;
    txn.Add(std::move(file));
  }
  return Ok();
}

Result<RowChange::Outcome> RowChange::Stage(delta::Transaction& txn) {
  auto begin = std::chrono::steady_clock::now();
  if (target_.evolved) txn.SetMetadata(snapshot_->metadata());
  txn.reads().whole_table = true;
  txn.reads().row_level = UsesDeletionVectors();
  txn.reads().may_match = FilesThatMayMatch(context_.engine(), edits_.scan, edits_.reads);
  Outcome outcome;
  outcome.scan_ms = scan_ms_;
  outcome.source_ms = source_ms_;
  TARN_RETURN_IF_ERROR(AdvanceIdentities(txn, identities_, inserted_));
  TARN_RETURN_IF_ERROR(Sort(txn, outcome));
  TARN_RETURN_IF_ERROR(WriteRows(txn, outcome));
  // Whole files that go, or only files that come, say by themselves what changed.
  bool says_itself = all_ || OnlyInserts();
  if (!says_itself && RecordsChanges(*snapshot_) && updated_ + deleted_ + inserted_ > 0) {
    TARN_TRY(auto files, WriteChangeData(context_, target_, edits_, rows_, repeated_));
    outcome.change_files = static_cast<int64_t>(files.size());
    for (delta::AddCdcFile& file : files) txn.AddCdc(std::move(file));
  }
  outcome.rewrite_ms = SinceMs(begin);
  outcome.changed = outcome.removed_files + outcome.added_files + outcome.vectors_added > 0;
  return outcome;
}

Status RowChange::Commit(delta::Operation operation, const MetricsOf& metrics) {
  delta::Transaction txn(context_.engine().snapshots().OpenLog(snapshot_->table_path()), snapshot_);
  TARN_TRY(Outcome outcome, Stage(txn));
  if (!outcome.changed) return Ok();
  write_.Mark(txn);
  operation.metrics = metrics(outcome);
  operation.user_name = context_.who().name;
  TARN_RETURN_IF_ERROR(txn.Commit(operation, context_.cancel));
  RecordColumns(context_, target_);
  return Ok();
}

std::map<std::string, std::string> RowChange::Metrics(const Outcome& outcome) {
  const std::pair<const char*, int64_t> values[] = {
      {"numRemovedFiles", outcome.removed_files},
      {"numRemovedBytes", outcome.removed_bytes},
      {"numAddedFiles", outcome.added_files},
      {"numAddedBytes", outcome.added_bytes},
      {"numAddedChangeFiles", outcome.change_files},
      {"numCopiedRows", outcome.copied_rows},
      {"numDeletionVectorsAdded", outcome.vectors_added},
      {"numDeletionVectorsUpdated", outcome.vectors_updated},
      {"numDeletionVectorsRemoved", outcome.vectors_removed},
      {"executionTimeMs", outcome.scan_ms + outcome.rewrite_ms},
      {"scanTimeMs", outcome.scan_ms},
      {"rewriteTimeMs", outcome.rewrite_ms}};
  std::map<std::string, std::string> metrics;
  for (const auto& [name, value] : values) metrics[name] = std::to_string(value);
  return metrics;
}

}  // namespace tarn::engine
