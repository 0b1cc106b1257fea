#include "compute/statement_service.h"

#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/testing.h"

namespace tarn::compute {
namespace {

using testing::IsError;
using testing::IsOk;

/// One node that connects the moment it is started.
class Provider final : public NodeProvider {
 public:
  Result<int> Start(const NodeSpec& spec) override {
    std::lock_guard lock(mutex_);
    node_id_ = spec.node_id;
    alive_ = true;
    return 1;
  }
  void Kill(int pid) override {
    std::lock_guard lock(mutex_);
    alive_ = false;
  }
  bool HasEnded(int pid) override {
    std::lock_guard lock(mutex_);
    return !alive_;
  }
  std::string node_id() {
    std::lock_guard lock(mutex_);
    return node_id_;
  }

 private:
  std::mutex mutex_;
  bool alive_ = false;
  std::string node_id_;
};

/// "N" is a result of N pieces of 100 bytes; "wait" runs until it is cancelled; else it fails.
class Runner final : public StatementRunner {
 public:
  Result<std::unique_ptr<ResultSource>> Start(const identity::Principal& who,
                                              const StatementSpec& spec,
                                              CancelToken cancel) override {
    if (spec.text == "wait") {
      while (!cancel.IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return cancel.Check().error();
    }
    if (spec.text.find_first_not_of("0123456789") != std::string::npos)
      return Fail("BAD_REQUEST", "no number");
    return std::unique_ptr<ResultSource>(std::make_unique<Rows>(std::stoi(spec.text)));
  }

 private:
  class Rows final : public ResultSource {
   public:
    explicit Rows(int left) : left_(left) {}
    const columnar::Schema& schema() const override { return schema_; }
    const SessionState& session() const override { return session_; }
    bool truncated() const override { return false; }
    Result<std::optional<columnar::EncodedRows>> Next() override {
      if (left_-- == 0) return std::optional<columnar::EncodedRows>();
      return std::optional(columnar::EncodedRows{1, std::string(100, 'x')});
    }

   private:
    int left_;
    columnar::Schema schema_;
    SessionState session_;
  };
};

class StatementServiceTest : public ::testing::Test {
 protected:
  StatementServiceTest()
      : folder_(::testing::TempDir() + "/statements_" + std::to_string(::getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    folder_ = std::filesystem::canonical(folder_).string();
    database_ = *store::Database::Open(folder_ + "/metadata.db", {StoredTables()});
    warehouses_ = *WarehouseService::Open(*database_, provider_, clock_);
    WarehouseSettings settings;
    settings.name = "w";
    warehouse_id_ = warehouses_->Create(settings, "admin")->id;
    EXPECT_THAT(warehouses_->Start(warehouse_id_), IsOk());
    Eventually([&] { return warehouses_->NodeReady(provider_.node_id()); });
    options_.result_folder = folder_;
    who_.id = 1;
  }
  ~StatementServiceTest() override {
    service_.reset();
    warehouses_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Open() {
    service_ = std::make_unique<StatementService>(*warehouses_, runner_, pool_, clock_, options_);
  }
  std::shared_ptr<StatementHandle> Submit(const std::string& text) {
    StatementSpec spec;
    spec.warehouse_id = warehouse_id_;
    spec.text = text;
    return service_->Submit(who_, spec);
  }
  std::shared_ptr<StatementHandle> Finish(const std::string& text) {
    auto handle = Submit(text);
    EXPECT_EQ(handle->Wait(Deadline::After(std::chrono::seconds(10))).state,
              StatementState::kSucceeded);
    return handle;
  }
  template <typename Condition>
  void Eventually(Condition condition) {
    for (int i = 0; i < 10'000; ++i) {
      if (condition()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ADD_FAILURE() << "it did not happen";
  }
  /// Bytes of files without names that this process holds open in the result folder.
  int64_t FileBytes() const {
    int64_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code error;
      std::string target = std::filesystem::read_symlink(entry.path(), error).string();
      if (error || target.rfind(folder_ + "/", 0) != 0 || !target.ends_with(" (deleted)")) continue;
      bytes += static_cast<int64_t>(std::filesystem::file_size(entry.path(), error));
    }
    return bytes;
  }

  std::string folder_;
  VirtualClock clock_;
  Provider provider_;
  Runner runner_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<WarehouseService> warehouses_;
  ThreadPool pool_{{"statements", 4}};
  StatementServiceOptions options_;
  std::unique_ptr<StatementService> service_;
  std::string warehouse_id_;
  identity::Principal who_;
};

TEST_F(StatementServiceTest, ResultsAreThereForAnHourAndNotLonger) {
  Open();
  std::string id = Finish("3")->id();
  clock_.Advance(std::chrono::minutes(60));
  ASSERT_THAT(service_->Find(who_, id), IsOk());
  EXPECT_THAT(service_->FindLinked(id), IsOk());
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_THAT(service_->Find(who_, id), IsError("RESOURCE_DOES_NOT_EXIST"));
  EXPECT_THAT(service_->FindLinked(id), IsError("PERMISSION_DENIED"));
}

TEST_F(StatementServiceTest, OldResultsAreForgottenWithoutAnyCall) {
  Open();
  std::weak_ptr<StatementHandle> old = Finish("3");
  clock_.Advance(std::chrono::hours(2));
  Eventually([&] { return old.expired(); });
  EXPECT_EQ(service_->size(), 0u);
}

TEST_F(StatementServiceTest, AStatementThatRunsIsNeverTooOld) {
  Open();
  auto running = Submit("wait");
  Eventually([&] { return running->Look().state == StatementState::kRunning; });
  clock_.Advance(std::chrono::hours(5));
  EXPECT_THAT(service_->Find(who_, running->id()), IsOk());
  running->Cancel();
  EXPECT_EQ(running->Wait(Deadline::After(std::chrono::seconds(10))).state,
            StatementState::kCanceled);
  EXPECT_THAT(service_->Find(who_, running->id()), IsError("RESOURCE_DOES_NOT_EXIST"));
}

TEST_F(StatementServiceTest, OfTooManyTheOldestGo) {
  options_.max_statements = 3;
  Open();
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(Finish("1")->id());
    // Ids of one millisecond have no order.
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  Eventually([&] { return service_->size() == 3; });
  EXPECT_THAT(service_->Find(who_, ids[0]), IsError("RESOURCE_DOES_NOT_EXIST"));
  EXPECT_THAT(service_->Find(who_, ids[4]), IsOk());
}

TEST_F(StatementServiceTest, EndedResultsShareABudgetOfMemoryAndStayReadable) {
  options_.idle_memory_bytes = 1000;
  Open();
  std::vector<std::shared_ptr<StatementHandle>> handles;
  for (int i = 0; i < 5; ++i) {
    handles.push_back(Finish("6"));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  // 600 bytes each: one fits, the older four are in files.
  Eventually([&] { return FileBytes() == 4 * 600; });
  for (const auto& handle : handles) {
    for (int chunk = 0; chunk < 6; ++chunk)
      EXPECT_EQ(handle->GetChunk(chunk)->bytes, std::string(100, 'x'));
  }
  handles[0]->Close();
  EXPECT_EQ(FileBytes(), 3 * 600);
}

TEST_F(StatementServiceTest, AnotherUsersStatementDoesNotExist) {
  Open();
  std::string id = Finish("1")->id();
  identity::Principal other;
  other.id = 2;
  EXPECT_THAT(service_->Find(other, id), IsError("RESOURCE_DOES_NOT_EXIST"));
}

TEST_F(StatementServiceTest, AFailedStatementSaysWhyAndHasNoChunks) {
  Open();
  auto handle = Submit("nonsense");
  auto look = handle->Wait(Deadline::After(std::chrono::seconds(10)));
  EXPECT_EQ(look.state, StatementState::kFailed);
  ASSERT_TRUE(look.error.has_value());
  EXPECT_EQ(look.error->message(), "no number");
  EXPECT_THAT(handle->GetChunk(0), IsError("BAD_REQUEST"));
}

TEST_F(StatementServiceTest, ItsEndIsTheEndOfItsStatements) {
  Open();
  auto running = Submit("wait");
  service_.reset();
  EXPECT_EQ(running->Look().state, StatementState::kCanceled);
}

}  // namespace
}  // namespace tarn::compute
