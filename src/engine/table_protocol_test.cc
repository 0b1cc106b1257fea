#include "engine/table_protocol.h"

#include <gtest/gtest.h>

#include "base/testing.h"
#include "engine/file_options.h"
#include "engine/table_properties.h"

namespace tarn::engine {
namespace {

using ::tarn::testing::IsError;

TEST(TableProtocol, IsRaisedAndNeverLowered) {
  delta::Protocol plain;
  delta::Protocol ntz{3, 7, {{"timestampNtz"}}, {{"appendOnly", "invariants", "timestampNtz"}}};
  EXPECT_TRUE(SameProtocol(RaisedProtocol(plain, plain), plain));
  EXPECT_TRUE(SameProtocol(RaisedProtocol(plain, ntz), ntz));
  EXPECT_TRUE(SameProtocol(RaisedProtocol(ntz, plain), ntz));
  delta::Protocol old{2, 5, {}, {}};
  delta::Protocol raised = RaisedProtocol(old, ntz);
  EXPECT_EQ(raised.reader_features, (std::vector<std::string>{"columnMapping", "timestampNtz"}));
  EXPECT_EQ(
      raised.writer_features,
      (std::vector<std::string>{"appendOnly", "invariants", "checkConstraints", "changeDataFeed",
                                "generatedColumns", "columnMapping", "timestampNtz"}));
}

TEST(TableProtocol, VersionsOfFeaturesBringWhatTheyImply) {
  delta::Protocol plain;
  delta::Protocol four = *WithVersions(plain, 1, 4);
  EXPECT_EQ(four.min_writer_version, 4);
  EXPECT_TRUE(SameProtocol(*WithVersions(four, 3, 7), four));
  EXPECT_TRUE(SameProtocol(*WithVersions(four, std::nullopt, 2), four));
  delta::Protocol ntz{3, 7, {{"timestampNtz"}}, {{"appendOnly", "invariants", "timestampNtz"}}};
  EXPECT_EQ(
      WithVersions(ntz, 1, 3)->writer_features,
      (std::vector<std::string>{"appendOnly", "invariants", "timestampNtz", "checkConstraints"}));
  EXPECT_THAT(WithVersions(plain, 3, std::nullopt),
              IsError("DELTA_READ_FEATURE_PROTOCOL_REQUIRES_WRITE"));
}

TEST(TableProperties, AreChecked) {
  auto checked = CheckTableProperties({{"delta.APPENDONLY", "true"}, {"my.own", "x"}});
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked->configuration,
            (std::map<std::string, std::string>{{"delta.appendOnly", "true"}, {"my.own", "x"}}));
  EXPECT_THAT(CheckTableProperties({{"delta.nope", "1"}}), IsError("DELTA_UNKNOWN_CONFIGURATION"));
  EXPECT_THAT(CheckTableProperties({{"delta.enableIcebergCompatV2", "true"}}),
              IsError("UNSUPPORTED_FEATURE"));
  EXPECT_TRUE(CheckTableProperties({{"delta.enableChangeDataFeed", "false"}}).ok());
  auto asked = CheckTableProperties({{"delta.feature.ROWTRACKING", "supported"},
                                     {"delta.minWriterVersion", "7"},
                                     {"delta.columnMapping.mode", "NAME"}});
  ASSERT_TRUE(asked.ok());
  EXPECT_EQ(asked->features, std::vector<std::string>{"rowTracking"});
  EXPECT_EQ(asked->min_writer_version, 7);
  EXPECT_EQ(asked->configuration.at("delta.columnMapping.mode"), "name");
  EXPECT_THAT(CheckTableProperties({{"delta.feature.nothing", "supported"}}),
              IsError("DELTA_UNSUPPORTED_FEATURES_IN_CONFIG"));
  EXPECT_THAT(CheckTableProperties({{"delta.feature.rowTracking", "yes"}}),
              IsError("DELTA_UNSUPPORTED_FEATURE_STATUS"));
  EXPECT_THAT(CheckTableProperties({{"delta.minReaderVersion", "4"}}),
              IsError("INVALID_PARAMETER_VALUE"));
  EXPECT_THAT(CheckTableProperties({{"delta.columnMapping.maxColumnId", "4"}}),
              IsError("DELTA_CANNOT_MODIFY_TABLE_PROPERTY"));
  EXPECT_THAT(CheckTableProperties({{"delta.checkpointInterval", "0"}}),
              IsError("INVALID_PARAMETER_VALUE"));
  EXPECT_THAT(CheckTableProperties({{"delta.isolationLevel", "Chaos"}}),
              IsError("INVALID_PARAMETER_VALUE"));
}

TEST(FileOptions, AreCheckedByName) {
  auto read = [](const char* format, std::vector<std::pair<std::string, std::string>> options) {
    return ParseFileOptions(format, options, FileStatement::kReadFiles);
  };
  auto csv = read("csv", {{"HEADER", "TRUE"}, {"delimiter", "\\t"}, {"mode", "failfast"}});
  ASSERT_TRUE(csv.ok());
  EXPECT_TRUE(csv->header);
  EXPECT_TRUE(csv->infer_types);
  EXPECT_EQ(csv->separator, "\t");
  EXPECT_EQ(csv->mode, ParseMode::kFailFast);
  EXPECT_THAT(read("csv", {{"hedder", "true"}}), IsError("CF_UNKNOWN_OPTION_KEYS_ERROR"));
  EXPECT_THAT(read("csv", {{"header", "1"}}), IsError("INVALID_PARAMETER_VALUE"));
  EXPECT_THAT(read("json", {{"header", "true"}}), IsError("CF_UNKNOWN_OPTION_KEYS_ERROR"));
  EXPECT_THAT(read("csv", {{"emptyValue", "-"}}), IsError("UNSUPPORTED_FEATURE"));
  EXPECT_THAT(read("xml", {}), IsError("UNSUPPORTED_FEATURE"));
}

}  // namespace
}  // namespace tarn::engine
