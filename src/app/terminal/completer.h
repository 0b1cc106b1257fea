#pragma once
/// \file  What may follow in a statement that is being typed.
#include <string>
#include <string_view>
#include <vector>

#include "app/terminal/line_editor.h"

namespace tarn::app {

/// The names of a catalog. Answers may be kept for a while; nothing is thrown or waited for long.
class NameSource {
 public:
  virtual ~NameSource() = default;
  virtual std::vector<std::string> Catalogs() = 0;
  virtual std::vector<std::string> Schemas(const std::string& catalog) = 0;
  virtual std::vector<std::string> Tables(const std::string& catalog,
                                          const std::string& schema) = 0;
  virtual std::vector<std::string> Columns(const std::string& catalog, const std::string& schema,
                                           const std::string& table) = 0;
  virtual std::string current_catalog() = 0;
  virtual std::string current_schema() = 0;
};

/// Names after a dot come from what stands before it: a catalog, a schema, a table or an alias of
/// one. After FROM, JOIN and the like: catalogs, schemas and tables. Elsewhere keywords, functions,
/// the columns of the tables in the statement, and those names. `before` is the statement up to the
/// cursor; `after` what follows it, read for its tables only.
Completion CompleteStatement(std::string_view before, std::string_view after, NameSource& names);

}  // namespace tarn::app
