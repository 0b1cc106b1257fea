#pragma once
/// \file  Who may do what with a SQL warehouse: the permission levels of the Permissions API.
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "identity/identity_service.h"

namespace tarn::compute {

enum class WarehouseLevel { kNone, kCanView, kCanMonitor, kCanUse, kCanManage, kIsOwner };
/// "CAN_USE" and so on; "" for kNone.
std::string_view LevelName(WarehouseLevel level);
/// Errors: INVALID_PARAMETER_VALUE with the levels that there are.
Result<WarehouseLevel> ParseLevel(std::string_view name);

enum class GranteeKind { kUser, kGroup, kServicePrincipal };

struct WarehouseGrant {
  GranteeKind kind = GranteeKind::kUser;
  std::string name;
  WarehouseLevel level = WarehouseLevel::kNone;
  bool operator==(const WarehouseGrant&) const = default;
};

/// The direct grants of one warehouse. Exactly one of them is IS_OWNER. Administrators manage every
/// warehouse without one. Value type.
class WarehouseAccess {
 public:
  /// Every workspace user is in this group.
  static constexpr std::string_view kEveryone = "users";

  WarehouseAccess() = default;
  /// The access of a new warehouse: its creator's, and nobody else's.
  static WarehouseAccess OwnedBy(const std::string& user);
  /// Replaces all grants. Errors: INVALID_PARAMETER_VALUE unless exactly one is IS_OWNER.
  static Result<WarehouseAccess> Of(std::vector<WarehouseGrant> grants);
  /// Adds grants or changes those there are. A new owner makes the one before CAN_MANAGE.
  /// Errors: INVALID_PARAMETER_VALUE when no owner or several would be left.
  Result<WarehouseAccess> With(const std::vector<WarehouseGrant>& changes) const;

  WarehouseLevel LevelOf(const identity::Principal& who) const;
  const std::vector<WarehouseGrant>& grants() const { return grants_; }

  json::Value ToJson() const;
  static WarehouseAccess FromJson(const json::Value& json);

 private:
  std::vector<WarehouseGrant> grants_;
};

/// What the levels allow. Each also needs the one before it.
inline bool MaySee(WarehouseLevel level) { return level != WarehouseLevel::kNone; }
/// Start it and run statements on it.
inline bool MayUse(WarehouseLevel level) { return level >= WarehouseLevel::kCanMonitor; }
/// Edit, stop and delete it, and change its permissions.
inline bool MayManage(WarehouseLevel level) { return level >= WarehouseLevel::kCanManage; }

}  // namespace tarn::compute
