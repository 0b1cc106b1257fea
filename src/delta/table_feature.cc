#include "delta/table_feature.h"

#include <algorithm>

#include "columnar/column_metadata.h"
#include "delta/column_mapping.h"
#include "delta/feed/change_feed.h"
#include "delta/schema/type_widening.h"

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

// Types inside of maps and structs are those of fields of their own.
bool HoldsInArrays(const Field& field, TypeKind kind) {
  const DataType* type = &field.type;
  while (type->is(TypeKind::kArray)) type = &type->element();
  return type->is(kind);
}

bool Has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Versions that implied a feature before protocols named them.
struct Legacy {
  std::string_view feature;
  int writer_version;
  int reader_version;
};
constexpr Legacy kLegacy[] = {{"appendOnly", 2, 1},       {"invariants", 2, 1},
                              {"checkConstraints", 3, 1}, {"changeDataFeed", 4, 1},
                              {"generatedColumns", 4, 1}, {"columnMapping", 5, 2},
                              {"identityColumns", 6, 2}};

const Legacy* FindLegacy(std::string_view name) {
  for (const Legacy& legacy : kLegacy) {
    if (legacy.feature == name) return &legacy;
  }
  return nullptr;
}

std::vector<std::string> FeaturesOf(const Protocol& protocol) {
  std::vector<std::string> features;
  if (protocol.writer_features) {
    features = *protocol.writer_features;
  } else {
    for (const Legacy& legacy : kLegacy) {
      if (legacy.writer_version <= protocol.min_writer_version) {
        features.emplace_back(legacy.feature);
      }
    }
  }
  for (const std::string& name : protocol.reader_features.value_or(std::vector<std::string>())) {
    if (!Has(features, name)) features.push_back(name);
  }
  return features;
}

void AddWithDependencies(const std::string& name, std::vector<std::string>* features) {
  static constexpr std::pair<std::string_view, std::string_view> kNeeds[] = {
      {"rowTracking", "domainMetadata"},
      {"clustering", "domainMetadata"},
      {"variantShredding", "variantType"},
      {"variantShredding-preview", "variantType"},
  };
  if (Has(*features, name)) return;
  features->push_back(name);
  for (const auto& [feature, needed] : kNeeds) {
    if (feature == name) AddWithDependencies(std::string(needed), features);
  }
}

// The versions that imply exactly these features, or nothing.
std::optional<Protocol> LegacyProtocol(const std::vector<std::string>& features) {
  Protocol protocol;
  protocol.min_reader_version = 1;
  protocol.min_writer_version = 1;
  for (const std::string& name : features) {
    const Legacy* legacy = FindLegacy(name);
    if (legacy == nullptr) return std::nullopt;
    protocol.min_writer_version = std::max(protocol.min_writer_version, legacy->writer_version);
    protocol.min_reader_version = std::max(protocol.min_reader_version, legacy->reader_version);
  }
  if (FeaturesOf(protocol).size() != features.size()) return std::nullopt;
  return protocol;
}

Error InvalidProtocol(const std::string& why) {
  return Fail("DELTA_INVALID_PROTOCOL_VERSION", "the table's protocol is not valid: " + why);
}

}  // namespace

const std::vector<TableFeature>& TableFeatures() {
  static const std::vector<TableFeature> features = {
      {"appendOnly", false, true, true},
      {"invariants", false, true, true},
      {"checkConstraints", false, true, true},
      {"changeDataFeed", false, true, true},
      {"generatedColumns", false, true, true},
      {"columnMapping", true, true, true},
      {"identityColumns", false, true, true},
      {"deletionVectors", true, true, true},
      {"timestampNtz", true, true, true},
      {"v2Checkpoint", true, true, true},
      {"vacuumProtocolCheck", true, true, true},
      {"rowTracking", false, true, true},
      {"domainMetadata", false, true, true},
      {"inCommitTimestamp", false, true, true},
      {"clustering", false, true, true},
      {"allowColumnDefaults", false, true, true},
      {"typeWidening", true, true, true},
      {"typeWidening-preview", true, true, true},
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

namespace {

// Columns of these names would hide those of the change data feed.
Status CheckFeedColumns(const Metadata& metadata, const columnar::Schema& schema) {
  auto feed = metadata.configuration.find("delta.enableChangeDataFeed");
  if (feed == metadata.configuration.end() || feed->second != "true") return Ok();
  std::vector<std::string> taken;
  for (const char* name : {kChangeTypeColumn, kCommitVersionColumn, kCommitTimestampColumn}) {
    if (schema.FindField(name) >= 0) taken.emplace_back(name);
  }
  if (taken.empty()) return Ok();
  return Fail("DELTA_TABLE_ALREADY_CONTAINS_CDC_COLUMNS",
              "Unable to enable Change Data Capture on the table: it has the columns [" +
                  Join(taken) + "], which the change data feed needs. Rename or drop them first.",
              {{"columnList", Join(taken)}});
}

}  // namespace

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
  TARN_RETURN_IF_ERROR(ColumnMappingModeOf(metadata));
  TARN_RETURN_IF_ERROR(CheckTypeChanges(schema));
  TARN_RETURN_IF_ERROR(CheckFeedColumns(metadata, schema));
  std::vector<std::string> unsupported;
  for (const std::string& name : FeaturesInUse(schema, metadata.configuration)) {
    const TableFeature* feature = Find(name);
    if (feature == nullptr || !feature->can_write) unsupported.push_back(name);
  }
  for (const std::string& name : protocol.writer_features.value_or(std::vector<std::string>())) {
    const TableFeature* feature = Find(name);
    // A listed feature that no column or property uses asks nothing of a writer, where its use can
    // be seen in the metadata.
    bool visible_use = FindLegacy(name) != nullptr;
    bool known = feature != nullptr && (feature->can_write || visible_use);
    if (!known && !Has(unsupported, name)) unsupported.push_back(name);
  }
  if (unsupported.empty()) return Ok();
  return Fail(
      "DELTA_UNSUPPORTED_FEATURES_FOR_WRITE",
      "the table uses writer features that this release does not have: " + Join(unsupported),
      {{"unsupported", Join(unsupported)}});
}

std::vector<std::string> FeaturesInUse(const columnar::Schema& schema,
                                       const std::map<std::string, std::string>& configuration) {
  std::vector<std::string> used;
  auto property = [&](const char* name) {
    auto at = configuration.find(name);
    return at == configuration.end() ? std::string() : at->second;
  };
  auto use = [&](const char* feature, bool in_use) {
    if (in_use) used.emplace_back(feature);
  };
  auto has = [&](bool (*test)(const Field&)) { return AnyField(schema.fields, test); };
  auto constraint = configuration.lower_bound("delta.constraints.");
  use("appendOnly", property("delta.appendOnly") == "true");
  use("checkConstraints",
      constraint != configuration.end() && constraint->first.rfind("delta.constraints.", 0) == 0);
  use("changeDataFeed", property("delta.enableChangeDataFeed") == "true");
  std::string mapping = property("delta.columnMapping.mode");
  use("columnMapping", !mapping.empty() && mapping != "none");
  use("deletionVectors", property("delta.enableDeletionVectors") == "true");
  use("inCommitTimestamp", property("delta.enableInCommitTimestamps") == "true");
  use("rowTracking", property("delta.enableRowTracking") == "true");
  use("v2Checkpoint", property("delta.checkpointPolicy") == "v2");
  use("typeWidening", property("delta.enableTypeWidening") == "true");
  use("variantShredding-preview", property("delta.enableVariantShredding") == "true");
  use("icebergCompatV1", property("delta.enableIcebergCompatV1") == "true");
  use("icebergCompatV2", property("delta.enableIcebergCompatV2") == "true");
  use("invariants", has([](const Field& f) {
        return !f.nullable || f.metadata.Find("delta.invariants") != nullptr;
      }));
  use("generatedColumns",
      has([](const Field& f) { return columnar::GenerationOf(f).has_value(); }));
  use("identityColumns", has([](const Field& f) { return columnar::IsIdentity(f); }));
  use("allowColumnDefaults",
      has([](const Field& f) { return columnar::DefaultOf(f).has_value(); }));
  use("timestampNtz",
      has([](const Field& f) { return HoldsInArrays(f, TypeKind::kTimestampNtz); }));
  use("variantType", has([](const Field& f) { return HoldsInArrays(f, TypeKind::kVariant); }));
  return used;
}

Protocol WithFeatures(const Protocol& protocol, const std::vector<std::string>& names) {
  std::vector<std::string> features = FeaturesOf(protocol);
  for (const std::string& name : names) AddWithDependencies(name, &features);
  if (std::optional<Protocol> legacy = LegacyProtocol(features)) {
    bool lower = legacy->min_reader_version < protocol.min_reader_version ||
                 legacy->min_writer_version < protocol.min_writer_version;
    return lower ? protocol : *legacy;
  }
  Protocol raised;
  raised.min_writer_version = kWriterWithFeatures;
  raised.writer_features = features;
  std::vector<std::string> reader;
  int reader_version = protocol.min_reader_version;
  for (const std::string& name : features) {
    const TableFeature* feature = Find(name);
    bool listed = protocol.reader_features && Has(*protocol.reader_features, name);
    if (!listed && (feature == nullptr || !feature->reader)) continue;
    reader.push_back(name);
    const Legacy* legacy = FindLegacy(name);
    reader_version =
        std::max(reader_version, legacy != nullptr ? legacy->reader_version : kReaderWithFeatures);
  }
  raised.min_reader_version = reader_version;
  if (reader_version == kReaderWithFeatures) raised.reader_features = std::move(reader);
  return raised;
}

bool HasFeature(const Protocol& protocol, std::string_view feature) {
  return Has(FeaturesOf(protocol), feature);
}

Protocol ProtocolFor(const columnar::Schema& schema,
                     const std::map<std::string, std::string>& configuration) {
  return WithFeatures(Protocol(), FeaturesInUse(schema, configuration));
}

bool NamesFeature(const Protocol& protocol, std::string_view feature) {
  return protocol.writer_features &&
         std::find(protocol.writer_features->begin(), protocol.writer_features->end(), feature) !=
             protocol.writer_features->end();
}

}  // namespace tarn::delta
