#pragma once
/// \file  Port: how the analyzer sees tables and files. Implemented above, over the catalog and
/// Delta.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "columnar/types.h"
#include "sql/ast/statement.h"

namespace tarn::plan {

struct Expr;

/// What the caller must not see of a table: applied by the analyzer right above the scan, so that
/// no expression of the statement can run before it. Texts are Spark SQL over the table's columns.
struct RowPolicy {
  std::string row_filter;  ///< BOOLEAN; rows where it is not true are left out; empty: none
  std::vector<std::pair<std::string, std::string>> masks;  ///< column, expression in its place
  bool empty() const { return row_filter.empty() && masks.empty(); }
};

/// A table that the caller may use, bound to one version.
struct TableBinding {
  std::vector<std::string> name;  ///< catalog, schema, table
  columnar::Schema schema;
  std::shared_ptr<const void> snapshot;  ///< the resolver's own; the engine knows its type
  std::string id;                        ///< of the catalog; empty for tables by path
  std::vector<std::string> partition_columns = {};
  RowPolicy policy = {};
  /// CHECK constraints: name and condition, Spark SQL over the columns. What columns ask of values
  /// besides is in their metadata (columnar/column_metadata.h).
  std::vector<std::pair<std::string, std::string>> checks = {};
  /// The statement gives the table the columns of `schema`, which it has not had so far.
  bool evolved = false;
};

/// Files to read as a table.
struct FileSource {
  std::string format;              ///< lower case: csv, json, parquet
  std::vector<std::string> paths;  ///< absolute paths of files
  std::vector<std::pair<std::string, std::string>> options;
  columnar::Schema schema;
  std::vector<std::string> file_columns = {};  ///< as the files have them, in their order
};

struct TimeTravel {
  std::optional<int64_t> version;
  std::shared_ptr<const Expr> timestamp;  ///< of the type TIMESTAMP, without columns; or null
};

/// What a statement does with the table that it changes.
enum class TargetUse {
  kWrite,         ///< puts rows in or takes all out, whatever the table holds
  kReadAndWrite,  ///< what the table holds decides, and shows in counts and errors
  kDefine,        ///< changes columns and properties; rows stay
};

class RelationResolver {
 public:
  virtual ~RelationResolver() = default;
  /// `name` has one to three parts, or two of which the first is a format: delta.`/path`.
  /// Errors: TABLE_OR_VIEW_NOT_FOUND (also for what may not be seen), PERMISSION_DENIED, Delta's.
  /// Within one statement a name means one version, however often it is asked for.
  virtual Result<TableBinding> ResolveTable(const std::vector<std::string>& name,
                                            const TimeTravel& travel) = 0;
  /// The rows that commits changed, from the one that `from` names to that of `to`, both included,
  /// or to the newest: tables with the same columns, whose rows together are the changes. Needs
  /// SELECT. Errors: DELTA_MISSING_CHANGE_DATA, DELTA_INVALID_CDC_RANGE,
  /// DELTA_CDC_START_VERSION_AFTER_LATEST, those of ResolveTable.
  virtual Result<std::vector<TableBinding>> ResolveChanges(const std::vector<std::string>& name,
                                                           const TimeTravel& from,
                                                           const std::optional<TimeTravel>& to) = 0;
  /// A target with other columns, which it gets by the same commit. Errors: those of CREATE TABLE
  /// for columns.
  virtual Result<TableBinding> Evolve(const TableBinding& target, columnar::Schema schema) = 0;
  /// The target of a statement that changes rows, at the version every other reference of the
  /// statement to it has. Needs MODIFY, and SELECT too when the statement reads it.
  virtual Result<TableBinding> ResolveTarget(const std::vector<std::string>& name,
                                             TargetUse use) = 0;
  /// Lists the files and finds their schema. `path` may name one file, a folder or a pattern.
  virtual Result<FileSource> ResolveFiles(
      const std::string& path, const std::string& format,
      const std::vector<std::pair<std::string, std::string>>& options) = 0;
  /// The files COPY INTO has to load into `target`, without paths when there are none.
  virtual Result<FileSource> ResolveCopySource(const TableBinding& target,
                                               const sql::CopyInto& copy) = 0;
};

}  // namespace tarn::plan
