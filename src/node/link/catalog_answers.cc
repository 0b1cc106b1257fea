#include "node/link/catalog_answers.h"

#include "node/link/wire.h"

namespace tarn::node {
namespace {

using catalog::Operation;
using catalog::Securable;
using catalog::SecurableKind;

SecurableKind KindOf(int32_t number) { return static_cast<SecurableKind>(number); }

void Put(const Result<Securable>& object, wire::CatalogReply& reply) {
  if (object.ok()) {
    reply.add_objects_json(object->ToJson().ToString());
  } else {
    *reply.mutable_failure() = ToWire(object.error());
  }
}

void Put(const Result<std::vector<Securable>>& objects, wire::CatalogReply& reply) {
  if (!objects.ok()) {
    *reply.mutable_failure() = ToWire(objects.error());
    return;
  }
  for (const Securable& object : *objects) reply.add_objects_json(object.ToJson().ToString());
}

void Put(const Status& status, wire::CatalogReply& reply) {
  if (!status.ok()) *reply.mutable_failure() = ToWire(status.error());
}

void Put(const Result<std::string>& path, wire::CatalogReply& reply) {
  if (path.ok()) {
    reply.set_path(*path);
  } else {
    *reply.mutable_failure() = ToWire(path.error());
  }
}

void Put(const Result<std::vector<catalog::PrivilegeAssignment>>& grants,
         wire::CatalogReply& reply) {
  if (!grants.ok()) {
    *reply.mutable_failure() = ToWire(grants.error());
    return;
  }
  for (const catalog::PrivilegeAssignment& grant : *grants) {
    wire::PrivilegeAssignment* added = reply.add_grants();
    added->set_principal(grant.principal);
    for (const std::string& privilege : grant.privileges) added->add_privileges(privilege);
  }
}

Result<Securable> ParseObject(const std::string& text) {
  TARN_TRY(json::Value json, json::Parse(text));
  return Securable::FromJson(json);
}

Result<Securable> Alter(catalog::CatalogService& catalog, const identity::Principal& who,
                        const wire::AlterObject& call) {
  TARN_TRY(json::Value json, json::Parse(call.change_json()));
  TARN_TRY(catalog::ObjectChange change, catalog::ObjectChange::FromJson(json));
  return catalog.Alter(who, KindOf(call.name().kind()), call.name().full_name(), change, call.id());
}

Status ChangeGrants(catalog::CatalogService& catalog, const identity::Principal& who,
                    const wire::GrantChanges& call) {
  std::vector<catalog::GrantChange> changes;
  for (const wire::GrantChange& change : call.changes()) {
    changes.push_back({change.principal(),
                       {change.add().begin(), change.add().end()},
                       {change.remove().begin(), change.remove().end()}});
  }
  return catalog.ChangeGrants(who, KindOf(call.name().kind()), call.name().full_name(), changes);
}

Result<Securable> Create(catalog::CatalogService& catalog, const identity::Principal& who,
                         const wire::CreateObject& call) {
  TARN_TRY(Securable draft, ParseObject(call.object_json()));
  return catalog.Create(who, std::move(draft));
}

}  // namespace

void AnswerCatalog(catalog::CatalogService& catalog, const identity::Principal& who,
                   const wire::CatalogRequest& request, wire::CatalogReply& reply) {
  reply.set_epoch(catalog.epoch());
  switch (request.call_case()) {
    case wire::CatalogRequest::kCreate:
      Put(Create(catalog, who, request.create()), reply);
      break;
    case wire::CatalogRequest::kDrop: {
      const wire::DropObject& call = request.drop();
      Put(catalog.Drop(who, KindOf(call.name().kind()), call.name().full_name(), call.cascade()),
          reply);
      break;
    }
    case wire::CatalogRequest::kAlter:
      Put(Alter(catalog, who, request.alter()), reply);
      break;
    case wire::CatalogRequest::kResolve: {
      const wire::ResolveObject& call = request.resolve();
      SecurableKind kind = KindOf(call.name().kind());
      Put(call.operation() < 0 ? catalog.Get(who, kind, call.name().full_name())
                               : catalog.Resolve(who, kind, call.name().full_name(),
                                                 static_cast<Operation>(call.operation())),
          reply);
      break;
    }
    case wire::CatalogRequest::kList:
      Put(catalog.List(who, KindOf(request.list().kind()), request.list().parent()), reply);
      break;
    case wire::CatalogRequest::kGetGrants:
      Put(catalog.GetGrants(who, KindOf(request.get_grants().kind()),
                            request.get_grants().full_name()),
          reply);
      break;
    case wire::CatalogRequest::kChangeGrants:
      Put(ChangeGrants(catalog, who, request.change_grants()), reply);
      break;
    case wire::CatalogRequest::kVolumePath:
      Put(catalog.ResolveVolumePath(who, request.volume_path().path(),
                                    static_cast<Operation>(request.volume_path().operation())),
          reply);
      break;
    case wire::CatalogRequest::kTableFile:
      Put(catalog.ResolveTableFile(who, request.table_file().path()), reply);
      break;
    case wire::CatalogRequest::kExternalPath:
      Put(catalog.ResolveExternalPath(who, request.external_path().path()), reply);
      break;
    case wire::CatalogRequest::CALL_NOT_SET:
      *reply.mutable_failure() =
          ToWire(Fail("INTERNAL_ERROR", "the node asked the catalog nothing"));
      break;
  }
  if (IsChange(request)) reply.set_epoch(catalog.epoch());
}

bool IsChange(const wire::CatalogRequest& request) {
  return request.has_create() || request.has_drop() || request.has_alter() ||
         request.has_change_grants();
}

}  // namespace tarn::node
