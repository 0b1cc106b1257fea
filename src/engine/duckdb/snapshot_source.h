#pragma once
/// \file  A Delta snapshot as planning sees it: columns, files, and what the log knows of each
/// file's values.
#include <memory>

#include "delta/deletion_vector_cache.h"
#include "delta/snapshot.h"
#include "engine/duckdb/file_columns.h"

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

/// What is known of one leaf column's values in one file.
struct LeafFacts {
  duckdb::Value minimum;  ///< no value of the file is below; NULL: unknown
  duckdb::Value maximum;  ///< NaN apart, no value of the file is above; NULL: unknown
  bool exact = false;     ///< both bounds are values of the file that are not deleted
  bool all_null = false;
  bool no_null = false;
};

/// A snapshot with everything about its files that planning asks for, typed. Immutable; shared by
/// all statements on the same version.
class SnapshotSource {
 public:
  /// `previous` may be an older version of the same table: what it knows of files is taken over.
  /// Errors: UNSUPPORTED_DATATYPE, DELTA_STATE_RECOVER_ERROR.
  static Result<std::shared_ptr<const SnapshotSource>> Make(
      std::shared_ptr<const delta::Snapshot> snapshot,
      std::shared_ptr<delta::DeletionVectorCache> vectors,
      const SnapshotSource* previous = nullptr);

  /// A column, or a field of a struct column that is no struct itself.
  struct Leaf {
    duckdb::idx_t column = 0;
    std::vector<std::string> path;           ///< names of the fields inside the column
    std::vector<std::string> physical_path;  ///< as the log has it, the column's name first
    duckdb::LogicalType type;
  };

  struct File {
    std::string path;
    int64_t rows = -1;  ///< those that are not deleted; -1: unknown
    std::optional<delta::DeletionVectorDescriptor> deletion_vector;
    std::vector<duckdb::Value> partition_values;  ///< in the order of the partition columns
    std::vector<LeafFacts> leaves;
    int64_t size_bytes = 0;
    int64_t modified_ms = 0;
    std::optional<int64_t> base_row_id;
    std::optional<int64_t> default_row_version;
  };

  /// Whether there are the columns of row tracking.
  bool tracks_rows() const { return names.back() == kDefaultRowVersion; }
  /// Refuses a file below the table's folder that a link leads out of it. Errors: INVALID_PATH.
  Status CheckLinks(const File& file) const;
  /// Position among the leaves, or -1.
  int FindLeaf(duckdb::idx_t column, const std::vector<std::string>& path) const;
  int64_t total_bytes() const { return total_bytes_; }

  std::shared_ptr<const delta::Snapshot> snapshot;
  duckdb::vector<std::string> names;
  duckdb::vector<duckdb::LogicalType> types;
  ColumnDefinitions columns;  ///< as data files are to be searched for them
  std::shared_ptr<delta::DeletionVectorCache> vectors;
  std::vector<int> partition_index;  ///< per column: position among partition columns, or -1
  std::vector<Leaf> leaves;
  std::vector<std::shared_ptr<const File>> files;

 private:
  /// `leaf` is where the field stands.
  void AddLeaves(const columnar::Field& field, const duckdb::LogicalType& type, Leaf leaf);
  void AddHidden();
  bool SameColumns(const SnapshotSource& other) const;
  Result<std::shared_ptr<const File>> Describe(const delta::AddFile& add) const;

  int64_t total_bytes_ = 0;
};

}  // namespace tarn::engine
