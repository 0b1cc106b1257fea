#include "engine/compaction.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/ids.h"
#include "base/log.h"
#include "columnar/array_view.h"
#include "delta/clustering/clustering.h"
#include "delta/file_stats.h"
#include "engine/copied_rows.h"
#include "engine/partition_rows.h"
#include "engine/session_settings.h"

namespace tarn::engine {
namespace {

using FileRef = delta::FileRef<delta::AddFile>;
using Files = std::vector<FileRef>;
using Mode = CompactionRequest::Mode;
using columnar::TypeKind;

// delta-spark's default of optimize.maxDeletedRowsRatio.
constexpr double kMaxDeletedShare = 0.05;
constexpr int64_t kNoLimit = int64_t{1} << 60;

int64_t BytesOf(const Files& files) {
  int64_t bytes = 0;
  for (const FileRef& file : files) bytes += file->size_bytes;
  return bytes;
}

bool ManyRowsDeleted(const delta::AddFile& file) {
  if (!file.deletion_vector) return false;
  std::optional<int64_t> rows = delta::FileStats::Parse(file.stats).num_records;
  if (!rows) return true;
  return *rows > 0 &&
         static_cast<double>(file.deletion_vector->cardinality) / static_cast<double>(*rows) >
             kMaxDeletedShare;
}

bool IsPlain(const columnar::DataType& type) {
  return type.is_string() || type.is_integral() || type.is(TypeKind::kDate) ||
         type.is(TypeKind::kBoolean);
}

/// One rewriting.
class Rewriting {
 public:
  Rewriting(const CommandContext& context, const CompactionRequest& request)
      : context_(context), request_(request), snapshot_(SnapshotOf(request.table)) {}

  Result<CompactionOutcome> Run();

 private:
  Result<Files> Choose() const;
  Result<bool> HoldsDroppedColumns(const delta::AddFile& file) const;
  Result<std::vector<Files>> ByPartition(const Files& files) const;
  Result<std::vector<size_t>> GroupsOfFiles() const;
  std::vector<Files> Bins(Files files) const;
  Result<std::vector<delta::AddFile>> Rewrite(const Files& bin) const;
  Status Commit(const CompactionOutcome& outcome) const;
  delta::Operation History(const CompactionOutcome& outcome) const;
  bool along_curve() const {
    return request_.mode == Mode::kZOrder || request_.mode == Mode::kCluster;
  }

  const CommandContext& context_;
  const CompactionRequest& request_;
  std::shared_ptr<const delta::Snapshot> snapshot_;
};

Result<bool> Rewriting::HoldsDroppedColumns(const delta::AddFile& file) const {
  // Without names of their own in files no column can be dropped.
  if (snapshot_->column_mapping_mode() == delta::ColumnMappingMode::kNone) return false;
  plan::FileSource source{"parquet", {snapshot_->FullPath(file)}, {}, {}};
  TARN_RETURN_IF_ERROR(context_.engine().InspectFiles(source));
  columnar::Schema known = delta::PhysicalSchema(snapshot_->schema());
  return std::any_of(
      source.schema.fields.begin(), source.schema.fields.end(),
      [&](const columnar::Field& field) { return known.FindField(field.name, true) < 0; });
}

Result<Files> Rewriting::Choose() const {
  if (request_.mode == Mode::kCluster) {
    int64_t cube = NumberSetting(context_.session.settings(), kClusteringMinCubeSize);
    return delta::FilesToCluster(*snapshot_, request_.columns, {cube, request_.full});
  }
  Files chosen;
  for (size_t position : request_.considered) {
    const FileRef& file = snapshot_->files()[position];
    bool wanted = request_.mode == Mode::kZOrder;
    if (request_.mode == Mode::kBinPack) {
      wanted = file->size_bytes < request_.min_file_bytes || ManyRowsDeleted(*file);
    } else if (request_.mode == Mode::kPurge) {
      wanted = file->deletion_vector.has_value();
      if (!wanted) {
        TARN_TRY(wanted, HoldsDroppedColumns(*file));
      }
    }
    if (wanted) chosen.push_back(file);
  }
  return chosen;
}

// The log may write one value in several ways; by the value's own text they are one.
Result<std::vector<size_t>> Rewriting::GroupsOfFiles() const {
  std::vector<plan::Attribute> columns;
  bool plain = true;
  for (const std::string& name : snapshot_->partition_columns()) {
    const columnar::Field& field =
        snapshot_->schema().fields[static_cast<size_t>(snapshot_->schema().FindField(name))];
    columns.push_back({.id = -2 - static_cast<plan::ExprId>(columns.size()),
                       .name = name,
                       .type = field.type.is_string() ? TypeKind::kString : field.type});
    plain = plain && IsPlain(field.type);
  }
  PartitionRows partitions = PartitionRowsOf(*snapshot_, columns);
  if (plain || !partitions.rows) return partitions.of_file;
  auto texts = std::make_shared<plan::LogicalPlan>();
  texts->kind = plan::PlanKind::kProject;
  texts->children = {partitions.rows};
  for (const plan::Attribute& column : partitions.rows->output) {
    bool number = column.id == -1;
    texts->exprs.push_back(number ? plan::MakeColumn(column)
                                  : plan::MakeCast(plan::MakeColumn(column), TypeKind::kString));
    texts->output.push_back(column);
    texts->output.back().type = texts->exprs.back()->type;
  }
  TARN_TRY(auto stream, context_.engine().Run(std::move(texts), context_.cancel));
  std::map<std::vector<std::optional<std::string>>, size_t> known;
  std::vector<size_t> group(partitions.count);
  for (;;) {
    TARN_TRY(auto batch, stream->Next());
    if (!batch) break;
    columnar::ArrayView rows(batch->array.get());
    for (int64_t i = 0; i < rows.length(); ++i) {
      std::vector<std::optional<std::string>> values;
      for (size_t c = 0; c < columns.size(); ++c) {
        columnar::ArrayView cell = rows.Member(c);
        values.push_back(cell.IsNull(i) ? std::nullopt : std::optional(std::string(cell.Bytes(i))));
      }
      auto number = static_cast<size_t>(rows.Member(columns.size()).Fixed<int64_t>(i));
      group[number] = known.emplace(std::move(values), known.size()).first->second;
    }
  }
  std::vector<size_t> of_file;
  for (size_t partition : partitions.of_file) of_file.push_back(group[partition]);
  return of_file;
}

Result<std::vector<Files>> Rewriting::ByPartition(const Files& files) const {
  if (files.empty()) return std::vector<Files>();
  if (snapshot_->partition_columns().empty()) return std::vector<Files>{files};
  TARN_TRY(std::vector<size_t> groups, GroupsOfFiles());
  std::map<std::pair<const delta::FileBlock*, size_t>, size_t> group_of;
  for (size_t i = 0; i < groups.size(); ++i) {
    FileRef file = snapshot_->files()[i];
    group_of[{&file.block(), file.row()}] = groups[i];
  }
  std::map<size_t, Files> partitions;
  for (const FileRef& file : files) {
    partitions[group_of[{&file.block(), file.row()}]].push_back(file);
  }
  std::vector<Files> list;
  for (auto& [group, members] : partitions) list.push_back(std::move(members));
  return list;
}

// Of one partition: each bin is read and written at once.
std::vector<Files> Rewriting::Bins(Files files) const {
  int64_t most = request_.max_file_bytes;
  if (request_.mode == Mode::kZOrder) most = INT64_MAX;
  if (request_.mode == Mode::kCluster) {
    const auto& settings = context_.session.settings();
    most = std::max(NumberSetting(settings, kClusteringMinCubeSize),
                    NumberSetting(settings, kClusteringTargetCubeSize));
  } else {
    std::stable_sort(files.begin(), files.end(), [](const FileRef& a, const FileRef& b) {
      return a.size_bytes() < b.size_bytes();
    });
  }
  std::vector<Files> bins(1);
  int64_t filled = 0;
  for (FileRef& file : files) {
    if (!bins.back().empty() && file.size_bytes() > most - filled) {
      bins.emplace_back();
      filled = 0;
    }
    filled += file.size_bytes();
    bins.back().push_back(std::move(file));
  }
  std::erase_if(bins, [&](const Files& bin) {
    bool alone = bin.size() == 1 && !along_curve() && request_.mode != Mode::kPurge;
    return bin.empty() || alone;
  });
  return bins;
}

Result<std::vector<delta::AddFile>> Rewriting::Rewrite(const Files& bin) const {
  delta::SnapshotBuilder builder(snapshot_->table_path());
  std::vector<delta::Action> actions = {snapshot_->protocol(), snapshot_->metadata()};
  for (const FileRef& file : bin) actions.emplace_back(*file);
  builder.Apply(snapshot_->version(), snapshot_->timestamp_ms(), std::move(actions));
  plan::TableBinding binding = request_.table;
  TARN_TRY(binding.snapshot, builder.Finish());
  WriteTarget target = WriteTarget::Of(*snapshot_);
  plan::PlanRef rows = CopiedRows(std::move(binding), &target);
  target.file_size_bytes = kNoLimit;
  if (along_curve()) {
    bool hilbert = request_.mode == Mode::kCluster;
    target.curve =
        RowCurve{hilbert ? RowCurve::Kind::kHilbert : RowCurve::Kind::kZOrder, request_.columns};
    // As many files as delta-spark makes, of about the same size.
    int64_t bytes = BytesOf(bin);
    int64_t files = std::max<int64_t>(1, bytes / std::max<int64_t>(1, request_.max_file_bytes));
    if (files > 1) target.file_size_bytes = (bytes + files - 1) / files;
  }
  TARN_TRY(auto written, context_.engine().WriteFiles(std::move(rows), target, context_.cancel));
  std::string cube = NewUuid();
  for (delta::AddFile& file : written) {
    file.data_change = false;
    if (request_.mode != Mode::kCluster) continue;
    file.clustering_provider = delta::kClusteringProvider;
    file.tags[delta::kZCubeId] = cube;
    file.tags[delta::kZCubeZorderBy] = delta::ZorderByTag(request_.columns);
  }
  return written;
}

delta::Operation Rewriting::History(const CompactionOutcome& outcome) const {
  std::string predicate =
      request_.predicate.empty() ? "[]" : json::Value(json::Array{request_.predicate}).ToString();
  delta::Operation operation{"OPTIMIZE", {{"predicate", predicate}}, {}, context_.who().name};
  if (request_.mode == Mode::kPurge) {
    operation.name = "REORG";
    operation.parameters.emplace("applyPurge", true);
  } else {
    std::string columns = delta::ZorderByTag(request_.columns);
    bool clusters = request_.mode == Mode::kCluster;
    operation.parameters.emplace("zOrderBy", clusters ? "[]" : columns);
    operation.parameters.emplace("clusterBy", clusters ? columns : "[]");
    operation.parameters.emplace("auto", request_.automatic);
    if (clusters) operation.parameters.emplace("isFull", request_.full);
  }
  std::vector<int64_t> sizes;
  int64_t added_bytes = 0;
  for (const delta::AddFile& file : outcome.added) {
    sizes.push_back(file.size_bytes);
    added_bytes += file.size_bytes;
  }
  std::sort(sizes.begin(), sizes.end());
  int64_t removed_bytes = 0;
  int64_t vectors = 0;
  for (const delta::AddFile& file : outcome.removed) {
    removed_bytes += file.size_bytes;
    vectors += file.deletion_vector ? 1 : 0;
  }
  auto part = [&](size_t quarters) {
    return sizes.empty() ? 0 : sizes[std::min(sizes.size() - 1, sizes.size() * quarters / 4)];
  };
  const std::pair<const char*, int64_t> metrics[] = {
      {"minFileSize", part(0)},
      {"p25FileSize", part(1)},
      {"p50FileSize", part(2)},
      {"p75FileSize", part(3)},
      {"maxFileSize", part(4)},
      {"numAddedFiles", static_cast<int64_t>(outcome.added.size())},
      {"numRemovedFiles", static_cast<int64_t>(outcome.removed.size())},
      {"numAddedBytes", added_bytes},
      {"numRemovedBytes", removed_bytes},
      {"numDeletionVectorsRemoved", vectors}};
  for (const auto& [name, value] : metrics) operation.metrics[name] = std::to_string(value);
  return operation;
}

Status Rewriting::Commit(const CompactionOutcome& outcome) const {
  delta::Transaction txn(context_.engine().snapshots().OpenLog(snapshot_->table_path()), snapshot_);
  if (!RowIdColumns(*snapshot_).empty()) txn.KeepsRowIds();
  for (const delta::AddFile& file : outcome.removed) txn.Remove(file, false);
  for (const delta::AddFile& file : outcome.added) txn.Add(file);
  TARN_RETURN_IF_ERROR(txn.Commit(History(outcome), context_.cancel));
  return Ok();
}

Result<CompactionOutcome> Rewriting::Run() {
  CompactionOutcome outcome;
  outcome.considered = request_.considered.size();
  TARN_TRY(Files chosen, Choose());
  TARN_TRY(std::vector<Files> partitions, ByPartition(chosen));
  for (Files& partition : partitions) {
    std::vector<Files> bins = Bins(std::move(partition));
    if (!bins.empty()) ++outcome.partitions;
    outcome.bins += bins.size();
    for (const Files& bin : bins) {
      TARN_RETURN_IF_ERROR(context_.cancel.Check());
      TARN_TRY(auto written, Rewrite(bin));
      for (delta::AddFile& file : written) outcome.added.push_back(std::move(file));
      for (const FileRef& file : bin) outcome.removed.push_back(*file);
    }
  }
  if (!outcome.removed.empty()) TARN_RETURN_IF_ERROR(Commit(outcome));
  return outcome;
}

struct TargetOf {
  const plan::TableBinding* operator()(const plan::Insert& c) const { return &c.target; }
  const plan::TableBinding* operator()(const plan::Delete& c) const { return &c.target; }
  const plan::TableBinding* operator()(const plan::Update& c) const { return &c.target; }
  const plan::TableBinding* operator()(const plan::Merge& c) const { return &c.target; }
  const plan::TableBinding* operator()(const plan::CopyInto& c) const { return &c.target; }
  template <typename Command>
  const plan::TableBinding* operator()(const Command&) const {
    return nullptr;
  }
};

std::string KeyOf(const FileRef& file) {
  const delta::DeletionVectorDescriptor* vector = file.deletion_vector();
  return delta::FileKey(std::string(file.path()), vector ? std::optional(*vector) : std::nullopt);
}

// Files of the partitions that got files since `before` and hold enough small ones.
std::vector<size_t> TouchedAndSmall(const delta::Snapshot& before, const delta::Snapshot& after,
                                    int64_t small_bytes, int64_t enough) {
  std::set<std::string> old;
  for (const auto& file : before.files()) old.insert(KeyOf(file));
  std::map<delta::PartitionValues, int64_t> small;
  std::set<delta::PartitionValues> touched;
  for (const auto& file : after.files()) {
    if (file.size_bytes() < small_bytes) ++small[file.partition_values()];
    if (!old.contains(KeyOf(file))) touched.insert(file.partition_values());
  }
  std::vector<size_t> positions;
  for (size_t i = 0; i < after.files().size(); ++i) {
    const delta::AddFile file = *after.files()[i];
    bool clustered = file.tags.contains(delta::kZCubeId);
    if (!clustered && touched.contains(file.partition_values) &&
        small[file.partition_values] >= enough) {
      positions.push_back(i);
    }
  }
  return positions;
}

}  // namespace

Result<CompactionOutcome> Compact(const CommandContext& context, const CompactionRequest& request) {
  return Rewriting(context, request).Run();
}

void CompactAfter(const CommandContext& context, const plan::AnalyzedStatement& statement) {
  const plan::TableBinding* target = std::visit(TargetOf(), statement);
  if (target == nullptr) return;
  auto before = SnapshotOf(*target);
  if (!before->Enabled("delta.autoOptimize.autoCompact")) return;
  auto after = context.engine().snapshots().Latest(before->table_path());
  if (!after.ok()) return;
  const auto& settings = context.session.settings();
  CompactionRequest request;
  request.table = *target;
  request.table.snapshot = *after;
  request.automatic = true;
  request.max_file_bytes = NumberSetting(settings, kAutoCompactMaxFileSize);
  request.min_file_bytes = request.max_file_bytes / 2;
  request.considered = TouchedAndSmall(*before, **after, request.min_file_bytes,
                                       NumberSetting(settings, kAutoCompactMinFiles));
  if (request.considered.empty()) return;
  Result<CompactionOutcome> outcome = Compact(context, request);
  if (!outcome.ok()) {
    LogWarn("auto compaction failed",
            {{"table", before->table_path()}, {"error", outcome.error().ToString()}});
  }
}

}  // namespace tarn::engine
