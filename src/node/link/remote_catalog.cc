#include "node/link/remote_catalog.h"

#include "node/link/wire.h"

namespace tarn::node {

using catalog::Operation;
using catalog::Securable;
using catalog::SecurableKind;

namespace {

constexpr int kOnlyVisible = -1;

Result<Securable> ParseObject(const std::string& text) {
  TARN_TRY(json::Value json, json::Parse(text));
  return Securable::FromJson(json);
}

Result<Securable> OneObject(const wire::CatalogReply& reply) {
  if (reply.objects_json_size() != 1)
    return Fail("INTERNAL_ERROR", "the catalog answered without an object");
  return ParseObject(reply.objects_json(0));
}

Result<std::vector<Securable>> Objects(const wire::CatalogReply& reply) {
  std::vector<Securable> objects;
  for (const std::string& text : reply.objects_json()) {
    TARN_TRY(Securable object, ParseObject(text));
    objects.push_back(std::move(object));
  }
  return objects;
}

void Name(wire::ObjectName* out, SecurableKind kind, const std::string& full_name) {
  out->set_kind(static_cast<int>(kind));
  out->set_full_name(full_name);
}

std::string Identity(const identity::Principal& who) {
  std::string text = std::to_string(who.id) + (who.is_admin ? "+" : "-");
  for (const std::string& group : who.groups) text.append(1, '\0').append(group);
  return text;
}

}  // namespace

std::optional<Securable> CatalogCache::Find(const Key& key, uint64_t epoch) const {
  std::lock_guard lock(mutex_);
  auto at = entries_.find(key);
  if (at == entries_.end() || at->second.epoch < epoch) return std::nullopt;
  return at->second.object;
}

void CatalogCache::Put(Key key, uint64_t epoch, Securable object) {
  std::lock_guard lock(mutex_);
  if (entries_.size() >= kMaxEntries) entries_.clear();
  entries_.insert_or_assign(std::move(key), Entry{epoch, std::move(object)});
}

struct StatementCatalog::Answer {
  wire::CatalogReply reply;
};

Result<StatementCatalog::Answer> StatementCatalog::Ask(std::string request) const {
  TARN_TRY(std::string bytes, link_.Ask(request));
  Answer answer;
  if (!answer.reply.ParseFromString(bytes))
    return Fail("INTERNAL_ERROR", "the catalog's answer cannot be read");
  if (answer.reply.has_failure()) return FromWire(answer.reply.failure());
  return answer;
}

Result<Securable> StatementCatalog::Lookup(const identity::Principal& who, SecurableKind kind,
                                           const std::string& full_name, int operation) const {
  CatalogCache::Key key{Identity(who), kind, full_name, operation};
  if (std::optional<Securable> known = cache_.Find(key, epoch_)) return *std::move(known);
  wire::CatalogRequest request;
  request.set_statement(statement_);
  Name(request.mutable_resolve()->mutable_name(), kind, full_name);
  request.mutable_resolve()->set_operation(operation);
  TARN_TRY(Answer answer, Ask(request.SerializeAsString()));
  TARN_TRY(Securable object, OneObject(answer.reply));
  cache_.Put(std::move(key), answer.reply.epoch(), object);
  return object;
}

Result<Securable> StatementCatalog::Get(const identity::Principal& who, SecurableKind kind,
                                        const std::string& full_name) const {
  return Lookup(who, kind, full_name, kOnlyVisible);
}

Result<Securable> StatementCatalog::Resolve(const identity::Principal& who, SecurableKind kind,
                                            const std::string& full_name,
                                            Operation operation) const {
  return Lookup(who, kind, full_name, static_cast<int>(operation));
}

Result<Securable> StatementCatalog::Create(const identity::Principal& who, Securable draft) {
  wire::CatalogRequest request;
  request.set_statement(statement_);
  request.mutable_create()->set_object_json(draft.ToJson().ToString());
  TARN_TRY(Answer answer, Ask(request.SerializeAsString()));
  epoch_ = answer.reply.epoch();
  return OneObject(answer.reply);
}

Result<std::vector<Securable>> StatementCatalog::Drop(const identity::Principal& who,
                                                      SecurableKind kind,
                                                      const std::string& full_name, bool cascade) {
  wire::CatalogRequest request;
  request.set_statement(statement_);
  Name(request.mutable_drop()->mutable_name(), kind, full_name);
  request.mutable_drop()->set_cascade(cascade);
  TARN_TRY(Answer answer, Ask(request.SerializeAsString()));
  epoch_ = answer.reply.epoch();
  return Objects(answer.reply);
}

Result<Securable> StatementCatalog::Alter(const identity::Principal& who, SecurableKind kind,
                                          const std::string& full_name,
                                          const catalog::ObjectChange& change,
                                          const std::string& id) {
  wire::CatalogRequest request;
  request.set_statement(statement_);
  Name(request.mutable_alter()->mutable_name(), kind, full_name);
  request.mutable_alter()->set_change_json(change.ToJson().ToString());
  request.mutable_alter()->set_id(id);
  TARN_TRY(Answer answer, Ask(request.SerializeAsString()));
  epoch_ = answer.reply.epoch();
  return OneObject(answer.reply);
}

Result<std::vector<Securable>> StatementCatalog::List(const identity::Principal& who,
                                                      SecurableKind kind,
                                                      const std::string& parent) const {
  wire::CatalogRequest request;
  request.set_statement(statement_);
  request.mutable_list()->set_kind(static_cast<int>(kind));
  request.mutable_list()->set_parent(parent);
  TARN_TRY(Answer answer, Ask(request.SerializeAsString()));
  return Objects(answer.reply);
}

Result<std::vector<catalog::PrivilegeAssignment>> StatementCatalog::GetGrants(
    const identity::Principal& who, SecurableKind kind, const std::string& full_name) const {
  wire::CatalogRequest request;
  request.set_statement(statement_);
  Name(request.mutable_get_grants(), kind, full_name);
  TARN_TRY(Answer answer, Ask(request.SerializeAsString()));
  std::vector<catalog::PrivilegeAssignment> grants;
  for (const wire::PrivilegeAssignment& grant : answer.reply.grants())
    grants.push_back({grant.principal(), {grant.privileges().begin(), grant.privileges().end()}});
  return grants;
}

Status StatementCatalog::ChangeGrants(const identity::Principal& who, SecurableKind kind,
                                      const std::string& full_name,
                                      const std::vector<catalog::GrantChange>& changes) {
  wire::CatalogRequest request;
  request.set_statement(statement_);
  wire::GrantChanges* call = request.mutable_change_grants();
  Name(call->mutable_name(), kind, full_name);
  for (const catalog::GrantChange& change : changes) {
    wire::GrantChange* added = call->add_changes();
    added->set_principal(change.principal);
    for (const std::string& privilege : change.add) added->add_add(privilege);
    for (const std::string& privilege : change.remove) added->add_remove(privilege);
  }
  TARN_TRY(Answer answer, Ask(request.SerializeAsString()));
  epoch_ = answer.reply.epoch();
  return Ok();
}

Result<std::string> StatementCatalog::ResolveVolumePath(const identity::Principal& who,
                                                        const std::string& path,
                                                        Operation operation) const {
  wire::CatalogRequest request;
  request.set_statement(statement_);
  request.mutable_volume_path()->set_path(path);
  request.mutable_volume_path()->set_operation(static_cast<int>(operation));
  TARN_TRY(Answer answer, Ask(request.SerializeAsString()));
  return answer.reply.path();
}

Result<std::string> StatementCatalog::ResolveTableFile(const identity::Principal& who,
                                                       const std::string& path) const {
  wire::CatalogRequest request;
  request.set_statement(statement_);
  request.mutable_table_file()->set_path(path);
  TARN_TRY(Answer answer, Ask(request.SerializeAsString()));
  return answer.reply.path();
}

Result<std::string> StatementCatalog::ResolveExternalPath(const identity::Principal& who,
                                                          const std::string& path) const {
  wire::CatalogRequest request;
  request.set_statement(statement_);
  request.mutable_external_path()->set_path(path);
  TARN_TRY(Answer answer, Ask(request.SerializeAsString()));
  return answer.reply.path();
}

}  // namespace tarn::node
