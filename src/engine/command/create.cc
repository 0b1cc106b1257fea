#include <filesystem>

#include "engine/command/command.h"

namespace tarn::engine {
namespace {

StreamResult CreateObject(const CommandContext& context, catalog::Securable draft,
                          bool if_not_exists) {
  Result<catalog::Securable> created = context.catalog().Create(context.who(), std::move(draft));
  if (!created.ok()) {
    bool exists = created.error().code() == Code::kAlreadyExists;
    if (exists && if_not_exists) return NoRows();
    return std::move(created).error();
  }
  return NoRows();
}

}  // namespace

StreamResult RunCreate(const CommandContext& context, const sql::Statement& statement) {
  catalog::Securable draft;
  if (statement.kind == sql::StatementKind::kCreateCatalog) {
    const auto& node = statement.As<sql::CreateCatalog>();
    draft.kind = catalog::SecurableKind::kCatalog;
    TARN_TRY(draft.full_name, catalog::FullName({node.name}));
    draft.comment = node.comment.value_or("");
    if (node.location)
      return Fail("UNSUPPORTED_FEATURE", "Tarn does not support MANAGED LOCATION yet.");
    Result<std::unique_ptr<ResultStream>> made = CreateObject(context, draft, node.if_not_exists);
    if (!made.ok()) return made;
    // As in the real system, a new catalog has a schema to start with.
    catalog::Securable schema;
    schema.kind = catalog::SecurableKind::kSchema;
    schema.full_name = draft.full_name + ".default";
    schema.comment = "Default schema (auto-created)";
    return CreateObject(context, std::move(schema), true);
  }
  if (statement.kind == sql::StatementKind::kCreateSchema) {
    const auto& node = statement.As<sql::CreateSchema>();
    draft.kind = catalog::SecurableKind::kSchema;
    TARN_TRY(draft.full_name, context.session.Qualify(node.name, 2));
    draft.comment = node.comment.value_or("");
    draft.properties = node.properties;
    if (node.location)
      return Fail("UNSUPPORTED_FEATURE", "Tarn does not support MANAGED LOCATION yet.");
    return CreateObject(context, std::move(draft), node.if_not_exists);
  }
  const auto& node = statement.As<sql::CreateVolume>();
  draft.kind = catalog::SecurableKind::kVolume;
  TARN_TRY(draft.full_name, context.session.Qualify(node.name, 3));
  draft.comment = node.comment.value_or("");
  if (node.external) {
    if (!node.location)
      return Fail("INVALID_PARAMETER_VALUE", "An external volume needs a LOCATION.");
    draft.managed = false;
    TARN_TRY(draft.storage_location,
             context.catalog().ResolveExternalPath(context.who(), *node.location));
  }
  return CreateObject(context, std::move(draft), node.if_not_exists);
}

StreamResult RunDrop(const CommandContext& context, const sql::Drop& statement) {
  TARN_TRY(catalog::SecurableKind kind, KindOf(statement.object));
  size_t parts = kind == catalog::SecurableKind::kCatalog  ? 1
                 : kind == catalog::SecurableKind::kSchema ? 2
                                                           : 3;
  TARN_TRY(std::string name, context.session.Qualify(statement.name, parts));
  auto dropped = context.catalog().Drop(context.who(), kind, name, statement.cascade);
  if (!dropped.ok()) {
    if (statement.if_exists && dropped.error().code() == Code::kNotFound) return NoRows();
    return std::move(dropped).error();
  }
  // The record is gone first: what a crash leaves behind is files nobody can see, not a table
  // without.
  for (const catalog::Securable& object : *dropped) {
    if (!object.managed || object.storage_location.empty()) continue;
    std::error_code ignored;
    std::filesystem::remove_all(object.storage_location, ignored);
    context.engine().snapshots().Forget(object.storage_location);
  }
  return NoRows();
}

StreamResult RunComment(const CommandContext& context, const sql::CommentOn& statement) {
  TARN_TRY(catalog::SecurableKind kind, KindOf(statement.object));
  size_t parts = kind == catalog::SecurableKind::kCatalog  ? 1
                 : kind == catalog::SecurableKind::kSchema ? 2
                                                           : 3;
  TARN_TRY(std::string name, context.session.Qualify(statement.name, parts));
  TARN_TRY(catalog::Securable object, context.catalog().Get(context.who(), kind, name));
  object.comment = statement.comment.value_or("");
  TARN_RETURN_IF_ERROR(
      context.catalog().Update(context.who(), object, catalog::Operation::kManage));
  return NoRows();
}

StreamResult RunAlterOwner(const CommandContext& context, const sql::AlterOwner& statement) {
  TARN_TRY(catalog::SecurableKind kind, KindOf(statement.object));
  size_t parts = kind == catalog::SecurableKind::kCatalog  ? 1
                 : kind == catalog::SecurableKind::kSchema ? 2
                                                           : 3;
  TARN_TRY(std::string name, context.session.Qualify(statement.name, parts));
  TARN_TRY(catalog::Securable object, context.catalog().Get(context.who(), kind, name));
  object.owner = statement.owner;
  TARN_RETURN_IF_ERROR(
      context.catalog().Update(context.who(), object, catalog::Operation::kManage));
  return NoRows();
}

}  // namespace tarn::engine
