#pragma once
/// \file  Port: what runs a warehouse's statements. Connected in app.
#include <memory>
#include <optional>

#include "base/cancel.h"
#include "columnar/arrow.h"
#include "identity/identity_service.h"

namespace tarn::compute {

struct StatementParameter {
  std::string name;  ///< empty: by position
  std::string type;  ///< SQL type text; empty is STRING
  std::optional<std::string> value;
};

struct StatementSpec {
  std::string text;
  std::string catalog;
  std::string schema;
  std::vector<StatementParameter> parameters;
};

/// Rows of one statement, pulled by one thread. Destroying it ends the statement.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual const columnar::Schema& schema() const = 0;
  virtual Result<std::optional<columnar::RecordBatch>> Next() = 0;
};

/// Thread-safe.
class StatementRunner {
 public:
  virtual ~StatementRunner() = default;
  virtual Result<std::unique_ptr<RowSource>> Start(const identity::Principal& who,
                                                   const StatementSpec& spec,
                                                   CancelToken cancel) = 0;
  /// The error's text as the user sees it, with the place in the statement.
  virtual std::string Render(const Error& error, const std::string& text) = 0;
};

}  // namespace tarn::compute
