#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/testing.h"
#include "catalog/catalog_service.h"

namespace tarn::catalog {
namespace {

using ::tarn::testing::IsError;

// The places of the fixture: two catalogs of one shape, so that rights on one say nothing of the
// other.
struct Place {
  SecurableKind kind;
  const char* name;
};
constexpr Place kMetastore{SecurableKind::kMetastore, ""};
constexpr Place kCatalog{SecurableKind::kCatalog, "c"};
constexpr Place kSchema{SecurableKind::kSchema, "c.s"};
constexpr Place kTable{SecurableKind::kTable, "c.s.t"};
constexpr Place kVolume{SecurableKind::kVolume, "c.s.v"};
constexpr Place kOtherTable{SecurableKind::kTable, "d.s.t"};

struct Right {
  Place at;
  const char* privilege;
};

const std::vector<Right> kUse = {{kCatalog, "USE CATALOG"}, {kSchema, "USE SCHEMA"}};

std::vector<Right> With(std::vector<Right> more) {
  std::vector<Right> all = kUse;
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

class DecisionTest : public ::testing::Test {
 protected:
  DecisionTest()
      : folder_(::testing::TempDir() + "/decision_" + std::to_string(::getpid()) + "_" +
                ::testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    database_ = *store::Database::Open(folder_ + "/metadata.db",
                                       {identity::StoredTables(), StoredTables()});
    identity_ =
        *identity::IdentityService::Open(*database_, Clock::System(), EventSink::Null(), "root@x");
    catalog_ = *CatalogService::Open(*database_, *identity_, {folder_ + "/managed", {}},
                                     Clock::System(), EventSink::Null());
    root_ = *identity_->Administrator();
    user_ = MakeUser("user@example.com");
    for (const char* name : {"c", "d"}) {
      Make(SecurableKind::kCatalog, name);
      Make(SecurableKind::kSchema, std::string(name) + ".s");
      Make(SecurableKind::kTable, std::string(name) + ".s.t");
      Make(SecurableKind::kVolume, std::string(name) + ".s.v");
    }
  }
  ~DecisionTest() override { std::filesystem::remove_all(folder_); }

  void Make(SecurableKind kind, const std::string& name) {
    Securable draft;
    draft.kind = kind;
    draft.full_name = name;
    TARN_ASSERT_OK(catalog_->Create(root_, draft));
  }
  identity::Principal MakeUser(const std::string& name) {
    identity::User draft;
    draft.name = name;
    int64_t id = identity_->CreateUser(root_, draft)->id;
    return *identity_->Snapshot().PrincipalOf(id);
  }
  void Give(const Right& right, bool take = false) {
    GrantChange change{"user@example.com", {}, {}};
    (take ? change.remove : change.add) = {right.privilege};
    TARN_ASSERT_OK(catalog_->ChangeGrants(root_, right.at.kind, right.at.name, {change}));
  }
  bool May(Operation operation, const Place& at) {
    Securable what;
    what.kind = at.kind;
    what.full_name = at.name;
    return catalog_->Decide(user_, what, operation).allow;
  }

  std::string folder_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<identity::IdentityService> identity_;
  std::unique_ptr<CatalogService> catalog_;
  identity::Principal root_;
  identity::Principal user_;
};

struct Case {
  Operation operation;
  Place at;
  std::vector<Right> enough;  ///< all of them together allow, and without any one they do not
};

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {Operation::kCreateCatalog, kMetastore, {{kMetastore, "CREATE CATALOG"}}},
      {Operation::kUseCatalog, kCatalog, {{kCatalog, "USE CATALOG"}}},
      {Operation::kUseSchema, kSchema, kUse},
      {Operation::kCreateSchema,
       kCatalog,
       {{kCatalog, "USE CATALOG"}, {kCatalog, "CREATE SCHEMA"}}},
      {Operation::kCreateTable, kSchema, With({{kSchema, "CREATE TABLE"}})},
      {Operation::kCreateTable, kSchema, With({{kCatalog, "CREATE TABLE"}})},
      {Operation::kCreateVolume, kSchema, With({{kSchema, "CREATE VOLUME"}})},
      {Operation::kSelect, kTable, With({{kTable, "SELECT"}})},
      {Operation::kSelect, kTable, With({{kSchema, "SELECT"}})},
      {Operation::kSelect, kTable, With({{kCatalog, "SELECT"}})},
      {Operation::kSelect, kTable, With({{kTable, "ALL PRIVILEGES"}})},
      {Operation::kSelect, kTable, {{kCatalog, "ALL PRIVILEGES"}}},
      {Operation::kModify, kTable, With({{kTable, "MODIFY"}})},
      {Operation::kModify, kTable, With({{kSchema, "MODIFY"}})},
      {Operation::kModify, kTable, {{kCatalog, "USE CATALOG"}, {kSchema, "ALL PRIVILEGES"}}},
      {Operation::kReadVolume, kVolume, With({{kVolume, "READ VOLUME"}})},
      {Operation::kReadVolume, kVolume, With({{kSchema, "READ VOLUME"}})},
      {Operation::kWriteVolume, kVolume, With({{kVolume, "WRITE VOLUME"}})},
      {Operation::kWriteVolume, kVolume, With({{kVolume, "ALL PRIVILEGES"}})},
      {Operation::kManage, kTable, With({{kTable, "MANAGE"}})},
      {Operation::kManage, kVolume, With({{kCatalog, "MANAGE"}})},
      {Operation::kManage, kCatalog, {{kCatalog, "MANAGE"}}},
  };
  return cases;
}

TEST_F(DecisionTest, ExactlyTheseRightsAllow) {
  for (size_t n = 0; n < Cases().size(); ++n) {
    const Case& c = Cases()[n];
    SCOPED_TRACE("case " + std::to_string(n));
    EXPECT_FALSE(May(c.operation, c.at)) << "default deny";
    for (const Right& right : c.enough) Give(right);
    EXPECT_TRUE(May(c.operation, c.at));
    for (const Right& right : c.enough) {
      Give(right, true);
      EXPECT_FALSE(May(c.operation, c.at)) << "without " << right.privilege;
      Give(right);
    }
    for (const Right& right : c.enough) Give(right, true);
    EXPECT_FALSE(May(c.operation, c.at)) << "taken back";
  }
}

TEST_F(DecisionTest, RightsSayNothingOfOtherOperationsAndPlaces) {
  struct {
    Right right;
    Operation operation;
    Place at;
  } const cases[] = {
      {{kTable, "SELECT"}, Operation::kModify, kTable},
      {{kTable, "MODIFY"}, Operation::kSelect, kTable},
      {{kTable, "MANAGE"}, Operation::kSelect, kTable},
      {{kTable, "ALL PRIVILEGES"}, Operation::kManage, kTable},
      {{kCatalog, "ALL PRIVILEGES"}, Operation::kManage, kCatalog},
      {{kVolume, "READ VOLUME"}, Operation::kWriteVolume, kVolume},
      {{kVolume, "WRITE VOLUME"}, Operation::kReadVolume, kVolume},
      {{kCatalog, "SELECT"}, Operation::kSelect, kOtherTable},
      {{kSchema, "CREATE TABLE"}, Operation::kCreateVolume, kSchema},
      {{kCatalog, "CREATE SCHEMA"}, Operation::kCreateTable, kSchema},
      {{kMetastore, "CREATE CATALOG"}, Operation::kCreateSchema, kCatalog},
      {{kCatalog, "BROWSE"}, Operation::kSelect, kTable},
  };
  for (const Right& right : kUse) Give(right);
  for (const auto& c : cases) {
    Give(c.right);
    EXPECT_FALSE(May(c.operation, c.at)) << c.right.privilege << " on " << c.right.at.name;
    Give(c.right, true);
  }
}

TEST_F(DecisionTest, AnOwnerMayAllOfItsOwnAndStillHasToGetThere) {
  ObjectChange change;
  change.owner = "user@example.com";
  TARN_ASSERT_OK(catalog_->Alter(root_, SecurableKind::kTable, "c.s.t", change, ""));
  EXPECT_FALSE(May(Operation::kSelect, kTable)) << "without USE";
  for (const Right& right : kUse) Give(right);
  for (Operation operation : {Operation::kSelect, Operation::kModify, Operation::kManage})
    EXPECT_TRUE(May(operation, kTable));
  EXPECT_FALSE(May(Operation::kReadVolume, kVolume));
  // Owning what contains it allows to manage it, not to read it.
  TARN_ASSERT_OK(catalog_->Alter(root_, SecurableKind::kSchema, "d.s", change, ""));
  Give({{SecurableKind::kCatalog, "d"}, "USE CATALOG"});
  EXPECT_TRUE(May(Operation::kManage, kOtherTable));
  EXPECT_FALSE(May(Operation::kSelect, kOtherTable));
}

TEST_F(DecisionTest, PrivilegesOfOtherKindsAreRefused) {
  struct {
    Place at;
    const char* privilege;
  } const cases[] = {{kTable, "USE SCHEMA"},   {kTable, "READ VOLUME"}, {kVolume, "SELECT"},
                     {kSchema, "USE CATALOG"}, {kMetastore, "SELECT"},  {kTable, "NONSENSE"}};
  for (const auto& c : cases) {
    EXPECT_THAT(catalog_->ChangeGrants(root_, c.at.kind, c.at.name,
                                       {{"user@example.com", {c.privilege}, {}}}),
                IsError("INVALID_PARAMETER_VALUE"))
        << c.privilege;
  }
}

TEST_F(DecisionTest, ChangesOfGrantsAreAllMadeOrNone) {
  std::vector<GrantChange> changes = {{"user@example.com", {"SELECT"}, {}},
                                      {"nobody@x", {"SELECT"}, {}}};
  EXPECT_THAT(catalog_->ChangeGrants(root_, SecurableKind::kTable, "c.s.t", changes),
              IsError("PRINCIPAL_DOES_NOT_EXIST"));
  changes[1] = {"root@x", {"READ VOLUME"}, {}};
  EXPECT_THAT(catalog_->ChangeGrants(root_, SecurableKind::kTable, "c.s.t", changes),
              IsError("INVALID_PARAMETER_VALUE"));
  EXPECT_TRUE(catalog_->GetGrants(root_, SecurableKind::kTable, "c.s.t")->empty());
}

TEST_F(DecisionTest, HiddenIsAsMissing) {
  auto hidden = catalog_->Get(user_, SecurableKind::kTable, "c.s.t");
  auto missing = catalog_->Get(user_, SecurableKind::kTable, "c.s.x");
  ASSERT_FALSE(hidden.ok());
  ASSERT_FALSE(missing.ok());
  std::string message = missing.error().message();
  message.replace(message.find("`x`"), 3, "`t`");
  EXPECT_EQ(hidden.error().message(), message);
  EXPECT_EQ(hidden.error().reason(), missing.error().reason());
}

TEST_F(DecisionTest, GrantsOfOthersAreForWhoManages) {
  Give({kTable, "SELECT"});
  TARN_ASSERT_OK(
      catalog_->ChangeGrants(root_, SecurableKind::kTable, "c.s.t", {{"root@x", {"MODIFY"}, {}}}));
  EXPECT_EQ(catalog_->GetGrants(root_, SecurableKind::kTable, "c.s.t")->size(), 2u);
  auto mine = *catalog_->GetGrants(user_, SecurableKind::kTable, "c.s.t");
  ASSERT_EQ(mine.size(), 1u);
  EXPECT_EQ(mine[0].principal, "user@example.com");
}

TEST_F(DecisionTest, EffectiveGrantsSayWhereTheyComeFrom) {
  Give({kCatalog, "SELECT"});
  Give({kCatalog, "CREATE SCHEMA"});  // says nothing of a table
  Give({kTable, "MODIFY"});
  auto effective = *catalog_->EffectiveGrants(root_, SecurableKind::kTable, "c.s.t");
  ASSERT_EQ(effective["user@example.com"].size(), 2u);
  EXPECT_EQ(effective["user@example.com"][0].privilege, "MODIFY");
  EXPECT_EQ(effective["user@example.com"][0].at_name, "c.s.t");
  EXPECT_EQ(effective["user@example.com"][1].privilege, "SELECT");
  EXPECT_EQ(effective["user@example.com"][1].at_name, "c");
}

}  // namespace
}  // namespace tarn::catalog
