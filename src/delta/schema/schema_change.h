#pragma once
/// \file  Schemas with one thing changed. Pure functions; columns are found by name without case,
/// nested ones by a path in which the parts of arrays and maps are `element`, `key` and `value`.
#include <optional>
#include <string>
#include <vector>

#include "columnar/types.h"

namespace tarn::delta {

using ColumnPath = std::vector<std::string>;

/// FIRST, or AFTER a column of the same struct.
struct FieldPosition {
  std::string after;  ///< empty: first
};

/// The field at a path, with its spelling. Errors: UNRESOLVED_COLUMN.WITH_SUGGESTION.
Result<columnar::Field> FieldAt(const columnar::Schema& schema, const ColumnPath& path);
/// `a.b`, each part as the schema spells it. Errors: as above.
Result<ColumnPath> SpelledPath(const columnar::Schema& schema, const ColumnPath& path);

/// Errors of these: UNRESOLVED_COLUMN.WITH_SUGGESTION, and those named.
/// FIELD_ALREADY_EXISTS, DELTA_ADD_COLUMN_PARENT_NOT_STRUCT.
Result<columnar::Schema> WithField(const columnar::Schema& schema, const ColumnPath& parent,
                                   columnar::Field field,
                                   const std::optional<FieldPosition>& position);
/// DELTA_DROP_COLUMN_ON_SINGLE_FIELD_SCHEMA.
Result<columnar::Schema> WithoutField(const columnar::Schema& schema, const ColumnPath& path);
/// FIELD_ALREADY_EXISTS.
Result<columnar::Schema> WithFieldRenamed(const columnar::Schema& schema, const ColumnPath& path,
                                          const std::string& name);
Result<columnar::Schema> WithFieldMoved(const columnar::Schema& schema, const ColumnPath& path,
                                        const FieldPosition& position);
/// The field at the path replaced; its name stays.
Result<columnar::Schema> WithFieldChanged(const columnar::Schema& schema, const ColumnPath& path,
                                          columnar::Field field);

}  // namespace tarn::delta
