#pragma once
/// \file  The routes of the Statement Execution API, by group.
#include "api/endpoint.h"
#include "api/statements/sessions.h"

namespace tarn::api {

void AddSqlSessions(net::Router& router, const Services& services,
                    const std::shared_ptr<SqlSessions>& sessions);
void AddResultChunks(net::Router& router, const Services& services);

}  // namespace tarn::api
