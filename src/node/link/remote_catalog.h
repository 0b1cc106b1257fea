#pragma once
/// \file  The catalog as a node sees it: questions to the server, with answers kept as long as
/// nothing has changed there.
#include <map>
#include <memory>
#include <mutex>

#include "catalog/catalog.h"

namespace tarn::node {

/// Sends one question and waits for the answer. Thread-safe.
class CatalogLink {
 public:
  virtual ~CatalogLink() = default;
  /// `request` and the answer are CatalogRequest and CatalogReply, serialized. Errors:
  /// CONNECTION_FAILED.
  virtual Result<std::string> Ask(const std::string& request) = 0;
};

/// Answers of Get and Resolve by who asked for what. Thread-safe.
class CatalogCache {
 public:
  struct Key {
    std::string principal;  ///< with what the decision rests on: groups may change meanwhile
    catalog::SecurableKind kind;
    std::string full_name;
    int operation;
    auto operator<=>(const Key&) const = default;
  };
  /// An answer that was looked up at `epoch` or later.
  std::optional<catalog::Securable> Find(const Key& key, uint64_t epoch) const;
  void Put(Key key, uint64_t epoch, catalog::Securable object);

 private:
  static constexpr size_t kMaxEntries = 10'000;
  struct Entry {
    uint64_t epoch;
    catalog::Securable object;
  };
  mutable std::mutex mutex_;
  std::map<Key, Entry> entries_;
};

/// The catalog for one statement. `epoch` came with the statement: nothing older than it is used,
/// so that a grant that was taken back before the statement began is seen. Not thread-safe but for
/// const calls.
class StatementCatalog final : public catalog::Catalog {
 public:
  StatementCatalog(CatalogLink& link, CatalogCache& cache, uint64_t statement, uint64_t epoch)
      : link_(link), cache_(cache), statement_(statement), epoch_(epoch) {}

  Result<catalog::Securable> Create(const identity::Principal& who,
                                    catalog::Securable draft) override;
  Result<std::vector<catalog::Securable>> Drop(const identity::Principal& who,
                                               catalog::SecurableKind kind,
                                               const std::string& full_name, bool cascade) override;
  Result<catalog::Securable> Alter(const identity::Principal& who, catalog::SecurableKind kind,
                                   const std::string& full_name,
                                   const catalog::ObjectChange& change,
                                   const std::string& id) override;
  Result<catalog::Securable> Get(const identity::Principal& who, catalog::SecurableKind kind,
                                 const std::string& full_name) const override;
  Result<catalog::Securable> Resolve(const identity::Principal& who, catalog::SecurableKind kind,
                                     const std::string& full_name,
                                     catalog::Operation operation) const override;
  Result<std::vector<catalog::Securable>> List(const identity::Principal& who,
                                               catalog::SecurableKind kind,
                                               const std::string& parent) const override;
  Result<std::vector<catalog::PrivilegeAssignment>> GetGrants(
      const identity::Principal& who, catalog::SecurableKind kind,
      const std::string& full_name) const override;
  Status ChangeGrants(const identity::Principal& who, catalog::SecurableKind kind,
                      const std::string& full_name,
                      const std::vector<catalog::GrantChange>& changes) override;
  Result<std::string> ResolveVolumePath(const identity::Principal& who, const std::string& path,
                                        catalog::Operation operation) const override;
  Result<std::string> ResolveTableFile(const identity::Principal& who,
                                       const std::string& path) const override;
  Result<std::string> ResolveExternalPath(const identity::Principal& who,
                                          const std::string& path) const override;

 private:
  struct Answer;
  Result<Answer> Ask(std::string request) const;
  Result<catalog::Securable> Lookup(const identity::Principal& who, catalog::SecurableKind kind,
                                    const std::string& full_name, int operation) const;

  CatalogLink& link_;
  CatalogCache& cache_;
  const uint64_t statement_;
  uint64_t epoch_;
};

}  // namespace tarn::node
