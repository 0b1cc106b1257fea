#pragma once
/// \file  Types of columns that change to wider ones while files keep the old type.
/// Spec: PROTOCOL.md, "Type Widening".
#include "columnar/types.h"
#include "delta/schema/schema_change.h"

namespace tarn::delta {

/// Whether every value of `from` is one of `to` and the protocol has the change.
bool IsWidening(const columnar::DataType& from, const columnar::DataType& to);

/// The schema with the type of the field, element, key or value at `path` changed, and the change
/// noted at the field of a struct that holds it. The change has to be a widening. Errors:
/// UNRESOLVED_COLUMN.WITH_SUGGESTION.
Result<columnar::Schema> WithTypeWidened(const columnar::Schema& schema, const ColumnPath& path,
                                         const columnar::DataType& to);

/// Errors: DELTA_UNSUPPORTED_TYPE_CHANGE_IN_SCHEMA for a change noted that is no widening.
Status CheckTypeChanges(const columnar::Schema& schema);

}  // namespace tarn::delta
