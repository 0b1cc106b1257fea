#pragma once
/// \file  The columns that CREATE TABLE and ALTER TABLE … CLUSTER BY choose.
#include <string>
#include <vector>

#include "columnar/types.h"
#include "delta/action.h"

namespace tarn::engine {

using ColumnPaths = std::vector<std::vector<std::string>>;

/// The columns as the schema spells them. Errors: DELTA_CLUSTER_BY_INVALID_NUM_COLUMNS,
/// DELTA_COLUMN_NOT_FOUND_IN_SCHEMA, DELTA_DUPLICATE_COLUMNS_FOUND,
/// DELTA_CLUSTERING_COLUMNS_DATATYPE_NOT_SUPPORTED.
Result<ColumnPaths> ChosenColumns(const columnar::Schema& schema, const ColumnPaths& asked);
/// The domain of these columns, by their physical names.
delta::DomainMetadata ClusteringDomainOf(const columnar::Schema& schema,
                                         const ColumnPaths& columns);
/// `["a","b.c"]`, as the history has it.
std::string ClusteringText(const ColumnPaths& columns);

}  // namespace tarn::engine
