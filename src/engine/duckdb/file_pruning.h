#pragma once
/// \file  Which files can hold a row that passes a filter, from what the log knows of their values.
/// Sound: a file is left out only when no row of it can make the filter TRUE.
#include <memory>

#include "engine/duckdb/snapshot_source.h"

namespace tarn::engine {

/// A filter prepared for looking at many files. Not thread-safe: expressions are evaluated.
class FileFilter {
 public:
  /// Column `i` of the filter's column references into table `table_index` is column
  /// `columns[i]` of the source; what has no number there (virtual columns) is not known.
  FileFilter(duckdb::ClientContext& context, const SnapshotSource& source,
             const duckdb::Expression& filter, duckdb::idx_t table_index,
             const duckdb::vector<duckdb::ColumnIndex>& columns);
  /// A filter on one column as DuckDB finds it while a statement runs.
  FileFilter(duckdb::ClientContext& context, const SnapshotSource& source,
             const duckdb::TableFilter& filter, duckdb::idx_t column);
  ~FileFilter();
  FileFilter(FileFilter&&) noexcept;

  bool MayMatch(const SnapshotSource::File& file) const;
  /// Whether MayMatch was the whole answer for every file asked: the filter is on partition columns
  /// only and could be evaluated.
  bool exact() const;

 private:
  struct Node;
  class Compiler;
  std::unique_ptr<Node> root_;
};

}  // namespace tarn::engine
