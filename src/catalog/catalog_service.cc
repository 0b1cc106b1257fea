#include "catalog/catalog_service.h"

#include "catalog/not_found.h"

namespace tarn::catalog {
namespace {

constexpr store::Scope kScope;

}  // namespace

const store::ModuleSchema& StoredTables() {
  static const store::ModuleSchema kTables = {"catalog",
                                              {{1, R"sql(
CREATE TABLE securables (account_id INTEGER, workspace_id INTEGER, kind TEXT, full_name TEXT, content TEXT,
  PRIMARY KEY (account_id, workspace_id, kind, full_name)) WITHOUT ROWID;
CREATE TABLE grants (account_id INTEGER, workspace_id INTEGER, kind TEXT, full_name TEXT, principal TEXT,
  privilege TEXT,
  PRIMARY KEY (account_id, workspace_id, kind, full_name, principal, privilege)) WITHOUT ROWID)sql",
                                                200}}};
  return kTables;
}

Result<std::unique_ptr<CatalogService>> CatalogService::Open(store::Database& database,
                                                             identity::IdentityService& identity,
                                                             CatalogOptions options,
                                                             const Clock& clock,
                                                             EventSink& events) {
  std::unique_ptr<CatalogService> service(
      new CatalogService(database, identity, std::move(options), clock, events));
  TARN_RETURN_IF_ERROR(service->Load());
  return service;
}

Status CatalogService::Load() {
  return database_.Read([&](store::Transaction& t) -> Status {
    TARN_TRY(auto objects, t.Select<std::string>(kScope, "securables", {"content"}));
    TARN_TRY(auto grants, t.Select<std::string, std::string, std::string, std::string>(
                              kScope, "grants", {"kind", "full_name", "principal", "privilege"}));
    auto state = state_.Lock();
    for (const auto& [content] : objects) {
      TARN_TRY(json::Value json, json::Parse(content));
      TARN_TRY(Securable s, Securable::FromJson(json));
      state->objects.emplace(KeyOf(s), std::move(s));
    }
    for (const auto& [kind_name, full_name, principal, privilege] : grants) {
      TARN_TRY(SecurableKind kind, ParseKind(kind_name));
      state->grants[{kind, full_name}][principal].insert(privilege);
    }
    return Ok();
  });
}

Status CatalogService::Save(store::Transaction& t, const Securable& s) const {
  return t.Put(kScope, "securables",
               {{"kind", std::string(KindName(s.kind))},
                {"full_name", s.full_name},
                {"content", s.ToJson().ToString()}});
}

Status CatalogService::Delete(store::Transaction& t, const Key& key) {
  store::Values name = {{"kind", std::string(KindName(key.first))}, {"full_name", key.second}};
  TARN_RETURN_IF_ERROR(t.Delete(kScope, "securables", name));
  TARN_RETURN_IF_ERROR(t.Delete(kScope, "grants", name));
  return Ok();
}

Status CatalogService::CheckVisible(const State& state, const identity::Principal& who,
                                    const Key& key) {
  bool there = key.first == SecurableKind::kMetastore ||
               (state.objects.contains(key) && Visible(state, who, key));
  return there ? Ok() : Status(NotFound(key.first, key.second));
}

std::vector<Securable> CatalogService::Below(const State& state, const Key& key) {
  std::vector<Securable> found;
  if (key.first != SecurableKind::kCatalog && key.first != SecurableKind::kSchema) return found;
  std::string prefix = key.second + ".";
  for (SecurableKind kind :
       {SecurableKind::kSchema, SecurableKind::kTable, SecurableKind::kVolume}) {
    for (auto at = state.objects.lower_bound({kind, prefix}); at != state.objects.end(); ++at) {
      if (at->first.first != kind || at->first.second.compare(0, prefix.size(), prefix) != 0) break;
      found.push_back(at->second);
    }
  }
  return found;
}

void CatalogService::Audit(const identity::Principal& who, std::string action,
                           const std::string& name, bool ok) const {
  events_.Emit({"unityCatalog",
                std::move(action),
                who.name,
                clock_.Now(),
                ok,
                "",
                {{"full_name_arg", name}}});
}

Result<Securable> CatalogService::Get(const identity::Principal& who, SecurableKind kind,
                                      const std::string& full_name) const {
  auto state = state_.Lock();
  Key key{kind, full_name};
  auto at = state->objects.find(key);
  if (at == state->objects.end() || !Visible(*state, who, key)) return NotFound(kind, full_name);
  return at->second;
}

Result<Securable> CatalogService::Resolve(const identity::Principal& who, SecurableKind kind,
                                          const std::string& full_name, Operation operation) const {
  TARN_TRY(Securable found, Get(who, kind, full_name));
  Decision decision = Decide(who, found, operation);
  if (!decision.allow) {
    Audit(who, "authorize", full_name, false);
    return Fail("PERMISSION_DENIED", decision.reason);
  }
  found.policy = std::move(decision.obligations);
  return found;
}

std::vector<Securable> CatalogService::ListVisible(const identity::Principal& who,
                                                   SecurableKind kind,
                                                   const std::string& parent) const {
  std::vector<Securable> found;
  auto state = state_.Lock();
  std::string prefix = parent.empty() ? "" : parent + ".";
  for (auto at = state->objects.lower_bound({kind, prefix}); at != state->objects.end(); ++at) {
    const auto& [key, object] = *at;
    if (key.first != kind || key.second.compare(0, prefix.size(), prefix) != 0) break;
    if (object.parent() == parent && Visible(*state, who, key)) found.push_back(object);
  }
  return found;
}

}  // namespace tarn::catalog
