#include "compute/warehouse_service.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/ids.h"

namespace tarn::compute {
namespace {

struct Transition {
  WarehouseState from;
  WarehouseState to;
};

constexpr Transition kTransitions[] = {
    {WarehouseState::kStopped, WarehouseState::kStarting},
    {WarehouseState::kStarting, WarehouseState::kRunning},
    {WarehouseState::kStarting, WarehouseState::kStopping},
    {WarehouseState::kRunning, WarehouseState::kStopping},
    {WarehouseState::kStopping, WarehouseState::kStopped},
    {WarehouseState::kStopped, WarehouseState::kDeleting},
    {WarehouseState::kRunning, WarehouseState::kDeleting},
    {WarehouseState::kDeleting, WarehouseState::kDeleted},
};

}  // namespace

std::string_view StateName(WarehouseState state) {
  static constexpr std::string_view kNames[] = {"STARTING", "RUNNING",  "STOPPING",
                                                "STOPPED",  "DELETING", "DELETED"};
  return kNames[static_cast<int>(state)];
}

Warehouse WarehouseService::Create(std::string name, std::string creator) {
  Warehouse warehouse;
  warehouse.id = HexEncode(RandomBytes(8));
  warehouse.name = std::move(name);
  warehouse.creator = std::move(creator);
  (*warehouses_.Lock())[warehouse.id] = warehouse;
  return warehouse;
}

std::vector<Warehouse> WarehouseService::List() const {
  std::vector<Warehouse> list;
  for (const auto& [id, warehouse] : *warehouses_.Lock()) list.push_back(warehouse);
  return list;
}

Result<Warehouse> WarehouseService::Get(const std::string& id) const {
  auto warehouses = warehouses_.Lock();
  auto at = warehouses->find(id);
  if (at == warehouses->end())
    return Fail("RESOURCE_DOES_NOT_EXIST", "SQL warehouse with ID " + id + " not found.");
  return at->second;
}

Status WarehouseService::Move(const std::string& id, WarehouseState to) {
  auto warehouses = warehouses_.Lock();
  auto at = warehouses->find(id);
  if (at == warehouses->end())
    return Fail("RESOURCE_DOES_NOT_EXIST", "SQL warehouse with ID " + id + " not found.");
  bool known =
      std::any_of(std::begin(kTransitions), std::end(kTransitions),
                  [&](const Transition& t) { return t.from == at->second.state && t.to == to; });
  if (!known) {
    return Fail("INVALID_STATE", "A warehouse that is " + std::string(StateName(at->second.state)) +
                                     " cannot become " + std::string(StateName(to)) + ".");
  }
  at->second.state = to;
  return Ok();
}

Status WarehouseService::Start(const std::string& id) {
  TARN_TRY(Warehouse warehouse, Get(id));
  if (warehouse.state == WarehouseState::kRunning) return Ok();
  TARN_RETURN_IF_ERROR(Move(id, WarehouseState::kStarting));
  return Move(id, WarehouseState::kRunning);
}

Status WarehouseService::Stop(const std::string& id) {
  TARN_TRY(Warehouse warehouse, Get(id));
  if (warehouse.state == WarehouseState::kStopped) return Ok();
  TARN_RETURN_IF_ERROR(Move(id, WarehouseState::kStopping));
  return Move(id, WarehouseState::kStopped);
}

Status WarehouseService::Delete(const std::string& id) {
  TARN_RETURN_IF_ERROR(Move(id, WarehouseState::kDeleting));
  TARN_RETURN_IF_ERROR(Move(id, WarehouseState::kDeleted));
  warehouses_.Lock()->erase(id);
  return Ok();
}

Status WarehouseService::Wake(const std::string& id) { return Start(id); }

}  // namespace tarn::compute
