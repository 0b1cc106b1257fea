#include <filesystem>

#include "base/ids.h"
#include "catalog/catalog_service.h"
#include "catalog/not_found.h"
#include "io/object_store.h"

namespace tarn::catalog {
namespace {

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

// As in the real system, a new catalog has a schema to start with.
Securable DefaultSchema(const Securable& catalog) {
  Securable schema = catalog;
  schema.kind = SecurableKind::kSchema;
  schema.full_name = catalog.full_name + ".default";
  schema.id = NewUuid();
  schema.comment = "Default schema (auto-created)";
  schema.properties.clear();
  return schema;
}

}  // namespace

Result<Securable> CatalogService::Create(const identity::Principal& who, Securable draft) {
  bool stored = draft.kind == SecurableKind::kTable || draft.kind == SecurableKind::kVolume;
  draft.managed = draft.storage_location.empty();
  if (!draft.managed) {
    TARN_TRY(draft.storage_location, ResolveExternalPath(who, draft.storage_location));
  }
  auto state = state_.Lock();
  Key parent{ParentKind(draft.kind), draft.parent()};
  TARN_RETURN_IF_ERROR(CheckVisible(*state, who, parent));
  Decision decision = DecideIn(*state, who, parent, CreateOperation(draft.kind));
  Audit(who, "create" + KindTitle(draft.kind), draft.full_name, decision.allow);
  if (!decision.allow) return Fail("PERMISSION_DENIED", decision.reason);
  Key key = KeyOf(draft);
  if (state->objects.contains(key)) return AlreadyExists(draft.kind, draft.full_name);
  draft.id = NewUuid();
  draft.owner = draft.created_by = who.name;
  draft.created_ms = draft.updated_ms = clock_.NowMillis();
  if (stored && draft.managed) {
    draft.storage_location =
        io::JoinPath(io::JoinPath(options_.managed_root,
                                  draft.kind == SecurableKind::kTable ? "tables" : "volumes"),
                     draft.id);
  } else if (stored) {
    TARN_RETURN_IF_ERROR(CheckOverlap(*state, draft));
  }
  if (draft.kind == SecurableKind::kVolume) {
    std::error_code made;
    std::filesystem::create_directories(draft.storage_location, made);
    if (made)
      return Fail("IO_ERROR",
                  "cannot make the folder " + draft.storage_location + ": " + made.message());
  }
  std::vector<Securable> added = {draft};
  if (draft.kind == SecurableKind::kCatalog) added.push_back(DefaultSchema(draft));
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) -> Status {
    for (const Securable& object : added) TARN_RETURN_IF_ERROR(Save(t, object));
    return Ok();
  }));
  for (Securable& object : added) state->objects.emplace(KeyOf(object), std::move(object));
  ++epoch_;
  return draft;
}

}  // namespace tarn::catalog
