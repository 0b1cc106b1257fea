#pragma once
/// \file  plan::RelationResolver over the catalog and Delta: where a name becomes a governed
/// snapshot.
#include <map>

#include "engine/session.h"

namespace tarn::engine {

/// Statements that change data do not know how to keep a policy: rows that their caller may not see
/// would be counted, rewritten or moved. Errors: UNSUPPORTED_FEATURE for a table that has one.
Status CheckNoPolicy(const catalog::Securable& table);

/// Lives for one statement and pins what it found: all references of the statement to a table see
/// one version. Not thread-safe.
class CatalogResolver final : public plan::RelationResolver {
 public:
  explicit CatalogResolver(Session& session) : session_(session) {}

  Result<plan::TableBinding> ResolveTable(const std::vector<std::string>& name,
                                          const plan::TimeTravel& travel) override;
  Result<std::vector<plan::TableBinding>> ResolveChanges(
      const std::vector<std::string>& name, const plan::TimeTravel& from,
      const std::optional<plan::TimeTravel>& to) override;
  Result<plan::TableBinding> Evolve(const plan::TableBinding& target,
                                    columnar::Schema schema) override;
  Result<plan::TableBinding> ResolveTarget(const std::vector<std::string>& name,
                                           plan::TargetUse use) override;
  Result<plan::FileSource> ResolveFiles(
      const std::string& path, const std::string& format,
      const std::vector<std::pair<std::string, std::string>>& options) override;
  Result<plan::FileSource> ResolveCopySource(const plan::TableBinding& target,
                                             const sql::CopyInto& copy) override;

  /// A table by its complete name, or delta.`/path`.
  struct Table {
    std::vector<std::string> name;  ///< as the catalog spells it
    std::string location;
    std::optional<catalog::Securable> record;  ///< empty for a table by path
  };
  /// Asks for each of the operations. With none the table only has to be visible. Errors: those of
  /// catalog::Catalog::Resolve; INVALID_PATH, PERMISSION_DENIED for a path.
  Result<Table> Find(const std::vector<std::string>& name,
                     std::initializer_list<catalog::Operation> operations);
  /// The version that this statement works with: the newest when it was first asked for.
  /// Errors: DELTA_TABLE_NOT_FOUND and the others of delta::Log::Load.
  Result<std::shared_ptr<const delta::Snapshot>> Pin(const std::string& location);

  /// Refuses a snapshot of the table that names files which the caller may not read. A table by its
  /// path may not name files of other tables, whoever asks.
  Status CheckOutsideFiles(const Table& table, const delta::Snapshot& snapshot) const;

  /// A file path of the user's as a path of this machine. Errors: PERMISSION_DENIED, INVALID_PATH.
  Result<std::string> ResolvePath(const std::string& path, catalog::Operation operation);

 private:
  Session& session_;
  std::map<std::string, std::shared_ptr<const delta::Snapshot>> pinned_;
};

/// The snapshot a CatalogResolver bound.
std::shared_ptr<const delta::Snapshot> SnapshotOf(const plan::TableBinding& binding);

}  // namespace tarn::engine
