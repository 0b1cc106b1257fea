#pragma once
/// \file  SHOW PARTITIONS: typed rows of the partitions that hold files.
#include "engine/command/command.h"

namespace tarn::engine {

/// Errors: DELTA_SHOW_PARTITION_IN_NON_PARTITIONED_TABLE,
/// DELTA_SHOW_PARTITION_IN_NON_PARTITIONED_COLUMN, those of CatalogResolver::Find.
StreamResult ShowPartitions(const CommandContext& context, const plan::Show& command);

}  // namespace tarn::engine
