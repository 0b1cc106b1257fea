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
///
/// Prints a result as its parts come: CSV and JSON at once, what is for people at the end, when the
/// widths are known. Not thread-safe.
class ResultPrinter {
 public:
  ResultPrinter(const PrintOptions& options, std::ostream& out) : options_(options), out_(out) {}
  /// Errors: IO_ERROR when the output takes no more.
  Status Take(const QueryResult& part);
  /// After the last part.
  Status Finish(double seconds);
  bool truncated() const { return kept_.truncated; }

 private:
  Status CheckOutput();

  const PrintOptions options_;
  std::ostream& out_;
  QueryResult kept_;
  bool begun_ = false;
};

}  // namespace tarn::app
