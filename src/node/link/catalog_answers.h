#pragma once
/// \file  The server's answers to a node's questions to the catalog. Seen by this folder only.
#include <node.pb.h>

#include "catalog/catalog_service.h"

namespace tarn::node {

void AnswerCatalog(catalog::CatalogService& catalog, const identity::Principal& who,
                   const wire::CatalogRequest& request, wire::CatalogReply& reply);

/// Whether the request, when it is answered, changes the catalog.
bool IsChange(const wire::CatalogRequest& request);

}  // namespace tarn::node
