#pragma once
/// \file  Results on a terminal: an aligned table, CSV or JSON lines.
#include <ostream>

#include "app/statement_client.h"

namespace tarn::app {

enum class OutputFormat { kTable, kCsv, kJson };
/// Errors: INVALID_PARAMETER_VALUE.
Result<OutputFormat> ParseOutputFormat(const std::string& name);

void PrintResult(const QueryResult& result, OutputFormat format, double seconds, std::ostream& out);

}  // namespace tarn::app
