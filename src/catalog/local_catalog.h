#pragma once
/// \file  The catalog over the metadata database: what the server runs.
#include <chrono>
#include <memory>

#include "base/clock.h"
#include "base/event.h"
#include "catalog/catalog_service.h"
#include "identity/identity_service.h"
#include "store/database.h"

namespace tarn::catalog {

/// The history of this module's tables, for Database::Open.
const std::vector<store::Migration>& Migrations();

struct CatalogOptions {
  std::string data_dir;  ///< managed storage lives below its "managed" folder; never allowed as a
                         ///< place for external objects
  /// Folders of this machine that an administrator has allowed in the configuration. Each becomes
  /// an external location at start; no external location may lie outside of them unless
  /// `any_folder` is set.
  std::vector<std::string> allowed_folders;
  bool any_folder = false;  ///< metastore administrators may allow any folder at run time
  std::chrono::hours staged_lifetime{1};        ///< before an uncommitted table is removed
  std::chrono::hours dropped_lifetime{24 * 7};  ///< before files of a dropped table are removed
};

/// Answers reads from memory. Changes are serialized, on disk when the call returns, and emitted as
/// audit events, as every refusal is. Keeps references to what it was opened with.
class LocalCatalog : public CatalogService {
 public:
  /// Errors: INVALID_PARAMETER_VALUE (options), DATA_FOLDER_CORRUPT, store's.
  static Result<std::unique_ptr<LocalCatalog>> Open(store::Database& database,
                                                    identity::IdentityService& identity,
                                                    const Clock& clock, EventSink& events,
                                                    const CatalogOptions& options);
  /// Removes files of tables and volumes dropped long enough ago, and of tables staged but never
  /// committed. Call now and then. Returns how many places were removed.
  virtual Result<int64_t> CollectGarbage() = 0;
};

}  // namespace tarn::catalog
