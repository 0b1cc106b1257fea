#include "engine/duckdb/snapshot_scan.h"

#include <atomic>

#include "engine/duckdb/error_bridge.h"

namespace tarn::engine {
namespace {

using namespace duckdb;  // NOLINT: this file is DuckDB's interfaces, implemented

constexpr const char* kFileOption = "tarn_file";

// Whether no row of the file can pass a filter on the column.
bool Excluded(const SnapshotSource::File& file, idx_t column, const TableFilter& filter) {
  if (column >= file.stats.size() || !file.stats[column]) return false;
  BaseStatistics stats = file.stats[column]->Copy();
  return const_cast<TableFilter&>(filter).CheckStatistics(stats) ==
         FilterPropagateResult::FILTER_ALWAYS_FALSE;
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

class SnapshotFiles final : public MultiFileList {
 public:
  SnapshotFiles(const SnapshotSource* source, duckdb::vector<idx_t> chosen)
      : source_(source), chosen_(std::move(chosen)) {}

  duckdb::vector<OpenFileInfo> GetAllFiles() const override {
    duckdb::vector<OpenFileInfo> files;
    for (idx_t i : chosen_) files.push_back(Describe(i));
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
    idx_t rows = 0;
    for (idx_t i : chosen_) {
      if (source_->files[i].rows < 0) return nullptr;
      rows += static_cast<idx_t>(source_->files[i].rows);
    }
    return make_uniq<NodeStatistics>(rows, rows);
  }
  duckdb::unique_ptr<MultiFileList> Copy() const override {
    return make_uniq<SnapshotFiles>(source_, chosen_);
  }

  duckdb::unique_ptr<MultiFileList> ComplexFilterPushdown(
      ClientContext& context, const MultiFileOptions&, MultiFilePushdownInfo& info,
      duckdb::vector<duckdb::unique_ptr<Expression>>& filters) const override {
    FilterCombiner combiner(context);
    for (const auto& filter : filters) combiner.AddFilter(filter->Copy());
    duckdb::vector<FilterPushdownResult> pushed;
    TableFilterSet set = combiner.GenerateTableScanFilters(info.column_indexes, pushed);
    duckdb::vector<column_t> identity;
    for (idx_t i = 0; i < source_->names.size(); ++i) identity.push_back(i);
    return Prune(identity, set);
  }
  duckdb::unique_ptr<MultiFileList> DynamicFilterPushdown(ClientContext&, const MultiFileOptions&,
                                                          const duckdb::vector<string>&,
                                                          const duckdb::vector<LogicalType>&,
                                                          const duckdb::vector<column_t>& ids,
                                                          TableFilterSet& filters) const override {
    return Prune(ids, filters);
  }

  const SnapshotSource* source() const { return source_; }
  const duckdb::vector<idx_t>& chosen() const { return chosen_; }

 private:
  OpenFileInfo Describe(idx_t i) const {
    const SnapshotSource::File& file = source_->files[i];
    OpenFileInfo info(file.path);
    info.extended_info = make_shared_ptr<ExtendedOpenFileInfo>();
    auto& options = info.extended_info->options;
    options[kFileOption] = Value::UBIGINT(i);
    // A data file never changes under its name: a cached copy needs no asking.
    options["file_size"] = Value::UBIGINT(static_cast<uint64_t>(file.size_bytes));
    options["etag"] = Value(file.path);
    options["last_modified"] = Value::TIMESTAMP(timestamp_t(file.modified_ms * 1000));
    options["validate_external_file_cache"] = Value::BOOLEAN(false);
    // Else a count may be taken from the file's footer.
    if (file.deletion_vector) options["has_deletes"] = Value::BOOLEAN(true);
    return info;
  }

  duckdb::unique_ptr<MultiFileList> Prune(const duckdb::vector<column_t>& ids,
                                          TableFilterSet& filters) const {
    duckdb::vector<idx_t> kept;
    for (idx_t i : chosen_) {
      bool excluded = false;
      for (const auto& entry : filters.filters) {
        if (entry.first >= ids.size()) continue;
        excluded = excluded || Excluded(source_->files[i], ids[entry.first], *entry.second);
      }
      if (!excluded) kept.push_back(i);
    }
    if (kept.size() == chosen_.size()) return nullptr;
    return make_uniq<SnapshotFiles>(source_, std::move(kept));
  }

  const SnapshotSource* source_;
  duckdb::vector<idx_t> chosen_;
};

class SnapshotReader final : public MultiFileReader {
 public:
  static duckdb::unique_ptr<MultiFileReader> Make(const TableFunction&) {
    return make_uniq<SnapshotReader>();
  }
  duckdb::vector<string> ParsePaths(const Value& argument) override {
    source_ = reinterpret_cast<const SnapshotSource*>(argument.GetPointer());
    return {"snapshot"};
  }
  duckdb::shared_ptr<MultiFileList> CreateFileList(ClientContext&, const duckdb::vector<string>&,
                                                   const FileGlobInput&) override {
    duckdb::vector<idx_t> all;
    for (idx_t i = 0; i < source_->files.size(); ++i) all.push_back(i);
    return make_shared_ptr<SnapshotFiles>(source_, std::move(all));
  }
  duckdb::unique_ptr<MultiFileReader> Copy() const override {
    auto copy = make_uniq<SnapshotReader>();
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
    const SnapshotSource::File& file = source_->files[index];
    if (Status inside = source_->CheckLinks(file); !inside.ok()) ThrowToDuckdb(inside.error());
    if (file.deletion_vector) {
      auto vector = source_->vectors->Find(source_->snapshot->table_path(), *file.deletion_vector);
      if (!vector.ok()) ThrowToDuckdb(vector.error());
      data.reader->deletion_filter = make_uniq<DeletedRows>(*std::move(vector));
    }
    for (idx_t i = 0; i < ids.size(); ++i) {
      idx_t column = ids[i].GetPrimaryIndex();
      MultiFileGlobalIndex global(i);
      if (column == COLUMN_IDENTIFIER_FILENAME) {
        data.constant_map.Add(global, Value(file.path));
      } else if (column == COLUMN_IDENTIFIER_FILE_INDEX) {
        // Stable whatever was pruned, as late materialisation joins on it.
        data.constant_map.Add(global, Value::UBIGINT(index));
      } else if (column < source_->names.size() && source_->partition_index[column] >= 0) {
        data.constant_map.Add(global, file.partition_values[column]);
      }
    }
  }

 private:
  const SnapshotSource* source_ = nullptr;
};

class FileRowGroup final : public PartitionRowGroup {
 public:
  explicit FileRowGroup(const SnapshotSource::File* file) : file_(file) {}
  duckdb::unique_ptr<BaseStatistics> GetColumnStatistics(const StorageIndex& index) override {
    idx_t column = index.GetPrimaryIndex();
    if (column >= file_->stats.size() || !file_->stats[column]) return nullptr;
    return file_->stats[column]->ToUnique();
  }
  bool MinMaxIsExact(const BaseStatistics&, const StorageIndex& index) override {
    idx_t column = index.GetPrimaryIndex();
    return column < file_->exact.size() && file_->exact[column];
  }

 private:
  const SnapshotSource::File* file_;
};

duckdb::vector<PartitionStatistics> FilePartitions(ClientContext&, GetPartitionStatsInput& input) {
  auto& list = input.bind_data->Cast<MultiFileBindData>().file_list->Cast<SnapshotFiles>();
  duckdb::vector<PartitionStatistics> result;
  for (idx_t i : list.chosen()) {
    const SnapshotSource::File& file = list.source()->files[i];
    if (file.rows < 0) return {};
    PartitionStatistics partition;
    partition.count = static_cast<idx_t>(file.rows);
    partition.count_type = CountType::COUNT_EXACT;
    partition.partition_row_group = make_shared_ptr<FileRowGroup>(&file);
    result.push_back(std::move(partition));
  }
  return result;
}

duckdb::unique_ptr<BaseStatistics> ColumnStatistics(ClientContext&, const FunctionData* bind,
                                                    column_t column) {
  auto& list = bind->Cast<MultiFileBindData>().file_list->Cast<SnapshotFiles>();
  duckdb::unique_ptr<BaseStatistics> merged;
  for (idx_t i : list.chosen()) {
    const SnapshotSource::File& file = list.source()->files[i];
    if (column >= file.stats.size() || !file.stats[column]) return nullptr;
    if (!merged) {
      merged = file.stats[column]->ToUnique();
    } else {
      merged->Merge(*file.stats[column]);
    }
  }
  return merged;
}

// DuckDB's own scan of Parquet files; the same function in every instance.
std::atomic<table_function_t> parquet_scan{nullptr};

// Decoders of damaged pages throw what DuckDB does not classify: here it is known that a file of a
// table was being read.
void Scan(ClientContext& context, TableFunctionInput& input, DataChunk& output) {
  try {
    parquet_scan.load()(context, input, output);
  } catch (const std::exception& e) {
    ErrorData error(e);
    bool unclassified = error.Type() == ExceptionType::INVALID ||
                        error.Type() == ExceptionType::UNKNOWN_TYPE ||
                        error.Type() == ExceptionType::SERIALIZATION;
    if (!unclassified) throw;
    ThrowToDuckdb(Fail("FAILED_READ_FILE", "a data file is damaged: " + error.RawMessage()));
  }
}

}  // namespace

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
  function.function = &Scan;
  function.get_multi_file_reader = &SnapshotReader::Make;
  function.get_partition_stats = &FilePartitions;
  function.statistics = &ColumnStatistics;
  function.serialize = nullptr;
  function.deserialize = nullptr;
  ExtensionLoader(db, "tarn").RegisterFunction(function);
}

}  // namespace tarn::engine
