#pragma once
/// \file  Record batches as rows of text: JSON_ARRAY and CSV of the Statement
/// Execution API.
#include <string>

#include "columnar/arrow.h"
#include "columnar/value_text.h"

namespace tarn::columnar {

/// Appends rows [first, last) of `batch` as JSON arrays of strings and nulls,
/// each after a comma when `out` already holds a row: `["1","a"],["2",null]`.
/// The brackets around all rows are the caller's.
void AppendJsonArrayRows(const Schema& schema, const RecordBatch& batch, int64_t first,
                         int64_t last, const TextOptions& options, std::string& out);

/// The CSV header line of a schema (RFC 4180 quoting, "\r\n" is not used: lines
/// end in "\n").
std::string CsvHeader(const Schema& schema);
/// Appends rows [first, last) as CSV lines. NULL is an empty field, an empty
/// string is "".
void AppendCsvRows(const Schema& schema, const RecordBatch& batch, int64_t first, int64_t last,
                   const TextOptions& options, std::string& out);

/// The text of one cell that is not null, as both formats carry it: nested
/// values as JSON, binary as base64, everything else as Spark prints it.
void AppendCell(const DataType& type, const ArrayView& column, int64_t row,
                const TextOptions& options, std::string& out);

}  // namespace tarn::columnar
