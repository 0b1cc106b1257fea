#include "engine/session.h"

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <set>

#include "base/testing.h"
#include "columnar/row_encoder.h"
#include "delta/transaction.h"
#include "engine/command/command.h"
#include "io/local_store.h"

namespace tarn::engine {
namespace {

using catalog::Operation;
using catalog::Securable;
using catalog::SecurableKind;
using ::tarn::testing::IsError;
using ::tarn::testing::IsOk;
using ::tarn::testing::IsOkAndHolds;

// Tables of one schema below one folder. Everything is allowed but what is in `denied`.
class OneSchemaCatalog final : public catalog::Catalog {
 public:
  explicit OneSchemaCatalog(std::string root) : root_(std::move(root)) {}

  Result<Securable> Create(const identity::Principal&, Securable draft) override {
    if (draft.storage_location.empty()) draft.storage_location = root_ + "/" + draft.full_name;
    objects_[draft.full_name] = draft;
    return draft;
  }
  Result<std::vector<Securable>> Drop(const identity::Principal& who, SecurableKind kind,
                                      const std::string& name, bool) override {
    TARN_TRY(Securable gone, Get(who, kind, name));
    objects_.erase(name);
    return std::vector<Securable>{gone};
  }
  Result<Securable> Alter(const identity::Principal& who, SecurableKind kind,
                          const std::string& name, const catalog::ObjectChange& change,
                          const std::string&) override {
    TARN_TRY(Securable changed, Get(who, kind, name));
    if (change.comment) changed.comment = *change.comment;
    if (change.owner) changed.owner = *change.owner;
    if (change.properties) changed.properties = *change.properties;
    if (change.columns) changed.columns = *change.columns;
    if (change.partition_columns) changed.partition_columns = *change.partition_columns;
    objects_[name] = changed;
    return changed;
  }
  Result<Securable> Get(const identity::Principal&, SecurableKind kind,
                        const std::string& name) const override {
    auto at = objects_.find(name);
    if (at != objects_.end() && at->second.kind == kind) return at->second;
    return Fail(kind == SecurableKind::kSchema ? "SCHEMA_NOT_FOUND" : "TABLE_OR_VIEW_NOT_FOUND",
                name + " is not there.");
  }
  Result<Securable> Resolve(const identity::Principal& who, SecurableKind kind,
                            const std::string& name, Operation operation) const override {
    if (on_resolve) on_resolve();
    if (denied.contains(operation)) return Fail("PERMISSION_DENIED", "not allowed");
    return Get(who, kind, name);
  }
  Result<std::vector<Securable>> List(const identity::Principal&, SecurableKind,
                                      const std::string&) const override {
    return std::vector<Securable>();
  }
  Result<std::vector<catalog::PrivilegeAssignment>> GetGrants(const identity::Principal&,
                                                              SecurableKind,
                                                              const std::string&) const override {
    return std::vector<catalog::PrivilegeAssignment>();
  }
  Status ChangeGrants(const identity::Principal&, SecurableKind, const std::string&,
                      const std::vector<catalog::GrantChange>&) override {
    return Ok();
  }
  Result<std::string> ResolveVolumePath(const identity::Principal&, const std::string& path,
                                        Operation) const override {
    return path;
  }
  Result<std::string> ResolveTableFile(const identity::Principal&,
                                       const std::string& path) const override {
    return Fail("PERMISSION_DENIED", "no table there: " + path);
  }
  Result<std::string> ResolveExternalPath(const identity::Principal&,
                                          const std::string& path) const override {
    return path;
  }

  std::set<Operation> denied;
  std::function<void()> on_resolve;

 private:
  std::string root_;
  std::map<std::string, Securable> objects_;
};

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() : store_(std::make_shared<io::LocalStore>()) {
    char folder[] = "/tmp/tarn-session-XXXXXX";
    root_ = ::mkdtemp(folder);
    catalog_ = std::make_unique<OneSchemaCatalog>(root_);
    auto opened = Engine::Open({.threads = 2}, store_);
    if (!opened.ok()) ADD_FAILURE() << opened.error().ToString();
    engine_ = *opened;
  }
  ~SessionTest() override {
    engine_.reset();  // ends the upkeep of logs
    std::filesystem::remove_all(root_);
  }

  // All rows as JSON_ARRAY text.
  Result<std::string> Run(const std::string& text) {
    Session session({engine_.get(), catalog_.get(), store_.get()}, {1, "ada", true, {}});
    TARN_TRY(auto stream, session.Execute({text, {}}));
    std::string rows;
    for (;;) {
      TARN_TRY(auto batch, stream->Next());
      if (!batch) return rows;
      columnar::AppendJsonArrayRows(stream->schema(), *batch, 0, batch->num_rows(), {}, rows);
    }
  }
  // The part of the text an error points at.
  std::string Place(const std::string& text) {
    Result<std::string> run = Run(text);
    if (run.ok()) return "no error";
    const auto& context = run.error().query_context();
    return context ? context->fragment : "no place: " + run.error().ToString();
  }

  std::string root_;
  std::shared_ptr<io::LocalStore> store_;
  std::shared_ptr<Engine> engine_;
  std::unique_ptr<OneSchemaCatalog> catalog_;
};

TEST_F(SessionTest, AStatementSeesOneVersionOfATable) {
  TARN_ASSERT_OK(Run("CREATE TABLE t AS SELECT 1 AS a"));
  int asked = 0;
  // Another writer lands between the first and the second reference to the table.
  catalog_->on_resolve = [&] {
    if (++asked != 2) return;
    TARN_EXPECT_OK(Run("INSERT INTO t VALUES (2)"));
  };
  EXPECT_THAT(Run("SELECT * FROM (SELECT count(*) FROM t) x, (SELECT count(*) FROM t) y"),
              IsOkAndHolds(R"(["1","1"])"));
  EXPECT_GE(asked, 2);
  EXPECT_THAT(Run("SELECT count(*) FROM t"), IsOkAndHolds(R"(["2"])"));
}

TEST_F(SessionTest, ADeleteStartsOverOnWhatAnotherWriterLeft) {
  TARN_ASSERT_OK(Run("CREATE TABLE t AS SELECT id FROM range(4)"));
  int asked = 0;
  catalog_->on_resolve = [&] {
    // After the target was pinned by its first question.
    if (++asked != 2) return;
    TARN_EXPECT_OK(Run("DELETE FROM t WHERE id = 0"));
  };
  EXPECT_THAT(Run("DELETE FROM t WHERE id < 2"), IsOkAndHolds(R"(["1"])"));
  EXPECT_THAT(Run("SELECT id FROM t ORDER BY id"), IsOkAndHolds(R"(["2"],["3"])"));
}

TEST_F(SessionTest, DeleteThatReadsNeedsSelect) {
  TARN_ASSERT_OK(Run("CREATE TABLE t AS SELECT id FROM range(4)"));
  catalog_->denied = {Operation::kSelect};
  EXPECT_THAT(Run("DELETE FROM t WHERE id = 1"), IsError("PERMISSION_DENIED"));
  EXPECT_THAT(Run("DELETE FROM t WHERE CAST(id AS STRING) = 'x'"), IsError("PERMISSION_DENIED"));
  EXPECT_THAT(Run("EXPLAIN DELETE FROM t WHERE id = 1"), IsError("PERMISSION_DENIED"));
  EXPECT_THAT(Run("DELETE FROM t"), IsOkAndHolds(R"(["4"])"));
  catalog_->denied = {Operation::kModify};
  EXPECT_THAT(Run("DELETE FROM t"), IsError("PERMISSION_DENIED"));
  EXPECT_THAT(Run("EXPLAIN INSERT INTO t VALUES (1)"), IsError("PERMISSION_DENIED"));
}

TEST_F(SessionTest, ErrorsOfCommandsPointAtTheirName) {
  TARN_ASSERT_OK(Run("CREATE TABLE t (a INT)"));
  EXPECT_EQ(Place("DROP TABLE nope"), "nope");
  EXPECT_EQ(Place("USE SCHEMA nope"), "nope");
  EXPECT_EQ(Place("CREATE TABLE t (a INT)"), "t");
  EXPECT_EQ(Place("DESCRIBE TABLE nope"), "nope");
  EXPECT_EQ(Place("DESCRIBE t nope"), "nope");
  EXPECT_EQ(Place("SHOW COLUMNS IN nope"), "nope");
  EXPECT_EQ(Place("COMMENT ON TABLE nope IS 'x'"), "nope");
  EXPECT_EQ(Place("SHOW GRANTS ON FUNCTION f"), "f");
  EXPECT_EQ(Place("INSERT INTO nope VALUES (1)"), "nope");
  EXPECT_EQ(Place("RESET nope"), "nope");
  EXPECT_EQ(Place("SET spark.sql.ansi.enabled = false"), "spark.sql.ansi.enabled");
}

TEST_F(SessionTest, NothingWrittenIsLeftOut) {
  EXPECT_THAT(Run("CREATE TABLE t (a INT DEFAULT 1)"),
              IsError("WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED"));
  EXPECT_THAT(Run("CREATE TABLE t (a INT) CLUSTER BY AUTO"), IsError("UNSUPPORTED_FEATURE"));
  EXPECT_THAT(Run("CREATE EXTERNAL TABLE t (a INT)"), IsError("INVALID_STATEMENT_OR_CLAUSE"));
  EXPECT_THAT(Run("CREATE TABLE t (a INT) OPTIONS (x = 'y')"), IsOk());
  EXPECT_THAT(Run("SHOW TBLPROPERTIES t"), IsOkAndHolds(R"(["option.x","y"])"));
  EXPECT_THAT(Run("DESCRIBE t a"),
              IsOkAndHolds(R"(["col_name","a"],["data_type","int"],["comment","NULL"])"));
}

TEST_F(SessionTest, ColumnsAreThoseOfTheNewestVersion) {
  TARN_ASSERT_OK(Run("CREATE TABLE t (a INT)"));
  // Another engine changes the table; the catalog's record stays.
  auto snapshot = engine_->snapshots().Latest(root_ + "/main.default.t");
  TARN_ASSERT_OK(snapshot);
  delta::Transaction txn(engine_->snapshots().OpenLog(root_ + "/main.default.t"), *snapshot);
  delta::Metadata metadata = (*snapshot)->metadata();
  columnar::Schema schema = (*snapshot)->schema();
  schema.fields.push_back({"b", columnar::TypeKind::kString});
  metadata.schema_string = schema.ToJson();
  txn.SetMetadata(metadata);
  TARN_ASSERT_OK(txn.Commit({"ADD COLUMNS", {}, {}, "bob"}));
  EXPECT_THAT(Run("SHOW COLUMNS IN t"), IsOkAndHolds(R"(["a"],["b"])"));
  EXPECT_THAT(Run("DESCRIBE t"), IsOkAndHolds(R"(["a","int",null],["b","string",null])"));
}

// A crash between the catalog's record and the first commit leaves a record without its table.
TEST_F(SessionTest, HalfMadeTablesAreHealed) {
  auto half_made = [&](const std::string& name) {
    Securable record;
    record.kind = SecurableKind::kTable;
    record.full_name = "main.default." + name;
    TARN_ASSERT_OK(catalog_->Create({1, "ada", true, {}}, record));
  };
  half_made("t");
  EXPECT_THAT(Run("SELECT * FROM t"), IsError("DELTA_TABLE_NOT_FOUND"));
  EXPECT_THAT(Run("CREATE TABLE t (a INT)"), IsError("TABLE_OR_VIEW_ALREADY_EXISTS"));
  TARN_ASSERT_OK(Run("CREATE TABLE IF NOT EXISTS t (a INT, b STRING)"));
  TARN_ASSERT_OK(Run("INSERT INTO t VALUES (1, 'x')"));
  EXPECT_THAT(Run("SELECT * FROM t"), IsOkAndHolds(R"(["1","x"])"));
  TARN_ASSERT_OK(Run("CREATE TABLE IF NOT EXISTS t (c INT)"));
  EXPECT_THAT(Run("SHOW COLUMNS IN t"), IsOkAndHolds(R"(["a"],["b"])"));
  half_made("u");
  TARN_ASSERT_OK(Run("CREATE OR REPLACE TABLE u AS SELECT 2 AS c"));
  EXPECT_THAT(Run("SELECT * FROM u"), IsOkAndHolds(R"(["2"])"));
}

TEST(PatternTest, StarsAndBars) {
  EXPECT_TRUE(MatchesPattern(std::nullopt, "any"));
  EXPECT_TRUE(MatchesPattern("PEO*", "people"));
  EXPECT_TRUE(MatchesPattern("*p*e", "people"));
  EXPECT_TRUE(MatchesPattern("x|peo*|y", "people"));
  EXPECT_TRUE(MatchesPattern("*", ""));
  EXPECT_FALSE(MatchesPattern("peo", "people"));
  EXPECT_FALSE(MatchesPattern("*le*le", "people"));
  EXPECT_FALSE(MatchesPattern("people*people", "people"));
}

TEST(PatternTest, ManyStarsTakeNoTime) {
  std::string pattern;
  for (int i = 0; i < 5000; ++i) pattern += "*a";
  EXPECT_TRUE(MatchesPattern(pattern, std::string(5000, 'a')));
  EXPECT_FALSE(MatchesPattern(pattern + "*b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace tarn::engine
