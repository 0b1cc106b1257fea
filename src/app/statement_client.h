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
};

/// Not thread-safe.
class StatementClient {
 public:
  /// Reads the token file. Errors: SERVER_NOT_RUNNING, OBJECT_NOT_FOUND.
  static Result<StatementClient> Connect(const ServerStatus& status);

  /// Waits for the end; `cancel` set to true by a signal ends the statement. `waiting` is called
  /// about five times a second meanwhile. Errors: STATEMENT_FAILED with the server's text,
  /// CANCELLED.
  Result<QueryResult> Query(const std::string& text, const std::atomic<bool>* cancel = nullptr,
                            const std::function<void()>& waiting = {});
  /// PUT of one file to a volume path. Errors: STATEMENT_FAILED.
  Status Upload(const std::string& volume_path, const std::string& bytes);

 private:
  StatementClient(net::HttpClient client, std::string token, std::string warehouse)
      : client_(std::move(client)), token_(std::move(token)), warehouse_(std::move(warehouse)) {}
  Result<json::Value> Call(std::string_view method, const std::string& path,
                           const std::string& body);
  Result<QueryResult> Fetch(const json::Value& statement);

  net::HttpClient client_;
  std::string token_;
  std::string warehouse_;
};

}  // namespace tarn::app
