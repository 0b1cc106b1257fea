#pragma once
/// \file  The calls of TCLIService for one HTTP request. Seen by this folder only.
#include <TCLIService.h>

#include "api/endpoint.h"
#include "api/thrift/sessions.h"

namespace tarn::api::thrift {

/// Made for each request; not thread-safe.
class Handler final : public tarn::cli::TCLIServiceNull {
 public:
  Handler(const Services& services, Sessions& sessions, const identity::Principal& who,
          std::string warehouse_id)
      : services_(services),
        sessions_(sessions),
        who_(who),
        warehouse_id_(std::move(warehouse_id)) {}

  void OpenSession(tarn::cli::TOpenSessionResp& out, const tarn::cli::TOpenSessionReq& in) override;
  void CloseSession(tarn::cli::TCloseSessionResp& out,
                    const tarn::cli::TCloseSessionReq& in) override;
  void GetInfo(tarn::cli::TGetInfoResp& out, const tarn::cli::TGetInfoReq& in) override;

  void ExecuteStatement(tarn::cli::TExecuteStatementResp& out,
                        const tarn::cli::TExecuteStatementReq& in) override;
  void GetOperationStatus(tarn::cli::TGetOperationStatusResp& out,
                          const tarn::cli::TGetOperationStatusReq& in) override;
  void CancelOperation(tarn::cli::TCancelOperationResp& out,
                       const tarn::cli::TCancelOperationReq& in) override;
  void CloseOperation(tarn::cli::TCloseOperationResp& out,
                      const tarn::cli::TCloseOperationReq& in) override;
  void GetResultSetMetadata(tarn::cli::TGetResultSetMetadataResp& out,
                            const tarn::cli::TGetResultSetMetadataReq& in) override;
  void FetchResults(tarn::cli::TFetchResultsResp& out,
                    const tarn::cli::TFetchResultsReq& in) override;

  void GetTypeInfo(tarn::cli::TGetTypeInfoResp& out, const tarn::cli::TGetTypeInfoReq& in) override;
  void GetCatalogs(tarn::cli::TGetCatalogsResp& out, const tarn::cli::TGetCatalogsReq& in) override;
  void GetSchemas(tarn::cli::TGetSchemasResp& out, const tarn::cli::TGetSchemasReq& in) override;
  void GetTables(tarn::cli::TGetTablesResp& out, const tarn::cli::TGetTablesReq& in) override;
  void GetTableTypes(tarn::cli::TGetTableTypesResp& out,
                     const tarn::cli::TGetTableTypesReq& in) override;
  void GetColumns(tarn::cli::TGetColumnsResp& out, const tarn::cli::TGetColumnsReq& in) override;
  void GetFunctions(tarn::cli::TGetFunctionsResp& out,
                    const tarn::cli::TGetFunctionsReq& in) override;
  void GetPrimaryKeys(tarn::cli::TGetPrimaryKeysResp& out,
                      const tarn::cli::TGetPrimaryKeysReq& in) override;
  void GetCrossReference(tarn::cli::TGetCrossReferenceResp& out,
                         const tarn::cli::TGetCrossReferenceReq& in) override;

  void GetDelegationToken(tarn::cli::TGetDelegationTokenResp& out,
                          const tarn::cli::TGetDelegationTokenReq& in) override;
  void CancelDelegationToken(tarn::cli::TCancelDelegationTokenResp& out,
                             const tarn::cli::TCancelDelegationTokenReq& in) override;
  void RenewDelegationToken(tarn::cli::TRenewDelegationTokenResp& out,
                            const tarn::cli::TRenewDelegationTokenReq& in) override;

 private:
  Result<compute::SessionState> NewState(const tarn::cli::TOpenSessionReq& in);
  /// SET for each; errors name the setting that there is not.
  Status UseSettings(compute::SessionState& state,
                     const std::map<std::string, std::string>& settings);
  Result<std::shared_ptr<Operation>> Submit(const tarn::cli::TExecuteStatementReq& in);
  tarn::cli::TSparkDirectResults DirectResults(const std::shared_ptr<Operation>& operation,
                                               const tarn::cli::TSparkGetDirectResults& wanted);
  tarn::cli::TGetOperationStatusResp StatusOf(Operation& operation, Deadline deadline);
  Result<tarn::cli::TGetResultSetMetadataResp> MetadataOf(Operation& operation);
  Result<tarn::cli::TFetchResultsResp> Fetch(Operation& operation, int64_t max_rows,
                                             int64_t max_bytes, bool from_start);
  Result<tarn::cli::TFetchResultsResp> FetchRows(Operation& operation, int64_t max_rows);

  /// What the metadata calls have in common: rows that are ready become an operation.
  template <typename Response, typename Request>
  void Answer(Response& out, const Request& in, tarn::cli::TOperationType::type kind,
              Result<std::shared_ptr<Operation>> made);

  const Services& services_;
  Sessions& sessions_;
  const identity::Principal& who_;
  std::string warehouse_id_;
};

/// The status of an error: INVALID_HANDLE_STATUS for a handle, else ERROR_STATUS.
tarn::cli::TStatus ErrorStatus(const Error& error);
tarn::cli::TStatus SuccessStatus();
tarn::cli::TOperationHandle HandleOf(const Operation& operation);

// The rows of the metadata calls, in metadata.cc. What the caller may not see is not there.
using MadeOperation = Result<std::shared_ptr<Operation>>;
MadeOperation ListTypes();
MadeOperation ListCatalogs(const catalog::CatalogService& catalog, const identity::Principal& who);
MadeOperation ListSchemas(const catalog::CatalogService& catalog, const identity::Principal& who,
                          const tarn::cli::TGetSchemasReq& in);
MadeOperation ListTables(const catalog::CatalogService& catalog, const identity::Principal& who,
                         const tarn::cli::TGetTablesReq& in);
MadeOperation ListTableTypes();
MadeOperation ListColumns(const catalog::CatalogService& catalog, const identity::Principal& who,
                          const tarn::cli::TGetColumnsReq& in);
MadeOperation ListFunctions(const tarn::cli::TGetFunctionsReq& in);
MadeOperation ListPrimaryKeys();
MadeOperation ListCrossReferences();

template <typename Response, typename Request>
void Handler::Answer(Response& out, const Request& in, tarn::cli::TOperationType::type kind,
                     Result<std::shared_ptr<Operation>> made) {
  if (!made.ok()) {
    out.status = ErrorStatus(made.error());
    return;
  }
  std::shared_ptr<Operation> operation = *made;
  operation->kind = kind;
  Result<Session> session = sessions_.Find(who_, in.sessionHandle);
  Status added = session.ok() ? sessions_.Add(*session, operation) : Status(session.error());
  if (!added.ok()) {
    out.status = ErrorStatus(added.error());
    return;
  }
  out.status = SuccessStatus();
  out.__set_operationHandle(HandleOf(*operation));
  if (in.__isset.getDirectResults)
    out.__set_directResults(DirectResults(operation, in.getDirectResults));
}

}  // namespace tarn::api::thrift
