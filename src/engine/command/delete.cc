#include "columnar/array_view.h"
#include "delta/file_stats.h"
#include "engine/command/command.h"

namespace tarn::engine {
namespace {

// Counted by the engine, which then reads the columns of the condition only.
Result<int64_t> CountRows(const CommandContext& context, plan::PlanRef rows) {
  auto one = plan::MakeLiteral(columnar::TypeKind::kInteger, "1");
  auto count = std::make_shared<plan::Expr>();
  count->op = plan::ExprOp::kAggregate;
  count->function = "count";
  count->args = {std::move(one)};
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

std::string OperationText(const plan::Delete& command) {
  return "[" + json::Quote(command.condition ? command.predicate : "true") + "]";
}

using FileList = delta::Snapshot::FileList;

// Files looked at together: enough for all threads, few enough to leave most of a table alone.
constexpr size_t kFilesAtOnce = 64;

// One attempt of a DELETE on one snapshot.
class Deletion {
 public:
  Deletion(const CommandContext& context, const plan::Delete& command)
      : context_(context),
        command_(command),
        bound_(SnapshotOf(command.target)),
        snapshot_(*bound_) {}

  /// Rewrites only the files that hold a row to delete; the others are not touched. Returns how
  /// many rows went.
  Result<int64_t> Run() {
    const FileList& files = snapshot_.files();
    for (size_t i = 0; i < files.size(); i += kFilesAtOnce) {
      size_t end = std::min(files.size(), i + kFilesAtOnce);
      TARN_RETURN_IF_ERROR(FindTouched({files.begin() + static_cast<ptrdiff_t>(i),
                                        files.begin() + static_cast<ptrdiff_t>(end)}));
    }
    if (gone_.empty() && cut_.empty()) return deleted_;
    return Commit();
  }

 private:
  // A snapshot of just these files is what a condition runs on.
  Result<std::shared_ptr<const delta::Snapshot>> Only(const FileList& files) const {
    delta::SnapshotBuilder builder(snapshot_.table_path());
    std::vector<delta::Action> actions = {snapshot_.protocol(), snapshot_.metadata()};
    for (const auto& file : files) actions.emplace_back(*file);
    TARN_RETURN_IF_ERROR(
        builder.Apply(snapshot_.version(), snapshot_.timestamp_ms(), std::move(actions)));
    return builder.Finish();
  }

  // The target's columns over these files only.
  plan::PlanRef Scan(std::shared_ptr<const delta::Snapshot> some) const {
    plan::TableBinding binding = command_.target;
    binding.snapshot = std::move(some);
    return plan::ScanOf(*command_.scan, std::move(binding));
  }

  Status FindTouched(const FileList& files) {
    std::optional<int64_t> all = 0;
    for (const auto& file : files) {
      std::optional<int64_t> rows = delta::FileStats::Parse(file->stats).num_records;
      all = all && rows ? std::optional(*all + *rows) : std::nullopt;
    }
    int64_t matched = 0;
    if (command_.condition || !all) {
      TARN_TRY(auto some, Only(files));
      plan::PlanRef rows = Scan(std::move(some));
      if (command_.condition) rows = plan::RowsWhere(std::move(rows), command_.condition);
      TARN_TRY(matched, CountRows(context_, std::move(rows)));
      if (matched == 0) return Ok();
    } else {
      matched = *all;
    }
    if (matched == all || !command_.condition) {
      deleted_ += matched;
      gone_.insert(gone_.end(), files.begin(), files.end());
      return Ok();
    }
    if (files.size() == 1) {
      deleted_ += matched;
      cut_.push_back(files[0]);
      return Ok();
    }
    auto middle = files.begin() + static_cast<ptrdiff_t>(files.size() / 2);
    TARN_RETURN_IF_ERROR(FindTouched({files.begin(), middle}));
    return FindTouched({middle, files.end()});
  }

  Result<int64_t> Commit() {
    delta::Transaction txn(context_.engine().snapshots().OpenLog(snapshot_.table_path()), bound_);
    txn.ReadWholeTable();
    int64_t copied = 0;
    size_t added = 0;
    if (!cut_.empty()) {
      // In one query, so that all threads have work.
      TARN_TRY(auto some, Only(cut_));
      plan::PlanRef kept = plan::RowsWhereNot(Scan(std::move(some)), command_.condition);
      TARN_TRY(auto files, context_.engine().WriteFiles(kept,
                                                        {snapshot_.table_path(), snapshot_.schema(),
                                                         snapshot_.partition_columns()},
                                                        context_.cancel));
      copied = RowCount(files);
      added = files.size();
      for (auto& written : files) txn.Add(std::move(written));
    }
    for (const auto& file : gone_) txn.Remove(*file);
    for (const auto& file : cut_) txn.Remove(*file);
    size_t removed = gone_.size() + cut_.size();
    TARN_RETURN_IF_ERROR(txn.Commit({"DELETE",
                                     {{"predicate", OperationText(command_)}},
                                     {{"numDeletedRows", std::to_string(deleted_)},
                                      {"numCopiedRows", std::to_string(copied)},
                                      {"numRemovedFiles", std::to_string(removed)},
                                      {"numAddedFiles", std::to_string(added)}},
                                     context_.who().name},
                                    context_.cancel));
    return deleted_;
  }

  const CommandContext& context_;
  const plan::Delete& command_;
  std::shared_ptr<const delta::Snapshot> bound_;
  const delta::Snapshot& snapshot_;
  int64_t deleted_ = 0;
  FileList gone_;  // every row of these
  FileList cut_;   // some rows of these
};

}  // namespace

StreamResult Run(const CommandContext& context, const plan::Delete& command) {
  TARN_TRY(int64_t deleted, Deletion(context, command).Run());
  if (command.truncate) return NoRows();
  return Counts({{"num_affected_rows", deleted}});
}

}  // namespace tarn::engine
