#include "delta/checkpoint/checkpoint_reader.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/log.h"
#include "columnar/array_view.h"
#include "delta/table_feature.h"

namespace tarn::delta {
namespace {

using columnar::ArrayView;
using columnar::DataType;
using columnar::TypeKind;

DataType TextMapType() { return DataType::Map(TypeKind::kString, TypeKind::kString, true); }

std::optional<int64_t> IntAt(const ArrayView& column, int64_t row) {
  if (column.IsNull(row)) return std::nullopt;
  return column.Fixed<int64_t>(row);
}

template <typename Entry>
void EachEntry(const ArrayView& map, int64_t row, const Entry& entry) {
  if (map.IsNull(row)) return;
  ArrayView entries = map.ListChild();
  ArrayView keys = entries.Member(0);
  ArrayView values = entries.Member(1);
  for (int32_t i = map.ListBegin(row); i < map.ListEnd(row); ++i) {
    entry(std::string(keys.Bytes(i)), values.IsNull(i)
                                          ? std::optional<std::string>()
                                          : std::optional<std::string>(values.Bytes(i)));
  }
}

// Statistics, tags and clustering of one file's blocks, all read together when first asked for.
class CheckpointDetails final : public DetailSource {
 public:
  CheckpointDetails(std::shared_ptr<io::ObjectStore> store, std::shared_ptr<ParquetIo> parquet,
                    io::ObjectInfo file)
      : store_(std::move(store)), parquet_(std::move(parquet)), file_(std::move(file)) {}

  void AddBlock(size_t rows) { rows_.push_back(rows); }
  size_t blocks() const { return rows_.size(); }

  std::shared_ptr<const FileDetails> Details(size_t block) override {
    std::call_once(once_, [this] { Load(); });
    return loaded_[block];
  }

 private:
  void Load() {
    bool missing = false;
    Status status = CheckUnchanged();
    if (status.ok()) status = Read(false, &missing);
    // Statistics may be there as columns only. Spec: "Checkpoint Schema".
    if (status.ok() && missing) status = Read(true, &missing);
    if (status.ok()) status = CheckUnchanged();
    if (status.ok()) return;
    LogWarn("statistics of a checkpoint cannot be read; its files count as files without",
            {{"checkpoint", file_.path}, {"error", status.error().ToString()}});
    loaded_.clear();
    for (size_t rows : rows_) {
      auto none = std::make_shared<FileDetails>();
      for (size_t i = 0; i < rows; ++i) none->Append("", {}, "");
      loaded_.push_back(std::move(none));
    }
  }

  Status Read(bool with_columns, bool* missing) {
    ParquetRead read;
    read.any_of = {{{"add", "path"}, TypeKind::kString}};
    read.fields = {{{"add", "stats"}, TypeKind::kString},
                   {{"add", "tags"}, TextMapType()},
                   {{"add", "clusteringProvider"}, TypeKind::kString}};
    if (with_columns) read.fields.push_back({{"add", "stats_parsed"}, TypeKind::kString});
    loaded_.clear();
    auto current = std::make_shared<FileDetails>();
    auto sink = [&](const columnar::RecordBatch& batch) -> Status {
      ArrayView columns(batch.array.get());
      for (int64_t i = 0; i < columns.length(); ++i) {
        std::string_view stats;
        if (!columns.Member(0).IsNull(i)) {
          stats = columns.Member(0).Bytes(i);
        } else if (with_columns && !columns.Member(3).IsNull(i)) {
          stats = columns.Member(3).Bytes(i);
        }
        *missing = *missing || stats.empty();
        FileDetails::Tags tags;
        EachEntry(columns.Member(1), i, [&](std::string key, std::optional<std::string> value) {
          tags.emplace(std::move(key), value.value_or(""));
        });
        std::string_view provider;
        if (!columns.Member(2).IsNull(i)) provider = columns.Member(2).Bytes(i);
        if (loaded_.size() == rows_.size()) return Changed();
        current->Append(stats, std::move(tags), provider);
        if (current->stats.size() == rows_[loaded_.size()]) {
          current->Close();
          loaded_.push_back(std::exchange(current, std::make_shared<FileDetails>()));
        }
      }
      return Ok();
    };
    TARN_RETURN_IF_ERROR(parquet_->Read(file_.path, read, sink));
    return loaded_.size() == rows_.size() ? Ok() : Changed();
  }

  // Another writer may put a checkpoint of the same version in its place, with its files in another
  // order.
  Status CheckUnchanged() const {
    TARN_TRY(io::ObjectInfo now, store_->Head(file_.path));
    bool same = now.size_bytes == file_.size_bytes && now.modified_ms == file_.modified_ms;
    return same ? Ok() : Changed();
  }
  Status Changed() const {
    return Fail("DELTA_CHECKPOINT_CORRUPT",
                "checkpoint " + file_.path + " is not the one that was there before");
  }

  std::shared_ptr<io::ObjectStore> store_;
  std::shared_ptr<ParquetIo> parquet_;
  io::ObjectInfo file_;
  std::vector<size_t> rows_;
  std::once_flag once_;
  std::vector<std::shared_ptr<const FileDetails>> loaded_;
};

// The columns of file actions, and where they are among those asked for.
class FileColumns {
 public:
  FileColumns(const char* action, const char* time, const FileColumnsUsed& used) : used_(used) {
    auto add = [&](std::vector<std::string> path, DataType type) {
      path.insert(path.begin(), action);
      read_.fields.push_back({std::move(path), std::move(type)});
    };
    add({"path"}, TypeKind::kString);
    add({"size"}, TypeKind::kLong);
    add({time}, TypeKind::kLong);
    add({"extendedFileMetadata"}, TypeKind::kBoolean);
    if (used.partition_values) add({"partitionValues"}, TextMapType());
    if (used.deletion_vectors) {
      add({"deletionVector", "storageType"}, TypeKind::kString);
      add({"deletionVector", "pathOrInlineDv"}, TypeKind::kString);
      add({"deletionVector", "offset"}, TypeKind::kLong);
      add({"deletionVector", "sizeInBytes"}, TypeKind::kLong);
      add({"deletionVector", "cardinality"}, TypeKind::kLong);
    }
    if (used.row_ids) {
      add({"baseRowId"}, TypeKind::kLong);
      add({"defaultRowCommitVersion"}, TypeKind::kLong);
    }
    read_.any_of = {read_.fields[0]};
  }

  const ParquetRead& read() const { return read_; }

  // Hands every file of the batch to `take`.
  template <typename Take>
  Status Each(const columnar::RecordBatch& batch, const std::string& source, const Take& take) {
    ArrayView columns(batch.array.get());
    for (int64_t row = 0; row < columns.length(); ++row) {
      FileBlockBuilder::Columns file;
      file.path = columns.Member(0).Bytes(row);
      std::string decoded;
      if (file.path.find('%') != file.path.npos) {
        TARN_TRY(decoded, PercentDecode(file.path));
        file.path = decoded;
      }
      if (file.path.empty()) return Corrupt(source, "a file action has no path");
      std::optional<int64_t> size = IntAt(columns.Member(1), row);
      file.size_bytes = size.value_or(0);
      file.time_ms = IntAt(columns.Member(2), row);
      file.extended = !columns.Member(3).IsNull(row) && columns.Member(3).Bool(row);
      bool active = read_.fields[0].path[0] == "add";
      if (file.size_bytes < 0 || (active && !size)) {
        return Corrupt(source, "file " + std::string(file.path) + " has no size");
      }
      if (active) file.time_ms = file.time_ms.value_or(0);
      int64_t next = 4;
      PartitionValues values;
      if (used_.partition_values) {
        EachEntry(columns.Member(next++), row,
                  [&](std::string key, std::optional<std::string> value) {
                    // The protocol reads an empty string as NULL too.
                    if (value && value->empty()) value.reset();
                    values.emplace(std::move(key), std::move(value));
                  });
      }
      file.partition_values = &values;
      std::optional<DeletionVectorDescriptor> vector;
      if (used_.deletion_vectors) {
        if (!columns.Member(next).IsNull(row)) {
          TARN_TRY(vector, VectorOf(columns, next, row, source));
        }
        next += 5;
      }
      file.deletion_vector = vector ? &*vector : nullptr;
      if (used_.row_ids) {
        file.base_row_id = IntAt(columns.Member(next), row);
        file.default_row_commit_version = IntAt(columns.Member(next + 1), row);
      }
      take(file);
    }
    return Ok();
  }

 private:
  static Error Corrupt(const std::string& source, const std::string& what) {
    return Fail("DELTA_CHECKPOINT_CORRUPT", "checkpoint " + source + ": " + what);
  }

  static Result<DeletionVectorDescriptor> VectorOf(const ArrayView& columns, int64_t first,
                                                   int64_t row, const std::string& source) {
    std::string_view type = columns.Member(first).Bytes(row);
    std::optional<int64_t> offset = IntAt(columns.Member(first + 2), row);
    std::optional<int64_t> size = IntAt(columns.Member(first + 3), row);
    std::optional<int64_t> cardinality = IntAt(columns.Member(first + 4), row);
    bool known = type.size() == 1 && std::string_view("upi").find(type) != std::string::npos;
    if (!known || columns.Member(first + 1).IsNull(row) || !size || *size < 0 ||
        *size > INT32_MAX || !cardinality || *cardinality < 0) {
      return Corrupt(source, "the deletion vector of " + std::string(columns.Member(0).Bytes(row)) +
                                 " is not one");
    }
    DeletionVectorDescriptor vector{type[0],
                                    std::string(columns.Member(first + 1).Bytes(row)),
                                    {},
                                    static_cast<int32_t>(*size),
                                    *cardinality};
    if (offset) vector.offset = static_cast<int32_t>(*offset);
    return vector;
  }

  FileColumnsUsed used_;
  ParquetRead read_;
};

}  // namespace

Result<std::vector<Action>> ReadTableActions(ParquetIo& parquet, const std::string& path) {
  struct Kind {
    const char* action;
    const char* member;
    TypeKind type;
  };
  // Members that no action of the kind lacks.
  static constexpr Kind kKinds[] = {{"protocol", "minReaderVersion", TypeKind::kInteger},
                                    {"metaData", "schemaString", TypeKind::kString},
                                    {"txn", "appId", TypeKind::kString},
                                    {"domainMetadata", "domain", TypeKind::kString},
                                    {"checkpointMetadata", "version", TypeKind::kLong},
                                    {"sidecar", "path", TypeKind::kString}};
  ParquetRead read;
  for (const Kind& kind : kKinds) {
    read.fields.push_back({{kind.action}, TypeKind::kString});
    read.any_of.push_back({{kind.action, kind.member}, kind.type});
  }
  std::string lines;
  auto sink = [&](const columnar::RecordBatch& batch) -> Status {
    ArrayView columns(batch.array.get());
    for (int64_t row = 0; row < batch.num_rows(); ++row) {
      for (size_t i = 0; i < std::size(kKinds); ++i) {
        ArrayView column = columns.Member(static_cast<int64_t>(i));
        if (column.IsNull(row)) continue;
        lines += "{\"" + std::string(kKinds[i].action) + "\":";
        lines += column.Bytes(row);
        lines += "}\n";
      }
    }
    return Ok();
  };
  TARN_RETURN_IF_ERROR(parquet.Read(path, read, sink));
  return ParseActions(lines, path);
}

FileColumnsUsed FileColumnsUsed::By(const Protocol& protocol, const Metadata& metadata) {
  return {!metadata.partition_columns.empty(), NamesFeature(protocol, "deletionVectors"),
          NamesFeature(protocol, "rowTracking")};
}

Status ReadFileActions(const std::shared_ptr<io::ObjectStore>& store,
                       const std::shared_ptr<ParquetIo>& parquet, const std::string& path,
                       const FileColumnsUsed& used, CheckpointFileActions* actions) {
  TARN_TRY(io::ObjectInfo file, store->Head(path));
  auto details = std::make_shared<CheckpointDetails>(store, parquet, std::move(file));
  FileBlockBuilder builder;
  FileColumns active("add", "modificationTime", used);
  auto finish_active = [&] {
    if (builder.rows() == 0) return;
    size_t rows = builder.rows();
    actions->added.push_back(builder.Finish(details, details->blocks()));
    details->AddBlock(rows);
  };
  TARN_RETURN_IF_ERROR(
      parquet->Read(path, active.read(), [&](const columnar::RecordBatch& batch) -> Status {
        return active.Each(batch, path, [&](const FileBlockBuilder::Columns& file) {
          if (builder.full()) finish_active();
          builder.Append(file);
        });
      }));
  finish_active();
  FileColumns removed("remove", "deletionTimestamp", used);
  auto finish_removed = [&] {
    if (builder.rows() > 0) actions->removed.push_back(builder.Finish(nullptr, 0));
  };
  TARN_RETURN_IF_ERROR(
      parquet->Read(path, removed.read(), [&](const columnar::RecordBatch& batch) -> Status {
        return removed.Each(batch, path, [&](const FileBlockBuilder::Columns& file) {
          if (builder.full()) finish_removed();
          builder.Append(file);
        });
      }));
  finish_removed();
  return Ok();
}

}  // namespace tarn::delta
