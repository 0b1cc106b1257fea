#pragma once
/// \file  Writes that a session numbers, so that one sent again is not done again: the settings
/// spark.databricks.delta.write.txnAppId and .txnVersion.
#include "engine/command/command.h"

namespace tarn::engine {

/// The number a session gave its write; of one statement.
class IdempotentWrite {
 public:
  /// Errors: DELTA_INVALID_IDEMPOTENT_WRITES_OPTIONS.MISSING_SESSION_CONFS, when one of the two is
  /// set.
  static Result<IdempotentWrite> Of(Session& session);

  /// Whether the table holds this write, or a later one of the same application.
  bool Done(const delta::Snapshot& snapshot) const;
  /// Numbers the commit.
  void Mark(delta::Transaction& txn) const;

 private:
  std::string app_id_;  // empty: writes are not numbered
  int64_t version_ = 0;
};

}  // namespace tarn::engine
