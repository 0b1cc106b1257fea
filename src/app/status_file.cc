#include "app/status_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>

#include "base/json.h"
#include "io/local_store.h"

namespace tarn::app {
namespace {

std::string PathOf(const std::string& data_dir) { return data_dir + "/server.json"; }

// The process that holds the data folder; 0 when none does. Its number in the file is not enough:
// another program may have been given it since.
int LockHolder(const std::string& data_dir) {
  int fd = ::open((data_dir + "/LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char pid[32] = {};
  bool held = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK &&
              ::read(fd, pid, sizeof(pid) - 1) > 0;
  ::close(fd);
  return held ? std::atoi(pid) : 0;
}

}  // namespace

std::string ServerStatus::ToJson() const {
  json::Writer w;
  w.BeginObject();
  w.Key("version").String(version);
  w.Key("pid").Int(pid);
  w.Key("http_url").String(http_url);
  w.Key("https_url").String(https_url);
  w.Key("loopback_443").Bool(loopback_443);
  w.Key("ca_file").String(ca_file);
  w.Key("token_file").String(token_file);
  w.Key("profile_file").String(profile_file);
  w.Key("data_dir").String(data_dir);
  w.Key("warehouses").BeginArray();
  for (const WarehouseStatus& warehouse : warehouses) {
    w.BeginObject();
    w.Key("id").String(warehouse.id);
    w.Key("name").String(warehouse.name);
    w.Key("state").String(warehouse.state);
    w.Key("http_path").String(warehouse.http_path);
    w.EndObject();
  }
  w.EndArray();
  w.Key("nodes").BeginArray();
  for (const NodeStatus& node : nodes) {
    w.BeginObject();
    w.Key("id").String(node.id);
    w.Key("warehouse_id").String(node.warehouse_id);
    w.Key("pid").Int(node.pid);
    w.EndObject();
  }
  w.EndArray();
  w.EndObject();
  return std::move(w).Take();
}

Status WriteStatus(const ServerStatus& status) {
  return io::LocalStore().Put(PathOf(status.data_dir), status.ToJson());
}

Result<ServerStatus> ReadStatus(const std::string& data_dir) {
  Result<std::string> text = io::LocalStore().Get(PathOf(data_dir));
  Error not_running =
      Fail("SERVER_NOT_RUNNING", "no server runs on " + data_dir + "; start one with bin/tarn up");
  if (!text.ok()) return not_running;
  TARN_TRY(json::Value json, json::Parse(*text));
  ServerStatus status;
  status.version = json.GetString("version");
  status.pid = static_cast<int>(json.GetInt("pid"));
  status.http_url = json.GetString("http_url");
  status.https_url = json.GetString("https_url");
  status.loopback_443 = json.GetBool("loopback_443", false);
  status.ca_file = json.GetString("ca_file");
  status.token_file = json.GetString("token_file");
  status.profile_file = json.GetString("profile_file");
  status.data_dir = json.GetString("data_dir");
  if (const json::Value* list = json.Find("warehouses"); list != nullptr && list->is_array()) {
    for (const json::Value& w : list->as_array()) {
      status.warehouses.push_back(
          {w.GetString("id"), w.GetString("name"), w.GetString("state"), w.GetString("http_path")});
    }
  }
  if (const json::Value* list = json.Find("nodes"); list != nullptr && list->is_array()) {
    for (const json::Value& n : list->as_array()) {
      status.nodes.push_back(
          {n.GetString("id"), n.GetString("warehouse_id"), static_cast<int>(n.GetInt("pid"))});
    }
  }
  // A server that was killed leaves its file behind.
  if (!ProcessLives(status.pid) || LockHolder(data_dir) != status.pid) return not_running;
  return status;
}

bool ProcessLives(int pid) {
  if (pid <= 0) return false;
  // One that has ended and waits to be reaped has no program any more.
  std::error_code error;
  std::filesystem::path program =
      std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/exe", error);
  return !program.empty() || error == std::errc::permission_denied;
}

void RemoveStatus(const std::string& data_dir) { std::remove(PathOf(data_dir).c_str()); }

Result<std::string> ReadSmallFile(const std::string& path) {
  TARN_TRY(std::string text, io::LocalStore().Get(path));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace tarn::app
