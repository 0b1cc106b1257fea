#pragma once
/// \file  Columns of checkpoint files. Spec: PROTOCOL.md, "Checkpoint Schema".
#include "columnar/types.h"
#include "delta/action.h"

namespace tarn::delta {

/// Type of `stats_parsed` of a table: its leaves in the files (not partition columns) that
/// statistics are kept of, by physical names.
columnar::DataType ParsedStatsType(const columnar::Schema& schema, const Metadata& metadata);
/// Type of `partitionValues_parsed`; VOID for a table without partition columns.
columnar::DataType ParsedPartitionValuesType(const columnar::Schema& schema,
                                             const Metadata& metadata);

/// How adds hold statistics and partition values in a checkpoint.
struct CheckpointStats {
  bool as_json = true;
  columnar::DataType parsed;            ///< VOID: there is no such column
  columnar::DataType parsed_partition;  ///< VOID: there is no such column
};
/// One struct column for each kind of action. With `files_only`, as in sidecars, those of files.
columnar::Schema CheckpointSchema(const CheckpointStats& stats, bool files_only = false);
/// Columns of the Parquet top level of a V2 checkpoint.
columnar::Schema TopLevelSchema();

}  // namespace tarn::delta
