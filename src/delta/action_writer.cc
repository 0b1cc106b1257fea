#include "base/encoding.h"
#include "delta/action.h"

namespace tarn::delta {
namespace {

// Characters a URI path may hold as they are; '%' itself is always encoded.
constexpr std::string_view kPathCharacters = "/=:@!$&'()*+,;";

std::string EncodePath(const std::string& path) { return PercentEncode(path, kPathCharacters); }

void WriteTextMap(json::Writer& w, const std::map<std::string, std::string>& map) {
  w.BeginObject();
  for (const auto& [key, value] : map) w.Key(key).String(value);
  w.EndObject();
}

void WritePartitionValues(json::Writer& w, const PartitionValues& values) {
  w.Key("partitionValues").BeginObject();
  for (const auto& [column, value] : values) {
    w.Key(column);
    if (value) {
      w.String(*value);
    } else {
      w.Null();
    }
  }
  w.EndObject();
}

void WriteTextList(json::Writer& w, const std::vector<std::string>& list) {
  w.BeginArray();
  for (const std::string& item : list) w.String(item);
  w.EndArray();
}

void Write(json::Writer& w, const AddFile& add) {
  w.Key("add").BeginObject();
  w.Key("path").String(EncodePath(add.path));
  WritePartitionValues(w, add.partition_values);
  w.Key("size").Int(add.size_bytes);
  w.Key("modificationTime").Int(add.modification_time_ms);
  w.Key("dataChange").Bool(add.data_change);
  if (!add.stats.empty()) w.Key("stats").String(add.stats);
  if (!add.tags.empty()) WriteTextMap(w.Key("tags"), add.tags);
  w.EndObject();
}

void Write(json::Writer& w, const RemoveFile& remove) {
  w.Key("remove").BeginObject();
  w.Key("path").String(EncodePath(remove.path));
  if (remove.deletion_timestamp_ms) w.Key("deletionTimestamp").Int(*remove.deletion_timestamp_ms);
  w.Key("dataChange").Bool(remove.data_change);
  if (remove.extended_file_metadata) {
    w.Key("extendedFileMetadata").Bool(true);
    WritePartitionValues(w, remove.partition_values);
    w.Key("size").Int(remove.size_bytes);
  }
  w.EndObject();
}

void Write(json::Writer& w, const Metadata& metadata) {
  w.Key("metaData").BeginObject();
  w.Key("id").String(metadata.id);
  if (metadata.name) w.Key("name").String(*metadata.name);
  if (metadata.description) w.Key("description").String(*metadata.description);
  w.Key("format").BeginObject().Key("provider").String("parquet");
  w.Key("options").BeginObject().EndObject().EndObject();
  w.Key("schemaString").String(metadata.schema_string);
  WriteTextList(w.Key("partitionColumns"), metadata.partition_columns);
  WriteTextMap(w.Key("configuration"), metadata.configuration);
  if (metadata.created_time_ms) w.Key("createdTime").Int(*metadata.created_time_ms);
  w.EndObject();
}

void Write(json::Writer& w, const Protocol& protocol) {
  w.Key("protocol").BeginObject();
  w.Key("minReaderVersion").Int(protocol.min_reader_version);
  w.Key("minWriterVersion").Int(protocol.min_writer_version);
  if (protocol.reader_features) WriteTextList(w.Key("readerFeatures"), *protocol.reader_features);
  if (protocol.writer_features) WriteTextList(w.Key("writerFeatures"), *protocol.writer_features);
  w.EndObject();
}

void Write(json::Writer& w, const CommitInfo& info) {
  w.Key("commitInfo").Write(json::Value(info.fields));
}

void Write(json::Writer& w, const SetTransaction& txn) {
  w.Key("txn").BeginObject();
  w.Key("appId").String(txn.app_id);
  w.Key("version").Int(txn.version);
  if (txn.last_updated_ms) w.Key("lastUpdated").Int(*txn.last_updated_ms);
  w.EndObject();
}

}  // namespace

std::string ActionToJson(const Action& action) {
  json::Writer w;
  w.BeginObject();
  std::visit([&](const auto& a) { Write(w, a); }, action);
  w.EndObject();
  return std::move(w).Take();
}

}  // namespace tarn::delta
