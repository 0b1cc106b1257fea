#include "delta/checkpoint/checkpoint_schema.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "delta/column_mapping.h"

namespace tarn::delta {
namespace {

using columnar::DataType;
using columnar::Field;
using columnar::Fields;
using columnar::TypeKind;

constexpr int kDefaultIndexedLeaves = 32;
// A decimal of more digits does not survive JSON's numbers.
constexpr int kExactDigits = 15;

bool HasBounds(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
    case TypeKind::kString:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return true;
    case TypeKind::kDecimal:
      return type.precision() <= kExactDigits;
    default:
      return false;
  }
}

bool IsText(const DataType& type) {
  return type.is(TypeKind::kChar) || type.is(TypeKind::kVarchar);
}

// Which leaves have statistics: the first ones, or those below the columns that a property names.
class IndexedLeaves {
 public:
  explicit IndexedLeaves(const Metadata& metadata) {
    auto count = metadata.configuration.find("delta.dataSkippingNumIndexedCols");
    if (count != metadata.configuration.end()) {
      const std::string& text = count->second;
      std::from_chars(text.data(), text.data() + text.size(), left_);
    }
    auto columns = metadata.configuration.find("delta.dataSkippingStatsColumns");
    if (columns == metadata.configuration.end()) return;
    named_.emplace();
    std::string name;
    for (char c : columns->second + ",") {
      if (c == ',') {
        if (!name.empty()) named_->insert(std::exchange(name, ""));
      } else if (c != '`' && (c != ' ' || !name.empty())) {
        name += c;
      }
    }
  }

  // `path` is the dotted logical name.
  bool Take(const std::string& path) {
    if (named_) {
      for (size_t dot = path.size(); dot != std::string::npos; dot = path.rfind('.', dot - 1)) {
        if (named_->contains(path.substr(0, dot))) return true;
        if (dot == 0) break;
      }
      return false;
    }
    if (left_ < 0) return true;
    if (left_ == 0) return false;
    --left_;
    return true;
  }

 private:
  int left_ = kDefaultIndexedLeaves;
  std::optional<std::set<std::string>> named_;
};

void AddStats(const Fields& fields, const std::string& prefix, IndexedLeaves& indexed,
              Fields* bounds, Fields* null_counts) {
  for (const Field& field : fields) {
    std::string path = prefix + field.name;
    std::string name = PhysicalName(field);
    if (field.type.is(TypeKind::kStruct)) {
      Fields inner_bounds;
      Fields inner_counts;
      AddStats(field.type.fields(), path + ".", indexed, &inner_bounds, &inner_counts);
      if (!inner_bounds.empty()) {
        bounds->push_back({name, DataType::Struct(std::move(inner_bounds))});
      }
      if (!inner_counts.empty()) {
        null_counts->push_back({name, DataType::Struct(std::move(inner_counts))});
      }
      continue;
    }
    if (!indexed.Take(path)) continue;
    null_counts->push_back({name, TypeKind::kLong});
    if (HasBounds(field.type)) {
      bounds->push_back({name, IsText(field.type) ? DataType(TypeKind::kString) : field.type});
    }
  }
}

DataType VectorType() {
  return DataType::Struct({{"storageType", TypeKind::kString},
                           {"pathOrInlineDv", TypeKind::kString},
                           {"offset", TypeKind::kInteger},
                           {"sizeInBytes", TypeKind::kInteger},
                           {"cardinality", TypeKind::kLong}});
}

DataType TextMap() { return DataType::Map(TypeKind::kString, TypeKind::kString, true); }
DataType Texts() { return DataType::Array(TypeKind::kString, true); }

void AddTableColumns(columnar::Schema* schema) {
  auto add = [&](const char* action, Fields members) {
    schema->fields.push_back({action, DataType::Struct(std::move(members))});
  };
  const DataType text = TypeKind::kString;
  const DataType number = TypeKind::kLong;
  add("txn", {{"appId", text}, {"version", number}, {"lastUpdated", number}});
  add("domainMetadata",
      {{"domain", text}, {"configuration", text}, {"removed", TypeKind::kBoolean}});
  add("metaData", {{"id", text},
                   {"name", text},
                   {"description", text},
                   {"format", DataType::Struct({{"provider", text}, {"options", TextMap()}})},
                   {"schemaString", text},
                   {"partitionColumns", Texts()},
                   {"configuration", TextMap()},
                   {"createdTime", number}});
  add("protocol", {{"minReaderVersion", TypeKind::kInteger},
                   {"minWriterVersion", TypeKind::kInteger},
                   {"readerFeatures", Texts()},
                   {"writerFeatures", Texts()}});
}

}  // namespace

DataType ParsedStatsType(const columnar::Schema& schema, const Metadata& metadata) {
  const std::vector<std::string>& partitions = metadata.partition_columns;
  Fields in_files;
  for (const Field& field : schema.fields) {
    bool partition =
        std::find(partitions.begin(), partitions.end(), field.name) != partitions.end();
    if (!partition) in_files.push_back(field);
  }
  IndexedLeaves indexed(metadata);
  Fields bounds;
  Fields null_counts;
  AddStats(in_files, "", indexed, &bounds, &null_counts);
  Fields stats = {{"numRecords", TypeKind::kLong}};
  if (!bounds.empty()) {
    stats.push_back({"minValues", DataType::Struct(bounds)});
    stats.push_back({"maxValues", DataType::Struct(std::move(bounds))});
  }
  if (!null_counts.empty()) {
    stats.push_back({"nullCount", DataType::Struct(std::move(null_counts))});
  }
  stats.push_back({"tightBounds", TypeKind::kBoolean});
  return DataType::Struct(std::move(stats));
}

DataType ParsedPartitionValuesType(const columnar::Schema& schema, const Metadata& metadata) {
  Fields fields;
  for (const std::string& name : metadata.partition_columns) {
    int at = schema.FindField(name, true);
    if (at < 0) continue;
    const Field& field = schema.fields[static_cast<size_t>(at)];
    // Their text is not what a cast of text gives.
    if (field.type.is(TypeKind::kBinary)) continue;
    fields.push_back(
        {PhysicalName(field), IsText(field.type) ? DataType(TypeKind::kString) : field.type});
  }
  return fields.empty() ? DataType() : DataType::Struct(std::move(fields));
}

columnar::Schema CheckpointSchema(const CheckpointStats& stats, bool files_only) {
  const DataType text = TypeKind::kString;
  const DataType number = TypeKind::kLong;
  const DataType flag = TypeKind::kBoolean;
  columnar::Schema schema;
  if (!files_only) AddTableColumns(&schema);
  Fields add = {{"path", text},
                {"partitionValues", TextMap()},
                {"size", number},
                {"modificationTime", number},
                {"dataChange", flag}};
  if (stats.as_json) add.push_back({"stats", text});
  if (!stats.parsed.is(TypeKind::kNull)) add.push_back({"stats_parsed", stats.parsed});
  if (!stats.parsed_partition.is(TypeKind::kNull)) {
    add.push_back({"partitionValues_parsed", stats.parsed_partition});
  }
  add.insert(add.end(), {{"tags", TextMap()},
                         {"deletionVector", VectorType()},
                         {"baseRowId", number},
                         {"defaultRowCommitVersion", number},
                         {"clusteringProvider", text}});
  schema.fields.push_back({"add", DataType::Struct(std::move(add))});
  schema.fields.push_back({"remove", DataType::Struct({{"path", text},
                                                       {"deletionTimestamp", number},
                                                       {"dataChange", flag},
                                                       {"extendedFileMetadata", flag},
                                                       {"partitionValues", TextMap()},
                                                       {"size", number},
                                                       {"tags", TextMap()},
                                                       {"deletionVector", VectorType()},
                                                       {"baseRowId", number},
                                                       {"defaultRowCommitVersion", number}})});
  return schema;
}

columnar::Schema TopLevelSchema() {
  columnar::Schema schema;
  AddTableColumns(&schema);
  schema.fields.push_back({"checkpointMetadata",
                           DataType::Struct({{"version", TypeKind::kLong}, {"tags", TextMap()}})});
  schema.fields.push_back({"sidecar", DataType::Struct({{"path", TypeKind::kString},
                                                        {"sizeInBytes", TypeKind::kLong},
                                                        {"modificationTime", TypeKind::kLong},
                                                        {"tags", TextMap()}})});
  return schema;
}

}  // namespace tarn::delta
