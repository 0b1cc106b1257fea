#include "delta/table_feature.h"

#include <algorithm>

#include "delta/column_mapping.h"

namespace tarn::delta {
namespace {

using columnar::DataType;
using columnar::Field;
using columnar::TypeKind;

constexpr int kReaderWithFeatures = 3;
constexpr int kWriterWithFeatures = 7;

const TableFeature* Find(std::string_view name) {
  for (const TableFeature& feature : TableFeatures()) {
    if (feature.name == name) return &feature;
  }
  return nullptr;
}

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

bool AnyField(const columnar::Fields& fields, bool (*test)(const Field&)) {
  return std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
    if (test(field)) return true;
    const DataType* type = &field.type;
    while (type->is(TypeKind::kArray)) type = &type->element();
    if (type->is(TypeKind::kMap)) {
      return AnyField({{"key", type->key()}, {"value", type->value()}}, test);
    }
    return type->is(TypeKind::kStruct) && AnyField(type->fields(), test);
  });
}

bool Enabled(const Metadata& metadata, const std::string& property) {
  auto at = metadata.configuration.find(property);
  return at != metadata.configuration.end() && at->second == "true";
}

// Features in use whatever the protocol says.
std::vector<std::string> ActiveForWrite(const Metadata& metadata, const columnar::Schema& schema) {
  std::vector<std::string> active;
  bool constrained = std::any_of(
      metadata.configuration.begin(), metadata.configuration.end(),
      [](const auto& entry) { return entry.first.rfind("delta.constraints.", 0) == 0; });
  if (constrained) active.push_back("checkConstraints");
  if (Enabled(metadata, "delta.enableChangeDataFeed")) active.push_back("changeDataFeed");
  Result<ColumnMappingMode> mode = ColumnMappingModeOf(metadata);
  if (!mode.ok() || *mode != ColumnMappingMode::kNone) active.push_back("columnMapping");
  auto has = [&](bool (*test)(const Field&)) { return AnyField(schema.fields, test); };
  if (has([](const Field& f) { return f.metadata.Find("delta.invariants") != nullptr; })) {
    active.push_back("invariants");
  }
  if (has([](const Field& f) {
        return f.metadata.Find("delta.generationExpression") != nullptr;
      })) {
    active.push_back("generatedColumns");
  }
  if (has([](const Field& f) { return f.metadata.Find("delta.identity.start") != nullptr; })) {
    active.push_back("identityColumns");
  }
  return active;
}

Error InvalidProtocol(const std::string& why) {
  return Fail("DELTA_INVALID_PROTOCOL_VERSION", "the table's protocol is not valid: " + why);
}

}  // namespace

const std::vector<TableFeature>& TableFeatures() {
  static const std::vector<TableFeature> features = {
      {"appendOnly", false, true, true},
      {"invariants", false, true, false},
      {"checkConstraints", false, true, false},
      {"changeDataFeed", false, true, true},
      {"generatedColumns", false, true, false},
      {"columnMapping", true, true, false},
      {"identityColumns", false, true, false},
      {"deletionVectors", true, true, true},
      {"timestampNtz", true, true, true},
      {"v2Checkpoint", true, true, true},
      {"vacuumProtocolCheck", true, true, true},
      {"rowTracking", false, true, true},
      {"domainMetadata", false, true, true},
      {"inCommitTimestamp", false, true, true},
      {"clustering", false, true, true},
      {"allowColumnDefaults", false, true, false},
      {"typeWidening", true, true, false},
      {"typeWidening-preview", true, true, false},
      {"variantType", true, false, false},
      {"variantType-preview", true, false, false},
      {"variantShredding", true, false, false},
      {"variantShredding-preview", true, false, false},
      {"materializePartitionColumns", false, true, false},
      {"catalogManaged", true, false, false},
      {"icebergCompatV1", false, true, false},
      {"icebergCompatV2", false, true, false},
      {"checkpointProtection", false, true, false},
  };
  return features;
}

Status CheckReadable(const Protocol& protocol) {
  if (protocol.min_reader_version < 1 || protocol.min_reader_version > kReaderWithFeatures) {
    return Fail("DELTA_INVALID_PROTOCOL_VERSION", "the table needs reader version " +
                                                      std::to_string(protocol.min_reader_version) +
                                                      "; this release reads versions 1 to 3");
  }
  if ((protocol.min_reader_version == kReaderWithFeatures) !=
      protocol.reader_features.has_value()) {
    return InvalidProtocol("readerFeatures must stand exactly with reader version 3");
  }
  std::vector<std::string> unsupported;
  if (protocol.reader_features) {
    for (const std::string& name : *protocol.reader_features) {
      const TableFeature* feature = Find(name);
      if (feature == nullptr || !feature->can_read) unsupported.push_back(name);
    }
  }
  if (unsupported.empty()) return Ok();
  return Fail(
      "DELTA_UNSUPPORTED_FEATURES_FOR_READ",
      "the table needs reader features that this release does not have: " + Join(unsupported),
      {{"unsupported", Join(unsupported)}});
}

Status CheckWritable(const Protocol& protocol, const Metadata& metadata,
                     const columnar::Schema& schema) {
  TARN_RETURN_IF_ERROR(CheckReadable(protocol));
  if (protocol.min_writer_version < 1 || protocol.min_writer_version > kWriterWithFeatures) {
    return Fail("DELTA_INVALID_PROTOCOL_VERSION", "the table needs writer version " +
                                                      std::to_string(protocol.min_writer_version) +
                                                      "; this release writes versions 1 to 7");
  }
  if ((protocol.min_writer_version == kWriterWithFeatures) !=
      protocol.writer_features.has_value()) {
    return InvalidProtocol("writerFeatures must stand exactly with writer version 7");
  }
  std::vector<std::string> unsupported = ActiveForWrite(metadata, schema);
  std::erase_if(unsupported, [](const std::string& name) { return Find(name)->can_write; });
  for (const std::string& name : protocol.writer_features.value_or(std::vector<std::string>())) {
    const TableFeature* feature = Find(name);
    // A listed feature that no column or property uses asks nothing of a writer, where its use can
    // be seen in the metadata.
    bool visible_use = name == "invariants" || name == "checkConstraints" ||
                       name == "changeDataFeed" || name == "generatedColumns" ||
                       name == "identityColumns" || name == "columnMapping";
    bool known = feature != nullptr && (feature->can_write || visible_use);
    bool listed = std::find(unsupported.begin(), unsupported.end(), name) != unsupported.end();
    if (!known && !listed) unsupported.push_back(name);
  }
  if (unsupported.empty()) return Ok();
  return Fail(
      "DELTA_UNSUPPORTED_FEATURES_FOR_WRITE",
      "the table uses writer features that this release does not have: " + Join(unsupported),
      {{"unsupported", Join(unsupported)}});
}

Protocol ProtocolFor(const columnar::Schema& schema,
                     const std::map<std::string, std::string>& configuration) {
  std::vector<std::string> reader;
  std::vector<std::string> writer;
  auto uses = [&](const char* property) {
    auto at = configuration.find(property);
    return at != configuration.end() && at->second == "true";
  };
  bool local_times = AnyField(schema.fields, [](const Field& f) {
    const DataType* type = &f.type;
    while (type->is(TypeKind::kArray)) type = &type->element();
    return type->is(TypeKind::kTimestampNtz);
  });
  if (local_times) reader.push_back("timestampNtz");
  if (uses("delta.enableDeletionVectors")) reader.push_back("deletionVectors");
  auto policy = configuration.find("delta.checkpointPolicy");
  if (policy != configuration.end() && policy->second == "v2") reader.push_back("v2Checkpoint");
  if (uses("delta.enableInCommitTimestamps")) writer.push_back("inCommitTimestamp");
  if (uses("delta.enableChangeDataFeed")) writer.push_back("changeDataFeed");
  if (uses("delta.enableRowTracking")) {
    writer.insert(writer.end(), {"domainMetadata", "rowTracking"});
  }
  Protocol protocol;
  if (reader.empty() && writer.empty()) return protocol;
  protocol.min_writer_version = kWriterWithFeatures;
  protocol.writer_features = {"appendOnly", "invariants"};
  for (const auto* list : {&reader, &writer}) {
    protocol.writer_features->insert(protocol.writer_features->end(), list->begin(), list->end());
  }
  if (!reader.empty()) {
    protocol.min_reader_version = kReaderWithFeatures;
    protocol.reader_features = std::move(reader);
  }
  return protocol;
}

bool NamesFeature(const Protocol& protocol, std::string_view feature) {
  return protocol.writer_features &&
         std::find(protocol.writer_features->begin(), protocol.writer_features->end(), feature) !=
             protocol.writer_features->end();
}

}  // namespace tarn::delta
