#include <algorithm>

#include "engine/command/command.h"

namespace tarn::engine {
namespace {

// Complete name of what a privilege is about; empty for the metastore.
Result<std::string> ObjectName(catalog::SecurableKind kind, const std::vector<std::string>& name) {
  if (kind == catalog::SecurableKind::kMetastore) return std::string();
  return catalog::FullName(name);
}

catalog::SecurableKind Above(catalog::SecurableKind kind) {
  return kind == catalog::SecurableKind::kSchema ? catalog::SecurableKind::kCatalog
                                                 : catalog::SecurableKind::kSchema;
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::Grant& command) {
  sql::SourceRange range = command.name_range;
  TARN_TRY(catalog::SecurableKind kind, context.At(range, KindOf(command.object)));
  TARN_TRY(std::string name, context.At(range, ObjectName(kind, command.name)));
  std::vector<std::string> privileges = command.privileges;
  for (std::string& privilege : privileges) {
    if (privilege == "ALL") privilege = "ALL PRIVILEGES";
    if (privilege == "USAGE")
      privilege = kind == catalog::SecurableKind::kCatalog ? "USE CATALOG" : "USE SCHEMA";
  }
  catalog::GrantChange change{command.principal, {}, {}};
  (command.revoke ? change.remove : change.add) = std::move(privileges);
  TARN_RETURN_IF_ERROR(
      context.At(range, context.catalog().ChangeGrants(context.who(), kind, name, {change})));
  return NoRows();
}

// Also what the object inherits from above, with the object it was granted on.
StreamResult Run(const CommandContext& context, const plan::ShowGrants& command) {
  sql::SourceRange range = command.name_range;
  TARN_TRY(catalog::SecurableKind kind, context.At(range, KindOf(command.object)));
  TARN_TRY(std::string name, context.At(range, ObjectName(kind, command.name)));
  columnar::Schema schema;
  for (const char* column : {"Principal", "ActionType", "ObjectType", "ObjectKey"}) {
    schema.fields.push_back({column, columnar::TypeKind::kString, false});
  }
  columnar::BatchBuilder rows(schema);
  const std::vector<std::string>& applicable = catalog::PrivilegesOf(kind);
  for (catalog::SecurableKind at = kind;; at = Above(at)) {
    TARN_TRY(auto grants, context.At(range, context.catalog().GetGrants(context.who(), at, name)));
    for (const catalog::PrivilegeAssignment& grant : grants) {
      if (!command.principal.empty() && command.principal != grant.principal) continue;
      for (const std::string& privilege : grant.privileges) {
        bool applies =
            std::find(applicable.begin(), applicable.end(), privilege) != applicable.end();
        if (!applies) continue;
        rows.String(grant.principal).String(privilege).String(catalog::KindName(at)).String(name);
      }
    }
    if (at == catalog::SecurableKind::kCatalog || at == catalog::SecurableKind::kMetastore) break;
    name.resize(name.rfind('.'));
  }
  return Rows(std::move(rows));
}

}  // namespace tarn::engine
