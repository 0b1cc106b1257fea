#pragma once
/// \file  DuckDB's readers of CSV, JSON and Parquet, called with everything spelled out.
#include "engine/duckdb/tree.h"
#include "engine/file_options.h"

namespace tarn::engine {

/// Columns of a file as a reader gives them.
using FileColumns = std::vector<std::pair<std::string, duckdb::LogicalType>>;

/// All columns of CSV as text, under the given names.
duckdb::unique_ptr<duckdb::TableFunctionRef> ReadCsv(const std::vector<std::string>& paths,
                                                     const FileOptions& options,
                                                     const std::vector<std::string>& names);
/// Without columns the reader finds them itself.
duckdb::unique_ptr<duckdb::TableFunctionRef> ReadJson(const std::vector<std::string>& paths,
                                                      const FileOptions& options,
                                                      const FileColumns& columns);
duckdb::unique_ptr<duckdb::TableFunctionRef> ReadParquet(const std::vector<std::string>& paths);

/// How a reader of JSON is to give a column of a type: what Spark parses itself comes as text.
duckdb::LogicalType JsonReadType(const columnar::DataType& type, const duckdb::LogicalType& wanted);

}  // namespace tarn::engine
