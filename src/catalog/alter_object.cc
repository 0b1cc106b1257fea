#include "catalog/catalog_service.h"
#include "catalog/not_found.h"

namespace tarn::catalog {
namespace {

void Apply(const ObjectChange& change, Securable& object) {
  if (change.comment) object.comment = *change.comment;
  if (change.owner) object.owner = *change.owner;
  if (change.properties) object.properties = *change.properties;
  if (change.columns) object.columns = *change.columns;
  if (change.partition_columns) object.partition_columns = *change.partition_columns;
}

}  // namespace

Result<Securable> CatalogService::Alter(const identity::Principal& who, SecurableKind kind,
                                        const std::string& full_name, const ObjectChange& asked,
                                        const std::string& id) {
  ObjectChange change = asked;
  if (change.owner) {
    TARN_TRY(change.owner, identity_.FindGrantee(*change.owner));
  }
  std::string new_name;
  if (change.new_name) {
    TARN_TRY(new_name, FullName({*change.new_name}));
  }
  auto state = state_.Lock();
  Key key{kind, full_name};
  TARN_RETURN_IF_ERROR(CheckVisible(*state, who, key));
  if (kind == SecurableKind::kMetastore)
    return Fail("INVALID_PARAMETER_VALUE", "The metastore cannot be changed.");
  Decision decision = DecideIn(*state, who, key, Operation::kManage);
  Audit(who, "update" + KindTitle(kind), full_name, decision.allow);
  if (!decision.allow) return Fail("PERMISSION_DENIED", decision.reason);
  Securable next = state->objects.at(key);
  if (!id.empty() && next.id != id) {
    return Fail("RESOURCE_CONFLICT", KindTitle(kind) + " '" + full_name +
                                         "' was dropped and made anew meanwhile. Try again.");
  }
  Apply(change, next);
  next.updated_ms = clock_.NowMillis();
  if (!new_name.empty())
    next.full_name = next.parent().empty() ? new_name : next.parent() + "." + new_name;
  bool renamed = next.full_name != full_name;
  if (renamed && state->objects.contains(KeyOf(next))) return AlreadyExists(kind, next.full_name);

  std::vector<std::pair<Key, Securable>> changed = {{key, next}};
  if (renamed) {
    for (Securable& below : Below(*state, key)) {
      Key old = KeyOf(below);
      below.full_name = next.full_name + below.full_name.substr(full_name.size());
      changed.emplace_back(std::move(old), std::move(below));
    }
  }
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) -> Status {
    for (const auto& [old, object] : changed) {
      if (renamed) {
        TARN_RETURN_IF_ERROR(Delete(t, old));
        for (const auto& [principal, privileges] : state->grants[old]) {
          for (const std::string& privilege : privileges)
            TARN_RETURN_IF_ERROR(SaveGrant(t, KeyOf(object), principal, privilege));
        }
      }
      TARN_RETURN_IF_ERROR(Save(t, object));
    }
    return Ok();
  }));
  for (auto& [old, object] : changed) {
    state->objects.erase(old);
    auto grants = state->grants.extract(old);
    if (!grants.empty()) {
      grants.key() = KeyOf(object);
      state->grants.insert(std::move(grants));
    }
    state->objects.emplace(KeyOf(object), std::move(object));
  }
  ++epoch_;
  return next;
}

}  // namespace tarn::catalog
