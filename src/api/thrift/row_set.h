#pragma once
/// \file  Schemas and rows in the structs of the Thrift interface. Seen by this folder only.
#include <optional>
#include <string>
#include <vector>

#include <TCLIService_types.h>

#include "columnar/types.h"

namespace tarn::api::thrift {

/// The schema of a result as TTableSchema: Hive's type ids, decimals with precision and scale.
tarn::cli::TTableSchema ToTableSchema(const columnar::Schema& schema);

/// The Arrow schema message that precedes the batches. Errors: UNSUPPORTED_ARROWTYPE.
Result<std::string> ArrowSchemaMessage(const columnar::Schema& wire_schema);

/// Rows whose cells are texts (NULL where empty).
using TextRow = std::vector<std::optional<std::string>>;

/// Rows as TColumns: booleans and numbers in their own columns, everything else as text. A text
/// that is no value of its column's type is an INTERNAL_ERROR.
Result<std::vector<tarn::cli::TColumn>> ToColumns(const columnar::Schema& schema,
                                                  const std::vector<TextRow>& rows);

/// Parses a piece of ResultFormat::kJsonArray.
Result<std::vector<TextRow>> ParseTextRows(const std::string& piece);

}  // namespace tarn::api::thrift
