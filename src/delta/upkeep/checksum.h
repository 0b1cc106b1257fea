#pragma once
/// \file  Version checksums: what a version of a table adds up to, beside its commit.
/// Spec: PROTOCOL.md, "Version Checksum File".
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "delta/snapshot.h"

namespace tarn::delta {

/// Files by size: counts and bytes of each bin. Spec: "File Size Histogram Schema".
struct FileSizeHistogram {
  std::vector<int64_t> bin_begins;  ///< bytes, ascending from 0
  std::vector<int64_t> counts;
  std::vector<int64_t> total_bytes;

  /// With the bins of delta-spark, empty.
  static FileSizeHistogram Empty();
  void Add(int64_t size_bytes);
};

struct Checksum {
  std::optional<std::string> txn_id;
  int64_t table_size_bytes = 0;
  int64_t num_files = 0;
  std::optional<int64_t> num_deleted_records;   ///< only of tables that can have deletion vectors
  std::optional<int64_t> num_deletion_vectors;  ///< the same
  std::optional<int64_t> in_commit_timestamp_ms;
  std::optional<std::vector<SetTransaction>> transactions;
  std::optional<std::vector<DomainMetadata>> domains;
  std::optional<Metadata> metadata;
  std::optional<Protocol> protocol;
  std::optional<FileSizeHistogram> histogram;
  /// Files by their number of deleted rows: none, 1–9, 10–99 and so on.
  std::optional<std::array<int64_t, 10>> deleted_record_counts;
  std::optional<std::vector<AddFile>> all_files;  ///< only of small tables

  static Checksum Of(const Snapshot& snapshot);
  std::string ToJson() const;
  /// Errors: DELTA_LOG_CORRUPT.
  static Result<Checksum> Parse(std::string_view text, const std::string& source);

  /// Whether it holds all that a table is but its files.
  bool HoldsTable() const { return metadata && protocol && transactions && domains; }
  std::vector<Action> TableActions() const;
  /// A checksum of another table, left from one that was here before, says nothing.
  /// Errors: DELTA_TXN_LOG_FAILED_INTEGRITY when the snapshot adds up to something else.
  Status Validate(const Snapshot& snapshot) const;
};

}  // namespace tarn::delta
