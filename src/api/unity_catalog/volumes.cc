#include "api/unity_catalog/operations.h"

namespace tarn::api::uc {

using catalog::Securable;
using catalog::SecurableKind;

namespace {

Result<json::Value> CreateVolume(const Call& call) {
  Securable draft;
  draft.kind = SecurableKind::kVolume;
  TARN_TRY(std::string parent, call.RequiredString("catalog_name"));
  TARN_TRY(std::string schema, call.RequiredString("schema_name"));
  TARN_TRY(std::string name, call.RequiredString("name"));
  TARN_TRY(std::string type, call.RequiredString("volume_type"));
  TARN_TRY(draft.full_name, catalog::FullName({parent, schema, name}));
  TARN_TRY(auto comment, OptionalText(call.fields(), "comment"));
  draft.comment = comment.value_or("");
  TARN_TRY(auto location, OptionalText(call.fields(), "storage_location"));
  if (type != "MANAGED" && type != "EXTERNAL")
    return Fail("INVALID_PARAMETER_VALUE", "volume_type must be MANAGED or EXTERNAL.");
  if ((type == "EXTERNAL") != location.has_value()) {
    return Fail("INVALID_PARAMETER_VALUE",
                "storage_location is for EXTERNAL volumes, which need one.");
  }
  draft.storage_location = location.value_or("");
  TARN_TRY(Securable made, call.services.catalog->Create(call.who, std::move(draft)));
  return ObjectJson(made);
}

}  // namespace

void AddVolumes(net::Router& router, const Services& services) {
  const std::string path = kBase + "/volumes";
  AddObject(router, services, SecurableKind::kVolume, path);
  AddOperation(router, services, "GET", path, [](const Call& call) -> Result<json::Value> {
    TARN_TRY(std::string parent,
             catalog::FullName({call.Query("catalog_name"), call.Query("schema_name")}));
    TARN_RETURN_IF_ERROR(call.services.catalog->Get(call.who, SecurableKind::kSchema, parent));
    return ListPage(call,
                    call.services.catalog->ListVisible(call.who, SecurableKind::kVolume, parent),
                    "volumes", [](const Securable& s) { return ObjectJson(s); });
  });
  AddOperation(router, services, "POST", path, &CreateVolume);
}

}  // namespace tarn::api::uc
