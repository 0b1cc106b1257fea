#include "api/unity_catalog/operations.h"

namespace tarn::api::uc {

using catalog::Securable;
using catalog::SecurableKind;

void AddCatalogs(net::Router& router, const Services& services) {
  const std::string path = kBase + "/catalogs";
  AddObject(router, services, SecurableKind::kCatalog, path);
  AddOperation(router, services, "GET", path, [](const Call& call) -> Result<json::Value> {
    return ListPage(call, call.services.catalog->ListVisible(call.who, SecurableKind::kCatalog, ""),
                    "catalogs", [](const Securable& s) { return ObjectJson(s); });
  });
  AddOperation(router, services, "POST", path, [](const Call& call) -> Result<json::Value> {
    Securable draft;
    draft.kind = SecurableKind::kCatalog;
    TARN_TRY(std::string name, call.RequiredString("name"));
    TARN_TRY(draft.full_name, catalog::FullName({name}));
    TARN_RETURN_IF_ERROR(RefuseMembers(
        call.fields(), {"storage_root", "options", "provider_name", "share_name", "connection_name",
                        "managed_encryption_settings", "custom_max_retention_hours"}));
    TARN_TRY(auto comment, OptionalText(call.fields(), "comment"));
    draft.comment = comment.value_or("");
    TARN_TRY(auto properties, OptionalProperties(call.fields()));
    if (properties) draft.properties = std::move(*properties);
    TARN_TRY(Securable made, call.services.catalog->Create(call.who, std::move(draft)));
    return ObjectJson(made);
  });
}

}  // namespace tarn::api::uc
