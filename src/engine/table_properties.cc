#include "engine/table_properties.h"

#include <algorithm>
#include <charconv>

namespace tarn::engine {
namespace {

enum class Kind {
  kFlag,
  kCount,      ///< a whole number above 0
  kColumns,    ///< a whole number, -1 or above
  kText,       ///< checked where it is used, or by other writers only
  kIsolation,  ///< Serializable or WriteSerializable
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
    {"delta.columnMapping.mode", Kind::kOffOnly, "none"},
    {"delta.compatibility.symlinkFormatManifest.enabled", Kind::kOffOnly},
    {"delta.dataSkippingNumIndexedCols", Kind::kColumns},
    {"delta.dataSkippingStatsColumns", Kind::kText},
    {"delta.deletedFileRetentionDuration", Kind::kText},
    {"delta.enableChangeDataFeed", Kind::kFlag},
    {"delta.enableDeletionVectors", Kind::kFlag},
    {"delta.enableExpiredLogCleanup", Kind::kFlag},
    {"delta.enableIcebergCompatV1", Kind::kOffOnly},
    {"delta.enableIcebergCompatV2", Kind::kOffOnly},
    {"delta.enableInCommitTimestamps", Kind::kFlag},
    {"delta.enableRowTracking", Kind::kFlag},
    {"delta.enableTypeWidening", Kind::kOffOnly},
    {"delta.enableVariantShredding", Kind::kOffOnly},
    {"delta.isolationLevel", Kind::kIsolation},
    {"delta.logRetentionDuration", Kind::kText},
    {"delta.parquet.compression.codec", Kind::kText},
    {"delta.randomPrefixLength", Kind::kCount},
    {"delta.randomizeFilePrefixes", Kind::kOffOnly},
    {"delta.setTransactionRetentionDuration", Kind::kText},
    {"delta.targetFileSize", Kind::kText},
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
    case Kind::kPolicy:
      if (lower == "classic" || lower == "v2") return Ok();
      return invalid("classic or v2");
    case Kind::kOffOnly:
      if (lower == property.off) return Ok();
      return Unsupported(property.name, value);
    case Kind::kText:
      return Ok();
  }
  return Ok();
}

bool StartsWith(const std::string& text, const char* prefix) { return text.rfind(prefix, 0) == 0; }

}  // namespace

Result<std::map<std::string, std::string>> CheckTableProperties(
    const std::vector<std::pair<std::string, std::string>>& properties) {
  std::map<std::string, std::string> checked;
  for (const auto& [name, value] : properties) {
    std::string lower = Lower(name);
    if (!StartsWith(lower, "delta.")) {
      checked[name] = value;
      continue;
    }
    auto found =
        std::find_if(std::begin(kProperties), std::end(kProperties),
                     [&](const Property& property) { return Lower(property.name) == lower; });
    if (found != std::end(kProperties)) {
      TARN_RETURN_IF_ERROR(CheckValue(*found, value));
      checked[found->name] = found->kind == Kind::kFlag ? Lower(value) : value;
      continue;
    }
    bool elsewhere = StartsWith(lower, "delta.feature.") ||
                     StartsWith(lower, "delta.constraints.") || lower == "delta.minreaderversion" ||
                     lower == "delta.minwriterversion";
    if (elsewhere) return Unsupported(name, value);
    return Fail("DELTA_UNKNOWN_CONFIGURATION", "Unknown configuration was specified: " + name + ".",
                {{"config", name}});
  }
  return checked;
}

}  // namespace tarn::engine
