#pragma once
/// \file  Port: how the analyzer sees tables and files. Implemented above, over the catalog and
/// Delta.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "columnar/types.h"

namespace tarn::plan {

/// A table that the caller may use, bound to one version.
struct TableBinding {
  std::vector<std::string> name;  ///< catalog, schema, table
  columnar::Schema schema;
  std::shared_ptr<const void> snapshot;  ///< the resolver's own; the engine knows its type
};

/// Files to read as a table.
struct FileSource {
  std::string format;              ///< lower case: csv, json, parquet
  std::vector<std::string> paths;  ///< absolute paths of files
  std::vector<std::pair<std::string, std::string>> options;
  columnar::Schema schema;
};

struct TimeTravel {
  std::optional<int64_t> version;
  std::optional<std::string> timestamp;  ///< text of a timestamp
};

class RelationResolver {
 public:
  virtual ~RelationResolver() = default;
  /// `name` has one to three parts, or two of which the first is a format: delta.`/path`.
  /// Errors: TABLE_OR_VIEW_NOT_FOUND (also for what may not be seen), PERMISSION_DENIED, Delta's.
  virtual Result<TableBinding> ResolveTable(const std::vector<std::string>& name,
                                            const TimeTravel& travel) = 0;
  /// Lists the files and finds their schema. `path` may name one file, a folder or a pattern.
  virtual Result<FileSource> ResolveFiles(
      const std::string& path, const std::string& format,
      const std::vector<std::pair<std::string, std::string>>& options) = 0;
};

}  // namespace tarn::plan
