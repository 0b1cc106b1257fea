#pragma once
/// \file  The rows that commits changed, as tables of data files and files of changed rows. Spec:
/// PROTOCOL.md, "Reading Change Data Files".
#include "delta/log.h"

namespace tarn::delta {

/// Columns behind the table's: what became of the row (STRING), by which commit (LONG), and when
/// (TIMESTAMP).
inline constexpr const char* kChangeTypeColumn = "_change_type";
inline constexpr const char* kCommitVersionColumn = "_commit_version";
inline constexpr const char* kCommitTimestampColumn = "_commit_timestamp";

/// A range of commits to read the changes of.
struct ChangeRange {
  Version start = 0;
  Version end = 0;
  std::vector<Log::Commit> commits;  ///< of the range, ascending, with their times
};

/// Snapshots whose rows together are the changes; each has the columns of `read_as` and the three
/// above, the last ones (and, without files of changed rows, the kind) as partition columns.
/// `at_start` is the table at the range's start. Errors: DELTA_MISSING_CHANGE_DATA,
/// DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE,
/// DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_DATA_SCHEMA, those of ReadDeletionVector.
Result<std::vector<std::shared_ptr<const Snapshot>>> ChangesOf(io::ObjectStore& store,
                                                               const Snapshot& read_as,
                                                               const Snapshot& at_start,
                                                               const ChangeRange& range);

}  // namespace tarn::delta
