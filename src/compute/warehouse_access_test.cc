#include "compute/warehouse_access.h"

#include <gtest/gtest.h>

#include "base/testing.h"

namespace tarn::compute {
namespace {

using ::tarn::testing::IsError;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

identity::Principal User(const std::string& name, std::vector<std::string> groups = {}) {
  return {1, name, false, std::move(groups)};
}

WarehouseGrant Grant(const std::string& name, WarehouseLevel level,
                     GranteeKind kind = GranteeKind::kUser) {
  return {kind, name, level};
}

TEST(WarehouseAccessTest, ANewWarehouseIsItsCreatorsAndTheAdministrators) {
  WarehouseAccess access = WarehouseAccess::OwnedBy("ada@example.com");
  EXPECT_EQ(access.LevelOf(User("Ada@Example.com")), WarehouseLevel::kIsOwner);
  EXPECT_EQ(access.LevelOf(User("bob@example.com")), WarehouseLevel::kNone);
  EXPECT_EQ(access.LevelOf({2, "root@example.com", true, {}}), WarehouseLevel::kCanManage);
}

TEST(WarehouseAccessTest, TheStrongestOfSeveralGrantsCounts) {
  TARN_ASSERT_OK_AND_ASSIGN(WarehouseAccess access,
                            WarehouseAccess::OwnedBy("o@x").With(
                                {Grant("users", WarehouseLevel::kCanView, GranteeKind::kGroup),
                                 Grant("analysts", WarehouseLevel::kCanUse, GranteeKind::kGroup),
                                 Grant("bob@x", WarehouseLevel::kCanManage)}));
  EXPECT_EQ(access.LevelOf(User("eve@x")), WarehouseLevel::kCanView);
  EXPECT_EQ(access.LevelOf(User("eve@x", {"analysts"})), WarehouseLevel::kCanUse);
  EXPECT_EQ(access.LevelOf(User("bob@x", {"analysts"})), WarehouseLevel::kCanManage);
  // A user of a group's name is not the group.
  EXPECT_EQ(access.LevelOf(User("analysts")), WarehouseLevel::kCanView);
}

TEST(WarehouseAccessTest, WhatTheLevelsAllow) {
  struct Case {
    WarehouseLevel level;
    bool see, use, manage;
  };
  for (Case c : {Case{WarehouseLevel::kNone, false, false, false},
                 Case{WarehouseLevel::kCanView, true, false, false},
                 Case{WarehouseLevel::kCanMonitor, true, true, false},
                 Case{WarehouseLevel::kCanUse, true, true, false},
                 Case{WarehouseLevel::kCanManage, true, true, true},
                 Case{WarehouseLevel::kIsOwner, true, true, true}}) {
    EXPECT_EQ(MaySee(c.level), c.see) << LevelName(c.level);
    EXPECT_EQ(MayUse(c.level), c.use) << LevelName(c.level);
    EXPECT_EQ(MayManage(c.level), c.manage) << LevelName(c.level);
  }
}

TEST(WarehouseAccessTest, ThereIsExactlyOneOwner) {
  auto one = IsError("INVALID_PARAMETER_VALUE", HasSubstr("exactly one owner"));
  EXPECT_THAT(WarehouseAccess::Of({}), one);
  EXPECT_THAT(WarehouseAccess::Of(
                  {Grant("a", WarehouseLevel::kIsOwner), Grant("b", WarehouseLevel::kIsOwner)}),
              one);
  EXPECT_THAT(WarehouseAccess::Of({Grant("g", WarehouseLevel::kIsOwner, GranteeKind::kGroup)}),
              one);
  WarehouseAccess access = WarehouseAccess::OwnedBy("a");
  EXPECT_THAT(access.With({Grant("A", WarehouseLevel::kCanUse)}), one);
  TARN_ASSERT_OK_AND_ASSIGN(WarehouseAccess moved,
                            access.With({Grant("b", WarehouseLevel::kIsOwner)}));
  EXPECT_THAT(moved.grants(), ElementsAre(Grant("a", WarehouseLevel::kCanManage),
                                          Grant("b", WarehouseLevel::kIsOwner)));
}

TEST(WarehouseAccessTest, SurvivesItsRecord) {
  TARN_ASSERT_OK_AND_ASSIGN(
      WarehouseAccess access,
      WarehouseAccess::OwnedBy("a").With(
          {Grant("users", WarehouseLevel::kCanUse, GranteeKind::kGroup),
           Grant("app", WarehouseLevel::kCanMonitor, GranteeKind::kServicePrincipal)}));
  TARN_ASSERT_OK_AND_ASSIGN(json::Value stored, json::Parse(access.ToJson().ToString()));
  EXPECT_EQ(WarehouseAccess::FromJson(stored).grants(), access.grants());
}

TEST(WarehouseAccessTest, AnUnknownLevelNamesThoseThereAre) {
  EXPECT_THAT(ParseLevel("CAN_RUN"), IsError("INVALID_PARAMETER_VALUE", HasSubstr("CAN_USE")));
}

}  // namespace
}  // namespace tarn::compute
