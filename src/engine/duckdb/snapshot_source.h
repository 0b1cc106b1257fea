#pragma once
/// \file  A Delta snapshot as planning sees it: columns, files, and what the log knows of each
/// file's values.
#include <memory>

#include "delta/deletion_vector_cache.h"
#include "delta/snapshot.h"
#include "engine/duckdb/file_columns.h"
#include "engine/duckdb/log/block_facts.h"

namespace tarn::engine {

/// Columns that a scan has besides the table's: what the log says of a row's file.
constexpr const char* kFileSize = "tarn_file_size";
constexpr const char* kFileModified = "tarn_file_modification_time";
/// The same of tables with row tracking. The first two are those of the files, NULL where they do
/// not hold them.
constexpr const char* kWrittenRowId = "tarn_written_row_id";
constexpr const char* kWrittenRowVersion = "tarn_written_row_commit_version";
constexpr const char* kBaseRowId = "tarn_base_row_id";
constexpr const char* kDefaultRowVersion = "tarn_default_row_commit_version";

/// A snapshot with everything about its files that planning asks for, typed. Immutable and
/// thread-safe; shared by all statements on the same version.
class SnapshotSource {
 public:
  /// `previous` may be an older version of the same table: what it knows of files is taken over.
  /// Errors: UNSUPPORTED_DATATYPE, DELTA_STATE_RECOVER_ERROR.
  static Result<std::shared_ptr<const SnapshotSource>> Make(
      std::shared_ptr<const delta::Snapshot> snapshot,
      std::shared_ptr<delta::DeletionVectorCache> vectors,
      const SnapshotSource* previous = nullptr);

  using Leaf = LeafColumn;

  /// One file, borrowed from the source.
  class File {
   public:
    File(const BlockFacts& facts, size_t row) : facts_(&facts), row_(row) {}
    std::string_view path() const { return facts_->block().path(row_); }  ///< as in the log
    int64_t rows() const { return facts_->rows(row_); }  ///< not deleted; -1: unknown
    const delta::DeletionVectorDescriptor* deletion_vector() const {
      return facts_->block().deletion_vector(row_);
    }
    const std::vector<duckdb::Value>& partition_values() const {
      return facts_->partition_values(row_);
    }
    LeafFacts Facts(size_t leaf) const { return facts_->Facts(row_, leaf); }
    int64_t size_bytes() const { return facts_->block().size_bytes(row_); }
    int64_t modified_ms() const { return facts_->block().time_ms(row_); }
    std::optional<int64_t> base_row_id() const { return facts_->block().base_row_id(row_); }
    std::optional<int64_t> default_row_commit_version() const {
      return facts_->block().default_row_commit_version(row_);
    }

   private:
    const BlockFacts* facts_;
    size_t row_;
  };

  size_t size() const { return snapshot->files().size(); }
  File file(size_t i) const;
  std::string FullPath(const File& file) const { return snapshot->FullPath(file.path()); }
  /// Rows of all files; -1: unknown for some.
  int64_t total_rows() const;
  /// Whether there are the columns of row tracking.
  bool tracks_rows() const { return names.back() == kDefaultRowVersion; }
  /// Refuses a file below the table's folder that a link leads out of it. Errors: INVALID_PATH.
  Status CheckLinks(const std::string& full_path) const;
  /// Position among the leaves, or -1.
  int FindLeaf(duckdb::idx_t column, const std::vector<std::string>& path) const;
  int64_t total_bytes() const { return snapshot->size_bytes(); }

  std::shared_ptr<const delta::Snapshot> snapshot;
  duckdb::vector<std::string> names;
  duckdb::vector<duckdb::LogicalType> types;
  ColumnDefinitions columns;  ///< as data files are to be searched for them
  std::shared_ptr<delta::DeletionVectorCache> vectors;
  std::vector<int> partition_index;  ///< per column: position among partition columns, or -1
  BlockFacts::Leaves leaves;

 private:
  void AddHidden();
  bool SameColumns(const SnapshotSource& other) const;

  std::vector<std::shared_ptr<const BlockFacts>> facts_;  // of the snapshot's parts
  mutable std::once_flag rows_once_;
  mutable int64_t total_rows_ = -1;
};

}  // namespace tarn::engine
