#include "engine/command/row_change.h"

#include "base/encoding.h"
#include "columnar/array_view.h"
#include "delta/file_stats.h"
#include "delta/table_feature.h"

namespace tarn::engine {
namespace {

// The rows of a bitmap as a descriptor that needs no file.
delta::DeletionVectorDescriptor Inline(const delta::DeletionVector& vector) {
  std::string bytes = vector.Serialize();
  delta::DeletionVectorDescriptor descriptor;
  descriptor.storage_type = 'i';
  descriptor.size_in_bytes = static_cast<int32_t>(bytes.size());
  descriptor.cardinality = vector.Cardinality();
  bytes.resize((bytes.size() + 3) / 4 * 4);
  descriptor.path_or_inline_dv = Z85Encode(bytes);
  return descriptor;
}

// Bounds of a file of which rows went still hold, but no row need reach them.
// Spec: "Per-file Statistics", tightBounds.
std::string WithWideBounds(const std::string& stats) {
  Result<json::Value> parsed = json::Parse(stats);
  if (!parsed.ok() || !parsed->is_object()) return stats;
  parsed->as_object().Set("tightBounds", false);
  return parsed->ToString();
}

std::string Text(int64_t value) { return std::to_string(value); }

plan::PlanRef RowsOfBoth(plan::PlanRef one, plan::PlanRef other) {
  auto both = std::make_shared<plan::LogicalPlan>();
  both->kind = plan::PlanKind::kSetOp;
  both->set_op = sql::SetOperator::kUnion;
  both->all = true;
  both->output = one->output;
  // Ids of analysis are positive.
  for (size_t i = 0; i < both->output.size(); ++i) {
    both->output[i].id = -1 - static_cast<plan::ExprId>(i);
  }
  both->children = {std::move(one), std::move(other)};
  return both;
}

// Counted by the engine, which then reads no column.
Result<int64_t> CountRows(const CommandContext& context, plan::PlanRef rows) {
  auto count = std::make_shared<plan::Expr>();
  count->op = plan::ExprOp::kAggregate;
  count->function = "count";
  count->args = {plan::MakeLiteral(columnar::TypeKind::kInteger, "1")};
  count->type = columnar::TypeKind::kLong;
  auto plan = std::make_shared<plan::LogicalPlan>();
  plan->kind = plan::PlanKind::kAggregate;
  plan->aggregates = {count};
  plan->output = {{.id = -1, .name = "count", .type = count->type, .nullable = false}};
  plan->children = {std::move(rows)};
  TARN_TRY(auto stream, context.engine().Run(std::move(plan), context.cancel));
  TARN_TRY(auto batch, stream->Next());
  if (!batch) return Fail("INTERNAL_ERROR", "a count without a row");
  return columnar::ArrayView(batch->array.get()).Member(0).Fixed<int64_t>(0);
}

}  // namespace

RowChange::RowChange(const CommandContext& context, const plan::TableBinding& target,
                     plan::PlanRef scan)
    : context_(context), target_(target), scan_(std::move(scan)), snapshot_(SnapshotOf(target)) {}

Status RowChange::Find(plan::PlanRef addresses, const Visit& visit) {
  bool numbered = addresses->output.size() > 2;
  TARN_TRY(auto stream, context_.engine().Run(std::move(addresses), context_.cancel));
  for (;;) {
    TARN_TRY(std::optional<columnar::RecordBatch> batch, stream->Next());
    if (!batch) return Ok();
    columnar::ArrayView columns(batch->array.get());
    columnar::ArrayView file = columns.Member(0);
    columnar::ArrayView row = columns.Member(1);
    for (int64_t i = 0; i < columns.length(); ++i) {
      Touched& touched = touched_[static_cast<size_t>(file.Fixed<int64_t>(i))];
      auto position = static_cast<uint64_t>(row.Fixed<int64_t>(i));
      bool again = touched.seen.Contains(position);
      if (!again) touched.seen.Add(position);
      bool take = false;
      TARN_RETURN_IF_ERROR(visit(numbered ? columns.Member(2).Fixed<int32_t>(i) : 0, again, &take));
      if (!take) continue;
      touched.rows.Add(position);
      if (!again) ++taken_out_;
    }
  }
}

Status RowChange::TakeOut(plan::PlanRef addresses) {
  return Find(std::move(addresses), [](int32_t, bool, bool* take) {
    *take = true;
    return Ok();
  });
}

Status RowChange::TakeOutAll() {
  all_ = true;
  int64_t rows = 0;
  for (const auto& file : snapshot_->files()) {
    std::optional<int64_t> live = LiveRows(*file);
    if (!live) return TakeOut(plan::Addresses(scan_));
    rows += *live;
  }
  taken_out_ = rows;
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

// Each touched file goes, gets another deletion vector, or is to be written anew.
Status RowChange::Sort(delta::Transaction& txn) {
  if (all_) {
    for (const auto& file : snapshot_->files()) txn.Remove(*file);
    removed_files_ = static_cast<int64_t>(snapshot_->files().size());
    return Ok();
  }
  io::ObjectStore& store = *context_.session.services().store;
  delta::DeletionVectorWriter writer(store, snapshot_->table_path());
  for (auto& [position, touched] : touched_) {
    if (touched.rows.Cardinality() == 0) continue;
    const delta::AddFile& file = *snapshot_->files()[position];
    std::optional<int64_t> live = LiveRows(file);
    if (live && *live == touched.rows.Cardinality()) {
      txn.Remove(file);
      ++removed_files_;
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
      ++(file.deletion_vector ? vectors_updated_ : vectors_added_);
      txn.SetDeletionVector(file, std::move(descriptor), WithWideBounds(file.stats));
      continue;
    }
    txn.Remove(file);
    ++removed_files_;
    delta::AddFile cut = file;
    cut.deletion_vector = Inline(gone);
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

// What stays of the files that are written anew.
Result<plan::PlanRef> RowChange::Kept() const {
  plan::TableBinding binding = target_;
  TARN_TRY(binding.snapshot, Remainder());
  auto kept = std::make_shared<plan::LogicalPlan>();
  kept->kind = plan::PlanKind::kProject;
  for (size_t i = 0; i < snapshot_->schema().fields.size(); ++i) {
    const plan::Attribute& column = scan_->output[i];
    kept->output.push_back(column);
    kept->exprs.push_back(plan::MakeColumn(column));
  }
  kept->children = {plan::ScanOf(*scan_, std::move(binding))};
  return plan::PlanRef(kept);
}

Status RowChange::CountCopied(const plan::PlanRef& kept) {
  copied_ = 0;
  for (const delta::AddFile& file : cut_) {
    std::optional<int64_t> live = LiveRows(file);
    if (!live) {
      TARN_TRY(copied_, CountRows(context_, kept));
      return Ok();
    }
    copied_ += *live;
  }
  return Ok();
}

Result<RowChange::Outcome> RowChange::Commit(plan::PlanRef written, delta::Operation operation) {
  delta::Transaction txn(context_.engine().snapshots().OpenLog(snapshot_->table_path()), snapshot_);
  txn.reads().whole_table = true;
  txn.reads().row_level = UsesDeletionVectors();
  TARN_RETURN_IF_ERROR(Sort(txn));
  plan::PlanRef rows = std::move(written);
  if (!cut_.empty()) {
    TARN_TRY(plan::PlanRef kept, Kept());
    TARN_RETURN_IF_ERROR(CountCopied(kept));
    rows = rows ? RowsOfBoth(std::move(rows), std::move(kept)) : std::move(kept);
  }
  Outcome outcome;
  int64_t added = 0;
  int64_t bytes = 0;
  if (rows) {
    TARN_TRY(auto files,
             context_.engine().WriteFiles(rows, WriteTarget::Of(*snapshot_), context_.cancel));
    outcome.rows_written = RowCount(files) - copied_;
    added = static_cast<int64_t>(files.size());
    for (delta::AddFile& file : files) {
      bytes += file.size_bytes;
      txn.Add(std::move(file));
    }
  }
  if (removed_files_ == 0 && vectors_added_ == 0 && vectors_updated_ == 0 && added == 0) {
    return outcome;
  }
  operation.metrics.insert({{"numRemovedFiles", Text(removed_files_)},
                            {"numAddedFiles", Text(added)},
                            {"numAddedBytes", Text(bytes)},
                            {"numCopiedRows", Text(copied_)},
                            {"numDeletionVectorsAdded", Text(vectors_added_ + vectors_updated_)},
                            {"numDeletionVectorsUpdated", Text(vectors_updated_)},
                            {"numDeletionVectorsRemoved", "0"}});
  operation.user_name = context_.who().name;
  TARN_RETURN_IF_ERROR(txn.Commit(operation, context_.cancel));
  outcome.committed = true;
  return outcome;
}

}  // namespace tarn::engine
