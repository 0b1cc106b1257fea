#include "engine/table_properties.h"

#include <algorithm>
#include <charconv>

#include "delta/table_feature.h"
#include "delta/table_property.h"

namespace tarn::engine {
namespace {

enum class Kind {
  kFlag,
  kCount,    ///< a whole number above 0
  kColumns,  ///< a whole number, -1 or above
  kText,     ///< checked where it is used, or by other writers only
  kDuration,
  kSize,
  kIsolation,  ///< Serializable or WriteSerializable
  kMapping,    ///< none, name or id
  kReserved,   ///< set by writers, not by users
  kPolicy,     ///< classic or v2
  kOffOnly,    ///< a feature that Tarn does not have: only what leaves it off
};

struct Property {
  const char* name;
  Kind kind;
  const char* off = "false";  ///< kOffOnly: the value without the feature
};

constexpr Property kProperties[] = {
    {"delta.appendOnly", Kind::kFlag},
    {"delta.autoOptimize.autoCompact", Kind::kFlag},
    {"delta.autoOptimize.optimizeWrite", Kind::kOffOnly},
    {"delta.checkpoint.writeStatsAsJson", Kind::kFlag},
    {"delta.checkpoint.writeStatsAsStruct", Kind::kFlag},
    {"delta.checkpointInterval", Kind::kCount},
    {"delta.checkpointPolicy", Kind::kPolicy},
    {"delta.columnMapping.maxColumnId", Kind::kReserved},
    {"delta.columnMapping.mode", Kind::kMapping},
    {"delta.compatibility.symlinkFormatManifest.enabled", Kind::kOffOnly},
    {"delta.dataSkippingNumIndexedCols", Kind::kColumns},
    {"delta.dataSkippingStatsColumns", Kind::kText},
    {"delta.deletedFileRetentionDuration", Kind::kDuration},
    {"delta.enableChangeDataFeed", Kind::kFlag},
    {"delta.enableDeletionVectors", Kind::kFlag},
    {"delta.enableExpiredLogCleanup", Kind::kFlag},
    {"delta.enableIcebergCompatV1", Kind::kOffOnly},
    {"delta.enableIcebergCompatV2", Kind::kOffOnly},
    {"delta.enableInCommitTimestamps", Kind::kFlag},
    {"delta.enableRowTracking", Kind::kFlag},
    {"delta.enableTypeWidening", Kind::kFlag},
    {"delta.enableVariantShredding", Kind::kOffOnly},
    {"delta.inCommitTimestampEnablementTimestamp", Kind::kReserved},
    {"delta.inCommitTimestampEnablementVersion", Kind::kReserved},
    {"delta.isolationLevel", Kind::kIsolation},
    {"delta.logRetentionDuration", Kind::kDuration},
    {"delta.parquet.compression.codec", Kind::kText},
    {"delta.randomPrefixLength", Kind::kCount},
    {"delta.randomizeFilePrefixes", Kind::kOffOnly},
    {"delta.rowTracking.materializedRowCommitVersionColumnName", Kind::kReserved},
    {"delta.rowTracking.materializedRowIdColumnName", Kind::kReserved},
    {"delta.setTransactionRetentionDuration", Kind::kDuration},
    {"delta.targetFileSize", Kind::kSize},
    {"delta.tuneFileSizesForRewrites", Kind::kOffOnly},
    {"delta.universalFormat.enabledFormats", Kind::kOffOnly, ""},
};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

Error Unsupported(const std::string& name, const std::string& value) {
  return Fail("UNSUPPORTED_FEATURE",
              "Tarn does not support the table property " + name + " = " + value + " yet.");
}

Status CheckValue(const Property& property, const std::string& value) {
  auto invalid = [&](const char* wanted) {
    return Fail("INVALID_PARAMETER_VALUE", "The table property " + std::string(property.name) +
                                               " is '" + value + "', which is not " + wanted + ".");
  };
  std::string lower = Lower(value);
  switch (property.kind) {
    case Kind::kFlag:
      if (lower == "true" || lower == "false") return Ok();
      return invalid("true or false");
    case Kind::kCount:
    case Kind::kColumns: {
      int64_t number = 0;
      auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      bool whole = error == std::errc() && end == value.data() + value.size();
      bool count = property.kind == Kind::kCount;
      if (whole && number >= (count ? 1 : -1)) return Ok();
      return invalid(count ? "a whole number above 0" : "a whole number, -1 or above");
    }
    case Kind::kIsolation:
      if (value == "Serializable" || value == "WriteSerializable") return Ok();
      return invalid("Serializable or WriteSerializable");
    case Kind::kMapping:
      if (lower == "none" || lower == "name" || lower == "id") return Ok();
      return Fail(
          "DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE",
          "The column mapping mode `" + value +
              "` is not supported for this Delta version. Please upgrade if you want to use "
              "this mode.",
          {{"mode", value}});
    case Kind::kReserved:
      return Fail("DELTA_CANNOT_MODIFY_TABLE_PROPERTY",
                  "The Delta table configuration " + std::string(property.name) +
                      " cannot be specified by the user",
                  {{"prop", property.name}});
    case Kind::kPolicy:
      if (lower == "classic" || lower == "v2") return Ok();
      return invalid("classic or v2");
    case Kind::kOffOnly:
      if (lower == property.off) return Ok();
      return Unsupported(property.name, value);
    case Kind::kDuration:
      if (delta::IntervalMs(value)) return Ok();
      return invalid("an interval such as 'interval 7 days'");
    case Kind::kSize:
      if (delta::SizeBytes(value)) return Ok();
      return invalid("a size in bytes such as '128mb'");
    case Kind::kText:
      return Ok();
  }
  return Ok();
}

bool StartsWith(const std::string& text, const char* prefix) { return text.rfind(prefix, 0) == 0; }

const Property* Find(const std::string& name) {
  std::string lower = Lower(name);
  const Property* found =
      std::find_if(std::begin(kProperties), std::end(kProperties),
                   [&](const Property& property) { return Lower(property.name) == lower; });
  return found == std::end(kProperties) ? nullptr : found;
}

// `delta.feature.<name>` = supported; names differ not by case.
Result<std::string> FeatureOf(const std::string& property, const std::string& value) {
  std::string name = Lower(property.substr(std::string_view("delta.feature.").size()));
  if (Lower(value) != "supported" && Lower(value) != "enabled") {
    return Fail("DELTA_UNSUPPORTED_FEATURE_STATUS",
                "Expecting the status for table feature " + name +
                    " to be \"supported\", but got \"" + value + "\".",
                {{"feature", name}, {"status", value}});
  }
  for (const delta::TableFeature& feature : delta::TableFeatures()) {
    if (Lower(feature.name) == name && feature.can_read && feature.can_write) {
      return std::string(feature.name);
    }
  }
  return Fail(
      "DELTA_UNSUPPORTED_FEATURES_IN_CONFIG",
      "Table features configured in the following Delta table properties are not recognized "
      "by this version of Tarn: " +
          property + ".",
      {{"configs", property}});
}

Result<int> VersionOf(const std::string& name, const std::string& value, int highest) {
  int version = 0;
  auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), version);
  bool whole = error == std::errc() && end == value.data() + value.size();
  if (whole && version >= 1 && version <= highest) return version;
  return Fail("INVALID_PARAMETER_VALUE", "The table property " + name + " is '" + value +
                                             "', which is not a version from 1 to " +
                                             std::to_string(highest) + ".");
}

}  // namespace

std::string SpelledProperty(const std::string& name) {
  const Property* found = Find(name);
  return found != nullptr ? found->name : name;
}

Status CheckMayUnset(const std::string& name) {
  const Property* found = Find(name);
  return found != nullptr && found->kind == Kind::kReserved ? CheckValue(*found, "") : Ok();
}

Result<TableProperties> CheckTableProperties(
    const std::vector<std::pair<std::string, std::string>>& properties) {
  TableProperties checked;
  for (const auto& [name, value] : properties) {
    std::string lower = Lower(name);
    if (!StartsWith(lower, "delta.")) {
      checked.configuration[name] = value;
    } else if (const Property* found = Find(name)) {
      TARN_RETURN_IF_ERROR(CheckValue(*found, value));
      bool word = found->kind == Kind::kFlag || found->kind == Kind::kMapping;
      checked.configuration[found->name] = word ? Lower(value) : value;
    } else if (StartsWith(lower, "delta.feature.")) {
      TARN_TRY(std::string feature, FeatureOf(name, value));
      checked.features.push_back(std::move(feature));
    } else if (lower == "delta.minreaderversion") {
      TARN_TRY(checked.min_reader_version, VersionOf(name, value, 3));
    } else if (lower == "delta.minwriterversion") {
      TARN_TRY(checked.min_writer_version, VersionOf(name, value, 7));
    } else if (StartsWith(lower, "delta.constraints.")) {
      return Fail("DELTA_ADD_CONSTRAINTS",
                  "Please use ALTER TABLE ADD CONSTRAINT to add CHECK constraints.");
    } else {
      return Fail("DELTA_UNKNOWN_CONFIGURATION",
                  "Unknown configuration was specified: " + name + ".", {{"config", name}});
    }
  }
  return checked;
}

}  // namespace tarn::engine
