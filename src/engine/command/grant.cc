#include "engine/command/command.h"

namespace tarn::engine {
namespace {

struct Object {
  catalog::SecurableKind kind;
  std::string name;
};

Result<Object> ObjectOf(const CommandContext& context, sql::SecurableWord word,
                        const sql::NameParts& parts) {
  TARN_TRY(catalog::SecurableKind kind, KindOf(word));
  if (kind == catalog::SecurableKind::kMetastore) return Object{kind, ""};
  size_t wanted = kind == catalog::SecurableKind::kCatalog  ? 1
                  : kind == catalog::SecurableKind::kSchema ? 2
                                                            : 3;
  TARN_TRY(std::string name, context.session.Qualify(parts, wanted));
  return Object{kind, std::move(name)};
}

}  // namespace

StreamResult RunGrant(const CommandContext& context, const sql::Grant& statement) {
  TARN_TRY(Object object, ObjectOf(context, statement.object, statement.name));
  std::vector<std::string> privileges = statement.privileges;
  for (std::string& privilege : privileges) {
    if (privilege == "ALL") privilege = "ALL PRIVILEGES";
    if (privilege == "USAGE")
      privilege = object.kind == catalog::SecurableKind::kCatalog ? "USE CATALOG" : "USE SCHEMA";
  }
  std::vector<std::string> none;
  TARN_RETURN_IF_ERROR(context.catalog().Grant(
      context.who(), object.kind, object.name, statement.principal,
      statement.revoke ? none : privileges, statement.revoke ? privileges : none));
  return NoRows();
}

StreamResult RunShowGrants(const CommandContext& context, const sql::ShowGrants& statement) {
  TARN_TRY(Object object, ObjectOf(context, statement.object, statement.name));
  TARN_TRY(auto grants, context.catalog().GetGrants(context.who(), object.kind, object.name));
  columnar::Schema schema;
  for (const char* name : {"Principal", "ActionType", "ObjectType", "ObjectKey"}) {
    schema.fields.push_back({name, columnar::TypeKind::kString, false});
  }
  columnar::BatchBuilder rows(schema);
  for (const catalog::PrivilegeAssignment& grant : grants) {
    if (!statement.principal.empty() && statement.principal != grant.principal) continue;
    for (const std::string& privilege : grant.privileges) {
      rows.String(grant.principal)
          .String(privilege)
          .String(catalog::KindName(object.kind))
          .String(object.name);
    }
  }
  return Rows(std::move(rows));
}

}  // namespace tarn::engine
