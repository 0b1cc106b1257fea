#pragma once
/// \file  What the log knows of the values in data files, typed: a block of files at a time, a
/// column when it is first asked for.
#include <memory>
#include <mutex>
#include <unordered_map>

#include "delta/files/file_block.h"
#include "delta/snapshot.h"
#include "engine/duckdb/pch.h"

namespace tarn::engine {

/// What is known of one leaf column's values in one file.
struct LeafFacts {
  duckdb::Value minimum;  ///< no value of the file is below; NULL: unknown
  duckdb::Value maximum;  ///< NaN apart, no value of the file is above; NULL: unknown
  bool exact = false;     ///< both bounds are values of the file that are not deleted
  bool all_null = false;
  bool no_null = false;
};

/// A column, or a field of a struct column that is no struct itself.
struct LeafColumn {
  duckdb::idx_t column = 0;
  std::vector<std::string> path;           ///< names of the fields inside the column
  std::vector<std::string> physical_path;  ///< as the log has it, the column's name first
  duckdb::LogicalType type;
  int partition = -1;  ///< position among the partition columns
};

/// Facts of one block. Thread-safe; keeps the block alive.
class BlockFacts {
 public:
  using Leaves = std::shared_ptr<const std::vector<LeafColumn>>;

  /// Errors: DELTA_STATE_RECOVER_ERROR for a partition value that is none of its type.
  static Result<std::shared_ptr<const BlockFacts>> Make(
      std::shared_ptr<const delta::FileBlock> block, Leaves leaves);
  ~BlockFacts();

  const delta::FileBlock& block() const { return *block_; }
  const Leaves& leaves() const { return leaves_; }
  /// Rows that are not deleted; -1: unknown.
  int64_t rows(size_t row) const;
  LeafFacts Facts(size_t row, size_t leaf) const;
  /// In the order of the partition columns.
  const std::vector<duckdb::Value>& partition_values(size_t row) const;

 private:
  struct LeafValues;

  BlockFacts(std::shared_ptr<const delta::FileBlock> block, Leaves leaves);
  const LeafValues& Values(size_t leaf) const;

  std::shared_ptr<const delta::FileBlock> block_;
  Leaves leaves_;
  std::unordered_map<const delta::PartitionValues*, std::vector<duckdb::Value>> partition_values_;
  mutable std::once_flag rows_once_;
  mutable std::vector<int64_t> rows_;
  mutable std::vector<std::unique_ptr<LeafValues>> values_;  // one a leaf
};

}  // namespace tarn::engine
