#pragma once
/// \file  The answer to (principal, securable, operation), and the operations there are.
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace tarn::catalog {

enum class Operation {
  kReadMetadata,  ///< see that it exists, its columns and comments
  kUseCatalog,
  kUseSchema,
  kSelect,
  kModify,  ///< insert, update, delete, add columns; SELECT is needed as well
  kReadVolume,
  kWriteVolume,
  kReadFiles,   ///< files below an external location
  kWriteFiles,  ///< READ FILES is needed as well
  kCreateCatalog,
  kCreateSchema,
  kCreateTable,
  kCreateVolume,
  kCreateExternalLocation,
  kCreateExternalTable,   ///< on the external location that covers it
  kCreateExternalVolume,  ///< on the external location that covers it
  kManage,                ///< alter, drop, replace, grant, change the owner
};
/// "SELECT", "READ METADATA"…
std::string_view OperationName(Operation operation);
/// Errors: INVALID_PARAMETER_VALUE.
Result<Operation> ParseOperation(std::string_view name);

/// Rows that the caller may see are those for which `function`(arguments…) is true.
struct RowFilter {
  std::string function;
  std::vector<std::string> arguments;
};
/// The caller sees `function`(column, arguments…) instead of the column.
struct ColumnMask {
  std::string column;
  std::string function;
  std::vector<std::string> arguments;
};
/// What the engine must do to the rows before anyone sees them.
struct Obligations {
  std::vector<RowFilter> row_filters;
  std::vector<ColumnMask> column_masks;
  bool empty() const { return row_filters.empty() && column_masks.empty(); }
};

/// Default deny. Value.
struct Decision {
  bool allow = false;
  /// When denied: whether the caller may know that the object exists. When not, answer as for a
  /// missing one.
  bool visible = false;
  /// Why not, for the caller: "User does not have SELECT on Table 'c.s.t'." Empty when allowed.
  std::string reason;
  Obligations obligations;

  json::Value ToJson() const;
  static Result<Decision> FromJson(const json::Value& json);
};

}  // namespace tarn::catalog
