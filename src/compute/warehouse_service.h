#pragma once
/// \file  SQL warehouses: durable records, their states, and the node that each started one has.
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/deadline.h"
#include "compute/node_provider.h"
#include "compute/warehouse.h"
#include "store/database.h"

namespace tarn::compute {

/// The migrations of this module's tables; its versions start at 300.
const store::ModuleSchema& StoredTables();

/// Thread-safe. One thread of its own starts and ends nodes and looks at the clock; callers only
/// wait where it says so. Nodes report through the calls at the end.
class WarehouseService {
 public:
  /// `provider` and `clock` outlive the service. Every warehouse is STOPPED at first: a node does
  /// not outlive the server.
  static Result<std::unique_ptr<WarehouseService>> Open(store::Database& database,
                                                        NodeProvider& provider, const Clock& clock);
  /// Ends every node.
  ~WarehouseService();

  /// Called, without a lock, after the state of a warehouse or its node has changed.
  void OnChange(std::function<void()> callback);

  /// The warehouse is its creator's, and nobody else's but the administrators', until SetAccess.
  /// Errors: INVALID_PARAMETER_VALUE, RESOURCE_ALREADY_EXISTS for a name in use.
  Result<Warehouse> Create(WarehouseSettings settings, std::string creator);
  std::vector<Warehouse> List() const;
  /// Errors of the rest: RESOURCE_DOES_NOT_EXIST.
  Result<Warehouse> Get(const std::string& id) const;
  /// Errors: also those of Create.
  Status Edit(const std::string& id, WarehouseSettings settings);
  Status SetAccess(const std::string& id, WarehouseAccess access);
  /// Begins to start or stop; a warehouse that is there already stays. Errors: INVALID_STATE.
  Status Start(const std::string& id);
  Status Stop(const std::string& id);
  Status Delete(const std::string& id);

  /// Keeps a warehouse awake while a statement uses it.
  class Lease {
   public:
    Lease(Lease&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)), id_(other.id_) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    const std::string& warehouse_id() const { return id_; }

   private:
    friend class WarehouseService;
    Lease(WarehouseService* owner, std::string id) : owner_(owner), id_(std::move(id)) {}
    WarehouseService* owner_;
    std::string id_;
  };
  /// Wakes the warehouse and waits until it runs. Errors: also CANCELLED, DEADLINE_EXCEEDED,
  /// NODE_START_FAILED with the reason.
  Result<Lease> Acquire(const std::string& id, CancelToken cancel, Deadline deadline);

  /// The node has connected: its warehouse runs. False for a node that nobody waits for any more.
  bool NodeReady(const std::string& node_id);
  /// The node has reported; one that is silent for ten seconds is ended and replaced.
  void NodeReported(const std::string& node_id);
  /// The node's connection is gone; whatever is left of it is ended, and the warehouse starts
  /// another.
  void NodeGone(const std::string& node_id);
  /// The node may not serve its warehouse; `why` becomes the warehouse's health when no other start
  /// succeeds.
  void NodeRefused(const std::string& node_id, std::string why);
  /// Whether the node's process has ended by the deadline: what it did not do by then, it never
  /// does.
  bool WaitUntilNodeEnded(const std::string& node_id, Deadline deadline) const;

 private:
  struct Entry {
    Warehouse warehouse;
    SteadyTime used;      ///< when the last statement ended
    SteadyTime starting;  ///< when the node was asked for
    SteadyTime retry_at;  ///< not before this, after a node was lost
    SteadyTime reported;  ///< by the system's clock: silence is no matter of tests' time
    int failures = 0;     ///< of starts in a row
    std::string refused;  ///< why its node was refused
    bool wants_node = false;
    bool kill_node = false;
  };

  WarehouseService(store::Database& database, NodeProvider& provider, const Clock& clock)
      : database_(database), provider_(provider), clock_(clock) {}
  Status Load();
  Status Save(const Warehouse& warehouse);
  Result<Entry*> FindLocked(const std::string& id);
  Status CheckNameLocked(const std::string& name, const std::string& but_id) const;
  Status MoveLocked(Entry& entry, WarehouseState to);
  void FailStartLocked(Entry& entry, const std::string& why);
  void Release(const std::string& id);
  void Supervise();
  bool SuperviseOnce(std::unique_lock<std::mutex>& lock);
  void StartNode(std::unique_lock<std::mutex>& lock, const std::string& id);
  void Changed();

  store::Database& database_;
  NodeProvider& provider_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<std::string, Entry> entries_;
  std::function<void()> on_change_;
  bool closing_ = false;
  std::thread supervisor_;
};

}  // namespace tarn::compute
