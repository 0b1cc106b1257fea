#include "store/database.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "base/testing.h"

namespace tarn::store {
namespace {

using tarn::testing::IsError;
using tarn::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Scope kScope;

// SQLite's own file system, except that it counts the flushes of write-ahead logs and can be full.
std::atomic<bool> disk_is_full{false};
std::atomic<int> log_flushes{0};
std::atomic<int> slow_flush_ms{0};

struct Faults {
  static int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
    return disk_is_full ? SQLITE_FULL : real_methods.xWrite(file, bytes, size, at);
  }
  static int Sync(sqlite3_file* file, int flags) {
    ++log_flushes;
    if (slow_flush_ms > 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(slow_flush_ms.load()));
    return real_methods.xSync(file, flags);
  }
  static int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    int code = real->xOpen(real, name, file, flags, out);
    if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return code;
    real_methods = *file->pMethods;
    methods = real_methods;
    methods.xWrite = Write;
    methods.xSync = Sync;
    file->pMethods = &methods;
    return code;
  }
  static void Install() {
    real = sqlite3_vfs_find(nullptr);
    faulty = *real;
    faulty.zName = "faulty";
    faulty.xOpen = Open;
    sqlite3_vfs_register(&faulty, 1);
  }
  static sqlite3_vfs* real;
  static sqlite3_vfs faulty;
  static sqlite3_io_methods real_methods;
  static sqlite3_io_methods methods;
};
sqlite3_vfs* Faults::real = nullptr;
sqlite3_vfs Faults::faulty;
sqlite3_io_methods Faults::real_methods;
sqlite3_io_methods Faults::methods;

const ModuleSchema kThings = {"things",
                              {{1,
                                "CREATE TABLE things (account_id INTEGER, workspace_id INTEGER, "
                                "id INTEGER, name TEXT, weight REAL, body BLOB, "
                                "PRIMARY KEY (account_id, workspace_id, id), "
                                "UNIQUE (account_id, workspace_id, name)) WITHOUT ROWID",
                                100}}};

ModuleSchema WithTwo() {
  ModuleSchema schema = kThings;
  schema.migrations.push_back({2, "ALTER TABLE things ADD COLUMN colour TEXT"});
  return schema;
}

const ModuleSchema kOthers = {"others",
                              {{1,
                                "CREATE TABLE others (account_id INTEGER, workspace_id INTEGER, "
                                "id INTEGER, PRIMARY KEY (account_id, workspace_id, id))",
                                200}}};

class DatabaseTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { Faults::Install(); }
  void SetUp() override {
    folder_ = ::testing::TempDir() + "/store_" + std::to_string(::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    path_ = folder_ + "/metadata.db";
  }
  void TearDown() override {
    disk_is_full = false;
    slow_flush_ms = 0;
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  Status Open(const std::vector<ModuleSchema>& modules) {
    database_.reset();
    TARN_TRY(database_, Database::Open(path_, modules));
    return Ok();
  }
  /// Straight to the file, as another program would.
  void Raw(const std::string& sql) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &db), SQLITE_OK);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
    sqlite3_close(db);
  }
  std::string Ask(const std::string& sql) {
    std::string answer;
    sqlite3* db = nullptr;
    EXPECT_EQ(sqlite3_open(path_.c_str(), &db), SQLITE_OK);
    auto add = [](void* out, int count, char** cells, char**) {
      for (int i = 0; i < count; ++i)
        *static_cast<std::string*>(out) += std::string(cells[i] != nullptr ? cells[i] : "-") + " ";
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), add, &answer, nullptr), SQLITE_OK);
    sqlite3_close(db);
    return answer;
  }
  Status Add(int64_t id, const std::string& name, const Scope& scope = kScope) {
    return database_->Write([&](Transaction& t) {
      return t.Insert(scope, "things", {{"id", id}, {"name", name}});
    });
  }
  std::vector<std::string> NamesOf(const Scope& scope = kScope) {
    std::vector<std::string> names;
    Status read = database_->Read([&](Transaction& t) -> Status {
      TARN_TRY(auto rows, t.Select<std::string>(scope, "things", {"name"}));
      for (auto& [name] : rows) names.push_back(name);
      return Ok();
    });
    EXPECT_THAT(read, IsOk());
    return names;
  }

  std::string folder_;
  std::string path_;
  std::unique_ptr<Database> database_;
};

TEST_F(DatabaseTest, EveryModuleHasAVersionOfItsOwn) {
  ASSERT_THAT(Open({kThings, kOthers}), IsOk());
  EXPECT_EQ(Ask("SELECT module, version FROM schema_versions"), "others 1 things 1 ");
  ASSERT_THAT(Open({WithTwo(), kOthers}), IsOk());
  EXPECT_EQ(Ask("SELECT module, version FROM schema_versions"), "others 1 things 2 ");
  EXPECT_THAT(database_->Write([&](Transaction& t) {
    return t.Insert(kScope, "things", {{"id", int64_t{1}}, {"colour", std::string("red")}});
  }),
              IsOk());
}

TEST_F(DatabaseTest, AFolderWithOneNumberForAllModulesIsTakenOver) {
  Raw(std::string(kThings.migrations[0].sql) + ";" + std::string(kOthers.migrations[0].sql) +
      ";INSERT INTO things VALUES (1, 1, 7, 'kept', NULL, NULL); PRAGMA user_version=200");
  ASSERT_THAT(Open({WithTwo(), kOthers}), IsOk());
  EXPECT_EQ(Ask("SELECT module, version FROM schema_versions"), "others 1 things 2 ");
  EXPECT_THAT(NamesOf(), ElementsAre("kept"));
  // A release of before looks at this number only and must stay away.
  EXPECT_EQ(Ask("PRAGMA user_version"), "1000 ");
}

TEST_F(DatabaseTest, AModuleMayHaveHadSeveralOfTheSharedNumbers) {
  ModuleSchema two = WithTwo();
  two.migrations[1].shared_version = 201;
  Raw(std::string(kThings.migrations[0].sql) + ";" + std::string(kOthers.migrations[0].sql) + ";" +
      std::string(two.migrations[1].sql) + "; PRAGMA user_version=201");
  ASSERT_THAT(Open({two, kOthers}), IsOk());
  EXPECT_EQ(Ask("SELECT module, version FROM schema_versions"), "others 1 things 2 ");
}

TEST_F(DatabaseTest, AFolderThatWasLeftBetweenTwoModulesIsFinished) {
  Raw(std::string(kThings.migrations[0].sql) + "; PRAGMA user_version=100");
  ASSERT_THAT(Open({kThings, kOthers}), IsOk());
  EXPECT_EQ(Ask("SELECT module, version FROM schema_versions"), "others 1 things 1 ");
}

TEST_F(DatabaseTest, AFolderOfALaterReleaseIsRefusedAndUntouched) {
  ASSERT_THAT(Open({WithTwo(), kOthers}), IsOk());
  EXPECT_THAT(Open({kThings, kOthers}), IsError("DATA_FOLDER_TOO_NEW", HasSubstr("things")));
  EXPECT_THAT(Open({WithTwo()}), IsError("DATA_FOLDER_TOO_NEW", HasSubstr("others")));
  EXPECT_EQ(Ask("SELECT module, version FROM schema_versions"), "others 1 things 2 ");
  Raw("PRAGMA user_version=1001");
  EXPECT_THAT(Open({WithTwo(), kOthers}), IsError("DATA_FOLDER_TOO_NEW"));
}

TEST_F(DatabaseTest, AnOldNumberThatNobodyKnowsIsRefused) {
  Raw("PRAGMA user_version=201");
  EXPECT_THAT(Open({kThings, kOthers}), IsError("DATA_FOLDER_TOO_NEW", HasSubstr("knows 200")));
  EXPECT_EQ(Ask("SELECT count(*) FROM sqlite_schema"), "0 ");
}

TEST_F(DatabaseTest, MigrationsHaveNoGaps) {
  ModuleSchema gap = kThings;
  gap.migrations.push_back({3, "SELECT 1"});
  EXPECT_THAT(Open({gap}), IsError("INTERNAL_ERROR", HasSubstr("gap")));
}

TEST_F(DatabaseTest, AMigrationThatFailsLeavesTheOneBefore) {
  ModuleSchema broken = kThings;
  broken.migrations.push_back({2, "ALTER TABLE things ADD COLUMN colour TEXT; SELECT nonsense"});
  EXPECT_THAT(Open({broken}), IsError("INTERNAL_ERROR"));
  EXPECT_EQ(Ask("SELECT module, version FROM schema_versions"), "things 1 ");
  EXPECT_THAT(Open({WithTwo()}), IsOk());
}

TEST_F(DatabaseTest, AKeyThatTheScopeDoesNotLeadIsRefused) {
  for (const char* sql :
       {"CREATE TABLE loose (id INTEGER PRIMARY KEY, account_id INTEGER, workspace_id INTEGER)",
        "CREATE TABLE loose (account_id INTEGER, id INTEGER, workspace_id INTEGER, "
        "PRIMARY KEY (account_id, id, workspace_id))",
        "CREATE TABLE loose (account_id INTEGER, workspace_id INTEGER, name TEXT UNIQUE, "
        "PRIMARY KEY (account_id, workspace_id))",
        "CREATE TABLE loose (account_id INTEGER, workspace_id INTEGER, name TEXT)"}) {
    ModuleSchema loose = {"loose", {{1, sql}}};
    EXPECT_THAT(Open({loose}), IsError("INTERNAL_ERROR", HasSubstr("loose"))) << sql;
  }
  EXPECT_THAT(Open({}), IsOk());
}

TEST_F(DatabaseTest, NoStatementLeavesItsScope) {
  ASSERT_THAT(Open({kThings}), IsOk());
  Scope other{1, 2};
  Scope elsewhere{2, 1};
  for (const Scope& scope : {kScope, other, elsewhere}) ASSERT_THAT(Add(1, "one", scope), IsOk());
  ASSERT_THAT(database_->Write([&](Transaction& t) -> Status {
    TARN_TRY(int64_t updated, t.Update(other, "things", {{"name", std::string("two")}}, {}));
    EXPECT_EQ(updated, 1);
    TARN_RETURN_IF_ERROR(t.Put(elsewhere, "things", {{"id", int64_t{1}}, {"name", nullptr}}));
    TARN_TRY(int64_t deleted, t.Delete(kScope, "things", {}));
    EXPECT_EQ(deleted, 1);
    return Ok();
  }),
              IsOk());
  EXPECT_EQ(Ask("SELECT account_id, workspace_id, name FROM things"), "1 2 two 2 1 - ");
  EXPECT_THAT(NamesOf(), IsEmpty());
  EXPECT_THAT(NamesOf(other), ElementsAre("two"));
}

TEST_F(DatabaseTest, TheScopeIsNotTheCallersToName) {
  ASSERT_THAT(Open({kThings}), IsOk());
  auto refused = [&](const std::function<Status(Transaction&)>& work) {
    EXPECT_THAT(database_->Write(work), IsError("INTERNAL_ERROR"));
  };
  refused([](Transaction& t) { return t.Insert(kScope, "things", {{"account_id", int64_t{2}}}); });
  refused([](Transaction& t) -> Status {
    TARN_RETURN_IF_ERROR(t.Update(kScope, "things", {{"workspace_id", int64_t{2}}}, {}));
    return Ok();
  });
  refused([](Transaction& t) -> Status {
    TARN_RETURN_IF_ERROR(t.Delete(kScope, "things", {{"id IS 1 OR 1", int64_t{1}}}));
    return Ok();
  });
  refused([](Transaction& t) -> Status {
    TARN_RETURN_IF_ERROR(t.Delete(kScope, "schema_versions", {}));
    return Ok();
  });
  refused([](Transaction& t) -> Status {
    TARN_RETURN_IF_ERROR(t.Select<std::string>(kScope, "things", {"no_such_column"}));
    return Ok();
  });
}

TEST_F(DatabaseTest, EveryTypeComesBackAsItWentIn) {
  ASSERT_THAT(Open({kThings}), IsOk());
  Blob bytes{std::string("\0\xff'\n", 4)};
  ASSERT_THAT(database_->Write([&](Transaction& t) {
    return t.Insert(kScope, "things",
                    {{"id", std::numeric_limits<int64_t>::min()},
                     {"name", std::string("a\0b", 3)},
                     {"weight", 0.1},
                     {"body", bytes}});
  }),
              IsOk());
  ASSERT_THAT(database_->Read([&](Transaction& t) -> Status {
    TARN_TRY(auto rows, t.Select<int64_t, std::string, double, Blob>(
                            kScope, "things", {"id", "name", "weight", "body"}));
    EXPECT_EQ(rows[0], std::make_tuple(std::numeric_limits<int64_t>::min(), std::string("a\0b", 3),
                                       0.1, bytes));
    return Ok();
  }),
              IsOk());
}

TEST_F(DatabaseTest, AValueOfAnotherTypeIsNotReadAsSomethingElse) {
  ASSERT_THAT(Open({kThings}), IsOk());
  ASSERT_THAT(database_->Write([&](Transaction& t) {
    return t.Insert(kScope, "things", {{"id", int64_t{1}}, {"weight", std::string("heavy")}});
  }),
              IsOk());
  auto read = [&](auto kind, std::string_view column) {
    return database_->Read([&](Transaction& t) -> Status {
      TARN_RETURN_IF_ERROR(t.Select<decltype(kind)>(kScope, "things", {column}));
      return Ok();
    });
  };
  EXPECT_THAT(read(0.0, "weight"), IsError("DATA_FOLDER_CORRUPT", HasSubstr("TEXT where REAL")));
  EXPECT_THAT(read(std::string(), "name"), IsError("DATA_FOLDER_CORRUPT", HasSubstr("NULL")));
  EXPECT_THAT(read(std::optional<std::string>(), "name"), IsOk());
  EXPECT_THAT(read(std::string(), "id"), IsError("DATA_FOLDER_CORRUPT"));
}

TEST_F(DatabaseTest, AFailedWriteLeavesNothing) {
  ASSERT_THAT(Open({kThings}), IsOk());
  Status status = database_->Write([&](Transaction& t) -> Status {
    TARN_RETURN_IF_ERROR(t.Insert(kScope, "things", {{"id", int64_t{1}}}));
    return Fail("INVALID_STATE", "thought better of it");
  });
  EXPECT_THAT(status, IsError("INVALID_STATE"));
  EXPECT_EQ(Ask("SELECT count(*) FROM things"), "0 ");
}

TEST_F(DatabaseTest, ATakenKeyOrNameIsRefused) {
  ASSERT_THAT(Open({kThings}), IsOk());
  ASSERT_THAT(Add(1, "one"), IsOk());
  EXPECT_THAT(Add(1, "two"), IsError("RESOURCE_ALREADY_EXISTS"));
  EXPECT_THAT(Add(2, "one"), IsError("RESOURCE_ALREADY_EXISTS"));
  // Put replaces the row of its key and no other.
  EXPECT_THAT(database_->Write([&](Transaction& t) {
    return t.Put(kScope, "things", {{"id", int64_t{2}}, {"name", std::string("one")}});
  }),
              IsError("RESOURCE_ALREADY_EXISTS"));
  EXPECT_THAT(NamesOf(), ElementsAre("one"));
}

TEST_F(DatabaseTest, ATransactionInsideOfAnotherIsRefused) {
  ASSERT_THAT(Open({kThings}), IsOk());
  Status inner_write = Ok();
  Status inner_read = Ok();
  EXPECT_THAT(database_->Write([&](Transaction& t) -> Status {
    inner_write = Add(1, "inner");
    inner_read = database_->Read([](Transaction&) { return Ok(); });
    return t.Insert(kScope, "things", {{"id", int64_t{2}}, {"name", std::string("outer")}});
  }),
              IsOk());
  EXPECT_THAT(inner_write, IsError("INTERNAL_ERROR", HasSubstr("inside of another")));
  EXPECT_THAT(inner_read, IsError("INTERNAL_ERROR", HasSubstr("inside of another")));
  EXPECT_THAT(NamesOf(), ElementsAre("outer"));
}

TEST_F(DatabaseTest, AReadCannotWrite) {
  ASSERT_THAT(Open({kThings}), IsOk());
  EXPECT_FALSE(database_
                   ->Read([&](Transaction& t) {
                     return t.Insert(kScope, "things", {{"id", int64_t{1}}});
                   })
                   .ok());
  EXPECT_EQ(Ask("SELECT count(*) FROM things"), "0 ");
}

TEST_F(DatabaseTest, EveryWriteIsFlushedBeforeItReturns) {
  ASSERT_THAT(Open({kThings}), IsOk());
  EXPECT_EQ(Ask("PRAGMA journal_mode"), "wal ");
  for (int i = 0; i < 10; ++i) {
    int before = log_flushes;
    ASSERT_THAT(Add(i, std::to_string(i)), IsOk());
    EXPECT_GE(log_flushes, before + 1);
  }
}

TEST_F(DatabaseTest, WritesThatWaitShareAFlush) {
  ASSERT_THAT(Open({kThings}), IsOk());
  slow_flush_ms = 20;
  int before = log_flushes;
  std::vector<std::thread> threads;
  std::atomic<int> failed{0};
  for (int i = 0; i < 32; ++i) {
    // One in four is refused, which must not touch the others.
    threads.emplace_back([&, i] {
      Status status = Add(i, i % 4 == 0 ? "same" : std::to_string(i));
      if (!status.ok()) ++failed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 7);
  EXPECT_EQ(Ask("SELECT count(*) FROM things"), "25 ");
  EXPECT_LT(log_flushes - before, 25);
}

TEST_F(DatabaseTest, ReadsSeeTheLastCommitWhileAWriteIsUnderWay) {
  ASSERT_THAT(Open({kThings}), IsOk());
  ASSERT_THAT(Add(1, "one"), IsOk());
  std::vector<std::string> seen;
  ASSERT_THAT(database_->Write([&](Transaction& t) -> Status {
    TARN_RETURN_IF_ERROR(t.Delete(kScope, "things", {}));
    std::thread reader([&] { seen = NamesOf(); });
    reader.join();
    return Ok();
  }),
              IsOk());
  EXPECT_THAT(seen, ElementsAre("one"));
  EXPECT_THAT(NamesOf(), IsEmpty());
}

TEST_F(DatabaseTest, AFullDiskIsAnErrorAndNothingIsTorn) {
  ASSERT_THAT(Open({kThings}), IsOk());
  ASSERT_THAT(Add(1, "one"), IsOk());
  disk_is_full = true;
  EXPECT_THAT(Add(2, "two"), IsError("OUT_OF_SPACE"));
  EXPECT_THAT(NamesOf(), ElementsAre("one"));
  disk_is_full = false;
  EXPECT_THAT(Add(3, "three"), IsOk());
  ASSERT_THAT(Open({kThings}), IsOk());
  EXPECT_THAT(NamesOf(), ElementsAre("one", "three"));
}

TEST_F(DatabaseTest, AFileThatIsNoDatabaseIsNamedCorrupt) {
  std::ofstream(path_) << std::string(8192, 'x');
  EXPECT_THAT(Open({kThings}), IsError("DATA_FOLDER_CORRUPT", HasSubstr("restore")));
}

}  // namespace
}  // namespace tarn::store
