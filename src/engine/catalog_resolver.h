#pragma once
/// \file  plan::RelationResolver over the catalog and Delta: where a name becomes a governed
/// snapshot.
#include "engine/session.h"

namespace tarn::engine {

/// Lives for one statement.
class CatalogResolver final : public plan::RelationResolver {
 public:
  explicit CatalogResolver(Session& session) : session_(session) {}

  Result<plan::TableBinding> ResolveTable(const std::vector<std::string>& name,
                                          const plan::TimeTravel& travel) override;
  Result<plan::FileSource> ResolveFiles(
      const std::string& path, const std::string& format,
      const std::vector<std::pair<std::string, std::string>>& options) override;

  /// The same for a table that is to be changed; also gives its record.
  struct Target {
    catalog::Securable table;
    plan::TableBinding binding;
    std::shared_ptr<const delta::Snapshot> snapshot;
  };
  Result<Target> ResolveTarget(const std::vector<std::string>& name, catalog::Operation operation);

  /// A file path of the user's as a path of this machine. Errors: PERMISSION_DENIED, INVALID_PATH.
  Result<std::string> ResolvePath(const std::string& path, catalog::Operation operation);

 private:
  Session& session_;
};

}  // namespace tarn::engine
