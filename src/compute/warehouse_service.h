#pragma once
/// \file  SQL warehouses: records and their states.
#include <map>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "base/result.h"

namespace tarn::compute {

/// States of the Warehouses API. Transitions: see warehouse_service.cc.
enum class WarehouseState { kStarting, kRunning, kStopping, kStopped, kDeleting, kDeleted };
std::string_view StateName(WarehouseState state);

struct Warehouse {
  std::string id;
  std::string name;
  std::string cluster_size = "2X-Small";
  int auto_stop_minutes = 10;
  std::string creator;
  WarehouseState state = WarehouseState::kStopped;
};

/// Thread-safe. Lives in memory: a server starts with the warehouses it was given.
class WarehouseService {
 public:
  Warehouse Create(std::string name, std::string creator);
  std::vector<Warehouse> List() const;
  /// Errors of the rest: RESOURCE_DOES_NOT_EXIST; INVALID_STATE for a transition that does not
  /// exist.
  Result<Warehouse> Get(const std::string& id) const;
  Status Start(const std::string& id);
  Status Stop(const std::string& id);
  Status Delete(const std::string& id);
  /// Makes sure that the warehouse runs: the first statement wakes a stopped one.
  Status Wake(const std::string& id);

 private:
  Status Move(const std::string& id, WarehouseState to);
  Guarded<std::map<std::string, Warehouse>> warehouses_;
};

}  // namespace tarn::compute
