#pragma once
/// \file  The catalog service over any transport that carries text: the node's client and the
/// server's end of it.
#include <functional>
#include <memory>
#include <string>

#include "catalog/catalog_service.h"
#include "identity/identity_service.h"

namespace tarn::catalog {

/// One call: JSON text `{"operation":…,"principal":id,"request":{…}}` to JSON text. An error is for
/// the transport's own failures.
using CallCatalog = std::function<Result<std::string>(std::string_view payload)>;

/// A CatalogService that sends each operation through `call`. Thread-safe when `call` is.
std::unique_ptr<CatalogService> MakeRemoteCatalog(CallCatalog call);

/// The other end: runs one call and answers `{"ok":…}` or `{"error":{reason,message,params}}`. Only
/// the principal's id is taken from the payload. Never fails; thread-safe.
std::string ServeCatalogCall(CatalogService& catalog, const identity::IdentityService& identity,
                             std::string_view payload);

}  // namespace tarn::catalog
