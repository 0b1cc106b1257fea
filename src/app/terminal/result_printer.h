#pragma once
/// \file  Results on a terminal: an aligned table or one record below the other, CSV, JSON lines.
#include <ostream>

#include "app/statement_client.h"
#include "app/terminal/screen.h"

namespace tarn::app {

enum class OutputFormat { kTable, kVertical, kCsv, kJson };
/// Errors: INVALID_PARAMETER_VALUE.
Result<OutputFormat> ParseOutputFormat(const std::string& name);
const char* FormatName(OutputFormat format);

struct PrintOptions {
  OutputFormat format = OutputFormat::kTable;
  size_t columns = 0;  ///< width of the terminal; 0 is no limit
  Style style;
  bool timing = true;  ///< the time behind the number of rows
};

/// A table names each column with its type below; NULL stands for null. Numbers are aligned to the
/// right. A table that does not fit the terminal cuts its widest values with …, and is shown record
/// by record when that is not enough. CSV leaves null empty and quotes an empty text (RFC 4180).
/// JSON is one object a line with numbers, booleans, arrays and objects as such.
void PrintResult(const QueryResult& result, const PrintOptions& options, double seconds,
                 std::ostream& out);

}  // namespace tarn::app
