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

TEST(TableProperties, AreChecked) {
  auto checked = CheckTableProperties({{"delta.APPENDONLY", "true"}, {"my.own", "x"}});
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(*checked,
            (std::map<std::string, std::string>{{"delta.appendOnly", "true"}, {"my.own", "x"}}));
  EXPECT_THAT(CheckTableProperties({{"delta.nope", "1"}}), IsError("DELTA_UNKNOWN_CONFIGURATION"));
  EXPECT_THAT(CheckTableProperties({{"delta.enableIcebergCompatV2", "true"}}),
              IsError("UNSUPPORTED_FEATURE"));
  EXPECT_TRUE(CheckTableProperties({{"delta.enableIcebergCompatV2", "false"}}).ok());
  EXPECT_THAT(CheckTableProperties({{"delta.feature.clustering", "supported"}}),
              IsError("UNSUPPORTED_FEATURE"));
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
