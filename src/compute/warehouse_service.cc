#include "compute/warehouse_service.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/ids.h"
#include "base/log.h"

namespace tarn::compute {
namespace {

constexpr store::Scope kScope;
constexpr std::chrono::milliseconds kTick{200};
constexpr std::chrono::milliseconds kKillTick{5};
constexpr auto kSilence = std::chrono::seconds(10);
constexpr auto kStartLimit = std::chrono::seconds(30);
constexpr auto kFirstRetry = std::chrono::milliseconds(100);
constexpr int kMaxFailures = 5;

Error NoWarehouse(const std::string& id) {
  return Fail("RESOURCE_DOES_NOT_EXIST", "SQL warehouse with ID " + id + " not found.");
}

}  // namespace

const store::ModuleSchema& StoredTables() {
  static const store::ModuleSchema kTables = {
      "compute",
      {{1,
        "CREATE TABLE warehouses (account_id INTEGER NOT NULL, workspace_id INTEGER NOT NULL, "
        "id TEXT NOT NULL, creator TEXT NOT NULL, settings TEXT NOT NULL, "
        "PRIMARY KEY (account_id, workspace_id, id)) WITHOUT ROWID",
        300},
       // Whoever could use the warehouses of a workspace before there were permissions still can.
       {2,
        "ALTER TABLE warehouses ADD COLUMN access TEXT NOT NULL DEFAULT '[]'; "
        "UPDATE warehouses SET access = json_array("
        "json_object('kind', 'user', 'name', creator, 'level', 'IS_OWNER'), "
        "json_object('kind', 'group', 'name', 'users', 'level', 'CAN_USE'))",
        301}}};
  return kTables;
}

Result<std::unique_ptr<WarehouseService>> WarehouseService::Open(store::Database& database,
                                                                 NodeProvider& provider,
                                                                 const Clock& clock) {
  std::unique_ptr<WarehouseService> service(new WarehouseService(database, provider, clock));
  TARN_RETURN_IF_ERROR(service->Load());
  service->supervisor_ = std::thread([raw = service.get()] { raw->Supervise(); });
  return service;
}

WarehouseService::~WarehouseService() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    changed_.notify_all();
  }
  if (supervisor_.joinable()) supervisor_.join();
}

void WarehouseService::OnChange(std::function<void()> callback) {
  std::lock_guard lock(mutex_);
  on_change_ = std::move(callback);
}

Status WarehouseService::Load() {
  return database_.Read([&](store::Transaction& t) -> Status {
    TARN_TRY(auto rows, t.Select<std::string, std::string, std::string, std::string>(
                            kScope, "warehouses", {"id", "creator", "settings", "access"}));
    for (auto& [id, creator, settings_text, access_text] : rows) {
      TARN_TRY(json::Value settings, json::Parse(settings_text));
      TARN_TRY(json::Value access, json::Parse(access_text));
      Entry entry;
      entry.warehouse.id = id;
      entry.warehouse.creator = creator;
      entry.warehouse.settings = WarehouseSettings::FromJson(settings);
      entry.warehouse.access = WarehouseAccess::FromJson(access);
      entries_[entry.warehouse.id] = std::move(entry);
    }
    return Ok();
  });
}

Status WarehouseService::Save(const Warehouse& warehouse) {
  return database_.Write([&](store::Transaction& t) {
    return t.Put(kScope, "warehouses",
                 {{"id", warehouse.id},
                  {"creator", warehouse.creator},
                  {"settings", warehouse.settings.ToJson().ToString()},
                  {"access", warehouse.access.ToJson().ToString()}});
  });
}

Result<Warehouse> WarehouseService::Create(WarehouseSettings settings, std::string creator) {
  TARN_RETURN_IF_ERROR(settings.Validate());
  std::lock_guard lock(mutex_);
  TARN_RETURN_IF_ERROR(CheckNameLocked(settings.name, ""));
  Entry entry;
  entry.warehouse.id = HexEncode(RandomBytes(8));
  entry.warehouse.access = WarehouseAccess::OwnedBy(creator);
  entry.warehouse.creator = std::move(creator);
  entry.warehouse.settings = std::move(settings);
  TARN_RETURN_IF_ERROR(Save(entry.warehouse));
  Warehouse made = entry.warehouse;
  entries_[made.id] = std::move(entry);
  return made;
}

Status WarehouseService::CheckNameLocked(const std::string& name, const std::string& but_id) const {
  for (const auto& [id, entry] : entries_) {
    bool taken = entry.warehouse.settings.name == name && id != but_id &&
                 entry.warehouse.state != WarehouseState::kDeleting;
    if (taken) {
      return Fail("RESOURCE_ALREADY_EXISTS",
                  "There is a SQL warehouse with the name '" + name + "' already.");
    }
  }
  return Ok();
}

std::vector<Warehouse> WarehouseService::List() const {
  std::lock_guard lock(mutex_);
  std::vector<Warehouse> list;
  for (const auto& [id, entry] : entries_) list.push_back(entry.warehouse);
  return list;
}

Result<WarehouseService::Entry*> WarehouseService::FindLocked(const std::string& id) {
  auto at = entries_.find(id);
  if (at == entries_.end() || at->second.warehouse.state == WarehouseState::kDeleting)
    return NoWarehouse(id);
  return &at->second;
}

Result<Warehouse> WarehouseService::Get(const std::string& id) const {
  std::lock_guard lock(mutex_);
  TARN_TRY(Entry * entry, const_cast<WarehouseService*>(this)->FindLocked(id));
  return entry->warehouse;
}

Status WarehouseService::Edit(const std::string& id, WarehouseSettings settings) {
  TARN_RETURN_IF_ERROR(settings.Validate());
  std::lock_guard lock(mutex_);
  TARN_TRY(Entry * entry, FindLocked(id));
  TARN_RETURN_IF_ERROR(CheckNameLocked(settings.name, id));
  Warehouse changed = entry->warehouse;
  changed.settings = std::move(settings);
  TARN_RETURN_IF_ERROR(Save(changed));
  entry->warehouse.settings = std::move(changed.settings);
  return Ok();
}

Status WarehouseService::SetAccess(const std::string& id, WarehouseAccess access) {
  std::lock_guard lock(mutex_);
  TARN_TRY(Entry * entry, FindLocked(id));
  Warehouse changed = entry->warehouse;
  changed.access = std::move(access);
  TARN_RETURN_IF_ERROR(Save(changed));
  entry->warehouse.access = std::move(changed.access);
  return Ok();
}

Status WarehouseService::MoveLocked(Entry& entry, WarehouseState to) {
  WarehouseState from = entry.warehouse.state;
  if (!CanMove(from, to)) {
    return Fail("INVALID_STATE", "A warehouse that is " + std::string(StateName(from)) +
                                     " cannot become " + std::string(StateName(to)) + ".");
  }
  entry.warehouse.state = to;
  LogInfo("warehouse", {{"id", entry.warehouse.id}, {"state", StateName(to)}});
  changed_.notify_all();
  return Ok();
}

Status WarehouseService::Start(const std::string& id) {
  std::lock_guard lock(mutex_);
  TARN_TRY(Entry * entry, FindLocked(id));
  WarehouseState state = entry->warehouse.state;
  if (state == WarehouseState::kRunning || state == WarehouseState::kStarting) return Ok();
  TARN_RETURN_IF_ERROR(MoveLocked(*entry, WarehouseState::kStarting));
  entry->warehouse.health.clear();
  entry->failures = 0;
  entry->wants_node = true;
  entry->retry_at = clock_.Steady();
  return Ok();
}

Status WarehouseService::Stop(const std::string& id) {
  std::lock_guard lock(mutex_);
  TARN_TRY(Entry * entry, FindLocked(id));
  WarehouseState state = entry->warehouse.state;
  if (state == WarehouseState::kStopped || state == WarehouseState::kStopping) return Ok();
  TARN_RETURN_IF_ERROR(MoveLocked(*entry, WarehouseState::kStopping));
  entry->wants_node = false;
  entry->kill_node = true;
  return Ok();
}

Status WarehouseService::Delete(const std::string& id) {
  std::lock_guard lock(mutex_);
  TARN_TRY(Entry * entry, FindLocked(id));
  TARN_RETURN_IF_ERROR(database_.Write([&](store::Transaction& t) -> Status {
    TARN_RETURN_IF_ERROR(t.Delete(kScope, "warehouses", {{"id", id}}));
    return Ok();
  }));
  entry->wants_node = false;
  entry->kill_node = true;
  return MoveLocked(*entry, WarehouseState::kDeleting);
}

Result<WarehouseService::Lease> WarehouseService::Acquire(const std::string& id, CancelToken cancel,
                                                          Deadline deadline) {
  CancelCallback wake = cancel.OnCancel([this] {
    std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      for (;;) {
        TARN_TRY(Entry * entry, FindLocked(id));
        if (closing_) return Fail("TEMPORARILY_UNAVAILABLE", "The server is stopping.");
        if (entry->warehouse.state == WarehouseState::kRunning) {
          ++entry->warehouse.running;
          return Lease(this, id);
        }
        if (entry->warehouse.state == WarehouseState::kStopped) {
          if (!entry->warehouse.health.empty() && entry->failures >= kMaxFailures) {
            // The next statement may try again.
            entry->failures = 0;
            return Fail("NODE_START_FAILED", entry->warehouse.health);
          }
          break;
        }
        TARN_RETURN_IF_ERROR(cancel.Check());
        if (deadline.Passed()) {
          return Fail("DEADLINE_EXCEEDED",
                      "SQL warehouse " + id + " did not start in time. Try again.");
        }
        changed_.wait_until(lock, deadline.at());
      }
    }
    TARN_RETURN_IF_ERROR(Start(id));
  }
}

WarehouseService::Lease::~Lease() {
  if (owner_ != nullptr) owner_->Release(id_);
}

void WarehouseService::Release(const std::string& id) {
  std::lock_guard lock(mutex_);
  auto at = entries_.find(id);
  if (at == entries_.end()) return;
  --at->second.warehouse.running;
  at->second.used = clock_.Steady();
}

bool WarehouseService::NodeReady(const std::string& node_id) {
  {
    std::lock_guard lock(mutex_);
    auto at = std::find_if(entries_.begin(), entries_.end(), [&](const auto& item) {
      return item.second.warehouse.node_id == node_id &&
             item.second.warehouse.state == WarehouseState::kStarting;
    });
    if (at == entries_.end()) return false;
    if (!MoveLocked(at->second, WarehouseState::kRunning).ok()) return false;
    at->second.failures = 0;
    at->second.used = clock_.Steady();
    at->second.reported = Clock::System().Steady();
    at->second.warehouse.health.clear();
  }
  Changed();
  return true;
}

void WarehouseService::NodeReported(const std::string& node_id) {
  std::lock_guard lock(mutex_);
  for (auto& [id, entry] : entries_) {
    if (entry.warehouse.node_id == node_id) entry.reported = Clock::System().Steady();
  }
}

void WarehouseService::NodeGone(const std::string& node_id) {
  {
    std::lock_guard lock(mutex_);
    for (auto& [id, entry] : entries_) {
      if (entry.warehouse.node_id == node_id) entry.kill_node = true;
    }
    changed_.notify_all();
  }
}

void WarehouseService::NodeRefused(const std::string& node_id, std::string why) {
  std::lock_guard lock(mutex_);
  for (auto& [id, entry] : entries_) {
    if (entry.warehouse.node_id != node_id) continue;
    entry.refused = why;
    entry.kill_node = true;
  }
  changed_.notify_all();
}

bool WarehouseService::WaitUntilNodeEnded(const std::string& node_id, Deadline deadline) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, deadline.at(), [&] {
    return std::none_of(entries_.begin(), entries_.end(),
                        [&](const auto& item) { return item.second.warehouse.node_id == node_id; });
  });
}

void WarehouseService::Changed() {
  std::function<void()> callback;
  {
    std::lock_guard lock(mutex_);
    callback = on_change_;
  }
  if (callback) callback();
}

// A warehouse whose node cannot be started or is lost again and again stops, and says why.
void WarehouseService::FailStartLocked(Entry& entry, const std::string& why) {
  bool wanted = entry.warehouse.state == WarehouseState::kStarting ||
                entry.warehouse.state == WarehouseState::kRunning;
  if (!wanted) return;  // stopped or deleted meanwhile
  ++entry.failures;
  LogWarn("node lost or not started",
          {{"warehouse", entry.warehouse.id}, {"why", why}, {"failures", entry.failures}});
  entry.warehouse.health = why;
  if (entry.warehouse.state == WarehouseState::kRunning)
    (void)MoveLocked(entry, WarehouseState::kStarting);
  if (entry.failures >= kMaxFailures) {
    entry.wants_node = false;
    (void)MoveLocked(entry, WarehouseState::kStopping);
    (void)MoveLocked(entry, WarehouseState::kStopped);
    return;
  }
  entry.wants_node = true;
  entry.retry_at = clock_.Steady() + kFirstRetry * (1 << (entry.failures - 1));
}

void WarehouseService::Supervise() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    if (SuperviseOnce(lock)) {
      changed_.notify_all();
      lock.unlock();
      Changed();
      lock.lock();
      continue;
    }
    // A process that was killed is gone in a moment, and somebody may wait for it.
    bool killing = std::any_of(entries_.begin(), entries_.end(), [](const auto& item) {
      return item.second.kill_node && item.second.warehouse.node_pid != 0;
    });
    changed_.wait_for(lock, killing ? kKillTick : kTick);
  }
  for (auto& [id, entry] : entries_) {
    if (entry.warehouse.node_pid == 0) continue;
    provider_.Kill(entry.warehouse.node_pid);
    while (!provider_.HasEnded(entry.warehouse.node_pid))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// One look at every warehouse. True when something changed.
bool WarehouseService::SuperviseOnce(std::unique_lock<std::mutex>& lock) {
  SteadyTime now = clock_.Steady();
  for (auto at = entries_.begin(); at != entries_.end(); ++at) {
    Entry& entry = at->second;
    Warehouse& warehouse = entry.warehouse;
    if (warehouse.node_pid != 0) {
      if (entry.kill_node) provider_.Kill(warehouse.node_pid);
      bool late =
          warehouse.state == WarehouseState::kStarting && now - entry.starting > kStartLimit;
      bool silent = warehouse.state == WarehouseState::kRunning &&
                    Clock::System().Steady() - entry.reported > kSilence;
      if (late || silent) provider_.Kill(warehouse.node_pid);
      if (provider_.HasEnded(warehouse.node_pid)) {
        warehouse.node_pid = 0;
        warehouse.node_id.clear();
        entry.kill_node = false;
        std::string why = std::exchange(entry.refused, "");
        if (why.empty()) {
          why = late ? "The node did not connect in time; see the server's log."
                     : "The node's process ended; see the server's log.";
        }
        FailStartLocked(entry, why);
        return true;
      }
      int64_t minutes = warehouse.settings.auto_stop_minutes;
      bool idle = warehouse.state == WarehouseState::kRunning && warehouse.running == 0 &&
                  minutes > 0 && now - entry.used >= std::chrono::minutes(minutes);
      if (idle) {
        (void)MoveLocked(entry, WarehouseState::kStopping);
        entry.kill_node = true;
        return true;
      }
      continue;
    }
    entry.kill_node = false;
    if (warehouse.state == WarehouseState::kStopping) {
      (void)MoveLocked(entry, WarehouseState::kStopped);
      return true;
    }
    if (warehouse.state == WarehouseState::kDeleting) {
      (void)MoveLocked(entry, WarehouseState::kDeleted);
      entries_.erase(at);
      return true;
    }
    if (entry.wants_node && now >= entry.retry_at) {
      StartNode(lock, warehouse.id);
      return true;
    }
  }
  return false;
}

void WarehouseService::StartNode(std::unique_lock<std::mutex>& lock, const std::string& id) {
  Entry& entry = entries_.at(id);
  entry.wants_node = false;
  entry.starting = clock_.Steady();
  NodeSpec spec{NewUuid(), id};
  // Known before the process is: it may connect before Start returns.
  entry.warehouse.node_id = spec.node_id;
  lock.unlock();
  Result<int> pid = provider_.Start(spec);
  lock.lock();
  // Only this thread erases entries.
  if (pid.ok()) {
    entry.warehouse.node_pid = *pid;
    return;
  }
  entry.warehouse.node_id.clear();
  FailStartLocked(entry, pid.error().message());
}

}  // namespace tarn::compute
