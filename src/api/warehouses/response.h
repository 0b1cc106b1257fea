#pragma once
/// \file  A warehouse in the JSON of the Warehouses API.
#include "api/endpoint.h"

namespace tarn::api {

/// With the addresses under which this request reached the server.
json::Value WarehouseJson(const net::Request& request, const compute::Warehouse& warehouse);

}  // namespace tarn::api
