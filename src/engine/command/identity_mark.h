#pragma once
/// \file  Identity columns remember in the table's metadata how far their values have been given.
/// Spec: PROTOCOL.md, "Identity Columns".
#include "engine/command/command.h"

namespace tarn::engine {

/// Moves the marks of the columns at `identities` past the values that a statement of `rows` rows
/// gave. Whoever began with the same mark finds the metadata changed, and begins anew.
Status AdvanceIdentities(delta::Transaction& txn, const std::vector<size_t>& identities,
                         int64_t rows);

}  // namespace tarn::engine
