#pragma once
/// \file  Row ids that stay with a row: fresh ones for new files, and the mark up to which they are
/// given. Spec: PROTOCOL.md, "Row Tracking".
#include <map>
#include <string>
#include <vector>

#include "delta/action.h"

namespace tarn::delta {

inline constexpr const char* kRowTrackingDomain = "delta.rowTracking";

/// Whether every commit has to give row ids: the feature is in the protocol, enabled or not.
bool RowTrackingSupported(const Protocol& protocol);
/// Highest row id given so far, or -1.
int64_t RowIdHighWaterMark(const std::map<std::string, DomainMetadata>& domains);
/// The mark a commit sets, or nothing.
std::optional<int64_t> RowIdHighWaterMarkOf(const std::vector<Action>& commit);

/// Gives each added file without a base row id a fresh one above `high_water_mark`, and `version`
/// as its default row commit version, and appends the domain that holds the new mark.
/// Errors: DELTA_ROW_ID_ASSIGNMENT_WITHOUT_STATS.
Status AssignRowIds(int64_t high_water_mark, Version version, std::vector<Action>* actions);

}  // namespace tarn::delta
