#include "api/warehouses/settings.h"

namespace tarn::api {
namespace {

using compute::WarehouseSettings;

Status TakeTags(const Fields& body, WarehouseSettings& out) {
  if (!body.Has("tags")) return Ok();
  TARN_TRY(Fields tags, body.OptionalObject("tags"));
  TARN_TRY(const json::Array* list, tags.OptionalList("custom_tags"));
  out.tags.clear();
  if (list == nullptr) return Ok();
  for (size_t i = 0; i < list->size(); ++i) {
    TARN_TRY(Fields tag, Fields::Of((*list)[i], "tags.custom_tags[" + std::to_string(i) + "]"));
    TARN_TRY(std::string key, tag.RequiredString("key"));
    TARN_TRY(std::string value, tag.OptionalString("value"));
    out.tags.emplace_back(std::move(key), std::move(value));
  }
  return Ok();
}

Status TakeChannel(const Fields& body, WarehouseSettings& out) {
  TARN_TRY(Fields channel, body.OptionalObject("channel"));
  TARN_RETURN_IF_ERROR(
      channel.Refuse("dbsql_version", "This server has one version; leave the field out."));
  TARN_TRY(out.channel, channel.OptionalString("name", out.channel));
  return Ok();
}

// A client that writes back what it read sends these as they are.
Status MustStay(const Fields& body, std::string_view key, const std::string& is) {
  TARN_TRY(std::string value, body.OptionalString(key, is));
  if (value == is || value.empty()) return Ok();
  return Fail("INVALID_PARAMETER_VALUE",
              "Field " + std::string(key) + " cannot be set" +
                  (is.empty() ? std::string(".") : "; it is '" + is + "'."));
}

}  // namespace

Result<WarehouseSettings> MergeSettings(const Fields& body, const compute::Warehouse& warehouse) {
  WarehouseSettings out = warehouse.settings;
  for (auto [key, text] :
       {std::pair{"name", &out.name}, std::pair{"cluster_size", &out.cluster_size},
        std::pair{"warehouse_type", &out.warehouse_type},
        std::pair{"spot_instance_policy", &out.spot_instance_policy}}) {
    TARN_TRY(*text, body.OptionalString(key, *text));
  }
  for (auto [key, number] : {std::pair{"auto_stop_mins", &out.auto_stop_minutes},
                             std::pair{"min_num_clusters", &out.min_clusters},
                             std::pair{"max_num_clusters", &out.max_clusters}}) {
    TARN_TRY(*number, body.OptionalInt(key, *number));
  }
  TARN_TRY(out.enable_photon, body.OptionalBool("enable_photon", out.enable_photon));
  TARN_TRY(out.enable_serverless_compute,
           body.OptionalBool("enable_serverless_compute", out.enable_serverless_compute));
  TARN_RETURN_IF_ERROR(TakeTags(body, out));
  TARN_RETURN_IF_ERROR(TakeChannel(body, out));
  TARN_TRY(std::string profile, body.OptionalString("instance_profile_arn"));
  if (!profile.empty()) {
    TARN_RETURN_IF_ERROR(body.Refuse("instance_profile_arn",
                                     "Nodes of this server have no cloud roles; grant access to "
                                     "storage in the catalog."));
  }
  TARN_RETURN_IF_ERROR(MustStay(body, "id", warehouse.id));
  TARN_RETURN_IF_ERROR(MustStay(body, "creator_name", warehouse.creator));
  return out;
}

}  // namespace tarn::api
