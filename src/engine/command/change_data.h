#pragma once
/// \file  The change data feed as statements write it: rows that changed, beside the data files.
/// Spec: PROTOCOL.md, "Change Data Files".
#include <set>

#include "engine/command/command.h"

namespace tarn::engine {

/// Whether the table asks for the feed (`delta.enableChangeDataFeed`).
bool RecordsChanges(const delta::Snapshot& snapshot);

/// Whether the action on a row of `rows` (RowEdits::rows, or kept ones) is of one of the kinds;
/// null when no action is.
plan::ExprRef ActionIsOneOf(const plan::RowEdits& edits, const plan::LogicalPlan& rows,
                            const std::set<plan::RowEffect>& effects);

/// Writes the rows as they were and as they are, each with its `_change_type`. `repeated`: a row
/// that goes may stand in `rows` several times.
Result<std::vector<delta::AddCdcFile>> WriteChangeData(const CommandContext& context,
                                                       const plan::TableBinding& target,
                                                       const plan::RowEdits& edits,
                                                       const plan::PlanRef& rows, bool repeated);

}  // namespace tarn::engine
