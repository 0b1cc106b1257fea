#pragma once
/// \file  Port: what runs a warehouse's statements. Connected in app.
#include <map>
#include <memory>
#include <optional>

#include "base/cancel.h"
#include "columnar/result_encoder.h"
#include "identity/principal.h"

namespace tarn::compute {

struct StatementParameter {
  std::string name;  ///< empty: by position
  std::string type;  ///< SQL type text; empty is STRING
  std::optional<std::string> value;
};

/// What a session remembers from one statement to the next. It stays with the door that opened the
/// session, so that a node can be lost without losing sessions.
struct SessionState {
  std::string catalog;  ///< empty: the default
  std::string schema;
  std::map<std::string, std::string> settings;

  /// Takes over what a statement changed: the difference between `before`, with which it was
  /// submitted, and `after`. Others may have run beside it, so the rest stays.
  void TakeChanges(const SessionState& before, const SessionState& after);
};

struct StatementSpec {
  std::string warehouse_id;
  std::string text;
  SessionState session;
  std::vector<StatementParameter> parameters;
  columnar::ResultOptions result;
  bool external_links = false;  ///< the door hands out links to the chunks, not the chunks
  /// A larger result fails the statement; 0: no limit, the result is fetched piece by piece.
  int64_t inline_limit_bytes = 0;
};

/// Rows of one statement, pulled by one thread. Destroying it ends the statement.
class ResultSource {
 public:
  virtual ~ResultSource() = default;
  virtual const columnar::Schema& schema() const = 0;
  /// The session after the statement was started: USE and SET take effect at once.
  virtual const SessionState& session() const = 0;
  /// The next rows, or nothing after the last. Errors: as Start.
  virtual Result<std::optional<columnar::EncodedRows>> Next() = 0;
  /// Whether a limit left rows out; known after the last rows.
  virtual bool truncated() const = 0;
};

/// Thread-safe.
class StatementRunner {
 public:
  virtual ~StatementRunner() = default;
  /// Errors: those of the statement, with the message as the user sees it (class, SQLSTATE, the
  /// place in the text); CANCELLED. When the process that ran it is gone: NODE_LOST, nothing was
  /// changed and running it again may succeed; NODE_LOST_AFTER_COMMIT, its changes are there;
  /// STATEMENT_OUTCOME_UNKNOWN, somebody has to look.
  virtual Result<std::unique_ptr<ResultSource>> Start(const identity::Principal& who,
                                                      const StatementSpec& spec,
                                                      CancelToken cancel) = 0;
};

}  // namespace tarn::compute
