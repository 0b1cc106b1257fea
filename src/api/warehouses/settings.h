#pragma once
/// \file  What a request says about a warehouse, over what there is.
#include "api/fields.h"
#include "compute/warehouse.h"

namespace tarn::api {

/// The settings that `body` names replace those of `warehouse`; the others stay. Whether values go
/// together is WarehouseSettings::Validate's matter.
/// Errors: INVALID_PARAMETER_VALUE naming the field; UNSUPPORTED_FEATURE for one not honoured.
Result<compute::WarehouseSettings> MergeSettings(const Fields& body,
                                                 const compute::Warehouse& warehouse);

}  // namespace tarn::api
