#include "compute/warehouse_service.h"

#include <atomic>
#include <filesystem>
#include <set>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/testing.h"

namespace tarn::compute {
namespace {

using testing::IsError;
using testing::IsOk;

/// Nodes that are only numbers; the test says what becomes of them.
class Provider final : public NodeProvider {
 public:
  Result<int> Start(const NodeSpec& spec) override {
    ++starts;
    while (held) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::lock_guard lock(mutex_);
    if (broken) return Fail("NODE_START_FAILED", "no more processes");
    alive_.insert(++last_);
    last_spec_ = spec;
    return last_;
  }
  void Kill(int pid) override {
    std::lock_guard lock(mutex_);
    if (!lingers) alive_.erase(pid);
  }
  bool HasEnded(int pid) override {
    std::lock_guard lock(mutex_);
    return !alive_.contains(pid);
  }
  NodeSpec last_spec() {
    std::lock_guard lock(mutex_);
    return last_spec_;
  }
  size_t alive() {
    std::lock_guard lock(mutex_);
    return alive_.size();
  }
  std::atomic<int> starts{0};
  std::atomic<bool> broken{false};
  std::atomic<bool> held{false};     ///< Start does not return
  std::atomic<bool> lingers{false};  ///< a killed process takes its time

 private:
  std::mutex mutex_;
  std::set<int> alive_;
  int last_ = 0;
  NodeSpec last_spec_;
};

class WarehouseServiceTest : public ::testing::Test {
 protected:
  WarehouseServiceTest()
      : path_(::testing::TempDir() + "/warehouses_" + std::to_string(::getpid()) + ".db") {
    std::filesystem::remove(path_);
    Open();
  }
  ~WarehouseServiceTest() override {
    service_.reset();
    database_.reset();
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
  }

  void Open() {
    service_.reset();
    database_.reset();
    database_ = *store::Database::Open(path_, {StoredTables()});
    service_ = *WarehouseService::Open(*database_, provider_, clock_);
  }
  std::string Make() {
    WarehouseSettings settings;
    settings.name = "w";
    settings.auto_stop_minutes = 10;
    return service_->Create(settings, "admin")->id;
  }
  /// The service's own thread needs a moment for what was asked of it.
  bool Becomes(const std::string& id, WarehouseState state) {
    for (int i = 0; i < 5000; ++i) {
      Result<Warehouse> w = service_->Get(id);
      if (w.ok() && w->state == state && (state != WarehouseState::kStarting || w->node_pid != 0))
        return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }
  template <typename Condition>
  bool Eventually(Condition condition) {
    for (int i = 0; i < 5000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }
  void StartNode(const std::string& id) {
    ASSERT_THAT(service_->Start(id), IsOk());
    ASSERT_TRUE(Becomes(id, WarehouseState::kStarting));
    ASSERT_TRUE(service_->NodeReady(provider_.last_spec().node_id));
    ASSERT_TRUE(Becomes(id, WarehouseState::kRunning));
  }

  std::string path_;
  VirtualClock clock_;
  Provider provider_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<WarehouseService> service_;
};

TEST(WarehouseStateTest, OnlyTheMovesOfTheTableExist) {
  using S = WarehouseState;
  EXPECT_TRUE(CanMove(S::kStopped, S::kStarting));
  EXPECT_TRUE(CanMove(S::kStarting, S::kRunning));
  EXPECT_FALSE(CanMove(S::kStopped, S::kRunning));
  for (S to : {S::kStarting, S::kRunning, S::kStopping, S::kStopped, S::kDeleting})
    EXPECT_FALSE(CanMove(S::kDeleted, to));
}

TEST_F(WarehouseServiceTest, RunsOnceItsNodeHasConnected) {
  std::string id = Make();
  EXPECT_EQ(service_->Get(id)->state, WarehouseState::kStopped);
  StartNode(id);
  EXPECT_FALSE(service_->NodeReady("some other node"));
  ASSERT_THAT(service_->Stop(id), IsOk());
  EXPECT_TRUE(Becomes(id, WarehouseState::kStopped));
  EXPECT_EQ(provider_.alive(), 0u);
}

TEST_F(WarehouseServiceTest, RecordsOutliveTheServer) {
  std::string id = Make();
  StartNode(id);
  Open();
  Result<Warehouse> again = service_->Get(id);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->state, WarehouseState::kStopped);
  EXPECT_EQ(again->settings.auto_stop_minutes, 10);
  EXPECT_EQ(provider_.alive(), 0u);
  ASSERT_THAT(service_->Delete(id), IsOk());
  EXPECT_THAT(service_->Get(id), IsError("RESOURCE_DOES_NOT_EXIST"));
  Open();
  EXPECT_THAT(service_->Get(id), IsError("RESOURCE_DOES_NOT_EXIST"));
}

TEST_F(WarehouseServiceTest, AStatementWakesItAndIdlenessStopsIt) {
  std::string id = Make();
  std::thread connect([&] {
    while (provider_.starts == 0 || !service_->NodeReady(provider_.last_spec().node_id))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  {
    Result<WarehouseService::Lease> lease =
        service_->Acquire(id, {}, Deadline::After(std::chrono::seconds(10)));
    connect.join();
    ASSERT_THAT(lease, IsOk());
    clock_.Advance(std::chrono::hours(5));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_EQ(service_->Get(id)->state, WarehouseState::kRunning) << "it is in use";
  }
  clock_.Advance(std::chrono::minutes(9));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(service_->Get(id)->state, WarehouseState::kRunning);
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_TRUE(Becomes(id, WarehouseState::kStopped));
}

TEST_F(WarehouseServiceTest, ALostNodeIsReplaced) {
  std::string id = Make();
  StartNode(id);
  std::string first = provider_.last_spec().node_id;
  service_->NodeGone(first);
  clock_.Advance(std::chrono::seconds(1));
  for (int i = 0; i < 5000 && provider_.starts < 2; ++i) {
    clock_.Advance(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_NE(provider_.last_spec().node_id, first);
  ASSERT_TRUE(Becomes(id, WarehouseState::kStarting));
  EXPECT_TRUE(service_->NodeReady(provider_.last_spec().node_id));
}

TEST_F(WarehouseServiceTest, GivesUpAfterFiveFailuresAndSaysWhy) {
  provider_.broken = true;
  std::string id = Make();
  ASSERT_THAT(service_->Start(id), IsOk());
  for (int i = 0; i < 5000 && provider_.starts < 5; ++i) {
    clock_.Advance(std::chrono::milliseconds(100));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ASSERT_TRUE(Becomes(id, WarehouseState::kStopped));
  EXPECT_EQ(service_->Get(id)->health, "no more processes");
  EXPECT_EQ(provider_.starts, 5);
}

// A start that fails after the warehouse was stopped or deleted must not bring it back.
TEST_F(WarehouseServiceTest, WhatWasStoppedDuringAFailingStartStaysStopped) {
  std::string id = Make();
  provider_.broken = true;
  provider_.held = true;
  ASSERT_THAT(service_->Start(id), IsOk());
  ASSERT_TRUE(Eventually([&] { return provider_.starts == 1; }));
  ASSERT_THAT(service_->Stop(id), IsOk());
  provider_.held = false;
  ASSERT_TRUE(Becomes(id, WarehouseState::kStopped));
  clock_.Advance(std::chrono::minutes(5));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_EQ(provider_.starts, 1);
  EXPECT_EQ(service_->Get(id)->state, WarehouseState::kStopped);
  EXPECT_EQ(service_->Get(id)->health, "");
}

TEST_F(WarehouseServiceTest, WhatWasDeletedDuringAFailingStartIsDeleted) {
  std::string id = Make();
  provider_.broken = true;
  provider_.held = true;
  ASSERT_THAT(service_->Start(id), IsOk());
  ASSERT_TRUE(Eventually([&] { return provider_.starts == 1; }));
  ASSERT_THAT(service_->Delete(id), IsOk());
  provider_.held = false;
  EXPECT_TRUE(Eventually([&] { return service_->List().empty(); }));
  EXPECT_EQ(provider_.starts, 1);
}

TEST_F(WarehouseServiceTest, ADeletedOneIsDeletingUntilItsProcessHasEnded) {
  std::string id = Make();
  StartNode(id);
  provider_.lingers = true;
  ASSERT_THAT(service_->Delete(id), IsOk());
  EXPECT_THAT(service_->Get(id), IsError("RESOURCE_DOES_NOT_EXIST"));
  EXPECT_THAT(service_->Start(id), IsError("RESOURCE_DOES_NOT_EXIST"));
  EXPECT_THAT(service_->Delete(id), IsError("RESOURCE_DOES_NOT_EXIST"));
  EXPECT_THAT(service_->Acquire(id, {}, Deadline::Never()), IsError("RESOURCE_DOES_NOT_EXIST"));
  ASSERT_EQ(service_->List().size(), 1u);
  EXPECT_EQ(service_->List()[0].state, WarehouseState::kDeleting);
  EXPECT_NE(Make(), id) << "the name is free again";
  provider_.lingers = false;
  EXPECT_TRUE(Eventually([&] { return service_->List().size() == 1; }));
  EXPECT_EQ(provider_.alive(), 0u);
}

TEST_F(WarehouseServiceTest, WhoWaitsForADeletedOneIsTold) {
  std::string id = Make();
  std::thread remover([&] {
    EXPECT_TRUE(Eventually([&] { return provider_.starts == 1; }));
    EXPECT_THAT(service_->Delete(id), IsOk());
  });
  EXPECT_THAT(service_->Acquire(id, {}, Deadline::Never()), IsError("RESOURCE_DOES_NOT_EXIST"));
  remover.join();
}

TEST_F(WarehouseServiceTest, ANodeThatWasRefusedSaysWhy) {
  std::string id = Make();
  ASSERT_THAT(service_->Start(id), IsOk());
  for (int start = 1; start <= 5; ++start) {
    ASSERT_TRUE(Eventually([&] {
      clock_.Advance(std::chrono::milliseconds(100));
      Result<Warehouse> w = service_->Get(id);
      return provider_.starts == start && w.ok() && w->node_pid != 0;
    }));
    service_->NodeRefused(provider_.last_spec().node_id, "another version");
    ASSERT_TRUE(service_->WaitUntilNodeEnded(provider_.last_spec().node_id,
                                             Deadline::After(std::chrono::seconds(10))));
  }
  ASSERT_TRUE(Becomes(id, WarehouseState::kStopped));
  EXPECT_EQ(service_->Get(id)->health, "another version");
}

TEST_F(WarehouseServiceTest, TheEndOfANodeCanBeWaitedFor) {
  std::string id = Make();
  StartNode(id);
  std::string node_id = provider_.last_spec().node_id;
  provider_.lingers = true;
  service_->NodeGone(node_id);
  EXPECT_FALSE(
      service_->WaitUntilNodeEnded(node_id, Deadline::After(std::chrono::milliseconds(50))));
  provider_.lingers = false;
  EXPECT_TRUE(service_->WaitUntilNodeEnded(node_id, Deadline::After(std::chrono::seconds(10))));
  EXPECT_EQ(provider_.alive(), 0u);
}

TEST_F(WarehouseServiceTest, NamesAreUnique) {
  std::string first = Make();
  WarehouseSettings settings = service_->Get(first)->settings;
  settings.name = "other";
  Result<Warehouse> second = service_->Create(settings, "admin");
  ASSERT_THAT(second, IsOk());
  settings.name = "w";
  EXPECT_THAT(service_->Edit(second->id, settings), IsError("RESOURCE_ALREADY_EXISTS"));
  EXPECT_EQ(service_->Get(second->id)->settings.name, "other");
  settings.name = "other";
  settings.auto_stop_minutes = 0;
  EXPECT_THAT(service_->Edit(second->id, settings), IsOk()) << "its own name is no conflict";
}

TEST_F(WarehouseServiceTest, WaitingEndsWithTheTokenAndWithTheDeadline) {
  std::string id = Make();
  CancelSource cancel;
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    cancel.Cancel();
  });
  EXPECT_THAT(service_->Acquire(id, cancel.token(), Deadline::Never()), IsError("CANCELLED"));
  canceller.join();
  EXPECT_THAT(service_->Acquire(id, {}, Deadline::After(std::chrono::milliseconds(20))),
              IsError("DEADLINE_EXCEEDED"));
}

TEST_F(WarehouseServiceTest, SettingsAreChecked) {
  std::string id = Make();
  WarehouseSettings settings = service_->Get(id)->settings;
  EXPECT_THAT(service_->Create(settings, "admin"), IsError("RESOURCE_ALREADY_EXISTS"));
  settings.auto_stop_minutes = 5;
  EXPECT_THAT(service_->Edit(id, settings), IsError("INVALID_PARAMETER_VALUE"));
  settings.auto_stop_minutes = 0;
  settings.cluster_size = "Huge";
  EXPECT_THAT(service_->Edit(id, settings), IsError("INVALID_PARAMETER_VALUE"));
  settings.cluster_size = "Large";
  EXPECT_THAT(service_->Edit(id, settings), IsOk());
  EXPECT_EQ(service_->Get(id)->settings.cluster_size, "Large");
}

}  // namespace
}  // namespace tarn::compute
