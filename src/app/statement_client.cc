#include "app/statement_client.h"

#include <chrono>
#include <thread>

namespace tarn::app {
namespace {

constexpr auto kCallTimeout = std::chrono::seconds(60);

}  // namespace

Result<StatementClient> StatementClient::Connect(const ServerStatus& status) {
  TARN_TRY(net::HttpClient::Options options, net::HttpClient::ParseOrigin(status.http_url));
  TARN_TRY(std::string token, ReadSmallFile(status.token_file));
  if (status.warehouses.empty()) return Fail("SERVER_NOT_RUNNING", "the server has no warehouse");
  return StatementClient(net::HttpClient(options), token, status.warehouses[0].id);
}

Result<json::Value> StatementClient::Call(std::string_view method, const std::string& path,
                                          const std::string& body) {
  net::Headers headers{{"Authorization", "Bearer " + token_}};
  if (!body.empty()) headers.Set("Content-Type", "application/json");
  TARN_TRY(net::ClientResponse response,
           client_.Send(method, path, headers, body, Deadline::After(kCallTimeout)));
  if (response.body.empty() && response.status < 300) return json::Value(json::Object());
  TARN_TRY(json::Value json, json::Parse(response.body));
  if (response.status >= 300)
    return Fail("STATEMENT_FAILED",
                json.GetString("message", "HTTP " + std::to_string(response.status)));
  return json;
}

Result<QueryResult> StatementClient::Query(
    const std::string& text, const std::atomic<bool>* cancel,
    const std::function<void(const QueryProgress&)>& waiting) {
  json::Object request;
  request.Set("statement", text);
  request.Set("warehouse_id", warehouse_);
  request.Set("wait_timeout", "0s");
  if (!current_.catalog.empty()) request.Set("catalog", current_.catalog);
  if (!current_.schema.empty()) request.Set("schema", current_.schema);
  TARN_TRY(json::Value statement,
           Call("POST", "/api/2.0/sql/statements", json::Value(request).ToString()));
  std::string id = statement.GetString("statement_id");
  bool cancelled = false;
  auto pause = std::chrono::milliseconds(2);
  for (;;) {
    const json::Value* status = statement.Find("status");
    std::string state = status == nullptr ? "" : status->GetString("state");
    if (state == "SUCCEEDED") return Fetch(statement, cancel, waiting);
    if (state == "CANCELED" || state == "CLOSED")
      return Fail("CANCELLED", "the statement was cancelled");
    if (state == "FAILED") {
      const json::Value* error = status->Find("error");
      return Fail("STATEMENT_FAILED",
                  error == nullptr ? "the statement failed" : error->GetString("message"));
    }
    if (cancel != nullptr && cancel->load() && !cancelled) {
      cancelled = true;
      TARN_RETURN_IF_ERROR(Call("POST", "/api/2.0/sql/statements/" + id + "/cancel", "{}"));
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(200));
    if (waiting) waiting({state, 0, 0});
    TARN_TRY(statement, Call("GET", "/api/2.0/sql/statements/" + id, ""));
  }
}

Result<QueryResult> StatementClient::Fetch(
    const json::Value& statement, const std::atomic<bool>* cancel,
    const std::function<void(const QueryProgress&)>& waiting) {
  QueryResult result;
  const json::Value* manifest = statement.Find("manifest");
  int64_t total = manifest == nullptr ? 0 : manifest->GetInt("total_row_count");
  result.truncated = manifest != nullptr && manifest->GetBool("truncated");
  const json::Value* schema = manifest == nullptr ? nullptr : manifest->Find("schema");
  const json::Value* columns = schema == nullptr ? nullptr : schema->Find("columns");
  if (columns != nullptr && columns->is_array()) {
    for (const json::Value& column : columns->as_array()) {
      result.names.push_back(column.GetString("name"));
      result.types.push_back(column.GetString("type_text"));
    }
  }
  json::Value part =
      statement.Find("result") == nullptr ? json::Value(json::Object()) : *statement.Find("result");
  for (;;) {
    const json::Value* rows = part.Find("data_array");
    if (rows != nullptr && rows->is_array()) {
      for (const json::Value& row : rows->as_array()) {
        std::vector<std::optional<std::string>> cells;
        for (const json::Value& cell : row.as_array()) {
          cells.push_back(cell.is_null() ? std::nullopt : std::optional(cell.as_string()));
        }
        result.rows.push_back(std::move(cells));
      }
    }
    std::string next = part.GetString("next_chunk_internal_link");
    if (next.empty()) return result;
    if (cancel != nullptr && cancel->load())
      return Fail("CANCELLED", "the statement was cancelled");
    if (waiting) waiting({"SUCCEEDED", static_cast<int64_t>(result.rows.size()), total});
    TARN_TRY(part, Call("GET", next, ""));
  }
}

Result<std::vector<WarehouseStatus>> StatementClient::Warehouses() {
  TARN_TRY(json::Value answer, Get("/api/2.0/sql/warehouses"));
  std::vector<WarehouseStatus> all;
  const json::Value* list = answer.Find("warehouses");
  if (list == nullptr || !list->is_array()) return all;
  for (const json::Value& w : list->as_array()) {
    std::string id = w.GetString("id");
    all.push_back({id, w.GetString("name"), w.GetString("state"), "/sql/1.0/warehouses/" + id});
  }
  return all;
}

Status StatementClient::ChooseWarehouse(const std::string& wanted) {
  TARN_TRY(std::vector<WarehouseStatus> all, Warehouses());
  for (const WarehouseStatus& warehouse : all) {
    if (warehouse.id != wanted && warehouse.name != wanted) continue;
    warehouse_ = warehouse.id;
    return Ok();
  }
  return Fail("OBJECT_NOT_FOUND", "there is no warehouse '" + wanted + "'");
}

Status StatementClient::Upload(const std::string& volume_path, const std::string& bytes) {
  net::Headers headers{{"Authorization", "Bearer " + token_},
                       {"Content-Type", "application/octet-stream"}};
  TARN_TRY(net::ClientResponse response,
           client_.Send("PUT", "/api/2.0/fs/files" + volume_path + "?overwrite=true", headers,
                        bytes, Deadline::After(std::chrono::minutes(5))));
  if (response.status >= 300)
    return Fail("STATEMENT_FAILED", "upload of " + volume_path + ": " + response.body);
  return Ok();
}

}  // namespace tarn::app
