#include "api/warehouses/access.h"

namespace tarn::api {
namespace {

using compute::Warehouse;
using compute::WarehouseLevel;

Result<Warehouse> WarehouseWith(const Services& services, const identity::Principal& who,
                                const std::string& id, bool (*suffices)(WarehouseLevel),
                                WarehouseLevel needed) {
  TARN_TRY(Warehouse warehouse, services.warehouses->Get(id));
  if (suffices(warehouse.access.LevelOf(who))) return warehouse;
  return Fail("PERMISSION_DENIED", "You need " + std::string(compute::LevelName(needed)) +
                                       " on the SQL warehouse " + id +
                                       ". Ask its owner or an administrator of the workspace.");
}

}  // namespace

Result<Warehouse> VisibleWarehouse(const Services& services, const identity::Principal& who,
                                   const std::string& id) {
  return WarehouseWith(services, who, id, &compute::MaySee, WarehouseLevel::kCanView);
}

Result<Warehouse> UsableWarehouse(const Services& services, const identity::Principal& who,
                                  const std::string& id) {
  return WarehouseWith(services, who, id, &compute::MayUse, WarehouseLevel::kCanUse);
}

Result<Warehouse> ManageableWarehouse(const Services& services, const identity::Principal& who,
                                      const std::string& id) {
  return WarehouseWith(services, who, id, &compute::MayManage, WarehouseLevel::kCanManage);
}

}  // namespace tarn::api
