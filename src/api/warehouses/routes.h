#pragma once
/// \file  The routes of the Warehouses API, by group.
#include "api/endpoint.h"

namespace tarn::api {

void AddWarehousePermissions(net::Router& router, const Services& services);

}  // namespace tarn::api
