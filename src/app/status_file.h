#pragma once
/// \file  What a running server says about itself in its data folder, for the other commands.
#include <string>
#include <vector>

#include "base/result.h"

namespace tarn::app {

struct WarehouseStatus {
  std::string id;
  std::string name;
  std::string state;
  std::string http_path;
};

struct NodeStatus {
  std::string id;
  std::string warehouse_id;
  int pid = 0;
};

struct ServerStatus {
  std::string version;
  int pid = 0;
  std::string http_url;
  std::string https_url;
  bool loopback_443 = false;  ///< TLS is served on port 443 of loopback as well
  std::string ca_file;
  std::string token_file;
  std::string profile_file;
  std::string data_dir;
  std::vector<WarehouseStatus> warehouses;
  std::vector<NodeStatus> nodes;

  std::string ToJson() const;
};

Status WriteStatus(const ServerStatus& status);
/// The status of the server that holds a data folder's lock. Errors: SERVER_NOT_RUNNING.
Result<ServerStatus> ReadStatus(const std::string& data_dir);
/// False also for a process that has ended and waits to be reaped.
bool ProcessLives(int pid);
void RemoveStatus(const std::string& data_dir);
/// Whole text of a small file. Errors: OBJECT_NOT_FOUND, IO_ERROR.
Result<std::string> ReadSmallFile(const std::string& path);

}  // namespace tarn::app
