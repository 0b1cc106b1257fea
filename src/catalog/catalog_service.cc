#include "catalog/catalog_service.h"

#include <algorithm>
#include <filesystem>

#include "base/ids.h"
#include "io/object_store.h"

namespace tarn::catalog {
namespace {

constexpr store::Scope kScope;

Error NotFound(SecurableKind kind, const std::string& name) {
  std::string quoted;
  size_t begin = 0;
  while (begin <= name.size()) {
    size_t dot = std::min(name.find('.', begin), name.size());
    quoted +=
        (quoted.empty() ? "" : ".") + columnar::QuoteIdentifier(name.substr(begin, dot - begin));
    begin = dot + 1;
  }
  switch (kind) {
    case SecurableKind::kCatalog:
      return Fail("CATALOG_NOT_FOUND",
                  "The catalog " + quoted +
                      " cannot be found. Verify the spelling and correctness of the name.",
                  {{"catalogName", quoted}});
    case SecurableKind::kSchema:
      return Fail(
          "SCHEMA_NOT_FOUND",
          "The schema " + quoted +
              " cannot be found. Verify the spelling and correctness of the schema and catalog.",
          {{"schemaName", quoted}});
    case SecurableKind::kTable:
      return Fail(
          "TABLE_OR_VIEW_NOT_FOUND",
          "The table or view " + quoted +
              " cannot be found. Verify the spelling and correctness of the schema and catalog.",
          {{"relationName", quoted}});
    default:
      return Fail("RESOURCE_DOES_NOT_EXIST", "Volume '" + name + "' does not exist.");
  }
}

std::string_view AlreadyExists(SecurableKind kind) {
  switch (kind) {
    case SecurableKind::kCatalog:
      return "CATALOG_ALREADY_EXISTS";
    case SecurableKind::kSchema:
      return "SCHEMA_ALREADY_EXISTS";
    case SecurableKind::kTable:
      return "TABLE_OR_VIEW_ALREADY_EXISTS";
    default:
      return "RESOURCE_ALREADY_EXISTS";
  }
}

Operation CreateOperation(SecurableKind kind) {
  switch (kind) {
    case SecurableKind::kCatalog:
      return Operation::kCreateCatalog;
    case SecurableKind::kSchema:
      return Operation::kCreateSchema;
    case SecurableKind::kVolume:
      return Operation::kCreateVolume;
    default:
      return Operation::kCreateTable;
  }
}

SecurableKind ParentKind(SecurableKind kind) {
  return kind == SecurableKind::kCatalog  ? SecurableKind::kMetastore
         : kind == SecurableKind::kSchema ? SecurableKind::kCatalog
                                          : SecurableKind::kSchema;
}

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

Result<Securable> CatalogService::Create(const identity::Principal& who, Securable draft) {
  auto state = state_.Lock();
  Key parent{ParentKind(draft.kind), draft.parent()};
  if (parent.first != SecurableKind::kMetastore &&
      (!state->objects.contains(parent) || !Visible(*state, who, parent))) {
    return NotFound(parent.first, parent.second);
  }
  Decision decision = DecideIn(*state, who, parent, CreateOperation(draft.kind));
  Audit(who, "create" + std::string(KindName(draft.kind)), draft.full_name, decision.allow);
  if (!decision.allow) return Fail("PERMISSION_DENIED", decision.reason);
  Key key = KeyOf(draft);
  if (state->objects.contains(key)) {
    return Fail(AlreadyExists(draft.kind),
                std::string(KindName(draft.kind)) + " '" + draft.full_name + "' already exists");
  }
  draft.id = NewUuid();
  draft.owner = draft.created_by = who.name;
  draft.created_ms = draft.updated_ms = clock_.NowMillis();
  bool stored = draft.kind == SecurableKind::kTable || draft.kind == SecurableKind::kVolume;
  if (stored && draft.storage_location.empty()) {
    draft.managed = true;
    draft.storage_location =
        io::JoinPath(io::JoinPath(options_.managed_root,
                                  draft.kind == SecurableKind::kTable ? "tables" : "volumes"),
                     draft.id);
  }
  if (draft.kind == SecurableKind::kVolume) {
    std::error_code made;
    std::filesystem::create_directories(draft.storage_location, made);
    if (made)
      return Fail("IO_ERROR",
                  "cannot make the folder " + draft.storage_location + ": " + made.message());
  }
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) { return Save(t, draft); }));
  state->objects.emplace(key, draft);
  ++epoch_;
  return draft;
}

Result<std::vector<Securable>> CatalogService::Drop(const identity::Principal& who,
                                                    SecurableKind kind,
                                                    const std::string& full_name, bool cascade) {
  auto state = state_.Lock();
  Key key{kind, full_name};
  if (!state->objects.contains(key) || !Visible(*state, who, key)) return NotFound(kind, full_name);
  Decision decision = DecideIn(*state, who, key, Operation::kManage);
  Audit(who, "delete" + std::string(KindName(kind)), full_name, decision.allow);
  if (!decision.allow) return Fail("PERMISSION_DENIED", decision.reason);
  std::vector<Securable> dropped;
  for (const auto& [other, object] : state->objects) {
    bool below = other.second.size() > full_name.size() &&
                 other.second.compare(0, full_name.size() + 1, full_name + ".") == 0;
    if (below && kind != SecurableKind::kTable && kind != SecurableKind::kVolume)
      dropped.push_back(object);
  }
  if (!dropped.empty() && !cascade) {
    return Fail(kind == SecurableKind::kCatalog ? "CATALOG_NOT_EMPTY" : "SCHEMA_NOT_EMPTY",
                "Cannot drop '" + full_name +
                    "' because it contains objects. Use DROP ... CASCADE to drop them too.");
  }
  dropped.push_back(state->objects.at(key));
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) -> Status {
    for (const Securable& s : dropped) {
      store::Values name = {{"kind", std::string(KindName(s.kind))}, {"full_name", s.full_name}};
      TARN_RETURN_IF_ERROR(t.Delete(kScope, "securables", name));
      TARN_RETURN_IF_ERROR(t.Delete(kScope, "grants", name));
    }
    return Ok();
  }));
  for (const Securable& s : dropped) {
    state->objects.erase(KeyOf(s));
    state->grants.erase(KeyOf(s));
  }
  ++epoch_;
  return dropped;
}

Status CatalogService::Update(const identity::Principal& who, const Securable& changed,
                              Operation needed) {
  auto state = state_.Lock();
  auto at = state->objects.find(KeyOf(changed));
  if (at == state->objects.end() || !Visible(*state, who, at->first))
    return NotFound(changed.kind, changed.full_name);
  Decision decision = DecideIn(*state, who, at->first, needed);
  if (!decision.allow) return Fail("PERMISSION_DENIED", decision.reason);
  Securable next = changed;
  next.updated_ms = clock_.NowMillis();
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) { return Save(t, next); }));
  at->second = std::move(next);
  ++epoch_;
  return Ok();
}

Result<Securable> CatalogService::Get(const identity::Principal& who, SecurableKind kind,
                                      const std::string& full_name) const {
  auto state = state_.Lock();
  auto at = state->objects.find({kind, full_name});
  if (at == state->objects.end() || !Visible(*state, who, at->first))
    return NotFound(kind, full_name);
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
  return found;
}

std::vector<Securable> CatalogService::ListVisible(const identity::Principal& who,
                                                   SecurableKind kind,
                                                   const std::string& parent) const {
  std::vector<Securable> found;
  auto state = state_.Lock();
  for (const auto& [key, object] : state->objects) {
    if (key.first == kind && object.parent() == parent && Visible(*state, who, key))
      found.push_back(object);
  }
  return found;
}

Result<std::vector<PrivilegeAssignment>> CatalogService::GetGrants(
    const identity::Principal& who, SecurableKind kind, const std::string& full_name) const {
  auto state = state_.Lock();
  Key key{kind, full_name};
  if (kind != SecurableKind::kMetastore &&
      (!state->objects.contains(key) || !Visible(*state, who, key))) {
    return NotFound(kind, full_name);
  }
  std::vector<PrivilegeAssignment> result;
  auto grants = state->grants.find(key);
  if (grants == state->grants.end()) return result;
  for (const auto& [principal, privileges] : grants->second) {
    if (!privileges.empty()) result.push_back({principal, {privileges.begin(), privileges.end()}});
  }
  return result;
}

Status CatalogService::Grant(const identity::Principal& who, SecurableKind kind,
                             const std::string& full_name, const std::string& grantee,
                             const std::vector<std::string>& add,
                             const std::vector<std::string>& remove) {
  Result<std::string> known_grantee = identity_.FindGrantee(grantee);
  const std::string principal = known_grantee.ok() ? *known_grantee : grantee;
  const std::vector<std::string>& known = PrivilegesOf(kind);
  for (const auto* list : {&add, &remove}) {
    for (const std::string& privilege : *list) {
      if (std::find(known.begin(), known.end(), privilege) == known.end()) {
        return Fail("INVALID_PARAMETER_VALUE",
                    "Privilege " + privilege + " is not applicable to this entity [" + full_name +
                        ":" + std::string(KindName(kind)) + "].");
      }
    }
  }
  auto state = state_.Lock();
  Key key{kind, full_name};
  if (kind != SecurableKind::kMetastore &&
      (!state->objects.contains(key) || !Visible(*state, who, key))) {
    return NotFound(kind, full_name);
  }
  // What somebody held who is gone can still be taken back.
  auto held = state->grants.find(key);
  bool gone = add.empty() && held != state->grants.end() && held->second.contains(principal);
  if (!known_grantee.ok() && !gone) return known_grantee.error();
  Decision decision = DecideIn(*state, who, key, Operation::kManage);
  Audit(who, "updatePermissions", full_name, decision.allow);
  if (!decision.allow) return Fail("PERMISSION_DENIED", decision.reason);
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) -> Status {
    auto row = [&](const std::string& privilege) {
      return store::Values{{"kind", std::string(KindName(kind))},
                           {"full_name", full_name},
                           {"principal", principal},
                           {"privilege", privilege}};
    };
    for (const std::string& privilege : add)
      TARN_RETURN_IF_ERROR(t.Put(kScope, "grants", row(privilege)));
    for (const std::string& privilege : remove)
      TARN_RETURN_IF_ERROR(t.Delete(kScope, "grants", row(privilege)));
    return Ok();
  }));
  ++epoch_;
  auto& set = state->grants[key][principal];
  for (const std::string& privilege : add) set.insert(privilege);
  for (const std::string& privilege : remove) set.erase(privilege);
  return Ok();
}

Result<std::string> CatalogService::ResolveVolumePath(const identity::Principal& who,
                                                      const std::string& path,
                                                      Operation operation) const {
  TARN_TRY(std::string normal, io::NormalizePath(path));
  std::vector<std::string> parts;
  size_t begin = 1;
  while (begin < normal.size() && parts.size() < 4) {
    size_t slash = std::min(normal.find('/', begin), normal.size());
    parts.push_back(normal.substr(begin, slash - begin));
    begin = slash + 1;
  }
  if (parts.size() < 4 || parts[0] != "Volumes") {
    return Fail("INVALID_PATH",
                "'" + path + "' is not a path in a volume: /Volumes/<catalog>/<schema>/<volume>/…");
  }
  TARN_TRY(std::string name, FullName({parts[1], parts[2], parts[3]}));
  TARN_TRY(Securable volume, Resolve(who, SecurableKind::kVolume, name, operation));
  std::string rest = begin < normal.size() ? normal.substr(begin) : "";
  std::string target =
      rest.empty() ? volume.storage_location : io::JoinPath(volume.storage_location, rest);
  // A link inside the volume must not lead out of it.
  std::error_code error;
  std::string real = std::filesystem::weakly_canonical(target, error).string();
  std::string root = std::filesystem::weakly_canonical(volume.storage_location, error).string();
  if (error || !io::IsWithin(real, root))
    return Fail("INVALID_PATH", "'" + path + "' leads out of its volume.");
  return target;
}

Result<std::string> CatalogService::ResolveExternalPath(const identity::Principal& who,
                                                        const std::string& path) const {
  TARN_TRY(std::string normal, io::NormalizePath(path));
  std::error_code error;
  std::string real = std::filesystem::weakly_canonical(normal, error).string();
  for (const std::string& folder : options_.allowed_folders) {
    if (!error && io::IsWithin(real, folder) && who.is_admin) return normal;
  }
  return Fail("PERMISSION_DENIED", "The path '" + path +
                                       "' is not in a folder that an administrator has allowed "
                                       "(--allowed-folders), or you are not an administrator.");
}

}  // namespace tarn::catalog
