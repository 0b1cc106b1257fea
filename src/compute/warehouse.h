#pragma once
/// \file  A SQL warehouse as the Warehouses API shows it.
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "compute/warehouse_access.h"

namespace tarn::compute {

/// States of the Warehouses API.
enum class WarehouseState { kStarting, kRunning, kStopping, kStopped, kDeleting, kDeleted };
std::string_view StateName(WarehouseState state);
/// The one table of transitions.
bool CanMove(WarehouseState from, WarehouseState to);

/// What a user sets. Values as the API spells them.
struct WarehouseSettings {
  std::string name;
  std::string cluster_size = "2X-Small";
  std::string warehouse_type = "PRO";
  std::string channel = "CHANNEL_NAME_CURRENT";
  int64_t auto_stop_minutes = 120;  ///< 0: never
  int64_t min_clusters = 1;
  int64_t max_clusters = 1;
  std::string spot_instance_policy = "COST_OPTIMIZED";
  bool enable_photon = true;
  bool enable_serverless_compute = false;
  std::vector<std::pair<std::string, std::string>> tags;

  /// Errors: INVALID_PARAMETER_VALUE naming the field.
  Status Validate() const;
  json::Value ToJson() const;
  static WarehouseSettings FromJson(const json::Value& json);
};

struct Warehouse {
  std::string id;
  std::string creator;
  WarehouseSettings settings;
  WarehouseAccess access;
  WarehouseState state = WarehouseState::kStopped;
  std::string health;   ///< why it could not start or was stopped; empty when it is well
  int64_t running = 0;  ///< statements right now
  std::string node_id;  ///< while there is a node
  int node_pid = 0;
};

}  // namespace tarn::compute
