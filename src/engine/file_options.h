#pragma once
/// \file  Options of read_files and COPY INTO with Spark's meaning: checked by name before anything
/// is read.
#include <optional>
#include <string>
#include <vector>

#include "plan/relation_resolver.h"

namespace tarn::engine {

/// What to do with a record that does not fit.
enum class ParseMode { kPermissive, kDropMalformed, kFailFast };

/// The options of one source of files, typed. Plain values.
struct FileOptions {
  bool header = false;
  std::string separator = ",";
  std::string quote = "\"";
  std::string escape = "\\";
  std::string comment;     ///< lines that start with it are left out; empty: none
  std::string null_value;  ///< beside empty text
  int64_t skip_rows = 0;
  ParseMode mode = ParseMode::kPermissive;
  std::optional<std::string> date_format;       ///< a pattern of java.time
  std::optional<std::string> timestamp_format;  ///< likewise
  bool infer_types = false;                     ///< of CSV; else every column is STRING
  bool multi_line = false;                      ///< JSON: a file is one array or object
  bool merge_schema = true;                     ///< Parquet: columns of all files, not of the first
  std::optional<columnar::Schema> schema;       ///< given instead of inferred
  columnar::Fields schema_hints;                ///< types for some of the columns
  std::string path_glob_filter;                 ///< of file names; empty: all

  bool operator==(const FileOptions&) const = default;
};

/// Where the options stand: their defaults differ.
enum class FileStatement { kReadFiles, kCopyInto };

/// Errors: UNSUPPORTED_FEATURE for a format or for an option of Spark's that Tarn does not have,
/// CF_UNKNOWN_OPTION_KEYS_ERROR for a name nobody knows, INVALID_PARAMETER_VALUE for a value.
Result<FileOptions> ParseFileOptions(
    const std::string& format, const std::vector<std::pair<std::string, std::string>>& options,
    FileStatement statement);

}  // namespace tarn::engine
