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

void WriteDeletionVector(json::Writer& w, const DeletionVectorDescriptor& vector) {
  w.Key("deletionVector").BeginObject();
  w.Key("storageType").String(std::string(1, vector.storage_type));
  w.Key("pathOrInlineDv").String(vector.path_or_inline_dv);
  if (vector.offset) w.Key("offset").Int(*vector.offset);
  w.Key("sizeInBytes").Int(vector.size_in_bytes);
  w.Key("cardinality").Int(vector.cardinality);
  w.EndObject();
}

// What add and remove have in common at their end.
template <typename File>
void WriteFileParts(json::Writer& w, const File& file) {
  if (!file.tags.empty()) WriteTextMap(w.Key("tags"), file.tags);
  if (file.deletion_vector) WriteDeletionVector(w, *file.deletion_vector);
  if (file.base_row_id) w.Key("baseRowId").Int(*file.base_row_id);
  if (file.default_row_commit_version) {
    w.Key("defaultRowCommitVersion").Int(*file.default_row_commit_version);
  }
}

void Write(json::Writer& w, const AddFile& add) {
  w.Key("add").BeginObject();
  w.Key("path").String(EncodePath(add.path));
  WritePartitionValues(w, add.partition_values);
  w.Key("size").Int(add.size_bytes);
  w.Key("modificationTime").Int(add.modification_time_ms);
  w.Key("dataChange").Bool(add.data_change);
  if (!add.stats.empty()) w.Key("stats").String(add.stats);
  WriteFileParts(w, add);
  if (add.clustering_provider) w.Key("clusteringProvider").String(*add.clustering_provider);
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
  WriteFileParts(w, remove);
  w.EndObject();
}

void Write(json::Writer& w, const AddCdcFile& file) {
  w.Key("cdc").BeginObject();
  w.Key("path").String(EncodePath(file.path));
  WritePartitionValues(w, file.partition_values);
  w.Key("size").Int(file.size_bytes);
  w.Key("dataChange").Bool(false);
  if (!file.tags.empty()) WriteTextMap(w.Key("tags"), file.tags);
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

void Write(json::Writer& w, const DomainMetadata& domain) {
  w.Key("domainMetadata").BeginObject();
  w.Key("domain").String(domain.domain);
  w.Key("configuration").String(domain.configuration);
  w.Key("removed").Bool(domain.removed);
  w.EndObject();
}

void Write(json::Writer& w, const CheckpointMetadata& checkpoint) {
  w.Key("checkpointMetadata").BeginObject();
  w.Key("version").Int(checkpoint.version);
  if (!checkpoint.tags.empty()) WriteTextMap(w.Key("tags"), checkpoint.tags);
  w.EndObject();
}

void Write(json::Writer& w, const Sidecar& sidecar) {
  w.Key("sidecar").BeginObject();
  w.Key("path").String(EncodePath(sidecar.path));
  w.Key("sizeInBytes").Int(sidecar.size_bytes);
  w.Key("modificationTime").Int(sidecar.modification_time_ms);
  if (!sidecar.tags.empty()) WriteTextMap(w.Key("tags"), sidecar.tags);
  w.EndObject();
}

}  // namespace

std::string DeletionVectorDescriptor::UniqueId() const {
  std::string id = storage_type + path_or_inline_dv;
  if (offset) id += "@" + std::to_string(*offset);
  return id;
}

std::string FileKey(const std::string& path,
                    const std::optional<DeletionVectorDescriptor>& deletion_vector) {
  // No path holds a NUL, so that no two keys are confused.
  return deletion_vector ? path + '\0' + deletion_vector->UniqueId() : path;
}

std::string ActionToJson(const Action& action) {
  json::Writer w;
  w.BeginObject();
  std::visit([&](const auto& a) { Write(w, a); }, action);
  w.EndObject();
  return std::move(w).Take();
}

}  // namespace tarn::delta
