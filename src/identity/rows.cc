#include "identity/rows.h"

#include "identity/identity_service.h"

namespace tarn::identity {

const store::ModuleSchema& StoredTables() {
  static const store::ModuleSchema kTables = {
      "identity",
      {{1, R"sql(
CREATE TABLE users (account_id INTEGER, workspace_id INTEGER, id INTEGER, name TEXT COLLATE NOCASE,
  is_admin INTEGER, created_ms INTEGER,
  PRIMARY KEY (account_id, workspace_id, id), UNIQUE (account_id, workspace_id, name)) WITHOUT ROWID;
CREATE TABLE tokens (account_id INTEGER, workspace_id INTEGER, sha256 TEXT, id TEXT, owner_id INTEGER,
  comment TEXT, created_ms INTEGER, expires_ms INTEGER,
  PRIMARY KEY (account_id, workspace_id, sha256)) WITHOUT ROWID)sql",
        100},
       // Administrators are the members of a group; before, each user had a mark.
       {2, R"sql(
CREATE TABLE service_principals (account_id INTEGER, workspace_id INTEGER, id INTEGER,
  application_id TEXT COLLATE NOCASE, display_name TEXT, external_id TEXT, active INTEGER,
  created_ms INTEGER,
  PRIMARY KEY (account_id, workspace_id, id),
  UNIQUE (account_id, workspace_id, application_id)) WITHOUT ROWID;
CREATE TABLE groups (account_id INTEGER, workspace_id INTEGER, id INTEGER, name TEXT COLLATE NOCASE,
  external_id TEXT,
  PRIMARY KEY (account_id, workspace_id, id), UNIQUE (account_id, workspace_id, name)) WITHOUT ROWID;
CREATE TABLE group_members (account_id INTEGER, workspace_id INTEGER, group_id INTEGER,
  member_id INTEGER,
  PRIMARY KEY (account_id, workspace_id, group_id, member_id)) WITHOUT ROWID;
CREATE TABLE passwords (account_id INTEGER, workspace_id INTEGER, user_id INTEGER, hash TEXT,
  changed_ms INTEGER,
  PRIMARY KEY (account_id, workspace_id, user_id)) WITHOUT ROWID;
INSERT INTO groups SELECT account_id, workspace_id, (random() & 9007199254740991) | 1, 'admins', ''
  FROM users GROUP BY account_id, workspace_id;
INSERT INTO group_members SELECT u.account_id, u.workspace_id, g.id, u.id
  FROM users u JOIN groups g USING (account_id, workspace_id) WHERE u.is_admin = 1;
INSERT INTO groups SELECT account_id, workspace_id, (random() & 9007199254740991) | 1, 'users', ''
  FROM users GROUP BY account_id, workspace_id;
ALTER TABLE users DROP COLUMN is_admin;
ALTER TABLE users ADD COLUMN display_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN given_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN family_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN external_id TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN active INTEGER NOT NULL DEFAULT 1;
ALTER TABLE tokens ADD COLUMN session INTEGER NOT NULL DEFAULT 0)sql"}}};
  return kTables;
}

store::Values RowOf(const User& user) {
  return {{"id", user.id},
          {"name", user.name},
          {"display_name", user.display_name},
          {"given_name", user.given_name},
          {"family_name", user.family_name},
          {"external_id", user.external_id},
          {"active", int64_t{user.active}},
          {"created_ms", user.created_ms}};
}

store::Values RowOf(const ServicePrincipal& service_principal) {
  return {{"id", service_principal.id},
          {"application_id", service_principal.application_id},
          {"display_name", service_principal.display_name},
          {"external_id", service_principal.external_id},
          {"active", int64_t{service_principal.active}},
          {"created_ms", service_principal.created_ms}};
}

Status StoreGroup(store::Transaction& t, const Group& group) {
  TARN_RETURN_IF_ERROR(
      t.Put(kScope, "groups",
            {{"id", group.id}, {"name", group.name}, {"external_id", group.external_id}}));
  TARN_RETURN_IF_ERROR(t.Delete(kScope, "group_members", {{"group_id", group.id}}));
  for (int64_t member : group.members) {
    TARN_RETURN_IF_ERROR(
        t.Insert(kScope, "group_members", {{"group_id", group.id}, {"member_id", member}}));
  }
  return Ok();
}

Result<Directory> ReadDirectory(store::Transaction& t) {
  Directory directory;
  TARN_TRY(auto users,
           t.Select<int64_t, std::string, std::string, std::string, std::string, std::string, bool,
                    int64_t>(kScope, "users",
                             {"id", "name", "display_name", "given_name", "family_name",
                              "external_id", "active", "created_ms"}));
  for (auto& [id, name, display_name, given, family, external_id, active, created_ms] : users)
    directory.users[id] = {id, name, display_name, given, family, external_id, active, created_ms};
  TARN_TRY(auto service_principals,
           t.Select<int64_t, std::string, std::string, std::string, bool, int64_t>(
               kScope, "service_principals",
               {"id", "application_id", "display_name", "external_id", "active", "created_ms"}));
  for (auto& [id, application_id, display_name, external_id, active, created_ms] :
       service_principals) {
    directory.service_principals[id] = {id,          application_id, display_name,
                                        external_id, active,         created_ms};
  }
  TARN_TRY(auto groups, t.Select<int64_t, std::string, std::string>(kScope, "groups",
                                                                    {"id", "name", "external_id"}));
  for (auto& [id, name, external_id] : groups) directory.groups[id] = {id, name, external_id, {}};
  TARN_TRY(auto members,
           t.Select<int64_t, int64_t>(kScope, "group_members", {"group_id", "member_id"}));
  for (auto& [group_id, member_id] : members) directory.groups[group_id].members.insert(member_id);
  return directory;
}

Status CheckUserName(const std::string& name) {
  if (!name.empty() && name.size() <= 255 && name.find_first_of(" \t\r\n`'\"") == std::string::npos)
    return Ok();
  return Fail("INVALID_PARAMETER_VALUE", "'" + name + "' is not a user name.");
}

bool IsSystemGroup(const Group& group) {
  return group.name == kAdminsGroup || group.name == kUsersGroup;
}

Error NoSuch(std::string_view what, int64_t id) {
  return Fail("RESOURCE_DOES_NOT_EXIST",
              std::string(what) + " with id " + std::to_string(id) + " not found.");
}

}  // namespace tarn::identity
