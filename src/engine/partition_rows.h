#pragma once
/// \file  The partitions of a snapshot as rows that a plan can select from.
#include "delta/snapshot.h"
#include "engine/engine.h"

namespace tarn::engine {

/// One row for each distinct combination of partition values, typed, in the order in which files
/// have them first; then the row's own number (BIGINT).
struct PartitionRows {
  plan::PlanRef rows;           ///< null when there are none
  std::vector<size_t> of_file;  ///< the row of each file of the snapshot
  size_t count = 0;
};
/// `columns` are the attributes of the partition columns, in the table's order. Errors: none; text
/// that is no value of its type fails when the plan runs.
PartitionRows PartitionRowsOf(const delta::Snapshot& snapshot,
                              const std::vector<plan::Attribute>& columns);

/// Positions of the files whose partition values make `condition` true; all without a condition.
/// The condition names the partition columns of `scan`. Errors: those of the condition.
Result<std::vector<size_t>> FilesWhere(Engine& engine, const delta::Snapshot& snapshot,
                                       const plan::LogicalPlan& scan,
                                       const plan::ExprRef& condition, const CancelToken& cancel);

/// Name of a column in the log's partition values.
std::string PartitionKeyName(const delta::Snapshot& snapshot, const std::string& column);

}  // namespace tarn::engine
