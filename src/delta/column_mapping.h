#pragma once
/// \file  Columns whose names in data files, partition values and statistics are not those of the
/// schema. Spec: PROTOCOL.md, "Column Mapping".
#include <cstdint>
#include <optional>
#include <string>

#include "columnar/types.h"
#include "delta/action.h"

namespace tarn::delta {

enum class ColumnMappingMode { kNone, kName, kId };

/// Errors: DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE.
Result<ColumnMappingMode> ColumnMappingModeOf(const Metadata& metadata);

/// Name of a column or struct member in files, partition values and statistics.
std::string PhysicalName(const columnar::Field& field);
/// Field id in files, or nothing when the field has none.
std::optional<int32_t> ColumnMappingId(const columnar::Field& field);

/// Gives every field of the schema, nested ones too, that has none a fresh id and a physical name;
/// `max_column_id` is the highest id given so far and after. With `keep_names`, as for a table that
/// has data files already, the physical name is the present name.
columnar::Schema AssignColumnMapping(const columnar::Schema& schema, int64_t* max_column_id,
                                     bool keep_names);

/// Schema without ids and physical names.
columnar::Schema WithoutColumnMapping(const columnar::Schema& schema);

/// Schema with the physical names in place of the logical ones, as its data files have it.
columnar::Schema PhysicalSchema(const columnar::Schema& schema);

}  // namespace tarn::delta
