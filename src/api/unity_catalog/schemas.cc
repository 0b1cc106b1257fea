#include "api/unity_catalog/operations.h"

namespace tarn::api::uc {

using catalog::Securable;
using catalog::SecurableKind;

void AddSchemas(net::Router& router, const Services& services) {
  const std::string path = kBase + "/schemas";
  AddObject(router, services, SecurableKind::kSchema, path);
  AddOperation(router, services, "GET", path, [](const Call& call) -> Result<json::Value> {
    TARN_TRY(std::string parent, FullNameOf(call.Query("catalog_name"), 1));
    TARN_RETURN_IF_ERROR(call.services.catalog->Get(call.who, SecurableKind::kCatalog, parent));
    return ListPage(call,
                    call.services.catalog->ListVisible(call.who, SecurableKind::kSchema, parent),
                    "schemas", [](const Securable& s) { return ObjectJson(s); });
  });
  AddOperation(router, services, "POST", path, [](const Call& call) -> Result<json::Value> {
    Securable draft;
    draft.kind = SecurableKind::kSchema;
    TARN_TRY(std::string parent, call.RequiredString("catalog_name"));
    TARN_TRY(std::string name, call.RequiredString("name"));
    TARN_TRY(draft.full_name, catalog::FullName({parent, name}));
    TARN_RETURN_IF_ERROR(
        RefuseMembers(call.fields(), {"storage_root", "custom_max_retention_hours"}));
    TARN_TRY(auto comment, OptionalText(call.fields(), "comment"));
    draft.comment = comment.value_or("");
    TARN_TRY(auto properties, OptionalProperties(call.fields()));
    if (properties) draft.properties = std::move(*properties);
    TARN_TRY(Securable made, call.services.catalog->Create(call.who, std::move(draft)));
    return ObjectJson(made);
  });
}

}  // namespace tarn::api::uc
