#pragma once
/// \file  How the columns of a table are found in one of its data files: by physical name or by
/// field id, nested ones too. Spec: PROTOCOL.md, "Reader Requirements for Column Mapping".
#include "delta/column_mapping.h"
#include "engine/duckdb/pch.h"

namespace tarn::engine {

using ColumnDefinitions = duckdb::vector<duckdb::MultiFileColumnDefinition>;

/// A table's columns with their physical names, or their ids, as identifiers.
ColumnDefinitions TableColumns(const columnar::Schema& schema,
                               const duckdb::vector<duckdb::LogicalType>& types,
                               delta::ColumnMappingMode mode);

/// A column that no schema names: `in_files` is what data files call it; empty: none has it.
duckdb::MultiFileColumnDefinition HiddenColumn(const std::string& name, const std::string& in_files,
                                               const duckdb::LogicalType& type);

/// The table's columns with the names that the file gives them as identifiers; those that the file
/// does not have become NULL. Parts of a list or map are found by their place, whatever they are
/// called, as writers differ in that.
ColumnDefinitions ColumnsInFile(const ColumnDefinitions& table, const ColumnDefinitions& file,
                                delta::ColumnMappingMode mode);

}  // namespace tarn::engine
