#pragma once
/// \file  Warehouses as their callers may have them. Levels: compute/warehouse_access.h.
#include "api/endpoint.h"

namespace tarn::api {

/// Errors of all: RESOURCE_DOES_NOT_EXIST; PERMISSION_DENIED naming the level that is needed.
Result<compute::Warehouse> VisibleWarehouse(const Services& services,
                                            const identity::Principal& who, const std::string& id);
/// For starting it and for running statements on it.
Result<compute::Warehouse> UsableWarehouse(const Services& services, const identity::Principal& who,
                                           const std::string& id);
Result<compute::Warehouse> ManageableWarehouse(const Services& services,
                                               const identity::Principal& who,
                                               const std::string& id);

}  // namespace tarn::api
