#include "catalog/catalog_service.h"

#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/testing.h"

namespace tarn::catalog {
namespace {

using ::tarn::testing::IsError;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class CatalogServiceTest : public ::testing::Test {
 protected:
  CatalogServiceTest()
      : folder_(fs::path(::testing::TempDir()) /
                ("catalog_" + std::to_string(::getpid()) + "_" +
                 ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "data" / "tls");
    fs::create_directories(folder_ / "lake");
    Open();
    TARN_EXPECT_OK(Create(SecurableKind::kCatalog, "c"));
  }
  ~CatalogServiceTest() override { fs::remove_all(folder_); }

  void Open() {
    catalog_.reset();
    identity_.reset();
    database_.reset();
    database_ = *store::Database::Open((folder_ / "data" / "metadata.db").string(),
                                       {identity::StoredTables(), StoredTables()});
    identity_ =
        *identity::IdentityService::Open(*database_, Clock::System(), EventSink::Null(), "root@x");
    // The administrator has allowed a folder around the server's own.
    catalog_ = *CatalogService::Open(
        *database_, *identity_,
        {(folder_ / "data" / "managed").string(), {folder_.string()}, (folder_ / "data").string()},
        Clock::System(), EventSink::Null());
    root_ = *identity_->Administrator();
  }

  Result<Securable> Create(SecurableKind kind, const std::string& name,
                           const std::string& location = "") {
    Securable draft;
    draft.kind = kind;
    draft.full_name = name;
    draft.storage_location = location;
    return catalog_->Create(root_, draft);
  }
  identity::Principal MakeUser(const std::string& name) {
    identity::User draft;
    draft.name = name;
    int64_t id = identity_->CreateUser(root_, draft)->id;
    return *identity_->Snapshot().PrincipalOf(id);
  }
  std::string Lake(const std::string& rest) { return (folder_ / "lake" / rest).string(); }

  fs::path folder_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<identity::IdentityService> identity_;
  std::unique_ptr<CatalogService> catalog_;
  identity::Principal root_;
};

TEST_F(CatalogServiceTest, ANewCatalogHasADefaultSchema) {
  TARN_EXPECT_OK(catalog_->Get(root_, SecurableKind::kSchema, "c.default"));
  EXPECT_THAT(catalog_->Drop(root_, SecurableKind::kCatalog, "c", false),
              IsError("CATALOG_NOT_EMPTY"));
  TARN_EXPECT_OK(catalog_->Drop(root_, SecurableKind::kCatalog, "c", true));
  Open();
  EXPECT_THAT(catalog_->Get(root_, SecurableKind::kSchema, "c.default"),
              IsError("SCHEMA_NOT_FOUND"));
}

TEST_F(CatalogServiceTest, TheServersOwnFolderIsNeverGivenAway) {
  for (const char* path : {"", "/data", "/data/tls", "/data/metadata.db", "/data/managed/tables",
                           "/lake/../data/tls/ca.key"}) {
    EXPECT_THAT(catalog_->ResolveExternalPath(root_, folder_.string() + path),
                IsError("PERMISSION_DENIED"))
        << path;
  }
  fs::create_symlink(folder_ / "data" / "tls", folder_ / "lake" / "link");
  EXPECT_THAT(catalog_->ResolveExternalPath(root_, Lake("link/ca.key")),
              IsError("PERMISSION_DENIED"));
  EXPECT_THAT(catalog_->ResolveExternalPath(root_, "/etc/passwd"), IsError("PERMISSION_DENIED"));
  EXPECT_THAT(catalog_->ResolveExternalPath(root_, "/Volumes/c/s/v/x"),
              IsError("LOCATION_OVERLAP"));
  TARN_EXPECT_OK(catalog_->ResolveExternalPath(root_, Lake("t")));
}

TEST_F(CatalogServiceTest, LocationsDoNotOverlap) {
  TARN_ASSERT_OK(Create(SecurableKind::kTable, "c.default.t", Lake("a/t")));
  for (const char* path : {"a/t", "a/t/inner", "a", "a/b/../t"}) {
    EXPECT_THAT(Create(SecurableKind::kTable, "c.default.u", Lake(path)),
                IsError("LOCATION_OVERLAP", HasSubstr("'c.default.t'")))
        << path;
    EXPECT_THAT(Create(SecurableKind::kVolume, "c.default.v", Lake(path)),
                IsError("LOCATION_OVERLAP"))
        << path;
  }
  TARN_EXPECT_OK(Create(SecurableKind::kTable, "c.default.u", Lake("a/t1")));
  TARN_EXPECT_OK(catalog_->Drop(root_, SecurableKind::kTable, "c.default.t", false));
  TARN_EXPECT_OK(Create(SecurableKind::kVolume, "c.default.v", Lake("a/t")));
}

TEST_F(CatalogServiceTest, LocationsAreForWhoMayNameThem) {
  identity::Principal user = MakeUser("user@example.com");
  TARN_ASSERT_OK(catalog_->ChangeGrants(root_, SecurableKind::kCatalog, "c",
                                        {{"user@example.com", {"ALL PRIVILEGES"}, {}}}));
  Securable draft;
  draft.kind = SecurableKind::kTable;
  draft.full_name = "c.default.t";
  draft.storage_location = Lake("t");
  EXPECT_THAT(catalog_->Create(user, draft), IsError("PERMISSION_DENIED"));
}

TEST_F(CatalogServiceTest, DropRemovesFilesOfManagedObjectsOnly) {
  TARN_ASSERT_OK_AND_ASSIGN(Securable managed, Create(SecurableKind::kVolume, "c.default.m"));
  TARN_ASSERT_OK_AND_ASSIGN(Securable external,
                            Create(SecurableKind::kVolume, "c.default.e", Lake("e")));
  std::ofstream(managed.storage_location + "/f") << "x";
  std::ofstream(external.storage_location + "/f") << "x";
  TARN_ASSERT_OK(catalog_->Drop(root_, SecurableKind::kSchema, "c.default", true));
  EXPECT_FALSE(fs::exists(managed.storage_location));
  EXPECT_TRUE(fs::exists(external.storage_location + "/f"));
}

TEST_F(CatalogServiceTest, ARenameMovesWhatIsBelowAndItsGrants) {
  TARN_ASSERT_OK_AND_ASSIGN(Securable table, Create(SecurableKind::kTable, "c.default.t"));
  identity::Principal user = MakeUser("user@example.com");
  TARN_ASSERT_OK(catalog_->ChangeGrants(root_, SecurableKind::kCatalog, "c",
                                        {{"user@example.com", {"USE CATALOG", "USE SCHEMA"}, {}}}));
  TARN_ASSERT_OK(catalog_->ChangeGrants(root_, SecurableKind::kTable, "c.default.t",
                                        {{"user@example.com", {"SELECT"}, {}}}));
  TARN_ASSERT_OK(Create(SecurableKind::kCatalog, "taken"));
  ObjectChange change;
  change.new_name = "Taken";
  EXPECT_THAT(catalog_->Alter(root_, SecurableKind::kCatalog, "c", change, ""),
              IsError("CATALOG_ALREADY_EXISTS"));
  change.new_name = "e";
  TARN_ASSERT_OK(catalog_->Alter(root_, SecurableKind::kCatalog, "c", change, ""));
  for (int opened = 0; opened < 2; ++opened) {
    TARN_ASSERT_OK_AND_ASSIGN(
        Securable moved,
        catalog_->Resolve(user, SecurableKind::kTable, "e.default.t", Operation::kSelect));
    EXPECT_EQ(moved.id, table.id);
    EXPECT_EQ(moved.storage_location, table.storage_location);
    EXPECT_THAT(catalog_->Get(root_, SecurableKind::kCatalog, "c"), IsError("CATALOG_NOT_FOUND"));
    Open();  // and so it is stored
  }
}

TEST_F(CatalogServiceTest, AnOwnerExists) {
  ObjectChange change;
  change.owner = "nobody@x";
  EXPECT_THAT(catalog_->Alter(root_, SecurableKind::kCatalog, "c", change, ""),
              IsError("PRINCIPAL_DOES_NOT_EXIST"));
  EXPECT_EQ(catalog_->Get(root_, SecurableKind::kCatalog, "c")->owner, "root@x");
}

TEST_F(CatalogServiceTest, GroupsOwnAndAreGrantedTo) {
  identity::Principal member = MakeUser("user@example.com");
  for (const char* name : {"owners", "readers"}) {
    identity::Group group;
    group.name = name;
    group.members = {member.id};
    TARN_ASSERT_OK(identity_->CreateGroup(root_, group));
  }
  member = *identity_->Snapshot().PrincipalOf(member.id);
  TARN_ASSERT_OK(Create(SecurableKind::kTable, "c.default.t"));
  ObjectChange change;
  change.owner = "OWNERS";
  TARN_ASSERT_OK(catalog_->Alter(root_, SecurableKind::kCatalog, "c", change, ""));
  EXPECT_EQ(catalog_->Get(root_, SecurableKind::kCatalog, "c")->owner, "owners");
  TARN_EXPECT_OK(catalog_->Resolve(member, SecurableKind::kCatalog, "c", Operation::kManage));
  TARN_ASSERT_OK(catalog_->ChangeGrants(root_, SecurableKind::kCatalog, "c",
                                        {{"Readers", {"SELECT", "USE SCHEMA"}, {}}}));
  TARN_EXPECT_OK(
      catalog_->Resolve(member, SecurableKind::kTable, "c.default.t", Operation::kSelect));
}

TEST_F(CatalogServiceTest, WhatSomebodyHeldWhoIsGoneCanBeTakenBack) {
  identity::Principal user = MakeUser("user@example.com");
  TARN_ASSERT_OK(catalog_->ChangeGrants(root_, SecurableKind::kCatalog, "c",
                                        {{"user@example.com", {"USE CATALOG", "SELECT"}, {}}}));
  TARN_ASSERT_OK(identity_->DeleteUser(root_, user.id));
  EXPECT_THAT(catalog_->ChangeGrants(root_, SecurableKind::kCatalog, "c",
                                     {{"user@example.com", {"MODIFY"}, {"SELECT"}}}),
              IsError("PRINCIPAL_DOES_NOT_EXIST"));
  EXPECT_THAT(
      catalog_->ChangeGrants(root_, SecurableKind::kCatalog, "c", {{"never@x", {}, {"SELECT"}}}),
      IsError("PRINCIPAL_DOES_NOT_EXIST"));
  TARN_ASSERT_OK(catalog_->ChangeGrants(root_, SecurableKind::kCatalog, "c",
                                        {{"user@example.com", {}, {"SELECT", "USE CATALOG"}}}));
  EXPECT_TRUE(catalog_->GetGrants(root_, SecurableKind::kCatalog, "c")->empty());
}

TEST_F(CatalogServiceTest, AChangeMeansTheObjectItWasMadeFor) {
  TARN_ASSERT_OK_AND_ASSIGN(Securable first, Create(SecurableKind::kTable, "c.default.t"));
  TARN_ASSERT_OK(catalog_->Drop(root_, SecurableKind::kTable, "c.default.t", false));
  TARN_ASSERT_OK(Create(SecurableKind::kTable, "c.default.t"));
  ObjectChange change;
  change.comment = "of the first";
  EXPECT_THAT(catalog_->Alter(root_, SecurableKind::kTable, "c.default.t", change, first.id),
              IsError("RESOURCE_CONFLICT"));
}

TEST_F(CatalogServiceTest, RacingChangesAreAllKept) {
  constexpr int kRounds = 50;
  std::thread owner([&] {
    for (int i = 0; i < kRounds; ++i) {
      ObjectChange change;
      change.properties = {{"round", std::to_string(i)}};
      TARN_EXPECT_OK(catalog_->Alter(root_, SecurableKind::kSchema, "c.default", change, ""));
    }
  });
  for (int i = 0; i < kRounds; ++i) {
    ObjectChange change;
    change.comment = std::to_string(i);
    TARN_EXPECT_OK(catalog_->Alter(root_, SecurableKind::kSchema, "c.default", change, ""));
  }
  owner.join();
  Securable left = *catalog_->Get(root_, SecurableKind::kSchema, "c.default");
  EXPECT_EQ(left.comment, "49");
  EXPECT_EQ(left.properties[0].second, "49");
}

}  // namespace
}  // namespace tarn::catalog
