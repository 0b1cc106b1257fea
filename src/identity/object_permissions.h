#pragma once
/// \file  Access control lists of workspace objects such as warehouses (the Permissions API).
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "identity/identity_service.h"

namespace tarn::identity {

/// Each level holds those before it.
enum class PermissionLevel { kNone, kCanView, kCanMonitor, kCanUse, kCanManage, kIsOwner };
/// "CAN_USE", "CAN_MANAGE", "IS_OWNER"…
std::string_view PermissionLevelName(PermissionLevel level);
/// Errors: INVALID_PARAMETER_VALUE.
Result<PermissionLevel> ParsePermissionLevel(std::string_view name);

struct AccessControl {
  int64_t principal_id = 0;
  PermissionLevel level = PermissionLevel::kNone;
  bool inherited = false;  ///< administrators, from "/<object type>/"
};

/// Objects are named by type ("warehouses") and id. Thread-safe; reads come from memory.
/// Errors of every check: PERMISSION_DENIED naming the level; of every change also
/// RESOURCE_DOES_NOT_EXIST for an object that was never Added, PRINCIPAL_DOES_NOT_EXIST.
class ObjectPermissions {
 public:
  static Result<std::unique_ptr<ObjectPermissions>> Open(store::Database& database,
                                                         IdentityService& identity,
                                                         const Clock& clock, EventSink& events);
  ~ObjectPermissions();

  /// A new object: `owner` IS_OWNER, everyone (group "users") as given.
  Status Add(const std::string& type, const std::string& id, const Principal& owner,
             PermissionLevel everyone = PermissionLevel::kNone);
  /// The object is gone. Removing what is not there is no error.
  Status Remove(const std::string& type, const std::string& id);

  /// The highest level, groups and administration included.
  PermissionLevel LevelOf(const Principal& who, const std::string& type,
                          const std::string& id) const;
  Status Check(const Principal& who, const std::string& type, const std::string& id,
               PermissionLevel needed) const;

  /// Needs CAN_MANAGE, like the changes.
  Result<std::vector<AccessControl>> Get(const Principal& who, const std::string& type,
                                         const std::string& id) const;
  /// Replaces all entries; without an owner among them the owner stays.
  Result<std::vector<AccessControl>> Put(const Principal& who, const std::string& type,
                                         const std::string& id,
                                         const std::vector<AccessControl>& entries);
  /// Changes the principals that are named. kNone removes one.
  Result<std::vector<AccessControl>> Patch(const Principal& who, const std::string& type,
                                           const std::string& id,
                                           const std::vector<AccessControl>& entries);

 private:
  struct State;
  explicit ObjectPermissions(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tarn::identity
