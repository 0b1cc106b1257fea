#include "compute/warehouse.h"

#include <algorithm>

namespace tarn::compute {
namespace {

struct Transition {
  WarehouseState from;
  WarehouseState to;
};

constexpr Transition kTransitions[] = {
    {WarehouseState::kStopped, WarehouseState::kStarting},
    {WarehouseState::kStarting, WarehouseState::kRunning},
    {WarehouseState::kStarting, WarehouseState::kStopping},
    {WarehouseState::kRunning, WarehouseState::kStarting},  // its node was lost
    {WarehouseState::kRunning, WarehouseState::kStopping},
    {WarehouseState::kStopping, WarehouseState::kStopped},
    {WarehouseState::kStarting, WarehouseState::kDeleting},
    {WarehouseState::kRunning, WarehouseState::kDeleting},
    {WarehouseState::kStopping, WarehouseState::kDeleting},
    {WarehouseState::kStopped, WarehouseState::kDeleting},
    {WarehouseState::kDeleting, WarehouseState::kDeleted},
};

constexpr std::string_view kSizes[] = {"2X-Small", "X-Small",  "Small",    "Medium",  "Large",
                                       "X-Large",  "2X-Large", "3X-Large", "4X-Large"};
constexpr std::string_view kTypes[] = {"PRO", "CLASSIC", "TYPE_UNSPECIFIED"};
// There is one version of the engine: the next one is this one.
constexpr std::string_view kChannels[] = {"CHANNEL_NAME_CURRENT", "CHANNEL_NAME_PREVIEW"};
constexpr std::string_view kSpotPolicies[] = {"COST_OPTIMIZED", "RELIABILITY_OPTIMIZED",
                                              "POLICY_UNSPECIFIED"};
constexpr int64_t kMaxClusters = 30;
constexpr size_t kMaxTags = 45;

template <typename List>
bool OneOf(const List& list, const std::string& value) {
  return std::find(std::begin(list), std::end(list), value) != std::end(list);
}

}  // namespace

std::string_view StateName(WarehouseState state) {
  static constexpr std::string_view kNames[] = {"STARTING", "RUNNING",  "STOPPING",
                                                "STOPPED",  "DELETING", "DELETED"};
  return kNames[static_cast<int>(state)];
}

bool CanMove(WarehouseState from, WarehouseState to) {
  return std::any_of(std::begin(kTransitions), std::end(kTransitions),
                     [&](const Transition& t) { return t.from == from && t.to == to; });
}

Status WarehouseSettings::Validate() const {
  auto bad = [](const std::string& message) { return Fail("INVALID_PARAMETER_VALUE", message); };
  if (name.empty() || name.size() > 100)
    return bad("The name of a warehouse has between 1 and 100 characters.");
  if (!OneOf(kSizes, cluster_size)) {
    return bad("'" + cluster_size +
               "' is no cluster_size; the sizes are 2X-Small, X-Small, Small, Medium, Large, "
               "X-Large, 2X-Large, 3X-Large and 4X-Large.");
  }
  if (!OneOf(kTypes, warehouse_type))
    return bad("'" + warehouse_type + "' is no warehouse_type; it is PRO or CLASSIC.");
  if (auto_stop_minutes < 0 || (auto_stop_minutes > 0 && auto_stop_minutes < 10))
    return bad("auto_stop_mins is 0 (never) or at least 10.");
  if (min_clusters < 1 || max_clusters < min_clusters || max_clusters > kMaxClusters)
    return bad("min_num_clusters is at least 1 and max_num_clusters between it and 30.");
  if (!OneOf(kChannels, channel)) {
    return bad("'" + channel +
               "' is no channel of this server; it is CHANNEL_NAME_CURRENT or "
               "CHANNEL_NAME_PREVIEW.");
  }
  if (!OneOf(kSpotPolicies, spot_instance_policy)) {
    return bad("'" + spot_instance_policy +
               "' is no spot_instance_policy; it is COST_OPTIMIZED or RELIABILITY_OPTIMIZED.");
  }
  if (enable_serverless_compute && warehouse_type == "CLASSIC")
    return bad("enable_serverless_compute needs the warehouse_type PRO.");
  if (tags.size() > kMaxTags) return bad("A SQL warehouse has at most 45 tags.");
  return Ok();
}

json::Value WarehouseSettings::ToJson() const {
  json::Object o;
  o.Set("name", name);
  o.Set("cluster_size", cluster_size);
  o.Set("warehouse_type", warehouse_type);
  o.Set("channel", channel);
  o.Set("auto_stop_mins", auto_stop_minutes);
  o.Set("min_num_clusters", min_clusters);
  o.Set("max_num_clusters", max_clusters);
  o.Set("spot_instance_policy", spot_instance_policy);
  o.Set("enable_photon", enable_photon);
  o.Set("enable_serverless_compute", enable_serverless_compute);
  json::Array list;
  for (const auto& [key, value] : tags) {
    json::Object tag;
    tag.Set("key", key);
    tag.Set("value", value);
    list.push_back(std::move(tag));
  }
  o.Set("tags", std::move(list));
  return json::Value(std::move(o));
}

WarehouseSettings WarehouseSettings::FromJson(const json::Value& json) {
  WarehouseSettings s;
  s.name = json.GetString("name");
  s.cluster_size = json.GetString("cluster_size", s.cluster_size);
  s.warehouse_type = json.GetString("warehouse_type", s.warehouse_type);
  s.channel = json.GetString("channel", s.channel);
  s.auto_stop_minutes = json.GetInt("auto_stop_mins", s.auto_stop_minutes);
  s.min_clusters = json.GetInt("min_num_clusters", s.min_clusters);
  s.max_clusters = json.GetInt("max_num_clusters", s.max_clusters);
  s.spot_instance_policy = json.GetString("spot_instance_policy", s.spot_instance_policy);
  s.enable_photon = json.GetBool("enable_photon", s.enable_photon);
  s.enable_serverless_compute =
      json.GetBool("enable_serverless_compute", s.enable_serverless_compute);
  if (const json::Value* list = json.Find("tags"); list != nullptr && list->is_array()) {
    for (const json::Value& tag : list->as_array())
      s.tags.emplace_back(tag.GetString("key"), tag.GetString("value"));
  }
  return s;
}

}  // namespace tarn::compute
