#include "catalog/catalog.h"

namespace tarn::catalog {

json::Value ObjectChange::ToJson() const {
  json::Object o;
  if (comment) o.Set("comment", *comment);
  if (owner) o.Set("owner", *owner);
  if (new_name) o.Set("new_name", *new_name);
  if (properties) {
    json::Array list;
    for (const auto& [key, value] : *properties) list.emplace_back(json::Array{key, value});
    o.Set("properties", std::move(list));
  }
  if (columns) o.Set("columns", columns->ToJson());
  if (partition_columns) {
    json::Array list;
    for (const std::string& column : *partition_columns) list.emplace_back(column);
    o.Set("partition_columns", std::move(list));
  }
  return o;
}

Result<ObjectChange> ObjectChange::FromJson(const json::Value& json) {
  ObjectChange change;
  if (json.Find("comment") != nullptr) change.comment = json.GetString("comment");
  if (json.Find("owner") != nullptr) change.owner = json.GetString("owner");
  if (json.Find("new_name") != nullptr) change.new_name = json.GetString("new_name");
  if (const json::Value* list = json.Find("properties"); list != nullptr) {
    change.properties.emplace();
    for (const json::Value& pair : list->as_array()) {
      change.properties->emplace_back(pair.as_array()[0].as_string(),
                                      pair.as_array()[1].as_string());
    }
  }
  if (json.Find("columns") != nullptr) {
    TARN_TRY(change.columns, columnar::Schema::FromJson(json.GetString("columns")));
  }
  if (const json::Value* list = json.Find("partition_columns"); list != nullptr) {
    change.partition_columns.emplace();
    for (const json::Value& column : list->as_array())
      change.partition_columns->push_back(column.as_string());
  }
  return change;
}

}  // namespace tarn::catalog
