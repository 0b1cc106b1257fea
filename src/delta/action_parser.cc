#include <simdjson.h>

#include "base/encoding.h"
#include "delta/action.h"

namespace tarn::delta {
namespace {

using simdjson::dom::element;

std::optional<std::string> Text(element object, std::string_view key) {
  std::string_view value;
  if (object[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return std::string(value);
}

std::optional<int64_t> Integer(element object, std::string_view key) {
  int64_t value;
  if (object[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

bool Boolean(element object, std::string_view key, bool fallback) {
  bool value;
  return object[key].get(value) == simdjson::SUCCESS ? value : fallback;
}

std::map<std::string, std::string> TextMap(element object, std::string_view key) {
  std::map<std::string, std::string> map;
  simdjson::dom::object members;
  if (object[key].get(members) != simdjson::SUCCESS) return map;
  for (auto field : members) {
    std::string_view value;
    if (field.value.get(value) == simdjson::SUCCESS) map.emplace(field.key, value);
  }
  return map;
}

PartitionValues ReadPartitionValues(element object) {
  PartitionValues values;
  simdjson::dom::object members;
  if (object["partitionValues"].get(members) != simdjson::SUCCESS) return values;
  for (auto field : members) {
    std::string_view value;
    // The protocol reads an empty string as NULL too.
    if (field.value.get(value) == simdjson::SUCCESS && !value.empty()) {
      values.emplace(field.key, std::string(value));
    } else {
      values.emplace(field.key, std::nullopt);
    }
  }
  return values;
}

std::optional<std::vector<std::string>> TextList(element object, std::string_view key) {
  simdjson::dom::array items;
  if (object[key].get(items) != simdjson::SUCCESS) return std::nullopt;
  std::vector<std::string> list;
  for (element item : items) {
    std::string_view value;
    if (item.get(value) == simdjson::SUCCESS) list.emplace_back(value);
  }
  return list;
}

Result<std::string> FilePath(element object) {
  std::optional<std::string> path = Text(object, "path");
  if (!path || path->empty()) return Fail("DELTA_LOG_CORRUPT", "a file action has no path");
  return PercentDecode(*path);
}

Result<std::optional<DeletionVectorDescriptor>> ReadDeletionVector(element object,
                                                                   const std::string& path) {
  element vector;
  if (object["deletionVector"].get(vector) != simdjson::SUCCESS || vector.is_null()) {
    return std::optional<DeletionVectorDescriptor>();
  }
  std::optional<std::string> type = Text(vector, "storageType");
  std::optional<std::string> place = Text(vector, "pathOrInlineDv");
  std::optional<int64_t> size = Integer(vector, "sizeInBytes");
  std::optional<int64_t> cardinality = Integer(vector, "cardinality");
  bool known =
      type && type->size() == 1 && std::string_view("upi").find(*type) != std::string::npos;
  if (!known || !place || !size || *size < 0 || *size > INT32_MAX || !cardinality ||
      *cardinality < 0) {
    return Fail("DELTA_LOG_CORRUPT", "the deletion vector of " + path + " is not one");
  }
  DeletionVectorDescriptor result{
      (*type)[0], *place, {}, static_cast<int32_t>(*size), *cardinality};
  if (std::optional<int64_t> offset = Integer(vector, "offset")) {
    result.offset = static_cast<int32_t>(*offset);
  }
  return std::optional(std::move(result));
}

// What add and remove have in common at their end.
template <typename File>
Status ReadFileParts(element object, const std::string& path, File& file) {
  file.tags = TextMap(object, "tags");
  TARN_TRY(file.deletion_vector, ReadDeletionVector(object, path));
  file.base_row_id = Integer(object, "baseRowId");
  file.default_row_commit_version = Integer(object, "defaultRowCommitVersion");
  return Ok();
}

Result<Action> ReadAdd(element object) {
  AddFile add;
  TARN_TRY(add.path, FilePath(object));
  std::optional<int64_t> size = Integer(object, "size");
  if (!size || *size < 0) {
    return Fail("DELTA_LOG_CORRUPT", "add of " + add.path + " has no size");
  }
  add.size_bytes = *size;
  add.partition_values = ReadPartitionValues(object);
  add.modification_time_ms = Integer(object, "modificationTime").value_or(0);
  add.data_change = Boolean(object, "dataChange", true);
  add.stats = Text(object, "stats").value_or("");
  // A checkpoint may hold statistics as a struct only. Spec: "Checkpoint Schema".
  simdjson::dom::object parsed;
  if (add.stats.empty() && object["stats_parsed"].get(parsed) == simdjson::SUCCESS) {
    add.stats = simdjson::minify(parsed);
  }
  TARN_RETURN_IF_ERROR(ReadFileParts(object, add.path, add));
  add.clustering_provider = Text(object, "clusteringProvider");
  return Action(std::move(add));
}

Result<Action> ReadRemove(element object) {
  RemoveFile remove;
  TARN_TRY(remove.path, FilePath(object));
  remove.deletion_timestamp_ms = Integer(object, "deletionTimestamp");
  remove.data_change = Boolean(object, "dataChange", true);
  remove.extended_file_metadata = Boolean(object, "extendedFileMetadata", false);
  remove.partition_values = ReadPartitionValues(object);
  remove.size_bytes = Integer(object, "size").value_or(0);
  TARN_RETURN_IF_ERROR(ReadFileParts(object, remove.path, remove));
  return Action(std::move(remove));
}

Result<Action> ReadCdc(element object) {
  AddCdcFile file;
  TARN_TRY(file.path, FilePath(object));
  file.partition_values = ReadPartitionValues(object);
  file.size_bytes = Integer(object, "size").value_or(0);
  file.tags = TextMap(object, "tags");
  return Action(std::move(file));
}

Result<Action> ReadDomain(element object) {
  std::optional<std::string> domain = Text(object, "domain");
  if (!domain) return Fail("DELTA_LOG_CORRUPT", "a domainMetadata action has no domain");
  return Action(DomainMetadata{*domain, Text(object, "configuration").value_or(""),
                               Boolean(object, "removed", false)});
}

Result<Action> ReadCheckpointMetadata(element object) {
  return Action(
      CheckpointMetadata{Integer(object, "version").value_or(0), TextMap(object, "tags")});
}

Result<Action> ReadSidecar(element object) {
  Sidecar sidecar;
  TARN_TRY(sidecar.path, FilePath(object));
  sidecar.size_bytes = Integer(object, "sizeInBytes").value_or(0);
  sidecar.modification_time_ms = Integer(object, "modificationTime").value_or(0);
  sidecar.tags = TextMap(object, "tags");
  return Action(std::move(sidecar));
}

Result<Action> ReadMetadata(element object) {
  Metadata metadata;
  metadata.id = Text(object, "id").value_or("");
  metadata.name = Text(object, "name");
  metadata.description = Text(object, "description");
  std::optional<std::string> schema = Text(object, "schemaString");
  if (!schema) return Fail("DELTA_LOG_CORRUPT", "a metaData action has no schemaString");
  metadata.schema_string = *schema;
  metadata.partition_columns =
      TextList(object, "partitionColumns").value_or(std::vector<std::string>());
  metadata.configuration = TextMap(object, "configuration");
  metadata.created_time_ms = Integer(object, "createdTime");
  return Action(std::move(metadata));
}

Result<Action> ReadProtocol(element object) {
  Protocol protocol;
  std::optional<int64_t> reader = Integer(object, "minReaderVersion");
  std::optional<int64_t> writer = Integer(object, "minWriterVersion");
  if (!reader || !writer) return Fail("DELTA_LOG_CORRUPT", "a protocol action has no versions");
  protocol.min_reader_version = static_cast<int>(*reader);
  protocol.min_writer_version = static_cast<int>(*writer);
  protocol.reader_features = TextList(object, "readerFeatures");
  protocol.writer_features = TextList(object, "writerFeatures");
  return Action(std::move(protocol));
}

Result<Action> ReadCommitInfo(element object) {
  CommitInfo info;
  TARN_TRY(json::Value value, json::Parse(simdjson::minify(object)));
  if (value.is_object()) info.fields = value.as_object();
  return Action(std::move(info));
}

Result<Action> ReadTransaction(element object) {
  std::optional<std::string> app_id = Text(object, "appId");
  std::optional<int64_t> version = Integer(object, "version");
  if (!app_id || !version) return Fail("DELTA_LOG_CORRUPT", "a txn action has no appId or version");
  return Action(SetTransaction{*app_id, *version, Integer(object, "lastUpdated")});
}

// Reads the one action of a line; an action of a kind this client does not know yields nothing.
Status ReadLine(element line, std::vector<Action>& out) {
  using Reader = Result<Action> (*)(element);
  static constexpr std::pair<std::string_view, Reader> kReaders[] = {
      {"add", &ReadAdd},
      {"remove", &ReadRemove},
      {"cdc", &ReadCdc},
      {"metaData", &ReadMetadata},
      {"protocol", &ReadProtocol},
      {"commitInfo", &ReadCommitInfo},
      {"txn", &ReadTransaction},
      {"domainMetadata", &ReadDomain},
      {"checkpointMetadata", &ReadCheckpointMetadata},
      {"sidecar", &ReadSidecar},
  };
  for (const auto& [name, read] : kReaders) {
    simdjson::dom::object content;
    if (line[name].get(content) != simdjson::SUCCESS) continue;
    TARN_TRY(Action action, read(element(line[name])));
    out.push_back(std::move(action));
  }
  return Ok();
}

}  // namespace

std::optional<int64_t> InCommitTimestampOf(const CommitInfo& info) {
  const json::Value* time = info.fields.Find("inCommitTimestamp");
  if (time == nullptr || !time->is_int()) return std::nullopt;
  return time->as_int();
}

Result<std::vector<Action>> ParseActions(std::string_view text, const std::string& source) {
  thread_local simdjson::dom::parser parser;
  std::vector<Action> actions;
  auto corrupt = [&](size_t offset, std::string_view what) {
    return Fail("DELTA_LOG_CORRUPT",
                source + " is damaged at byte " + std::to_string(offset) + ": " + std::string(what),
                {{"file", source}, {"offset", std::to_string(offset)}});
  };
  size_t start = 0;
  while (start < text.size()) {
    size_t end = std::min(text.find('\n', start), text.size());
    std::string_view line = text.substr(start, end - start);
    if (line.find_first_not_of(" \r\t") != std::string_view::npos) {
      element root;
      if (auto error = parser.parse(line.data(), line.size()).get(root)) {
        return corrupt(start, simdjson::error_message(error));
      }
      if (root.type() != simdjson::dom::element_type::OBJECT) {
        return corrupt(start, "a line is not a JSON object");
      }
      if (Status status = ReadLine(root, actions); !status.ok()) {
        return corrupt(start, status.error().message());
      }
    }
    start = end + 1;
  }
  return actions;
}

}  // namespace tarn::delta
