#pragma once
/// \file  The catalog as the server uses it in process and the node over the wire: governed
/// objects, grants, and the one decision about access. Default deny.
#include "catalog/requests.h"
#include "identity/principal.h"

/// Every operation: M(name, request, answer). Dispatch and the remote client are made from it.
#define TARN_CATALOG_OPERATIONS(M)                     \
  M(Create, CreateRequest, Securable)                  \
  M(Get, GetRequest, Securable)                        \
  M(List, ListRequest, ListResponse)                   \
  M(Update, UpdateRequest, Securable)                  \
  M(Delete, DeleteRequest, Empty)                      \
  M(StageTable, CreateRequest, StagedTable)            \
  M(CommitTable, CommitTableRequest, Securable)        \
  M(AbortTable, StagedTableRequest, Empty)             \
  M(SyncTable, SyncTableRequest, Securable)            \
  M(ResolveTable, ResolveTableRequest, ResolvedTable)  \
  M(ResolvePath, ResolvePathRequest, ResolvedPath)     \
  M(GetGrants, GetGrantsRequest, GrantsResponse)       \
  M(UpdateGrants, UpdateGrantsRequest, GrantsResponse) \
  M(EffectiveGrants, GetGrantsRequest, GrantsResponse) \
  M(Decide, DecideRequest, Decision)                   \
  M(PolicyEpoch, Empty, EpochResponse)

namespace tarn::catalog {

/// Thread-safe. `who` is looked up again by id: groups, administration and being active are those
/// of now, whatever the value says.
///
/// An object that the caller may not see answers exactly as one that does not exist; one it may
/// see but not use so answers PERMISSION_DENIED with "User does not have <privilege> on <Kind>
/// '<name>'." A caller with USE CATALOG but without USE SCHEMA gets that refusal for every name in
/// the schema, the schema's existence included.
/// Errors of every call: CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND, TABLE_DOES_NOT_EXIST,
/// VOLUME_NOT_FOUND, EXTERNAL_LOCATION_NOT_FOUND, PERMISSION_DENIED, INVALID_PARAMETER_VALUE (bad
/// name), PRINCIPAL_DOES_NOT_EXIST or PRINCIPAL_INACTIVE (the caller), and store's.
class CatalogService {
 public:
  using Who = identity::Principal;
  virtual ~CatalogService() = default;

  /// The caller becomes the owner. A table made so has its log already (external) or gets it
  /// later; SQL's CREATE TABLE uses StageTable.
  /// Errors: *_ALREADY_EXISTS, LOCATION_OVERLAP, INVALID_PATH.
  virtual Result<Securable> Create(const Who& who, const CreateRequest& request) = 0;
  virtual Result<Securable> Get(const Who& who, const GetRequest& request) = 0;
  /// Errors: INVALID_PARAMETER_VALUE for a page token of another list.
  virtual Result<ListResponse> List(const Who& who, const ListRequest& request) = 0;
  virtual Result<Securable> Update(const Who& who, const UpdateRequest& request) = 0;
  /// Managed storage is removed later, by CollectGarbage. Errors: CATALOG_NOT_EMPTY,
  /// SCHEMA_NOT_EMPTY, EXTERNAL_LOCATION_IN_USE.
  virtual Result<Empty> Delete(const Who& who, const DeleteRequest& request) = 0;

  /// Making a table in two steps, so that a crash at any point leaves none or a whole one:
  /// StageTable (rights, name and location are checked, the place is recorded) → write version 0
  /// of the log there → CommitTable (now it can be seen). The name is not reserved in between.
  /// Errors: as Create.
  virtual Result<StagedTable> StageTable(const Who& who, const CreateRequest& request) = 0;
  /// By the one who staged it. Doing it again answers the same table. Errors: as Create;
  /// STAGED_TABLE_NOT_FOUND.
  virtual Result<Securable> CommitTable(const Who& who, const CommitTableRequest& request) = 0;
  /// Gives up; managed files are removed later. What is not there is no error.
  virtual Result<Empty> AbortTable(const Who& who, const StagedTableRequest& request) = 0;
  /// Needs MODIFY.
  virtual Result<Securable> SyncTable(const Who& who, const SyncTableRequest& request) = 0;

  /// Record and decision in one, for SQL. Errors: TABLE_OR_VIEW_NOT_FOUND (missing or hidden),
  /// PERMISSION_DENIED.
  virtual Result<ResolvedTable> ResolveTable(const Who& who,
                                             const ResolveTableRequest& request) = 0;
  /// Where a path of a volume, or of a folder that an administrator allowed, really is. Never
  /// outside of its volume or folder, nor in the storage of a table. Errors: INVALID_PATH,
  /// VOLUME_NOT_FOUND, PERMISSION_DENIED (also for a path that nothing covers).
  virtual Result<ResolvedPath> ResolvePath(const Who& who, const ResolvePathRequest& request) = 0;

  /// Grants on the object itself. One's own are always shown, others' to who may manage it.
  virtual Result<GrantsResponse> GetGrants(const Who& who, const GetGrantsRequest& request) = 0;
  /// All changes or none. Errors: PRINCIPAL_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE for a
  /// privilege that the kind does not have.
  virtual Result<GrantsResponse> UpdateGrants(const Who& who,
                                              const UpdateGrantsRequest& request) = 0;
  /// Grants on the object and on what contains it, each with its place.
  virtual Result<GrantsResponse> EffectiveGrants(const Who& who,
                                                 const GetGrantsRequest& request) = 0;

  /// The decision itself; a missing object is denied and not visible.
  virtual Result<Decision> Decide(const Who& who, const DecideRequest& request) = 0;
  /// Grows with every change of objects, grants and principals. Durable.
  virtual Result<EpochResponse> PolicyEpoch(const Who& who, const Empty& request) = 0;
};

}  // namespace tarn::catalog
