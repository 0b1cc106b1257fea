#pragma once
/// \file  Row ids that stay with a row: fresh ones for new files, and the mark up to which they are
/// given. Spec: PROTOCOL.md, "Row Tracking".
#include <map>
#include <string>
#include <vector>

#include "delta/snapshot.h"

namespace tarn::delta {

inline constexpr const char* kRowTrackingDomain = "delta.rowTracking";

/// Whether every commit has to give row ids: the feature is in the protocol, enabled or not.
bool RowTrackingSupported(const Protocol& protocol);
/// Names of the columns in which data files of a table hold the row ids and row commit versions of
/// rows that came from another file; NULL there stands for the file's own.
struct MaterializedRowIds {
  std::string row_id_column;
  std::string row_commit_version_column;
};
/// Sets the properties that name them, where a table asks for row tracking and has none.
void NameMaterializedRowIds(std::map<std::string, std::string>* configuration);
/// Nothing for a table whose rows are not tracked: `delta.enableRowTracking` is not set.
std::optional<MaterializedRowIds> MaterializedRowIdsOf(const Snapshot& snapshot);

/// Highest row id given so far, or -1.
int64_t RowIdHighWaterMark(const std::map<std::string, DomainMetadata>& domains);
/// The mark a commit sets, or nothing.
std::optional<int64_t> RowIdHighWaterMarkOf(const std::vector<Action>& commit);

/// Gives each added file without a base row id a fresh one above `high_water_mark`, and `version`
/// as its default row commit version, and appends the domain that holds the new mark.
/// Errors: DELTA_ROW_ID_ASSIGNMENT_WITHOUT_STATS.
Status AssignRowIds(int64_t high_water_mark, Version version, std::vector<Action>* actions);

}  // namespace tarn::delta
