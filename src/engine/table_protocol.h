#pragma once
/// \file  The protocol of a table that gets a new schema. Spec: PROTOCOL.md, "Protocol Evolution".
#include <optional>

#include "delta/action.h"

namespace tarn::engine {

/// `existing` with all that `needed` asks for; a protocol never gets lower. A table that needs
/// named features keeps those that its old version numbers implied.
delta::Protocol RaisedProtocol(const delta::Protocol& existing, const delta::Protocol& needed);
/// `existing` raised to versions that a user asks for; those of table features bring what they
/// imply. Errors: DELTA_READ_FEATURE_PROTOCOL_REQUIRES_WRITE.
Result<delta::Protocol> WithVersions(const delta::Protocol& existing, std::optional<int> reader,
                                     std::optional<int> writer);
/// Every feature that a protocol has by name or by its version numbers, sorted.
std::vector<std::string> FeaturesOf(const delta::Protocol& protocol);
bool SameProtocol(const delta::Protocol& a, const delta::Protocol& b);

}  // namespace tarn::engine
