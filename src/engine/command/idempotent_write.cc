#include "engine/command/idempotent_write.h"

#include "engine/session_settings.h"

namespace tarn::engine {

Result<IdempotentWrite> IdempotentWrite::Of(Session& session) {
  const Settings& settings = session.settings();
  IdempotentWrite write;
  write.app_id_ = TextSetting(settings, kTxnAppId);
  std::string version = TextSetting(settings, kTxnVersion);
  if (write.app_id_.empty() && version.empty()) return write;
  if (write.app_id_.empty() || version.empty()) {
    return Fail("DELTA_INVALID_IDEMPOTENT_WRITES_OPTIONS.MISSING_SESSION_CONFS",
                "Invalid options for idempotent DataFrame writes: Both " + std::string(kTxnAppId) +
                    " and " + std::string(kTxnVersion) +
                    " must be specified for idempotent Delta writes.");
  }
  write.version_ = NumberSetting(settings, kTxnVersion);
  return write;
}

bool IdempotentWrite::Done(const delta::Snapshot& snapshot) const {
  return !app_id_.empty() && snapshot.LastTransaction(app_id_) >= version_;
}

void IdempotentWrite::Mark(delta::Transaction& txn) const {
  if (!app_id_.empty()) txn.SetTransactionVersion(app_id_, version_);
}

}  // namespace tarn::engine
