#include "api/session_preparation.h"
#include "api/thrift/handler.h"

namespace tarn::api::thrift {
namespace {

namespace wire = tarn::cli;

constexpr int32_t kServerProtocol = wire::TProtocolVersion::SPARK_CLI_SERVICE_PROTOCOL_V7;
constexpr int32_t kOldestProtocol = wire::TProtocolVersion::SPARK_CLI_SERVICE_PROTOCOL_V1;

wire::TStatus NotSupported(const char* call) {
  return ErrorStatus(
      Fail("UNSUPPORTED_FEATURE", std::string(call) + " is not supported: sign in with a token."));
}

}  // namespace

wire::TStatus SuccessStatus() {
  wire::TStatus status;
  status.statusCode = wire::TStatusCode::SUCCESS_STATUS;
  return status;
}

wire::TStatus ErrorStatus(const Error& error) {
  wire::TStatus status;
  status.statusCode = error.reason() == "INVALID_HANDLE" ? wire::TStatusCode::INVALID_HANDLE_STATUS
                                                         : wire::TStatusCode::ERROR_STATUS;
  status.__set_sqlState(std::string(error.sqlstate()));
  status.__set_errorCode(error.http_status());
  status.__set_errorMessage(error.message());
  status.__set_displayMessage(error.message());
  return status;
}

// How clients ask for the layout of Arrow timestamps, which the useArrowNativeTypes of a statement
// decides, and labels for a history of queries.
static bool ChangesNoAnswer(std::string_view setting) {
  return setting == "spark.thriftserver.arrowBasedRowSet.timestampAsString" ||
         net::EqualsIgnoreCase(setting, "query_tags");
}

Status Handler::UseSettings(compute::SessionState& state,
                            const std::map<std::string, std::string>& settings) {
  for (const auto& [key, value] : settings) {
    if (ChangesNoAnswer(key)) continue;
    TARN_RETURN_IF_ERROR(UseSetting(services_, who_, warehouse_id_, state, key, value));
  }
  return Ok();
}

Result<compute::SessionState> Handler::NewState(const wire::TOpenSessionReq& in) {
  compute::SessionState state;
  if (in.__isset.initialNamespace) {
    TARN_RETURN_IF_ERROR(UseNamespace(services_, who_, warehouse_id_, state,
                                      in.initialNamespace.catalogName,
                                      in.initialNamespace.schemaName));
  }
  TARN_RETURN_IF_ERROR(UseSettings(state, in.configuration));
  return state;
}

void Handler::OpenSession(wire::TOpenSessionResp& out, const wire::TOpenSessionReq& in) {
  int64_t asked =
      in.__isset.client_protocol_i64 ? in.client_protocol_i64 : int64_t{in.client_protocol};
  out.serverProtocolVersion = kServerProtocol;
  if (asked < kOldestProtocol) {
    out.status =
        ErrorStatus(Fail("INVALID_PARAMETER_VALUE", "Protocol version " + std::to_string(asked) +
                                                        " is too old. Update the client."));
    return;
  }
  out.serverProtocolVersion = static_cast<int32_t>(std::min<int64_t>(asked, kServerProtocol));
  Result<compute::SessionState> state = NewState(in);
  Result<Session> session = state.ok() ? sessions_.Open(who_, warehouse_id_, std::move(*state))
                                       : Result<Session>(state.error());
  if (!session.ok()) {
    out.status = ErrorStatus(session.error());
    return;
  }
  out.status = SuccessStatus();
  wire::TSessionHandle handle;
  handle.sessionId.guid = session->guid;
  handle.sessionId.secret = session->secret;
  handle.__set_serverProtocolVersion(out.serverProtocolVersion);
  out.__set_sessionHandle(handle);
  out.__set_canUseMultipleCatalogs(true);
  wire::TNamespace current;
  current.__set_catalogName(session->state.catalog.empty() ? "main" : session->state.catalog);
  current.__set_schemaName(session->state.schema.empty() ? "default" : session->state.schema);
  out.__set_initialNamespace(current);
}

void Handler::CloseSession(wire::TCloseSessionResp& out, const wire::TCloseSessionReq& in) {
  Status status = sessions_.Close(who_, in.sessionHandle);
  out.status = status.ok() ? SuccessStatus() : ErrorStatus(status.error());
}

void Handler::GetInfo(wire::TGetInfoResp& out, const wire::TGetInfoReq& in) {
  if (auto session = sessions_.Find(who_, in.sessionHandle); !session.ok()) {
    out.status = ErrorStatus(session.error());
    return;
  }
  switch (in.infoType) {
    case wire::TGetInfoType::CLI_SERVER_NAME:
    case wire::TGetInfoType::CLI_DBMS_NAME:
      out.infoValue.__set_stringValue("Spark SQL");
      break;
    case wire::TGetInfoType::CLI_DBMS_VER:
      out.infoValue.__set_stringValue("4.0.0");
      break;
    case wire::TGetInfoType::CLI_USER_NAME:
      out.infoValue.__set_stringValue(who_.name);
      break;
    case wire::TGetInfoType::CLI_IDENTIFIER_QUOTE_CHAR:
      out.infoValue.__set_stringValue("`");
      break;
    case wire::TGetInfoType::CLI_SEARCH_PATTERN_ESCAPE:
      out.infoValue.__set_stringValue("\\");
      break;
    case wire::TGetInfoType::CLI_MAX_COLUMN_NAME_LEN:
    case wire::TGetInfoType::CLI_MAX_SCHEMA_NAME_LEN:
    case wire::TGetInfoType::CLI_MAX_CATALOG_NAME_LEN:
    case wire::TGetInfoType::CLI_MAX_TABLE_NAME_LEN:
      out.infoValue.__set_lenValue(255);
      break;
    default:
      out.status = ErrorStatus(Fail("INVALID_PARAMETER_VALUE", "Unrecognized GetInfoType value: " +
                                                                   std::to_string(in.infoType)));
      return;
  }
  out.status = SuccessStatus();
}

void Handler::GetDelegationToken(wire::TGetDelegationTokenResp& out,
                                 const wire::TGetDelegationTokenReq&) {
  out.status = NotSupported("GetDelegationToken");
}
void Handler::CancelDelegationToken(wire::TCancelDelegationTokenResp& out,
                                    const wire::TCancelDelegationTokenReq&) {
  out.status = NotSupported("CancelDelegationToken");
}
void Handler::RenewDelegationToken(wire::TRenewDelegationTokenResp& out,
                                   const wire::TRenewDelegationTokenReq&) {
  out.status = NotSupported("RenewDelegationToken");
}

}  // namespace tarn::api::thrift
