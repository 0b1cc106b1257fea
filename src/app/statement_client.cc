#include "app/statement_client.h"

#include <chrono>
#include <thread>

namespace tarn::app {
namespace {

constexpr auto kCallTimeout = std::chrono::seconds(60);

}  // namespace

Result<StatementClient> StatementClient::Connect(const ServerStatus& status) {
  TARN_TRY(std::string token, ReadSmallFile(status.token_file));
  return Connect(status, std::move(token));
}

Result<StatementClient> StatementClient::Connect(const ServerStatus& status, std::string token) {
  TARN_TRY(net::HttpClient::Options options, net::HttpClient::ParseOrigin(status.http_url));
  if (status.warehouses.empty()) return Fail("SERVER_NOT_RUNNING", "the server has no warehouse");
  return StatementClient(net::HttpClient(options), std::move(token), status.warehouses[0].id);
}

Result<json::Value> StatementClient::Call(std::string_view method, const std::string& path,
                                          const std::string& body) {
  net::Headers headers{{"Authorization", "Bearer " + token_}};
  if (!body.empty()) headers.Set("Content-Type", "application/json");
  TARN_TRY(net::ClientResponse response,
           client_.Send(method, path, headers, body, Deadline::After(kCallTimeout)));
  if (response.body.empty() && response.status < 300) return json::Value(json::Object());
  TARN_TRY(json::Value json, json::Parse(response.body));
  if (response.status >= 300) {
    // SCIM's errors have a detail, all others a message.
    std::string words = json.GetString("detail", "HTTP " + std::to_string(response.status));
    return Fail("STATEMENT_FAILED", json.GetString("message", words));
  }
  return json;
}

Result<QueryResult> StatementClient::Query(
    const std::string& text, const std::atomic<bool>* cancel,
    const std::function<void(const QueryProgress&)>& waiting) {
  QueryResult all;
  auto take = [&all](const QueryResult& part, bool) {
    all.names = part.names;
    all.types = part.types;
    all.truncated = part.truncated;
    all.rows.insert(all.rows.end(), part.rows.begin(), part.rows.end());
    return Ok();
  };
  TARN_RETURN_IF_ERROR(Query(text, take, cancel, waiting));
  return all;
}

Status StatementClient::Query(const std::string& text, const PartSink& take,
                              const std::atomic<bool>* cancel,
                              const std::function<void(const QueryProgress&)>& waiting) {
  json::Object request;
  request.Set("statement", text);
  request.Set("warehouse_id", warehouse_);
  request.Set("wait_timeout", "0s");
  // Results inline end at 25 MiB.
  request.Set("disposition", "EXTERNAL_LINKS");
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
    if (state == "SUCCEEDED") return Fetch(statement, take, cancel, waiting);
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

Status StatementClient::ReadLink(const std::string& url, QueryResult& part) {
  // The link is a right of its own and takes no token; its origin is the one we are connected to.
  size_t path = url.find('/', url.find("://") + 3);
  if (path == std::string::npos) return Fail("BAD_RESPONSE", "not a link: " + url);
  TARN_TRY(net::ClientResponse response,
           client_.Send("GET", url.substr(path), {}, "", Deadline::After(kCallTimeout)));
  if (response.status != 200)
    return Fail("STATEMENT_FAILED", "a part of the result: " + response.body);
  TARN_TRY(json::Value rows, json::Parse(response.body));
  if (!rows.is_array()) return Fail("BAD_RESPONSE", "a part of the result is no list of rows");
  for (const json::Value& row : rows.as_array()) {
    std::vector<std::optional<std::string>> cells;
    for (const json::Value& cell : row.as_array())
      cells.push_back(cell.is_null() ? std::nullopt : std::optional(cell.as_string()));
    part.rows.push_back(std::move(cells));
  }
  return Ok();
}

Status StatementClient::Fetch(const json::Value& statement, const PartSink& take,
                              const std::atomic<bool>* cancel,
                              const std::function<void(const QueryProgress&)>& waiting) {
  QueryResult part;
  const json::Value* manifest = statement.Find("manifest");
  int64_t total = manifest == nullptr ? 0 : manifest->GetInt("total_row_count");
  part.truncated = manifest != nullptr && manifest->GetBool("truncated");
  const json::Value* schema = manifest == nullptr ? nullptr : manifest->Find("schema");
  const json::Value* columns = schema == nullptr ? nullptr : schema->Find("columns");
  if (columns != nullptr && columns->is_array()) {
    for (const json::Value& column : columns->as_array()) {
      part.names.push_back(column.GetString("name"));
      part.types.push_back(column.GetString("type_text"));
    }
  }
  json::Value place = json::Value(json::Object());
  if (const json::Value* result = statement.Find("result")) place = *result;
  int64_t fetched = 0;
  for (;;) {
    const json::Value* links = place.Find("external_links");
    std::string next;
    part.rows.clear();
    if (links != nullptr && links->is_array()) {
      for (const json::Value& link : links->as_array()) {
        TARN_RETURN_IF_ERROR(ReadLink(link.GetString("external_link"), part));
        next = link.GetString("next_chunk_internal_link");
      }
    }
    fetched += static_cast<int64_t>(part.rows.size());
    TARN_RETURN_IF_ERROR(take(part, next.empty()));
    if (next.empty()) return Ok();
    if (cancel != nullptr && cancel->load())
      return Fail("CANCELLED", "the statement was cancelled");
    if (waiting) waiting({"SUCCEEDED", fetched, total});
    TARN_TRY(place, Call("GET", next, ""));
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
