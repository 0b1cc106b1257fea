#pragma once
/// \file  What a statement had done when its node was lost, and what its client is told.
#include <string>
#include <string_view>
#include <vector>

#include "io/object_store.h"

namespace tarn::node {

/// A put-if-absent that a node was allowed to make.
struct WriteIntent {
  std::string path;
  std::string head;  ///< the first bytes of what was to be put
};

/// The part of `bytes` that tells one put from another: a commit begins with its transaction id.
std::string_view HeadOf(std::string_view bytes);

/// Whether putting this object if it is absent is a commit; nothing else may be in doubt.
bool IsCommit(std::string_view path);

/// What the server knows of a statement's changes.
struct StatementEffects {
  std::vector<WriteIntent> intents;
  int catalog_changes = 0;
};

/// NODE_LOST when nothing was changed, so that the statement may be run again;
/// NODE_LOST_AFTER_COMMIT when a write of it is there; STATEMENT_OUTCOME_UNKNOWN when that cannot
/// be told: a change of the catalog is there and may be a part, `ended` is false (the node may
/// still write), or the store does not answer.
Error JudgeLoss(const StatementEffects& effects, bool ended, io::ObjectStore& store);

}  // namespace tarn::node
