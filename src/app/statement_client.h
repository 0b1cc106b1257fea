#pragma once
/// \file  Runs statements and moves files over a server's own REST API.
#include <atomic>
#include <functional>
#include <optional>

#include "app/status_file.h"
#include "base/json.h"
#include "net/http_client.h"

namespace tarn::app {

struct QueryResult {
  std::vector<std::string> names;
  std::vector<std::string> types;
  std::vector<std::vector<std::optional<std::string>>> rows;
  bool truncated = false;  ///< the server kept back rows over its limit
};

/// Takes a result part by part, in order: each has the names and types, and its own rows. `last` is
/// true once, also when there are no rows. An error ends the fetching.
using PartSink = std::function<Status(const QueryResult& part, bool last)>;

/// How far a statement is.
struct QueryProgress {
  std::string state;  ///< PENDING, RUNNING, or SUCCEEDED while rows are fetched
  int64_t fetched = 0;
  int64_t total_rows = 0;  ///< known once the statement has succeeded
};

/// Where names without a catalog or schema are looked up; empty is the server's default.
struct CurrentSchema {
  std::string catalog;
  std::string schema;
};

/// Not thread-safe.
class StatementClient {
 public:
  /// As the owner of `token`. Errors: SERVER_NOT_RUNNING.
  static Result<StatementClient> Connect(const ServerStatus& status, std::string token);
  /// As the administrator, whose token file it reads. Errors: also OBJECT_NOT_FOUND and
  /// OBJECT_ACCESS_DENIED.
  static Result<StatementClient> Connect(const ServerStatus& status);

  /// Waits for the end; `cancel` set to true by a signal ends the statement. `waiting` is called
  /// about five times a second meanwhile. Errors: STATEMENT_FAILED with the server's text,
  /// CANCELLED, those of the sink, and those of the connection.
  Status Query(const std::string& text, const PartSink& take,
               const std::atomic<bool>* cancel = nullptr,
               const std::function<void(const QueryProgress&)>& waiting = {});
  /// The whole result at once.
  Result<QueryResult> Query(const std::string& text, const std::atomic<bool>* cancel = nullptr,
                            const std::function<void(const QueryProgress&)>& waiting = {});
  /// A GET of the REST API. Errors: STATEMENT_FAILED with the server's text.
  Result<json::Value> Get(const std::string& path) { return Call("GET", path, ""); }
  /// A PATCH of the REST API. Errors: as Get.
  Result<json::Value> Patch(const std::string& path, const json::Value& body) {
    return Call("PATCH", path, body.ToString());
  }

  const CurrentSchema& current() const { return current_; }
  /// For the statements from now on: the API has no sessions.
  void set_current(CurrentSchema current) { current_ = std::move(current); }
  const std::string& warehouse() const { return warehouse_; }
  /// As the server has them now. Errors: STATEMENT_FAILED, and those of the connection.
  Result<std::vector<WarehouseStatus>> Warehouses();
  /// By id or by name. Errors: also OBJECT_NOT_FOUND.
  Status ChooseWarehouse(const std::string& wanted);
  /// PUT of one file to a volume path. Errors: STATEMENT_FAILED.
  Status Upload(const std::string& volume_path, const std::string& bytes);

 private:
  StatementClient(net::HttpClient client, std::string token, std::string warehouse)
      : client_(std::move(client)), token_(std::move(token)), warehouse_(std::move(warehouse)) {}
  Result<json::Value> Call(std::string_view method, const std::string& path,
                           const std::string& body);
  Status Fetch(const json::Value& statement, const PartSink& take, const std::atomic<bool>* cancel,
               const std::function<void(const QueryProgress&)>& waiting);
  /// The rows behind a link of our own server.
  Status ReadLink(const std::string& url, QueryResult& part);

  net::HttpClient client_;
  std::string token_;
  std::string warehouse_;
  CurrentSchema current_;
};

}  // namespace tarn::app
