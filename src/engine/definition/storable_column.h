#pragma once
/// \file  Which columns a Delta table of Tarn's may have.
#include <map>
#include <string>

#include "columnar/types.h"

namespace tarn::engine {

/// Whether a table's properties map its columns to names of their own in files.
bool MapsColumns(const std::map<std::string, std::string>& configuration);

/// What the table format and Tarn can store; mapped columns may have any name. Errors:
/// DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES, UNSUPPORTED_DATATYPE,
/// DELTA_NESTED_NOT_NULL_CONSTRAINT.
Status CheckStorable(const columnar::Schema& schema, bool mapped);

}  // namespace tarn::engine
