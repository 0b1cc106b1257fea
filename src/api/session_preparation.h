#pragma once
/// \file  What a client asks of a session before its first statement: its catalog, its schema and
/// its settings. The same for every door that has sessions.
#include "api/endpoint.h"

namespace tarn::api {

/// Runs `text` in the session and keeps what it changed there. Statements that prepare a session
/// run as any other, so that they fail with the same errors.
/// Errors: those of the statement; TEMPORARILY_UNAVAILABLE when it takes too long.
Status RunInSession(const Services& services, const identity::Principal& who,
                    const std::string& warehouse_id, compute::SessionState& state,
                    std::string text);
/// USE CATALOG and USE SCHEMA; an empty name leaves what there is.
Status UseNamespace(const Services& services, const identity::Principal& who,
                    const std::string& warehouse_id, compute::SessionState& state,
                    const std::string& catalog, const std::string& schema);
/// SET `key` = value.
Status UseSetting(const Services& services, const identity::Principal& who,
                  const std::string& warehouse_id, compute::SessionState& state,
                  const std::string& key, const std::string& value);

}  // namespace tarn::api
