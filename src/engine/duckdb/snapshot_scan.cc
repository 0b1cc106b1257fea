#include "engine/duckdb/snapshot_scan.h"

#include <atomic>

#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/file_pruning.h"

namespace tarn::engine {
namespace {

using namespace duckdb;  // NOLINT: this file is DuckDB's interfaces, implemented

constexpr const char* kFileOption = "tarn_file";

// Bounds as DuckDB's statistics, where it may trust them whatever it does with them: it takes NaN
// for a value like others and cuts text to eight bytes.
duckdb::unique_ptr<BaseStatistics> StatisticsOf(const LeafFacts& facts, const LogicalType& type) {
  bool usable = type.IsIntegral() || type.id() == LogicalTypeId::DECIMAL ||
                type.id() == LogicalTypeId::DATE || type.id() == LogicalTypeId::TIMESTAMP ||
                type.id() == LogicalTypeId::TIMESTAMP_TZ;
  if (!usable || facts.minimum.IsNull() || facts.maximum.IsNull()) return nullptr;
  auto result = NumericStats::CreateEmpty(type);
  NumericStats::SetMin(result, facts.minimum);
  NumericStats::SetMax(result, facts.maximum);
  result.Set(StatsInfo::CAN_HAVE_NULL_AND_VALID_VALUES);
  if (facts.no_null) result.Set(StatsInfo::CANNOT_HAVE_NULL_VALUES);
  return result.ToUnique();
}

// Of a whole column that is no struct.
duckdb::unique_ptr<BaseStatistics> ColumnStatisticsOf(const SnapshotSource& source,
                                                      const SnapshotSource::File& file,
                                                      idx_t column) {
  if (column >= source.types.size()) return nullptr;
  int leaf = source.FindLeaf(column, {});
  if (leaf < 0) return nullptr;
  return StatisticsOf(file.Facts(static_cast<size_t>(leaf)), source.types[column]);
}

// Passes the rows of a file that its deletion vector does not list. Thread-safe: row groups of one
// file are read by several threads.
class DeletedRows final : public DeleteFilter {
 public:
  explicit DeletedRows(std::shared_ptr<const delta::DeletionVector> vector)
      : vector_(std::move(vector)) {}

  idx_t Filter(row_t start, idx_t count, SelectionVector& selection) override {
    thread_local std::vector<uint32_t> deleted;
    deleted.clear();
    auto first = static_cast<uint64_t>(start);
    vector_->Collect(first, first + count, &deleted);
    selection.Initialize(STANDARD_VECTOR_SIZE);
    idx_t kept = 0;
    auto next = deleted.begin();
    for (idx_t row = 0; row < count; ++row) {
      if (next != deleted.end() && *next == row) {
        ++next;
      } else {
        selection.set_index(kept++, row);
      }
    }
    return kept;
  }

 private:
  std::shared_ptr<const delta::DeletionVector> vector_;
};

// Positions of files in a source, ascending; all of them when there is no list.
class ChosenFiles {
 public:
  explicit ChosenFiles(size_t all) : size_(all) {}
  explicit ChosenFiles(std::vector<idx_t> some)
      : size_(some.size()), some_(std::make_shared<const std::vector<idx_t>>(std::move(some))) {}
  size_t size() const { return size_; }
  idx_t operator[](size_t i) const { return some_ ? (*some_)[i] : i; }
  bool all() const { return !some_; }

 private:
  size_t size_;
  std::shared_ptr<const std::vector<idx_t>> some_;
};

class SnapshotFiles final : public MultiFileList {
 public:
  SnapshotFiles(const SnapshotScan* scan, ChosenFiles chosen)
      : scan_(scan), source_(&scan->source()), chosen_(std::move(chosen)) {}

  duckdb::vector<OpenFileInfo> GetAllFiles() const override {
    duckdb::vector<OpenFileInfo> files;
    for (size_t i = 0; i < chosen_.size(); ++i) files.push_back(Describe(chosen_[i]));
    return files;
  }
  FileExpandResult GetExpandResult() const override {
    return chosen_.size() > 1    ? FileExpandResult::MULTIPLE_FILES
           : chosen_.size() == 1 ? FileExpandResult::SINGLE_FILE
                                 : FileExpandResult::NO_FILES;
  }
  idx_t GetTotalFileCount() const override { return chosen_.size(); }
  OpenFileInfo GetFile(idx_t i) const override {
    return i < chosen_.size() ? Describe(chosen_[i]) : OpenFileInfo();
  }
  duckdb::unique_ptr<NodeStatistics> GetCardinality(ClientContext&) const override {
    int64_t rows = 0;
    if (chosen_.all()) rows = source_->total_rows();
    for (size_t i = 0; !chosen_.all() && rows >= 0 && i < chosen_.size(); ++i) {
      int64_t of_file = source_->file(chosen_[i]).rows();
      rows = of_file < 0 ? -1 : rows + of_file;
    }
    if (rows < 0) return nullptr;
    return make_uniq<NodeStatistics>(static_cast<idx_t>(rows), static_cast<idx_t>(rows));
  }
  duckdb::unique_ptr<MultiFileList> Copy() const override {
    return make_uniq<SnapshotFiles>(scan_, chosen_);
  }

  duckdb::unique_ptr<MultiFileList> ComplexFilterPushdown(
      ClientContext& context, const MultiFileOptions&, MultiFilePushdownInfo& info,
      duckdb::vector<duckdb::unique_ptr<Expression>>& filters) const override {
    std::vector<FileFilter> prepared;
    for (const auto& filter : filters) {
      prepared.emplace_back(context, *source_, *filter, info.table_index, info.column_indexes);
    }
    duckdb::unique_ptr<MultiFileList> pruned = Prune(prepared);
    idx_t kept = pruned ? pruned->GetTotalFileCount() : chosen_.size();
    if (!info.extra_info.total_files.IsValid()) info.extra_info.total_files = chosen_.size();
    info.extra_info.filtered_files = kept;
    // What the files' partition values decide need not be asked of rows: counts and bounds can then
    // come from the log alone.
    duckdb::vector<duckdb::unique_ptr<Expression>> open;
    for (idx_t i = 0; i < filters.size(); ++i) {
      if (!prepared[i].exact()) {
        open.push_back(std::move(filters[i]));
        continue;
      }
      string& shown = info.extra_info.file_filters;
      shown += (shown.empty() ? "" : " AND ") + filters[i]->ToString();
    }
    filters = std::move(open);
    return pruned;
  }
  duckdb::unique_ptr<MultiFileList> DynamicFilterPushdown(ClientContext& context,
                                                          const MultiFileOptions&,
                                                          const duckdb::vector<string>&,
                                                          const duckdb::vector<LogicalType>&,
                                                          const duckdb::vector<column_t>& ids,
                                                          TableFilterSet& filters) const override {
    std::vector<FileFilter> prepared;
    for (const auto& [position, filter] : filters.filters) {
      if (position >= ids.size() || ids[position] >= source_->names.size()) continue;
      prepared.emplace_back(context, *source_, *filter, ids[position]);
    }
    return Prune(prepared);
  }

  const SnapshotScan* scan() const { return scan_; }
  const SnapshotSource* source() const { return source_; }
  const ChosenFiles& chosen() const { return chosen_; }

 private:
  OpenFileInfo Describe(idx_t i) const {
    SnapshotSource::File file = source_->file(i);
    OpenFileInfo info(source_->FullPath(file));
    info.extended_info = make_shared_ptr<ExtendedOpenFileInfo>();
    auto& options = info.extended_info->options;
    options[kFileOption] = Value::UBIGINT(i);
    // A data file never changes under its name, but may be damaged and restored from a copy: what
    // is kept of it is held against the file's own time, which a local open gives for nothing.
    options["file_size"] = Value::UBIGINT(static_cast<uint64_t>(file.size_bytes()));
    options["etag"] = Value(info.path);
    options["last_modified"] = Value::TIMESTAMP(timestamp_t(file.modified_ms() * 1000));
    // Else a count may be taken from the file's footer.
    if (file.deletion_vector() != nullptr) options["has_deletes"] = Value::BOOLEAN(true);
    return info;
  }

  duckdb::unique_ptr<MultiFileList> Prune(const std::vector<FileFilter>& filters) const {
    if (filters.empty()) return nullptr;
    std::vector<idx_t> kept;
    for (size_t i = 0; i < chosen_.size(); ++i) {
      SnapshotSource::File file = source_->file(chosen_[i]);
      bool may_match = true;
      // Every filter is asked, as an answer that is exact has to be so for all files.
      for (const FileFilter& filter : filters) {
        may_match = filter.MayMatch(file) && may_match;
      }
      if (may_match) kept.push_back(chosen_[i]);
    }
    scan_->Kept(kept.size());
    if (kept.size() == chosen_.size()) return nullptr;
    return make_uniq<SnapshotFiles>(scan_, ChosenFiles(std::move(kept)));
  }

  const SnapshotScan* scan_;
  const SnapshotSource* source_;
  ChosenFiles chosen_;
};

Value NumberOrNull(const std::optional<int64_t>& number) {
  return number ? Value::BIGINT(*number) : Value(LogicalType::BIGINT);
}

class SnapshotReader final : public MultiFileReader {
 public:
  static duckdb::unique_ptr<MultiFileReader> Make(const TableFunction&) {
    return make_uniq<SnapshotReader>();
  }
  duckdb::vector<string> ParsePaths(const Value& argument) override {
    scan_ = reinterpret_cast<const SnapshotScan*>(argument.GetPointer());
    source_ = &scan_->source();
    return {"snapshot"};
  }
  duckdb::shared_ptr<MultiFileList> CreateFileList(ClientContext&, const duckdb::vector<string>&,
                                                   const FileGlobInput&) override {
    return make_shared_ptr<SnapshotFiles>(scan_, ChosenFiles(source_->size()));
  }
  duckdb::unique_ptr<MultiFileReader> Copy() const override {
    auto copy = make_uniq<SnapshotReader>();
    copy->scan_ = scan_;
    copy->source_ = source_;
    return copy;
  }

  bool Bind(MultiFileOptions&, MultiFileList&, duckdb::vector<LogicalType>& types,
            duckdb::vector<string>& names, MultiFileReaderBindData& bind) override {
    types = source_->types;
    names = source_->names;
    bind.schema = source_->columns;
    bind.mapping = MultiFileColumnMappingMode::BY_NAME;
    return true;
  }

  ReaderInitializeType CreateMapping(ClientContext& context, MultiFileReaderData& data,
                                     const duckdb::vector<MultiFileColumnDefinition>& columns,
                                     const duckdb::vector<ColumnIndex>& ids,
                                     optional_ptr<TableFilterSet> filters, MultiFileList& files,
                                     const MultiFileReaderBindData& bind,
                                     const virtual_column_map_t& virtual_columns) override {
    ColumnDefinitions found =
        ColumnsInFile(columns, data.reader->GetColumns(), source_->snapshot->column_mapping_mode());
    return MultiFileReader::CreateMapping(context, data, found, ids, filters, files, bind,
                                          virtual_columns);
  }

  void FinalizeBind(MultiFileReaderData& data, const MultiFileOptions&,
                    const MultiFileReaderBindData&,
                    const duckdb::vector<MultiFileColumnDefinition>&,
                    const duckdb::vector<ColumnIndex>& ids, ClientContext&,
                    optional_ptr<MultiFileReaderGlobalState>) override {
    const OpenFileInfo& info = data.reader->file;
    idx_t index = info.extended_info->options.at(kFileOption).GetValue<idx_t>();
    SnapshotSource::File file = source_->file(index);
    if (Status inside = source_->CheckLinks(info.path); !inside.ok()) ThrowToDuckdb(inside.error());
    scan_->Opened(index);
    if (file.deletion_vector() != nullptr) {
      auto vector =
          source_->vectors->Find(source_->snapshot->table_path(), *file.deletion_vector());
      if (!vector.ok()) ThrowToDuckdb(vector.error());
      data.reader->deletion_filter = make_uniq<DeletedRows>(*std::move(vector));
    }
    for (idx_t i = 0; i < ids.size(); ++i) {
      idx_t column = ids[i].GetPrimaryIndex();
      MultiFileGlobalIndex global(i);
      if (column == COLUMN_IDENTIFIER_FILENAME) {
        data.constant_map.Add(global, Value(info.path));
      } else if (column == COLUMN_IDENTIFIER_FILE_INDEX) {
        // Stable whatever was pruned, as late materialisation joins on it.
        data.constant_map.Add(global, Value::UBIGINT(index));
      } else if (column < source_->names.size()) {
        std::optional<Value> value = ValueOf(file, column);
        if (value) data.constant_map.Add(global, *std::move(value));
      }
    }
  }

 private:
  // What the log says of a column in all rows of a file.
  std::optional<Value> ValueOf(const SnapshotSource::File& file, idx_t column) const {
    int partition = source_->partition_index[column];
    if (partition >= 0) return file.partition_values()[static_cast<size_t>(partition)];
    const std::string& name = source_->names[column];
    if (name == kFileSize) return Value::BIGINT(file.size_bytes());
    if (name == kFileModified) return Value::TIMESTAMPTZ(timestamp_tz_t(file.modified_ms() * 1000));
    if (name == kBaseRowId) return NumberOrNull(file.base_row_id());
    if (name == kDefaultRowVersion) return NumberOrNull(file.default_row_commit_version());
    return std::nullopt;
  }

  const SnapshotScan* scan_ = nullptr;
  const SnapshotSource* source_ = nullptr;
};

class FileRowGroup final : public PartitionRowGroup {
 public:
  FileRowGroup(const SnapshotSource* source, SnapshotSource::File file)
      : source_(source), file_(file) {}
  duckdb::unique_ptr<BaseStatistics> GetColumnStatistics(const StorageIndex& index) override {
    if (index.HasChildren()) return nullptr;
    return ColumnStatisticsOf(*source_, file_, index.GetPrimaryIndex());
  }
  bool MinMaxIsExact(const BaseStatistics&, const StorageIndex& index) override {
    if (index.HasChildren()) return false;
    int leaf = source_->FindLeaf(index.GetPrimaryIndex(), {});
    return leaf >= 0 && file_.Facts(static_cast<size_t>(leaf)).exact;
  }

 private:
  const SnapshotSource* source_;
  SnapshotSource::File file_;
};

duckdb::vector<PartitionStatistics> FilePartitions(ClientContext&, GetPartitionStatsInput& input) {
  auto& list = input.bind_data->Cast<MultiFileBindData>().file_list->Cast<SnapshotFiles>();
  duckdb::vector<PartitionStatistics> result;
  for (size_t i = 0; i < list.chosen().size(); ++i) {
    SnapshotSource::File file = list.source()->file(list.chosen()[i]);
    if (file.rows() < 0) return {};
    PartitionStatistics partition;
    partition.count = static_cast<idx_t>(file.rows());
    partition.count_type = CountType::COUNT_EXACT;
    partition.partition_row_group = make_shared_ptr<FileRowGroup>(list.source(), file);
    result.push_back(std::move(partition));
  }
  return result;
}

duckdb::unique_ptr<BaseStatistics> ColumnStatistics(ClientContext&, const FunctionData* bind,
                                                    column_t column) {
  auto& list = bind->Cast<MultiFileBindData>().file_list->Cast<SnapshotFiles>();
  duckdb::unique_ptr<BaseStatistics> merged;
  for (size_t i = 0; i < list.chosen().size(); ++i) {
    auto one = ColumnStatisticsOf(*list.source(), list.source()->file(list.chosen()[i]), column);
    if (!one) return nullptr;
    if (!merged) {
      merged = std::move(one);
    } else {
      merged->Merge(*one);
    }
  }
  return merged;
}

// For EXPLAIN; the number of files is DuckDB's own line.
InsertionOrderPreservingMap<string> Describe(TableFunctionToStringInput& input) {
  InsertionOrderPreservingMap<string> shown;
  if (!input.bind_data) return shown;
  auto& list = input.bind_data->Cast<MultiFileBindData>().file_list->Cast<SnapshotFiles>();
  const SnapshotSource& source = *list.source();
  int64_t bytes = list.chosen().all() ? source.total_bytes() : 0;
  for (size_t i = 0; !list.chosen().all() && i < list.chosen().size(); ++i) {
    bytes += source.file(list.chosen()[i]).size_bytes();
  }
  const size_t kept = list.chosen().size();
  shown["Table"] = source.snapshot->table_path();
  shown["Files Read"] = std::to_string(kept);
  shown["Files Pruned"] = std::to_string(source.size() - kept);
  shown["Bytes Read"] = std::to_string(bytes);
  shown["Bytes Pruned"] = std::to_string(source.total_bytes() - bytes);
  return shown;
}

// DuckDB's own scan of Parquet files; the same functions in every instance.
std::atomic<table_function_t> parquet_scan{nullptr};
std::atomic<table_function_init_global_t> parquet_init_global{nullptr};
std::atomic<table_function_init_local_t> parquet_init_local{nullptr};

// Decoders of damaged footers and pages throw what DuckDB does not classify: here it is known that
// a file of a table was being opened or read.
template <typename Step>
auto ReadingDataFile(const Step& step) {
  try {
    return step();
  } catch (const std::exception& e) {
    ErrorData error(e);
    bool unclassified = error.Type() == ExceptionType::INVALID ||
                        error.Type() == ExceptionType::UNKNOWN_TYPE ||
                        error.Type() == ExceptionType::SERIALIZATION;
    // A place that damaged metadata names lies beyond the end of the file.
    bool beyond_end = error.Type() == ExceptionType::IO &&
                      error.RawMessage().find("read enough bytes") != std::string::npos;
    if (!unclassified && !beyond_end) throw;
    ThrowToDuckdb(Fail("FAILED_READ_FILE", "a data file is damaged: " + error.RawMessage()));
  }
}

void Scan(ClientContext& context, TableFunctionInput& input, DataChunk& output) {
  ReadingDataFile([&] { parquet_scan.load()(context, input, output); });
}

duckdb::unique_ptr<GlobalTableFunctionState> InitGlobal(ClientContext& context,
                                                        TableFunctionInitInput& input) {
  return ReadingDataFile([&] { return parquet_init_global.load()(context, input); });
}

duckdb::unique_ptr<LocalTableFunctionState> InitLocal(ExecutionContext& context,
                                                      TableFunctionInitInput& input,
                                                      GlobalTableFunctionState* global) {
  return ReadingDataFile([&] { return parquet_init_local.load()(context, input, global); });
}

}  // namespace

void SnapshotScan::Kept(size_t files) const {
  size_t known = files_kept_;
  while (files < known && !files_kept_.compare_exchange_weak(known, files)) {
  }
}

int64_t SnapshotScan::bytes_read() const {
  int64_t bytes = 0;
  auto opened = opened_.Lock();
  for (idx_t i : *opened) bytes += source_->file(i).size_bytes();
  return bytes;
}

int64_t SnapshotScan::files_pruned() const {
  return static_cast<int64_t>(source_->size() - files_kept_);
}

void RegisterSnapshotScan(DatabaseInstance& db) {
  Connection connection(db);
  connection.BeginTransaction();
  auto& entry = Catalog::GetSystemCatalog(db).GetEntry<TableFunctionCatalogEntry>(
      *connection.context, DEFAULT_SCHEMA, "parquet_scan");
  TableFunction function = entry.functions.functions[0];
  connection.Commit();
  function.name = kSnapshotScan;
  function.arguments = {LogicalType::POINTER};
  parquet_scan = function.function;
  parquet_init_global = function.init_global;
  parquet_init_local = function.init_local;
  function.function = &Scan;
  function.init_global = &InitGlobal;
  function.init_local = &InitLocal;
  function.get_multi_file_reader = &SnapshotReader::Make;
  function.get_partition_stats = &FilePartitions;
  function.statistics = &ColumnStatistics;
  function.to_string = &Describe;
  function.serialize = nullptr;
  function.deserialize = nullptr;
  ExtensionLoader(db, "tarn").RegisterFunction(function);
}

}  // namespace tarn::engine
