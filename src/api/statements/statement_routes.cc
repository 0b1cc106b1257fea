#include "api/statements/response.h"
#include "api/statements/routes.h"
#include "api/statements/submission.h"
#include "api/warehouses/access.h"

namespace tarn::api {
namespace {

using compute::StatementHandle;
using compute::StatementState;

// Room for a text of 16 MiB whose every character may be escaped, and for parameters.
constexpr int64_t kMaxBodyBytes = int64_t{64} << 20;

net::Response Answer(Result<std::string> json) {
  if (!json.ok()) return ErrorResponse(json.error());
  return net::Response::Json(200, std::move(*json));
}

bool Runs(const StatementHandle::Snapshot& s) {
  return s.state == StatementState::kPending || s.state == StatementState::kRunning;
}

// What the session remembers, under what this statement says itself.
Status EnterSession(const Call& call, SqlSessions& sessions, Submission& submission) {
  if (submission.session_id.empty()) return Ok();
  compute::StatementSpec& spec = submission.spec;
  TARN_TRY(compute::SessionState state,
           sessions.StateFor(call.who, submission.session_id, spec.warehouse_id));
  if (!spec.session.catalog.empty()) state.catalog = spec.session.catalog;
  if (!spec.session.schema.empty()) state.schema = spec.session.schema;
  spec.session = std::move(state);
  return Ok();
}

Result<std::string> Execute(const Call& call, SqlSessions& sessions) {
  TARN_TRY(Submission submission, ParseSubmission(call.fields()));
  TARN_RETURN_IF_ERROR(UsableWarehouse(call.services, call.who, submission.spec.warehouse_id));
  TARN_RETURN_IF_ERROR(EnterSession(call, sessions, submission));
  compute::SessionState before = submission.spec.session;
  auto handle = call.services.statements->Submit(call.who, std::move(submission.spec));
  if (!submission.session_id.empty()) sessions.Follow(submission.session_id, before, handle);
  StatementHandle::Snapshot s = submission.wait.count() == 0
                                    ? handle->Look()
                                    : handle->Wait(Deadline::After(submission.wait));
  if (Runs(s) && submission.cancel_on_timeout) {
    handle->Cancel();
    s = handle->Wait(Deadline::After(std::chrono::seconds(1)));
  }
  return StatementJson(call, *handle, s);
}

Result<std::string> Look(const Call& call) {
  TARN_TRY(auto handle, call.services.statements->Find(call.who, call.Param("id")));
  return StatementJson(call, *handle, handle->Look());
}

}  // namespace

void AddStatements(net::Router& router, const Services& services) {
  auto sessions = std::make_shared<SqlSessions>(*services.clock);
  const std::string base = "/api/2.0/sql/statements";
  net::RouteOptions submit;
  submit.max_body_bytes = kMaxBodyBytes;
  for (const std::string& path : {base, base + "/"}) {
    AddRaw(router, services, "POST", path, submit,
           [sessions](const Call& call) { return Answer(Execute(call, *sessions)); });
  }
  AddRaw(router, services, "GET", base + "/{id}", {},
         [](const Call& call) { return Answer(Look(call)); });
  AddJson(router, services, "POST", base + "/{id}/cancel",
          [](const Call& call) -> Result<json::Value> {
            TARN_TRY(auto handle, call.services.statements->Find(call.who, call.Param("id")));
            handle->Cancel();
            return json::Value(json::Object());
          });
  AddJson(router, services, "DELETE", base + "/{id}",
          [sessions](const Call& call) -> Result<json::Value> {
            TARN_TRY(auto handle, call.services.statements->Find(call.who, call.Param("id")));
            sessions->Settle(call.who);
            handle->Close();
            return json::Value(json::Object());
          });
  AddResultChunks(router, services);
  AddSqlSessions(router, services, sessions);
}

}  // namespace tarn::api
