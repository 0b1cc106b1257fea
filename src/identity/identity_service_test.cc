#include "identity/identity_service.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/testing.h"
#include "identity/password_hash.h"

namespace tarn::identity {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsError;
using testing::IsOk;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kAdmin = "admin@localhost";
constexpr const char* kPassword = "correct horse";

class Events final : public EventSink {
 public:
  void Emit(Event event) override { actions.push_back(event.action + (event.ok ? "" : "!")); }
  std::vector<std::string> actions;
};

class IdentityServiceTest : public ::testing::Test {
 protected:
  IdentityServiceTest()
      : folder_(::testing::TempDir() + "/identity_" + std::to_string(::getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Open();
  }
  ~IdentityServiceTest() override {
    service_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  void Open(const std::string& admin = kAdmin) {
    service_.reset();
    database_.reset();
    database_ = *store::Database::Open(folder_ + "/metadata.db", {StoredTables()});
    service_ = *IdentityService::Open(*database_, clock_, events_, admin);
    admin_ = *service_->Administrator();
  }
  User MakeUser(const std::string& name) {
    User draft;
    draft.name = name;
    return *service_->CreateUser(admin_, draft);
  }
  Principal PrincipalOf(int64_t id) { return *service_->Snapshot().PrincipalOf(id); }
  std::string SecretOf(const Principal& who, std::optional<int64_t> seconds = std::nullopt) {
    return service_->CreateToken(who, "t", seconds)->secret;
  }
  /// Everything that lies on disk.
  std::string Disk() {
    std::stringstream all;
    for (const auto& file : std::filesystem::directory_iterator(folder_))
      all << std::ifstream(file.path()).rdbuf();
    return all.str();
  }

  std::string folder_;
  VirtualClock clock_;
  Events events_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<IdentityService> service_;
  Principal admin_;
};

TEST_F(IdentityServiceTest, TheFirstAdministratorIsMadeExactlyOnce) {
  EXPECT_EQ(admin_.name, kAdmin);
  EXPECT_TRUE(admin_.is_admin);
  Open();
  Open("somebody.else@localhost");
  EXPECT_EQ(admin_.name, kAdmin);
  EXPECT_THAT(service_->Snapshot().users, SizeIs(1));
  EXPECT_THAT(service_->Snapshot().groups, SizeIs(2));
}

TEST_F(IdentityServiceTest, AdministratorsOfAnOlderFolderStayOnes) {
  std::string path = folder_ + "/older.db";
  store::ModuleSchema old = StoredTables();
  old.migrations.resize(1);
  {
    auto database = *store::Database::Open(path, {old});
    ASSERT_THAT(database->Write([](store::Transaction& t) -> Status {
      auto add = [&](int64_t id, const char* name, int64_t is_admin) {
        return t.Insert(
            {}, "users",
            {{"id", id}, {"name", std::string(name)}, {"is_admin", is_admin}, {"created_ms", id}});
      };
      TARN_RETURN_IF_ERROR(add(1, "plain@example.com", 0));
      return add(2, "boss@example.com", 1);
    }),
                IsOk());
  }
  auto database = *store::Database::Open(path, {StoredTables()});
  TARN_ASSERT_OK_AND_ASSIGN(auto service,
                            IdentityService::Open(*database, clock_, events_, kAdmin));
  EXPECT_EQ(service->Administrator()->name, "boss@example.com");
  Directory directory = service->Snapshot();
  EXPECT_FALSE(directory.PrincipalOf(1)->is_admin);
  EXPECT_THAT(directory.users, SizeIs(2));
}

TEST_F(IdentityServiceTest, OnlyHashesAreOnDisk) {
  std::string secret = SecretOf(admin_);
  ASSERT_THAT(service_->SetPassword(admin_, admin_.id, kPassword), IsOk());
  std::string session = service_->SignIn(kAdmin, kPassword)->secret;
  std::string disk = Disk();
  EXPECT_THAT(disk, HasSubstr("$scrypt$ln=14,r=8,p=5$"));
  for (const std::string& secret_text : {secret, session, std::string(kPassword)})
    EXPECT_EQ(disk.find(secret_text), std::string::npos);
}

TEST_F(IdentityServiceTest, ATokenWorksUntilItExpires) {
  std::string secret = SecretOf(admin_, 60);
  EXPECT_EQ(service_->Authenticate(secret)->name, kAdmin);
  clock_.Advance(std::chrono::seconds(59));
  EXPECT_THAT(service_->Authenticate(secret), IsOk());
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_THAT(service_->Authenticate(secret), IsError("TOKEN_EXPIRED", HasSubstr("new one")));
  EXPECT_THAT(service_->Authenticate(secret + "0"), IsError("TOKEN_UNKNOWN"));
  EXPECT_THAT(service_->Authenticate(""), IsError("TOKEN_UNKNOWN"));
}

TEST_F(IdentityServiceTest, LifetimesOutOfBoundsAreRefused) {
  for (int64_t seconds :
       {int64_t{0}, int64_t{-1}, kMaxTokenLifetimeSeconds + 1, std::numeric_limits<int64_t>::max(),
        std::numeric_limits<int64_t>::min()}) {
    EXPECT_THAT(service_->CreateToken(admin_, "t", seconds), IsError("INVALID_PARAMETER_VALUE"))
        << seconds;
  }
  TARN_ASSERT_OK_AND_ASSIGN(auto longest,
                            service_->CreateToken(admin_, "t", kMaxTokenLifetimeSeconds));
  EXPECT_EQ(longest.info.expires_ms, longest.info.created_ms + kMaxTokenLifetimeSeconds * 1000);
}

TEST_F(IdentityServiceTest, TokensSurviveARestartAndEndWhenRevoked) {
  TARN_ASSERT_OK_AND_ASSIGN(auto token, service_->CreateToken(admin_, "kept", std::nullopt));
  Open();
  EXPECT_THAT(service_->Authenticate(token.secret), IsOk());
  ASSERT_THAT(service_->ListTokens(admin_), SizeIs(1));
  EXPECT_EQ(service_->ListTokens(admin_)[0].comment, "kept");
  ASSERT_THAT(service_->RevokeToken(admin_, token.info.id), IsOk());
  EXPECT_THAT(service_->Authenticate(token.secret), IsError("TOKEN_UNKNOWN"));
  EXPECT_THAT(service_->RevokeToken(admin_, token.info.id), IsError("RESOURCE_DOES_NOT_EXIST"));
  Open();
  EXPECT_THAT(service_->Authenticate(token.secret), IsError("TOKEN_UNKNOWN"));
}

TEST_F(IdentityServiceTest, NobodyRevokesTheTokensOfOthersButAdministrators) {
  Principal ada = PrincipalOf(MakeUser("ada@example.com").id);
  Principal bob = PrincipalOf(MakeUser("bob@example.com").id);
  std::string id = service_->CreateToken(ada, "t", 60)->info.id;
  EXPECT_THAT(service_->RevokeToken(bob, id), IsError("RESOURCE_DOES_NOT_EXIST"));
  EXPECT_THAT(service_->RevokeToken(admin_, id), IsOk());
}

TEST_F(IdentityServiceTest, ADeactivatedUserIsLockedOutAndADeletedOneIsGone) {
  User ada = MakeUser("ada@example.com");
  std::string secret = SecretOf(PrincipalOf(ada.id));
  ada.active = false;
  ASSERT_THAT(service_->UpdateUser(admin_, ada), IsOk());
  EXPECT_THAT(service_->Authenticate(secret), IsError("PRINCIPAL_INACTIVE"));
  ada.active = true;
  ASSERT_THAT(service_->UpdateUser(admin_, ada), IsOk());
  EXPECT_THAT(service_->Authenticate(secret), IsOk());
  ASSERT_THAT(service_->DeleteUser(admin_, ada.id), IsOk());
  EXPECT_THAT(service_->Authenticate(secret), IsError("TOKEN_UNKNOWN"));
  EXPECT_THAT(service_->DeleteUser(admin_, ada.id), IsError("RESOURCE_DOES_NOT_EXIST"));
  Open();
  EXPECT_THAT(service_->Authenticate(secret), IsError("TOKEN_UNKNOWN"));
  // The name is free, and nothing of before comes back with it.
  EXPECT_THAT(service_->ListTokens(PrincipalOf(MakeUser("ada@example.com").id)), SizeIs(0));
}

TEST_F(IdentityServiceTest, NamesAreTakenWhateverTheirCase) {
  MakeUser("ada@example.com");
  User again;
  again.name = "Ada@Example.com";
  EXPECT_THAT(service_->CreateUser(admin_, again), IsError("RESOURCE_ALREADY_EXISTS"));
  for (const char* name : {"", "two words", "quo'te"}) {
    again.name = name;
    EXPECT_THAT(service_->CreateUser(admin_, again), IsError("INVALID_PARAMETER_VALUE")) << name;
  }
  EXPECT_EQ(*service_->FindGrantee("ADA@example.com"), "ada@example.com");
}

TEST_F(IdentityServiceTest, OnlyAdministratorsChangeTheDirectory) {
  User ada = MakeUser("ada@example.com");
  Principal who = PrincipalOf(ada.id);
  Group group;
  group.name = "data";
  EXPECT_THAT(service_->CreateUser(who, ada), IsError("PERMISSION_DENIED"));
  EXPECT_THAT(service_->UpdateUser(who, ada), IsError("PERMISSION_DENIED"));
  EXPECT_THAT(service_->DeleteUser(who, ada.id), IsError("PERMISSION_DENIED"));
  EXPECT_THAT(service_->CreateGroup(who, group), IsError("PERMISSION_DENIED"));
  EXPECT_THAT(service_->CreateServicePrincipal(who, {}), IsError("PERMISSION_DENIED"));
  EXPECT_THAT(service_->CreateTokenOnBehalf(who, "x", "t", 60), IsError("PERMISSION_DENIED"));
}

TEST_F(IdentityServiceTest, GroupsOfGroupsCountAndSurviveARestart) {
  User ada = MakeUser("ada@example.com");
  Group inner;
  inner.name = "inner";
  inner.members = {ada.id};
  inner = *service_->CreateGroup(admin_, inner);
  Group outer;
  outer.name = "Data Team";
  outer.members = {inner.id};
  outer = *service_->CreateGroup(admin_, outer);
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(PrincipalOf(ada.id).groups,
                IsSupersetOf({"inner", "Data Team", "users", "account users"}));
    EXPECT_FALSE(PrincipalOf(ada.id).is_admin);
    Open();
  }
  inner.members.clear();
  ASSERT_THAT(service_->UpdateGroup(admin_, inner), IsOk());
  EXPECT_THAT(PrincipalOf(ada.id).groups, Not(Contains("Data Team")));
  ASSERT_THAT(service_->DeleteGroup(admin_, inner.id), IsOk());
  EXPECT_TRUE(service_->Snapshot().groups[outer.id].members.empty());
}

TEST_F(IdentityServiceTest, AGroupIsNotWithinItselfNorNestedTooDeep) {
  std::vector<Group> chain;
  for (size_t i = 0; i < kMaxGroupNesting; ++i) {
    Group group;
    group.name = "g" + std::to_string(i);
    if (i > 0) group.members = {chain.back().id};
    chain.push_back(*service_->CreateGroup(admin_, group));
  }
  Group deeper;
  deeper.name = "deeper";
  deeper.members = {chain.back().id};
  EXPECT_THAT(service_->CreateGroup(admin_, deeper), IsError("INVALID_PARAMETER_VALUE"));
  chain[0].members = {chain[3].id};
  EXPECT_THAT(service_->UpdateGroup(admin_, chain[0]), IsError("INVALID_PARAMETER_VALUE"));
  chain[0].members = {12345};
  EXPECT_THAT(service_->UpdateGroup(admin_, chain[0]), IsError("INVALID_PARAMETER_VALUE"));
  EXPECT_TRUE(service_->Snapshot().groups[chain[0].id].members.empty());
}

TEST_F(IdentityServiceTest, TheLastAdministratorStays) {
  Directory directory = service_->Snapshot();
  User self = directory.users[admin_.id];
  Group admins = *directory.FindGroup("admins");
  self.active = false;
  EXPECT_THAT(service_->UpdateUser(admin_, self), IsError("INVALID_STATE"));
  EXPECT_THAT(service_->DeleteUser(admin_, admin_.id), IsError("INVALID_STATE"));
  EXPECT_THAT(service_->DeleteGroup(admin_, admins.id), IsError("INVALID_STATE"));
  User ada = MakeUser("ada@example.com");
  admins.members = {ada.id};
  ASSERT_THAT(service_->UpdateGroup(admin_, admins), IsOk());
  EXPECT_EQ(service_->Administrator()->name, "ada@example.com");
  EXPECT_FALSE(PrincipalOf(admin_.id).is_admin);
}

TEST_F(IdentityServiceTest, ServicePrincipalsGetTokensFromAdministrators) {
  ServicePrincipal draft;
  draft.display_name = "etl";
  TARN_ASSERT_OK_AND_ASSIGN(auto etl, service_->CreateServicePrincipal(admin_, draft));
  TARN_ASSERT_OK_AND_ASSIGN(
      auto token, service_->CreateTokenOnBehalf(admin_, etl.application_id, "nightly", 60));
  EXPECT_EQ(service_->Authenticate(token.secret)->name, etl.application_id);
  EXPECT_THAT(service_->CreateTokenOnBehalf(admin_, kAdmin, "t", 60),
              IsError("RESOURCE_DOES_NOT_EXIST"));
  draft.application_id = "not-a-uuid";
  EXPECT_THAT(service_->CreateServicePrincipal(admin_, draft), IsError("INVALID_PARAMETER_VALUE"));
  ASSERT_THAT(service_->DeleteServicePrincipal(admin_, etl.id), IsOk());
  EXPECT_THAT(service_->Authenticate(token.secret), IsError("TOKEN_UNKNOWN"));
}

TEST_F(IdentityServiceTest, GrantsGoToUsersServicePrincipalsAndGroups) {
  Group group;
  group.name = "Analysts";
  ASSERT_THAT(service_->CreateGroup(admin_, group), IsOk());
  EXPECT_EQ(*service_->FindGrantee("analysts"), "Analysts");
  EXPECT_EQ(*service_->FindGrantee("Account Users"), "account users");
  EXPECT_THAT(service_->FindGrantee("admins"), IsError("PRINCIPAL_DOES_NOT_EXIST"));
  EXPECT_THAT(service_->FindGrantee("nobody"), IsError("PRINCIPAL_DOES_NOT_EXIST"));
}

TEST_F(IdentityServiceTest, ASignInGivesASessionThatEnds) {
  EXPECT_THAT(service_->SignIn(kAdmin, kPassword), IsError("UNAUTHENTICATED"));
  ASSERT_THAT(service_->SetPassword(admin_, admin_.id, kPassword), IsOk());
  Open();
  TARN_ASSERT_OK_AND_ASSIGN(auto session, service_->SignIn("ADMIN@localhost", kPassword));
  EXPECT_EQ(service_->Authenticate(session.secret)->name, kAdmin);
  EXPECT_THAT(service_->ListTokens(admin_), SizeIs(0));
  clock_.Advance(std::chrono::seconds(kSessionLifetimeSeconds));
  EXPECT_THAT(service_->Authenticate(session.secret), IsError("TOKEN_EXPIRED", HasSubstr("in")));
  TARN_ASSERT_OK_AND_ASSIGN(auto next, service_->SignIn(kAdmin, kPassword));
  ASSERT_THAT(service_->EndSession(next.secret), IsOk());
  EXPECT_THAT(service_->Authenticate(next.secret), IsError("TOKEN_UNKNOWN"));
}

TEST_F(IdentityServiceTest, WrongPasswordsLockOutForATime) {
  ASSERT_THAT(service_->SetPassword(admin_, admin_.id, kPassword), IsOk());
  for (int i = 0; i < kMaxAttempts; ++i)
    EXPECT_THAT(service_->SignIn(kAdmin, "wrong"), IsError("UNAUTHENTICATED"));
  // Now even the right one is not looked at.
  EXPECT_THAT(service_->SignIn(kAdmin, kPassword),
              IsError("RESOURCE_EXHAUSTED", HasSubstr("300 seconds")));
  clock_.Advance(kLockOut);
  EXPECT_THAT(service_->SignIn(kAdmin, kPassword), IsOk());
}

TEST_F(IdentityServiceTest, NobodyLearnsWhoExistsFromTheAnswers) {
  ASSERT_THAT(service_->SetPassword(admin_, admin_.id, kPassword), IsOk());
  std::string known = service_->SignIn(kAdmin, "wrong").error().message();
  EXPECT_EQ(service_->SignIn("nobody@example.com", "wrong").error().message(), known);
  for (int i = 1; i < kMaxAttempts; ++i) (void)service_->SignIn("nobody@example.com", "wrong").ok();
  EXPECT_THAT(service_->SignIn("nobody@example.com", "wrong"), IsError("RESOURCE_EXHAUSTED"));
}

TEST_F(IdentityServiceTest, WhoMaySetAPassword) {
  User ada = MakeUser("ada@example.com");
  User bob = MakeUser("bob@example.com");
  Principal who = PrincipalOf(ada.id);
  EXPECT_THAT(service_->SetPassword(who, bob.id, kPassword), IsError("PERMISSION_DENIED"));
  EXPECT_THAT(service_->SetPassword(who, ada.id, "short"), IsError("INVALID_PARAMETER_VALUE"));
  EXPECT_THAT(service_->SetPassword(who, ada.id, "Ada@example.com"),
              IsError("INVALID_PARAMETER_VALUE"));
  ASSERT_THAT(service_->SetPassword(who, ada.id, kPassword), IsOk());
  EXPECT_THAT(service_->SetPassword(who, ada.id, "another one"), IsError("PERMISSION_DENIED"));
  std::string session = service_->SignIn("ada@example.com", kPassword)->secret;
  EXPECT_THAT(service_->ChangePassword("ada@example.com", "wrong", "another one"),
              IsError("UNAUTHENTICATED"));
  ASSERT_THAT(service_->ChangePassword("ada@example.com", kPassword, "another one"), IsOk());
  EXPECT_THAT(service_->Authenticate(session), IsError("TOKEN_UNKNOWN"));
  EXPECT_THAT(service_->SignIn("ada@example.com", kPassword), IsError("UNAUTHENTICATED"));
  EXPECT_THAT(service_->SignIn("ada@example.com", "another one"), IsOk());
}

TEST_F(IdentityServiceTest, WhatHappensIsTold) {
  events_.actions.clear();
  TARN_ASSERT_OK_AND_ASSIGN(auto token, service_->CreateToken(admin_, "t", 60));
  ASSERT_THAT(service_->Authenticate(token.secret), IsOk());
  EXPECT_FALSE(service_->Authenticate("dapi0").ok());
  ASSERT_THAT(service_->RevokeToken(admin_, token.info.id), IsOk());
  EXPECT_FALSE(service_->SignIn(kAdmin, "wrong").ok());
  EXPECT_THAT(events_.actions,
              ElementsAre("generateDbToken", "tokenLogin!", "revokeDbToken", "login!"));
}

TEST(PasswordHashTest, ADamagedHashIsNoPassword) {
  EXPECT_THAT(VerifyPassword("", "x"), IsError("DATA_FOLDER_CORRUPT"));
  EXPECT_THAT(VerifyPassword("$scrypt$ln=63,r=8,p=5$AAAA$AAAA", "x"),
              IsError("DATA_FOLDER_CORRUPT"));
  TARN_ASSERT_OK_AND_ASSIGN(std::string hash, HashPassword("x"));
  TARN_ASSERT_OK_AND_ASSIGN(std::string other, HashPassword("x"));
  EXPECT_NE(hash, other);
  EXPECT_THAT(VerifyPassword(hash, "x"), testing::IsOkAndHolds(true));
  EXPECT_THAT(VerifyPassword(hash, "y"), testing::IsOkAndHolds(false));
  EXPECT_THAT(VerifyPassword(HashOfNobody(), ""), testing::IsOkAndHolds(false));
}

}  // namespace
}  // namespace tarn::identity
