#include <filesystem>

#include "base/log.h"
#include "catalog/catalog_service.h"
#include "catalog/not_found.h"

namespace tarn::catalog {

Result<std::vector<Securable>> CatalogService::Drop(const identity::Principal& who,
                                                    SecurableKind kind,
                                                    const std::string& full_name, bool cascade) {
  std::vector<Securable> dropped;
  {
    auto state = state_.Lock();
    Key key{kind, full_name};
    TARN_RETURN_IF_ERROR(CheckVisible(*state, who, key));
    if (kind == SecurableKind::kMetastore)
      return Fail("INVALID_PARAMETER_VALUE", "The metastore cannot be dropped.");
    Decision decision = DecideIn(*state, who, key, Operation::kManage);
    Audit(who, "delete" + KindTitle(kind), full_name, decision.allow);
    if (!decision.allow) return Fail("PERMISSION_DENIED", decision.reason);
    dropped = Below(*state, key);
    if (!dropped.empty() && !cascade) {
      return Fail(kind == SecurableKind::kCatalog ? "CATALOG_NOT_EMPTY" : "SCHEMA_NOT_EMPTY",
                  "Cannot drop '" + full_name +
                      "' because it contains objects. Use DROP ... CASCADE to drop them too.");
    }
    dropped.push_back(state->objects.at(key));
    TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) -> Status {
      for (const Securable& s : dropped) TARN_RETURN_IF_ERROR(Delete(t, KeyOf(s)));
      return Ok();
    }));
    for (const Securable& s : dropped) {
      state->objects.erase(KeyOf(s));
      state->grants.erase(KeyOf(s));
    }
    ++epoch_;
  }
  for (const Securable& object : dropped) {
    if (!object.managed || object.storage_location.empty()) continue;
    std::error_code error;
    std::filesystem::remove_all(object.storage_location, error);
    if (error) {
      LogWarn("files of a dropped object are left",
              {{"folder", object.storage_location}, {"why", error.message()}});
    }
  }
  return dropped;
}

}  // namespace tarn::catalog
